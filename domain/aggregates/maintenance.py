"""Maintenance: announced once. One performed without an announcement is a true fact, and excludes nothing."""

from typing import Any, assert_never

from domain.aggregates.verdict import ACCEPT, UNKNOWN, Known, State, Thing, Verdict, begin, follows, once
from domain.events.maintenance import MaintenanceAnnounced, MaintenanceCancelled, MaintenancePerformed
from domain.fact import Fact

MaintenanceFact = Fact[MaintenanceAnnounced | MaintenancePerformed | MaintenanceCancelled]

MAINTENANCE = Thing("maintenance", "maintenance", "maintenance", "la maintenance", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the maintenance a fact speaks of."""
    return str(data.maintenance)


def decide(state: State, fact: MaintenanceFact, known: Known) -> Verdict:
    """Refuse a second announcement of an id; a cancellation waits for what it cancels."""
    data = fact.data
    match data:
        case MaintenanceAnnounced():
            return once(state.since, MAINTENANCE, data.maintenance)
        case MaintenanceCancelled():
            return follows(state.since, MAINTENANCE, data.maintenance, known)
        case MaintenancePerformed():
            return ACCEPT
        case _:
            assert_never(data)


def evolve(state: State, fact: MaintenanceFact) -> State:
    """The maintenance after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, MaintenanceAnnounced) else state
