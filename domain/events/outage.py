"""Facts about outages: recorded, ended, explained, corrected, retracted."""

from typing import ClassVar, Literal

from domain.events.model import Cause, Extent, Id, Text, event, impossible, not_before
from domain.time.instant import Instant


@event
class OutageRecorded:
    """A service was down or degraded from ``started_at`` to ``ended_at`` (running while absent).

    ``detected_at`` is when monitoring saw it, ``reported_at`` when the client reported it (Cloud Temple 8.1 starts the
    clock at the earlier of the two). ``cause`` is the sender's claim. Outages naming one ``incident`` are one incident.
    """

    TOPIC: ClassVar[str] = "greffe.outage.recorded.v1"
    outage: Id
    service: Id
    resource: Id | None = None
    started_at: Instant
    ended_at: Instant | None = None
    detected_at: Instant | None = None
    reported_at: Instant | None = None
    extent: Extent
    cause: Cause | None = None
    incident: Id | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        if self.ended_at is not None and self.ended_at < self.started_at:
            not_before("ended_at", self.ended_at, "started_at", self.started_at)


@event
class OutageEnded:
    """A running outage ended; for a VM, at the moment from which the client could restart it."""

    TOPIC: ClassVar[str] = "greffe.outage.ended.v1"
    outage: Id
    ended_at: Instant
    confirmed_by: Literal["monitoring", "user"]


@event
class OutageCauseEstablished:
    """The cause of an outage was established, which may exclude it (CGV art. 11)."""

    TOPIC: ClassVar[str] = "greffe.outage.cause-established.v1"
    outage: Id
    cause: Cause
    evidence: Text | None = None


@event
class OutageCorrected:
    """What was recorded of an outage was wrong; the given fields replace the recorded ones."""

    TOPIC: ClassVar[str] = "greffe.outage.corrected.v1"
    outage: Id
    reason: Text
    service: Id | None = None
    resource: Id | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    extent: Extent | None = None

    def __post_init__(self) -> None:
        """Refuse a correction of nothing, and an end before the start."""
        fields = (self.service, self.resource, self.started_at, self.ended_at, self.extent)
        if all(field is None for field in fields):
            raise impossible(
                "reason",
                "nothing is corrected: give at least one of service, resource, started_at, ended_at, extent",
                "rien n'est corrigé : il faut au moins service, resource, started_at, ended_at ou extent",
            )
        not_before("ended_at", self.ended_at, "started_at", self.started_at)


@event
class OutageRetracted:
    """The outage did not happen, or not to this client: it no longer counts."""

    TOPIC: ClassVar[str] = "greffe.outage.retracted.v1"
    outage: Id
    reason: Text
