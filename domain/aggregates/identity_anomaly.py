"""Identity anomaly: notified once; the client's answer comes after (CGV 3.1.1)."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_time, once
from domain.events.termination import IdentityAnomalyAnswered, IdentityAnomalyNotified
from domain.fact import Fact

IdentityAnomalyFact = Fact[IdentityAnomalyNotified | IdentityAnomalyAnswered]

IDENTITY_ANOMALY = Thing(
    "identity-anomaly", "identity anomaly", "anomalie d'identité", "l'anomalie d'identité", feminine=True
)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the identity anomaly a fact speaks of."""
    return str(data.anomaly)


def decide(state: State, fact: IdentityAnomalyFact, known: Known) -> Verdict:
    """Refuse a second notification of an id and an answer before it; an answer waits for its anomaly."""
    data = fact.data
    match data:
        case IdentityAnomalyNotified():
            return once(state.since, IDENTITY_ANOMALY, data.anomaly)
        case IdentityAnomalyAnswered():
            return follows_in_time(state.since, IDENTITY_ANOMALY, data.anomaly, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: IdentityAnomalyFact) -> State:
    """The identity anomaly after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, IdentityAnomalyNotified) else state
