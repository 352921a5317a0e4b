"""Personal data request: received once, answered on that day or later (CGV 14.2)."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_days, once
from domain.events.person import PersonalDataRequestAnswered, PersonalDataRequestReceived
from domain.fact import Fact

RequestFact = Fact[PersonalDataRequestReceived | PersonalDataRequestAnswered]

REQUEST = Thing("request", "personal data request", "demande de données personnelles", "la demande", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the personal data request a fact speaks of."""
    return str(data.request)


def decide(state: State, fact: RequestFact, known: Known) -> Verdict:
    """Refuse a second reception of an id and an answer before it; an answer waits for its request."""
    data = fact.data
    match data:
        case PersonalDataRequestReceived():
            return once(state.since, REQUEST, data.request)
        case PersonalDataRequestAnswered():
            return follows_in_days(state.since, REQUEST, data.request, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: RequestFact) -> State:
    """The personal data request after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, PersonalDataRequestReceived) else state
