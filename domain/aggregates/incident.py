"""Incident: opened once, and closed no earlier than it was opened."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_time, once
from domain.events.incident import IncidentClosed, IncidentOpened
from domain.fact import Fact

IncidentFact = Fact[IncidentOpened | IncidentClosed]

INCIDENT = Thing("incident", "incident", "incident", "l'incident")
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the incident a fact speaks of."""
    return str(data.incident)


def decide(state: State, fact: IncidentFact, known: Known) -> Verdict:
    """Refuse a second opening and a closing before the first; a closing waits for its incident."""
    data = fact.data
    match data:
        case IncidentOpened():
            return once(state.since, INCIDENT, data.incident)
        case IncidentClosed():
            return follows_in_time(state.since, INCIDENT, data.incident, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: IncidentFact) -> State:
    """The incident after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, IncidentOpened) else state
