"""Termination: notified once, acknowledged or withdrawn on that day or later (CGV art. 4 to 7)."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_days, once
from domain.events.termination import TerminationAcknowledged, TerminationNotified, TerminationWithdrawn
from domain.fact import Fact

TerminationFact = Fact[TerminationNotified | TerminationAcknowledged | TerminationWithdrawn]

TERMINATION = Thing("termination", "termination", "résiliation", "la résiliation", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the termination a fact speaks of."""
    return str(data.termination)


def decide(state: State, fact: TerminationFact, known: Known) -> Verdict:
    """Refuse a second notification of an id and what precedes it; what follows waits for it."""
    data = fact.data
    match data:
        case TerminationNotified():
            return once(state.since, TERMINATION, data.termination)
        case TerminationAcknowledged() | TerminationWithdrawn():
            return follows_in_days(state.since, TERMINATION, data.termination, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: TerminationFact) -> State:
    """The termination after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, TerminationNotified) else state
