"""What is asked of one contract of a ledger, replayed at any date from its own facts."""

from collections.abc import Iterator
from typing import Any

from adapters.cloudevents import decode_structured
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.mapper import fact_of
from domain.agreements.catalogue import Catalogue
from domain.errors import UndecodableEventError
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant, parse_instant
from projections.intake import Intake
from projections.replay import PROVIDER, Question, replay
from projections.statement import statement_text


class Answers:
    """Replays of one contract at a time, from the facts of a ledger and what it holds back."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._catalogue = catalogue

    def intake(self, contract: str) -> Intake:
        """The facts that bear on a contract, in the order they came, as a replay of a file of them would read them."""
        intake = Intake()
        for fact in sorted(self._facts((contract, *self._providers())), key=lambda fact: fact.recorded):
            intake.add(fact)
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
        intake = self.intake(contract)
        question = self.question(intake, at, known_at, readings, contract)
        derived = replay(intake, question, self._catalogue)
        return "".join(statement_text(derived, question.at, question.known_at, readings.all())).encode()

    def deadlines(self, contract: str, position: int, readings: Readings) -> list[dict[str, Any]]:
        """The deadlines of a contract as its facts up to a position of the ledger had them, at the latest of those."""
        intake = Intake()
        for subject in (contract, *self._providers()):
            for entry in self._store.entries_of(subject):
                if entry.position <= position:
                    intake.add(fact_of(entry.state))
        question = self.question(intake, None, None, readings, contract)
        return [row.as_json() for _, derived in replay(intake, question, self._catalogue) for row in derived.deadlines]

    def _providers(self) -> list[str]:
        return [f"{PROVIDER}{name}" for name in sorted(self._catalogue.providers)]

    def _facts(self, subjects: tuple[str, ...]) -> Iterator[AnyFact]:
        for subject in subjects:
            yield from self._ledger.facts_of(subject)
            for held in self._store.quarantine_of(subject):
                try:
                    yield decode_structured(held.body, parse_instant(held.received))
                except UndecodableEventError:
                    continue
