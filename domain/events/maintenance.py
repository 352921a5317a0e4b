"""Facts about maintenance windows: announced, performed, cancelled."""

from typing import ClassVar, Literal

from domain.events.model import Id, event, not_before
from domain.time.instant import Instant


@event
class MaintenanceAnnounced:
    """The provider announced a maintenance window, half-open [``starts_at``, ``ends_at``) (CGV art. 11 and 20)."""

    TOPIC: ClassVar[str] = "greffe.maintenance.announced.v1"
    maintenance: Id
    kind: Literal["planned", "hypervisor", "urgent", "protective"]
    starts_at: Instant
    ends_at: Instant
    services: tuple[Id, ...]
    resources: tuple[Id, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("ends_at", self.ends_at, "starts_at", self.starts_at)


@event
class MaintenancePerformed:
    """An announced maintenance was performed during [``starts_at``, ``ends_at``)."""

    TOPIC: ClassVar[str] = "greffe.maintenance.performed.v1"
    maintenance: Id
    starts_at: Instant
    ends_at: Instant

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("ends_at", self.ends_at, "starts_at", self.starts_at)


@event
class MaintenanceCancelled:
    """An announced maintenance will not take place."""

    TOPIC: ClassVar[str] = "greffe.maintenance.cancelled.v1"
    maintenance: Id
