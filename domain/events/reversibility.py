"""Facts about taking one's data back: recovery reports, paid storage, recovery services (SNC EN; CGV 18.1)."""

from typing import ClassVar

from domain.events.model import Day, Id, event


@event
class RecoveryReportReceived:
    """The provider received the report, signed on a Paris date, that the client recovered its data."""

    TOPIC: ClassVar[str] = "greffe.recovery-report.received.v1"
    signed_on: Day


@event
class PaidStorageStarted:
    """Data kept beyond the recovery period are now billed."""

    TOPIC: ClassVar[str] = "greffe.paid-storage.started.v1"


@event
class PaidStorageEnded:
    """Paid storage ended: the clock of deletion starts."""

    TOPIC: ClassVar[str] = "greffe.paid-storage.ended.v1"


@event
class RecoveryServiceOrdered:
    """The client ordered a recovery service."""

    TOPIC: ClassVar[str] = "greffe.recovery-service.ordered.v1"
    order: Id


@event
class RecoveryServicePaid:
    """The client paid for the recovery service."""

    TOPIC: ClassVar[str] = "greffe.recovery-service.paid.v1"
    order: Id


@event
class RecoveryServiceDelivered:
    """The provider delivered the recovery service."""

    TOPIC: ClassVar[str] = "greffe.recovery-service.delivered.v1"
    order: Id
