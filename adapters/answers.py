"""What is asked of one contract of a ledger, replayed at any date from its own facts."""

from collections.abc import Iterable, Iterator

from adapters.deriving import CONTRACT_STREAM
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.mapper import fact_in, fact_of
from adapters.eventstore.store import stream_id
from domain.agreements.catalogue import Catalogue
from domain.errors import UndecodableEventError
from domain.events.billing import InvoiceIssued
from domain.events.contract import ContractSigned
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant
from projections.clients import Client, asks_for_all, bears_on_clients, client_of, selects_client_wide
from projections.intake import Intake
from projections.replay import PROVIDER, Question, replay
from projections.statement import statement_text


class Answers:
    """Replays of one contract at a time, from the facts of a ledger and what it holds back."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._catalogue = catalogue

    def intake(self, contract: str, readings: Readings | None = None) -> Intake:
        """The facts that bear on a contract, in the order they came, as a replay of a file of them would read them.

        Its latest instants are those of the live statement: of the contract, its provider, and, where a reading asks
        for them, the signatures and invoices of the client's other contracts. What is held back is not among them.
        """
        own = self._ledger.facts_of(contract)
        signed = [fact for fact in own if isinstance(fact.data, ContractSigned)]
        beside: list[AnyFact] = []
        if (readings is not None and asks_for_all(readings)) or any(map(selects_client_wide, own)):
            beside = list(self._beside(contract, {client_of(fact) for fact in signed}))
        mine = {f"{PROVIDER}{fact.data.provider}" for fact in signed[:1]}
        shared = {name: self._ledger.facts_of(name) for name in self._providers()}
        everything = [*own, *(fact for facts in shared.values() for fact in facts), *beside]
        intake = Intake()
        for fact in sorted([*everything, *self._held((contract, *shared))], key=lambda fact: fact.recorded):
            intake.add(fact)
        bearing = [*own, *(fact for name in mine for fact in shared.get(name, ()))]
        bearing += [fact for fact in beside if isinstance(fact.data, (ContractSigned, InvoiceIssued))]
        intake.latest_time = max((fact.time for fact in bearing), default=None)
        intake.latest_recorded = max((fact.recorded for fact in bearing), default=None)
        return intake

    def question(
        self, intake: Intake, at: Instant | None, known_at: Instant | None, readings: Readings, contract: str
    ) -> Question:
        """The question, at the latest fact and with everything known where it does not say otherwise."""
        latest = intake.latest_time if at is None else at
        known = intake.latest_recorded if known_at is None else known_at
        return Question(latest or Instant(0), known or Instant(0), readings, contract)

    def statement(self, contract: str, at: Instant | None, known_at: Instant | None, readings: Readings) -> bytes:
        """The statement of a contract, as ``greffe replay --contract`` prints it."""
        intake = self.intake(contract, readings)
        question = self.question(intake, at, known_at, readings, contract)
        derived = replay(intake, question, self._catalogue)
        return "".join(statement_text(derived, question.at, question.known_at, readings.all())).encode()

    def _providers(self) -> list[str]:
        return [f"{PROVIDER}{name}" for name in sorted(self._catalogue.providers)]

    def _beside(self, contract: str, clients: set[Client]) -> Iterator[AnyFact]:
        """What the client's other contracts say of whose they are and what was invoiced under them."""
        for subject in self._store.subjects():
            if subject == contract or subject.startswith(PROVIDER):
                continue
            heads = [fact_of(state) for state in self._store.states(stream_id(subject, CONTRACT_STREAM, ""))]
            if any(isinstance(fact.data, ContractSigned) and client_of(fact) in clients for fact in heads):
                yield from filter(bears_on_clients, self._ledger.facts_of(subject))

    def _held(self, subjects: Iterable[str]) -> Iterator[AnyFact]:
        for subject in subjects:
            for held in self._store.quarantine_of(subject):
                try:
                    yield fact_in(held)
                except UndecodableEventError:
                    continue
