"""Claim: filed once, answered on the day it was filed or later (CGV Annex B)."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_days, once
from domain.events.claim import PenaltyAccepted, PenaltyClaimed, PenaltyRejected
from domain.fact import Fact

ClaimFact = Fact[PenaltyClaimed | PenaltyAccepted | PenaltyRejected]

CLAIM = Thing("claim", "claim", "réclamation", "la réclamation", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the claim a fact speaks of."""
    return str(data.claim)


def decide(state: State, fact: ClaimFact, known: Known) -> Verdict:
    """Refuse a second claim of an id and an answer before the claim; an answer waits for its claim."""
    data = fact.data
    match data:
        case PenaltyClaimed():
            return once(state.since, CLAIM, data.claim)
        case PenaltyAccepted() | PenaltyRejected():
            return follows_in_days(state.since, CLAIM, data.claim, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: ClaimFact) -> State:
    """The claim after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, PenaltyClaimed) else state
