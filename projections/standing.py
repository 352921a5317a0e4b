"""Where one service's qualification stands at an instant: the fold of its grants, renewals, modifications and losses.

What the text declares at signature stands until a fact is known. A loss takes away only what was held; the decision
that began last is the one that counts, to 24:00 Paris of its last day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeGuard

from domain.agreements.qualification import Qualification
from domain.events.qualification import (
    QualificationGranted,
    QualificationLost,
    QualificationModified,
    QualificationRenewed,
)
from domain.fact import Fact
from domain.time.instant import Instant, end_of_day, start_of_day

Grant = QualificationGranted | QualificationRenewed
Event = Grant | QualificationModified | QualificationLost
Reading = Callable[[int, str], str]
"""``reading(instant, parameter)``: the reading chosen at an instant."""

KINDS: tuple[type[Event], ...] = (
    QualificationGranted,
    QualificationRenewed,
    QualificationModified,
    QualificationLost,
)
State = Literal["lost", "lapsed", "in-progress", "unknown", "qualified"]
WORST_FIRST = ("lost", "lapsed", "in-progress", "unknown", "qualified")


@dataclass(frozen=True, slots=True)
class Loss:
    """A held qualification ended at ``at``: by ``fact``, or by the end of a validity that a reading takes for a loss.

    ``fact`` is then the decision whose validity ended, None where the text itself printed the date.
    """

    at: Instant
    fact: Fact[Event] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """State of one service. ``ended`` is when its validity ran out, ``facts`` every fact behind the state.

    ``losses`` took a held qualification away; ``futile`` facts named one that was never held.
    """

    state: State
    decision: str | None
    valid_until: date | None
    ended: Instant | None
    facts: tuple[Fact[Event], ...]
    losses: tuple[Loss, ...]
    futile: tuple[Fact[Event], ...]


@dataclass(slots=True)
class _Held:
    """What is held on the way through the facts: the text's own word and the decisions since the last loss."""

    by_text: bool
    text_until: date | None
    grants: list[Fact[Grant]] = field(default_factory=list)
    decision: str | None = None
    lost: bool = False

    def validity(self, at: int) -> tuple[date | None, Fact[Grant] | None]:
        """The last day of the validity at an instant, and the decision that gives it."""
        begun = [grant for grant in self.grants if _begin(grant) <= at]
        if begun:
            last = max(begun, key=lambda grant: (_begin(grant), grant.order))
            return last.data.valid_until, last
        return (self.text_until, None) if self.by_text else (None, None)

    def lose(self) -> None:
        """Nothing is held any more."""
        self.by_text, self.grants, self.lost = False, [], True


def standing(terms: Qualification, facts: Sequence[Fact[Event]], at: Instant, reading: Reading) -> Standing:
    """The standing at ``at`` from the facts of the service up to then, sorted."""
    initial = terms.initial.under(lambda name: reading(at, name)).state
    held = _Held(by_text=initial == "qualified", text_until=None if facts else terms.validity.until)
    losses: list[Loss] = []
    futile: list[Fact[Event]] = []
    for fact in facts:
        _expire(terms, held, fact.time, reading, losses)
        data = fact.data
        if _is_grant(fact):
            held.grants.append(fact)
            held.lost = False
        elif isinstance(data, QualificationLost):
            if held.grants or held.by_text:
                losses.append(Loss(fact.time, fact))
                held.lose()
            elif not held.lost:
                futile.append(fact)
                continue
        held.decision = data.decision or held.decision
    ended = _expire(terms, held, at, reading, losses)
    until, grant = held.validity(at)
    state: State = initial if grant is None else "qualified"
    if held.lost:
        state = "lost"
    elif ended is not None:
        state = terms.validity.under(lambda name: reading(ended, name)).after
    return Standing(state, held.decision, until, ended, tuple(facts), tuple(losses), tuple(futile))


def _expire(terms: Qualification, held: _Held, at: int, reading: Reading, losses: list[Loss]) -> Instant | None:
    """When the validity held at ``at`` ran out, if it did; a reading may make that a loss (``qual.expiry``)."""
    until, grant = held.validity(at)
    if until is None or at < end_of_day(until):
        return None
    ended = end_of_day(until)
    if terms.validity.under(lambda name: reading(ended, name)).after == "lost":
        losses.append(Loss(ended, grant))
        held.lose()
    return ended


def _is_grant(fact: Fact[Event]) -> TypeGuard[Fact[Grant]]:
    return isinstance(fact.data, QualificationGranted | QualificationRenewed)


def _begin(grant: Fact[Grant]) -> Instant:
    """When a decision takes effect: 00:00 Paris of ``valid_from``, else when it was made."""
    return grant.time if grant.data.valid_from is None else start_of_day(grant.data.valid_from)
