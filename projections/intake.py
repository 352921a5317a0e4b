"""Taking facts in: each ``source`` and ``id`` once, and what came twice with different content."""

from dataclasses import dataclass, field, replace

from domain.events.contract import ContractDocumentSigned, ContractSigned
from domain.events.decode import same_content
from domain.fact import AnyFact
from domain.time.instant import Instant


@dataclass(slots=True)
class Intake:
    """Facts taken in by ``source`` and ``id``: the same fact twice is one; another content is a conflict.

    ``facts`` holds the first of each; ``again`` what came later under the same ``source`` and ``id``, in that order.
    """

    facts: dict[str, AnyFact] = field(default_factory=dict)
    again: dict[str, list[AnyFact]] = field(default_factory=dict)
    latest_time: Instant | None = None
    latest_recorded: Instant | None = None

    def add(self, fact: AnyFact) -> None:
        """Takes one fact. The first of two conflicting ones is kept."""
        if self.latest_time is None or fact.time > self.latest_time:
            self.latest_time = fact.time
        if self.latest_recorded is None or fact.recorded > self.latest_recorded:
            self.latest_recorded = fact.recorded
        key = f"{fact.source}\n{fact.id}"
        first = self.facts.setdefault(key, fact)
        if first is not fact and (fact.recorded < first.recorded or not same_content(first, fact)):
            self.again.setdefault(key, []).append(fact)

    @property
    def conflicts(self) -> list[tuple[AnyFact, AnyFact]]:
        """(first, other) where another content came under the same ``source`` and ``id``."""
        return [
            (self.facts[key], fact)
            for key, later in self.again.items()
            for fact in later
            if not same_content(self.facts[key], fact)
        ]


def as_known(intake: Intake, known_at: Instant) -> Intake:
    """The same facts as if those recorded later had not come: of two in conflict, the other may then be the first."""
    if not intake.again:
        return intake
    known = Intake(dict(intake.facts), {}, intake.latest_time, intake.latest_recorded)
    for key, later in intake.again.items():
        seen = [fact for fact in (intake.facts[key], *later) if fact.recorded <= known_at]
        if seen:
            known.facts[key], *known.again[key] = seen
    return known


def taken_as_signed(intake: Intake, documents: tuple[str, ...]) -> Intake:
    """The same facts as if every contract had been signed with these documents, and none had been signed since."""
    facts: dict[str, AnyFact] = {}
    for key, fact in intake.facts.items():
        if isinstance(fact.data, ContractDocumentSigned):
            continue
        signed = isinstance(fact.data, ContractSigned)
        facts[key] = fact._replace(data=replace(fact.data, documents=documents)) if signed else fact
    return replace(intake, facts=facts)
