"""Taking facts in: each ``source`` and ``id`` once, and what came twice with different content."""

from dataclasses import dataclass, field, replace

from domain.events.contract import ContractDocumentSigned, ContractSigned
from domain.events.decode import same_content
from domain.fact import AnyFact
from domain.time.instant import Instant


@dataclass(slots=True)
class Intake:
    """Facts taken in by ``source`` and ``id``: the same fact twice is one; another content is a conflict."""

    facts: dict[str, AnyFact] = field(default_factory=dict)
    conflicts: list[tuple[AnyFact, AnyFact]] = field(default_factory=list)
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
        if first is fact:
            return
        if not same_content(first, fact):
            self.conflicts.append((first, fact))
        elif fact.recorded < first.recorded:  # said twice, known since the first time
            self.facts[key] = fact


def as_known(intake: Intake, known_at: Instant) -> Intake:
    """The same facts as if those recorded later had not come: of two in conflict, the other may then be the first."""
    if all(first.recorded <= known_at for first, _ in intake.conflicts):
        return intake
    facts = dict(intake.facts)
    conflicts = []
    for first, second in intake.conflicts:
        key = f"{first.source}\n{first.id}"
        kept = facts[key]
        if kept.recorded <= known_at:
            conflicts.append((kept, second))
        elif second.recorded <= known_at:
            facts[key] = second
    return replace(intake, facts=facts, conflicts=[pair for pair in conflicts if not same_content(*pair)])


def taken_as_signed(intake: Intake, documents: tuple[str, ...]) -> Intake:
    """The same facts as if every contract had been signed with these documents, and none had been signed since."""
    facts: dict[str, AnyFact] = {}
    for key, fact in intake.facts.items():
        if isinstance(fact.data, ContractDocumentSigned):
            continue
        signed = isinstance(fact.data, ContractSigned)
        facts[key] = replace(fact, data=replace(fact.data, documents=documents)) if signed else fact
    return replace(intake, facts=facts)
