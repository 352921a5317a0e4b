"""Hold: placed once; a release waits for the hold it ends."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows, once
from domain.events.deletion import HoldPlaced, HoldReleased
from domain.fact import Fact

HoldFact = Fact[HoldPlaced | HoldReleased]

HOLD = Thing("hold", "hold", "obligation de conservation", "l'obligation de conservation", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the hold a fact speaks of."""
    return str(data.hold)


def decide(state: State, fact: HoldFact, known: Known) -> Verdict:
    """Refuse a second hold of an id; a release waits for its hold."""
    data = fact.data
    match data:
        case HoldPlaced():
            return once(state.since, HOLD, data.hold)
        case HoldReleased():
            return follows(state.since, HOLD, data.hold, known)
        case _:
            assert_never(data)


def evolve(state: State, fact: HoldFact) -> State:
    """The hold after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, HoldPlaced) else state
