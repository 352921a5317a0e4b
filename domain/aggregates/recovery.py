"""Recovery service: ordered once; payment and delivery wait for the order (CGV 18.1)."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows, once
from domain.events.reversibility import RecoveryServiceDelivered, RecoveryServiceOrdered, RecoveryServicePaid
from domain.fact import Fact

RecoveryFact = Fact[RecoveryServiceOrdered | RecoveryServicePaid | RecoveryServiceDelivered]

RECOVERY = Thing("recovery", "recovery order", "commande de récupération", "la commande", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the recovery order a fact speaks of."""
    return str(data.order)


def decide(state: State, fact: RecoveryFact, known: Known) -> Verdict:
    """Refuse a second order of an id; payment and delivery wait for their order."""
    data = fact.data
    match data:
        case RecoveryServiceOrdered():
            return once(state.since, RECOVERY, data.order)
        case RecoveryServicePaid() | RecoveryServiceDelivered():
            return follows(state.since, RECOVERY, data.order, known)
        case _:
            assert_never(data)


def evolve(state: State, fact: RecoveryFact) -> State:
    """The recovery order after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, RecoveryServiceOrdered) else state
