"""Formal notice: sent once; a remedy waits for the notice it answers (CGV art. 7). It may have come first."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows, once
from domain.events.termination import BreachRemedied, FormalNoticeSent
from domain.fact import Fact

FormalNoticeFact = Fact[FormalNoticeSent | BreachRemedied]

FORMAL_NOTICE = Thing("formal-notice", "formal notice", "mise en demeure", "la mise en demeure", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the formal notice a fact speaks of."""
    return str(data.notice)


def decide(state: State, fact: FormalNoticeFact, known: Known) -> Verdict:
    """Refuse a second notice of an id; a remedy waits for its notice."""
    data = fact.data
    match data:
        case FormalNoticeSent():
            return once(state.since, FORMAL_NOTICE, data.notice)
        case BreachRemedied():
            return follows(state.since, FORMAL_NOTICE, data.notice, known)
        case _:
            assert_never(data)


def evolve(state: State, fact: FormalNoticeFact) -> State:
    """The formal notice after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, FormalNoticeSent) else state
