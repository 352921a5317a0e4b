"""Support tickets as known: opened, completed, qualified, answered, waiting, resolved and reopened, as one thing each.

Instants are microseconds UTC. Facts dated before the opening of their ticket say nothing.
"""

from dataclasses import dataclass, field

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
from domain.fact import AnyFact, Fact
from domain.time.instant import Instant
from domain.time.interval import Interval
from projections.basis import Basis

_LATER = (
    TicketCompleted,
    TicketQualified,
    TicketAnswered,
    TicketWaitingForClient,
    TicketClientReplied,
    TicketResolved,
    TicketReopened,
)


@dataclass(slots=True)
class Ticket:
    """One ticket with its current priority.

    ``complete_at`` is None until all required information is in. ``pauses`` are the client's waits and the times
    between a resolution and a reopening, in order; ``paused_since`` is set while such a wait lasts. ``resolved`` is
    None again after a reopening.
    """

    opened: Fact[TicketOpened]
    complete_at: Instant | None
    severity: int | None
    impact: str | None
    criticality: str | None
    qualifying: list[AnyFact] = field(default_factory=list)
    answer: Fact[TicketAnswered] | None = None
    human_answer: Fact[TicketAnswered] | None = None
    handling: list[AnyFact] = field(default_factory=list)
    pauses: list[Interval] = field(default_factory=list)
    paused_since: int | None = None
    resolved: Fact[TicketResolved] | None = None

    @property
    def id(self) -> str:
        """The sender's id of the ticket."""
        return self.opened.data.ticket

    @property
    def waiting(self) -> bool:
        """Whether the client is being waited for."""
        return self.paused_since is not None and self.resolved is None


def tickets_of(basis: Basis) -> list[Ticket]:
    """The tickets opened by ``basis.at``, by (opening, source, id) of the opening."""
    tickets: dict[str, Ticket] = {}
    for opened in basis.facts.own(TicketOpened):
        data = opened.data
        if data.ticket not in tickets:
            complete = opened.time if data.complete else None
            tickets[data.ticket] = Ticket(opened, complete, data.severity, data.impact, data.criticality)
    if not tickets:
        return []
    later: list[AnyFact] = [fact for kind in _LATER for fact in basis.facts.own(kind)]
    later.sort(key=lambda fact: fact.order)
    for fact in later:
        ticket = tickets.get(fact.data.ticket)
        if ticket is not None and fact.time >= ticket.opened.time:
            _tell(ticket, fact)
    return list(tickets.values())


def _tell(ticket: Ticket, fact: AnyFact) -> None:
    """What one later fact changes."""
    match fact.data:
        case TicketCompleted():
            if ticket.complete_at is None:
                ticket.complete_at = fact.time
                ticket.qualifying.append(fact)
                if ticket.waiting:
                    _resume(ticket, fact)
        case TicketQualified(severity=severity, impact=impact, criticality=criticality):
            ticket.severity = ticket.severity if severity is None else severity
            ticket.impact = impact or ticket.impact
            ticket.criticality = criticality or ticket.criticality
            ticket.qualifying.append(fact)
        case TicketAnswered(automatic=automatic):
            ticket.answer = ticket.answer or fact
            if not automatic:
                ticket.human_answer = ticket.human_answer or fact
        case TicketWaitingForClient():
            if ticket.paused_since is None:
                ticket.paused_since = fact.time
                ticket.handling.append(fact)
        case TicketClientReplied():
            if ticket.waiting:
                _resume(ticket, fact)
        case TicketResolved():
            if ticket.resolved is None:
                ticket.resolved = fact
                ticket.handling.append(fact)
                ticket.paused_since = fact.time if ticket.paused_since is None else ticket.paused_since
        case TicketReopened():
            if ticket.resolved is not None:
                ticket.resolved = None
                _resume(ticket, fact)


def _resume(ticket: Ticket, fact: AnyFact) -> None:
    """The recovery clock runs again."""
    if ticket.paused_since is not None:
        ticket.pauses.append((ticket.paused_since, fact.time))
        ticket.paused_since = None
        ticket.handling.append(fact)
