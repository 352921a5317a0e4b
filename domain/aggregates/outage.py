"""Outage: recorded once, ended, explained, corrected and retracted; and the reserves the client notifies on it.

What ends or corrects an outage is read in the order of its own time, whatever order it arrives in, so that the
present start and end depend on the facts alone.
"""

from dataclasses import dataclass
from typing import Any, assert_never

from domain.aggregates.verdict import Known, Refuse, Thing, Verdict, follows, once
from domain.events.claim import ReserveNotified
from domain.events.outage import OutageCauseEstablished, OutageCorrected, OutageEnded, OutageRecorded, OutageRetracted
from domain.fact import Fact
from domain.time.instant import Instant, format_instant

OutageFact = Fact[
    OutageRecorded | OutageEnded | OutageCauseEstablished | OutageCorrected | OutageRetracted | ReserveNotified
]
Order = tuple[int, str, str]

OUTAGE = Thing("outage", "outage", "interruption", "l'interruption", feminine=True)
RESERVE = Thing("reserve", "reserve", "réserve", "la réserve", feminine=True)
_FIRST: Order = (-(2**63), "", "")


@dataclass(frozen=True, slots=True)
class Moment:
    """A start or an end, and the order of the fact that said it; a later saying prevails over an earlier one."""

    at: Instant
    said: Order


@dataclass(frozen=True, slots=True)
class State:
    """When the outage was recorded, its present start and end, and the reserves notified on it."""

    since: Instant | None = None
    start: Moment | None = None
    end: Moment | None = None
    reserves: frozenset[str] = frozenset()


INITIAL = State()


def key(data: Any) -> str:
    """The id of the outage a fact speaks of."""
    name: str = data.outage
    return name


def decide(state: State, fact: OutageFact, known: Known) -> Verdict:
    """Refuse a second recording of an id and an end before the start; wait for an outage not recorded yet."""
    data = fact.data
    match data:
        case OutageRecorded():
            return once(state.since, OUTAGE, data.outage)
        case OutageEnded() | OutageCorrected():
            impossible = _ends_before_it_starts(evolve(state, fact)) if state.since is not None else None
            return impossible or follows(state.since, OUTAGE, data.outage, known)
        case OutageCauseEstablished() | OutageRetracted():
            return follows(state.since, OUTAGE, data.outage, known)
        case ReserveNotified():
            if data.reserve in state.reserves:
                return once(fact.time, RESERVE, data.reserve)
            return follows(state.since, OUTAGE, data.outage, known)
        case _:
            assert_never(data)


def evolve(state: State, fact: OutageFact) -> State:
    """The outage after the fact."""
    data = fact.data
    match data:
        case OutageRecorded():
            start = _latest(state.start, data.started_at, _FIRST)
            return State(fact.time, start, _latest(state.end, data.ended_at, _FIRST), state.reserves)
        case OutageEnded():
            return State(state.since, state.start, _latest(state.end, data.ended_at, fact.order), state.reserves)
        case OutageCorrected():
            start = _latest(state.start, data.started_at, fact.order)
            return State(state.since, start, _latest(state.end, data.ended_at, fact.order), state.reserves)
        case ReserveNotified():
            return State(state.since, state.start, state.end, state.reserves | {data.reserve})
        case OutageCauseEstablished() | OutageRetracted():
            return state
        case _:
            assert_never(data)


def _latest(present: Moment | None, at: Instant | None, said: Order) -> Moment | None:
    if at is None or (present is not None and said < present.said):
        return present
    return Moment(at, said)


def _ends_before_it_starts(state: State) -> Verdict | None:
    if state.start is None or state.end is None or state.end.at >= state.start.at:
        return None
    start, end = format_instant(state.start.at), format_instant(state.end.at)
    return Refuse(
        f"The outage would end ({end}) before it starts ({start}).",
        f"L'interruption finirait ({end}) avant d'avoir commencé ({start}).",
        correctable=True,
    )
