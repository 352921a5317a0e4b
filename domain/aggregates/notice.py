"""Notice: sent once, received on that Paris date or later: the slip is dated to the day."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_days, once
from domain.events.notice import NoticeReceived, NoticeSent
from domain.fact import Fact

NoticeFact = Fact[NoticeSent | NoticeReceived]

NOTICE = Thing("notice", "notice", "notification", "la notification", feminine=True)
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the notice a fact speaks of."""
    return str(data.notice)


def decide(state: State, fact: NoticeFact, known: Known) -> Verdict:
    """Refuse a second sending of an id and a slip dated before it; a slip waits for its notice."""
    data = fact.data
    match data:
        case NoticeSent():
            return once(state.since, NOTICE, data.notice)
        case NoticeReceived():
            return follows_in_days(state.since, NOTICE, data.notice, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: NoticeFact) -> State:
    """The notice after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, NoticeSent) else state
