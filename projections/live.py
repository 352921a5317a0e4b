"""The live state of one contract: facts come in one by one, in any order, and the statement is always at hand.

It is the same fold that replay runs: the same facts give the same bytes.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from domain.agreements.catalogue import Catalogue
from domain.events.contract import ContractSigned
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant
from projections.clients import Client, client_of, invoices_in
from projections.facts import FactBook, counts
from projections.findings import Finding
from projections.replay import PROVIDER, UNSIGNED, Question, asks_for_the_client, basis_of
from projections.statement import derive, nothing, statement_text

Note = tuple[AnyFact, Finding]
"""A fact that is not among the accepted ones, and what is to be said of it."""


class LiveStatement:
    """One contract's facts, and its statement at the latest of those it rests on.

    ``shared`` gives the facts of a provider (``provider:<name>``), ``beside`` the signatures and invoices of a client's
    contracts: only reading ``cacm.scope`` B asks for them. Facts must be admitted already.
    """

    def __init__(
        self,
        contract: str,
        catalogue: Catalogue,
        readings: Readings,
        shared: Callable[[str], Iterable[AnyFact]] = lambda _provider: (),
        beside: Callable[[Client], Iterable[AnyFact]] = lambda _client: (),
    ) -> None:
        self._contract = contract
        self._catalogue = catalogue
        self._readings = readings
        self._shared = shared
        self._beside = beside
        self._book = FactBook()
        self._at = Instant(0)
        self._known_at = Instant(0)

    def take(self, facts: Iterable[AnyFact]) -> None:
        """Takes in more facts."""
        for fact in facts:
            self._book.add(fact)
            self._at = max(self._at, fact.time)
            self._known_at = max(self._known_at, fact.recorded)

    def text(self, notes: Callable[[str], Iterable[Note]] = lambda _subject: ()) -> str:
        """The statement of this contract, at its latest fact, with everything known.

        ``notes`` gives what is held back about a contract or a provider.
        """
        signed = self._book.own(ContractSigned)
        providers: dict[str, FactBook] = {}
        at, known_at = self._at, self._known_at
        if signed:
            name = f"{PROVIDER}{signed[0].data.provider}"
            shared = list(self._shared(name))
            providers[name] = FactBook(shared)
            at = max([at, *(fact.time for fact in shared)])
            known_at = max([known_at, *(fact.recorded for fact in shared)])
        question = Question(at, known_at, self._readings, self._contract)
        basis = basis_of(self._contract, self._book, providers, question, self._catalogue)
        if basis is not None and asks_for_the_client(basis):
            beside = [fact for fact in self._beside(client_of(signed[0])) if fact.subject != self._contract]
            at = max([at, *(fact.time for fact in beside)])
            known_at = max([known_at, *(fact.recorded for fact in beside)])
            basis = replace(basis, at=at, client_invoices=invoices_in(beside))
        said = [
            finding
            for name in (self._contract, *providers)
            for fact, finding in notes(name)
            if counts(fact, at, known_at)
        ]
        derived = nothing([*said, UNSIGNED]) if basis is None else derive(basis, said)
        return "".join(statement_text([(self._contract, derived)], at, known_at, self._readings.all()))
