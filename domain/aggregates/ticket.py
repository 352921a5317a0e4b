"""Ticket: opened once; nothing happens to it before it was opened (CGV art. 19; Cloud Temple 8.2 and 8.3)."""

from typing import Any, assert_never

from domain.aggregates.verdict import UNKNOWN, Known, State, Thing, Verdict, begin, follows_in_time, once
from domain.events.ticket import (
    TicketAnswered,
    TicketClientReplied,
    TicketCompleted,
    TicketOpened,
    TicketQualified,
    TicketReopened,
    TicketResolved,
    TicketWaitingForClient,
)
from domain.fact import Fact

Reply = TicketAnswered | TicketWaitingForClient | TicketClientReplied
TicketFact = Fact[TicketOpened | TicketCompleted | TicketQualified | Reply | TicketResolved | TicketReopened]

TICKET = Thing("ticket", "ticket", "ticket", "le ticket")
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The id of the ticket a fact speaks of."""
    return str(data.ticket)


def decide(state: State, fact: TicketFact, known: Known) -> Verdict:
    """Refuse a second opening and what happened before the first; wait for a ticket not opened yet."""
    data = fact.data
    match data:
        case TicketOpened():
            return once(state.since, TICKET, data.ticket)
        case (
            TicketCompleted()
            | TicketQualified()
            | TicketAnswered()
            | TicketWaitingForClient()
            | TicketClientReplied()
            | TicketResolved()
            | TicketReopened()
        ):
            return follows_in_time(state.since, TICKET, data.ticket, known, fact.time)
        case _:
            assert_never(data)


def evolve(state: State, fact: TicketFact) -> State:
    """The ticket after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, TicketOpened) else state
