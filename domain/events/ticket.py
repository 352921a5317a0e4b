"""Facts about support tickets (CGV art. 19 and Annex A; Cloud Temple 8.2 and 8.3)."""

from typing import ClassVar, Literal

from domain.events.model import Criticality, Flag, Id, Impact, Severity, event, impossible


@event
class TicketOpened:
    """The client opened a ticket at the envelope's time.

    ``complete`` says whether all required information was in; ``on_call`` whether it reached the on-call number.
    """

    TOPIC: ClassVar[str] = "greffe.ticket.opened.v1"
    ticket: Id
    kind: Literal["incident", "service-request", "other"]
    complete: Flag
    severity: Severity | None = None
    impact: Impact | None = None
    criticality: Criticality | None = None
    service: Id | None = None
    maintenance: Flag | None = None
    on_call: Flag | None = None


@event
class TicketCompleted:
    """All the information the provider needs is in: the clocks may start."""

    TOPIC: ClassVar[str] = "greffe.ticket.completed.v1"
    ticket: Id


@event
class TicketQualified:
    """The ticket was given another priority: a severity, or an impact and a criticality. The start stays."""

    TOPIC: ClassVar[str] = "greffe.ticket.qualified.v1"
    ticket: Id
    severity: Severity | None = None
    impact: Impact | None = None
    criticality: Criticality | None = None

    def __post_init__(self) -> None:
        """Refuse a qualification that says nothing."""
        if self.severity is None and self.impact is None and self.criticality is None:
            raise impossible(
                "severity",
                "either severity, or impact and criticality, must be given",
                "il faut severity, ou impact et criticality",
            )


@event
class TicketAnswered:
    """The provider answered; an ``automatic`` acknowledgment is not a first response."""

    TOPIC: ClassVar[str] = "greffe.ticket.answered.v1"
    ticket: Id
    automatic: Flag


@event
class TicketWaitingForClient:
    """The provider asked the client a question: the recovery clock pauses."""

    TOPIC: ClassVar[str] = "greffe.ticket.waiting-for-client.v1"
    ticket: Id


@event
class TicketClientReplied:
    """The client replied: the recovery clock resumes."""

    TOPIC: ClassVar[str] = "greffe.ticket.client-replied.v1"
    ticket: Id


@event
class TicketResolved:
    """The service was restored or the request fulfilled."""

    TOPIC: ClassVar[str] = "greffe.ticket.resolved.v1"
    ticket: Id


@event
class TicketReopened:
    """The ticket was not resolved after all: the recovery clock resumes."""

    TOPIC: ClassVar[str] = "greffe.ticket.reopened.v1"
    ticket: Id
