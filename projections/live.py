"""The live state of one contract: facts come in one by one, in any order, and the statement is always at hand.

It is the same fold that replay runs: the same facts give the same bytes.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from domain.agreements.catalogue import Catalogue
from domain.events.contract import ContractSigned
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant
from projections.basis import Basis
from projections.clients import Client, client_of, invoices_in
from projections.facts import FactBook, counts
from projections.findings import Finding
from projections.replay import PROVIDER, UNSIGNED, Question, asks_for_the_client, basis_of
from projections.statement import Derived, derive, nothing, statement_text

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

    def said(self, notes: Callable[[str], Iterable[Note]] = lambda _subject: (), at: Instant | None = None) -> "Said":
        """The statement of this contract, with everything known, at its latest fact or at another instant.

        ``notes`` gives what is held back about a contract or a provider.
        """
        signed = self._book.own(ContractSigned)
        shared: list[AnyFact] = []
        beside: list[AnyFact] = []
        if signed:
            shared = list(self._shared(f"{PROVIDER}{signed[0].data.provider}"))
        known_at = max([self._known_at, *(fact.recorded for fact in shared)])
        latest = max([self._at, *(fact.time for fact in shared)])
        basis = self._basis(latest if at is None else at, known_at, shared)
        if basis is not None and asks_for_the_client(basis):
            beside = [fact for fact in self._beside(client_of(signed[0])) if fact.subject != self._contract]
            latest = max([latest, *(fact.time for fact in beside)])
            known_at = max([known_at, *(fact.recorded for fact in beside)])
            billed = invoices_in(fact for fact in beside if counts(fact, latest if at is None else at, known_at))
            basis = replace(basis, at=latest if at is None else at, client_invoices=billed)
        moment = latest if at is None else at
        providers = (f"{PROVIDER}{fact.data.provider}" for fact in signed[:1])
        held = [note for name in (self._contract, *providers) for note in notes(name)]
        known_at = max([known_at, *(fact.recorded for fact, _ in held)])
        said = [finding for fact, finding in held if counts(fact, moment, known_at)]
        derived = nothing([*said, UNSIGNED]) if basis is None else derive(basis, said)
        later = None
        if moment < latest:
            later = min(fact.time for facts in (self._book, shared, beside) for fact in facts if fact.time > moment)
        return Said(self._contract, moment, known_at, derived, self._readings, later)

    def _basis(self, at: Instant, known_at: Instant, shared: list[AnyFact]) -> Basis | None:
        book, provider = self._book, FactBook(shared)
        if at < max([self._at, *(fact.time for fact in shared)]):
            book, provider = book.as_of(at, known_at), provider.as_of(at, known_at)
        signed = book.own(ContractSigned)
        providers = {f"{PROVIDER}{fact.data.provider}": provider for fact in signed[:1]}
        question = Question(at, known_at, self._readings, self._contract)
        return basis_of(self._contract, book, providers, question, self._catalogue)


class Said(NamedTuple):
    """One contract's statement at an instant. ``later`` is when the first known fact after it happens, if one does."""

    contract: str
    at: Instant
    known_at: Instant
    derived: Derived
    readings: Readings
    later: Instant | None

    @property
    def text(self) -> str:
        """The statement as it is printed."""
        return "".join(statement_text([(self.contract, self.derived)], self.at, self.known_at, self.readings.all()))
