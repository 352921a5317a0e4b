"""Facts of operation: countermeasures, misuse, monitoring gaps, snapshots and measures."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.events.model import Count, Flag, Id, Measure, event, not_before
from domain.time.instant import Instant


@event
class CountermeasureApplied:
    """The provider defended its service during [``from_``, ``to``) (CGV art. 11; Cloud Temple 8.1 remarks)."""

    TOPIC: ClassVar[str] = "greffe.countermeasure.applied.v1"
    kind: Literal["hammering", "throttling", "blackhole"]
    services: tuple[Id, ...]
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("to", self.to, "from", self.from_)


@event
class MisuseRecorded:
    """The client used a service against the state of the art or the provider's advice during [``from_``, ``to``)."""

    TOPIC: ClassVar[str] = "greffe.misuse.recorded.v1"
    kind: Literal["block-mode", "advice-not-followed"]
    services: tuple[Id, ...]
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("to", self.to, "from", self.from_)


@event
class MonitoringGapRecorded:
    """Nothing was measured during [``from_``, ``to``): the services are neither up nor down then."""

    TOPIC: ClassVar[str] = "greffe.monitoring.gap-recorded.v1"
    services: tuple[Id, ...]
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("to", self.to, "from", self.from_)


@event
class SnapshotTaken:
    """A snapshot of a volume was taken at the envelope's time."""

    TOPIC: ClassVar[str] = "greffe.snapshot.taken.v1"
    snapshot: Id
    volume: Id
    during_maintenance: Flag | None = None


@event
class MeasureRecorded:
    """A value measured over [``from_``, ``to``).

    ``latency-ms`` in milliseconds, ``iops-share`` in percent of the subscribed IOPS, the others are counts.
    """

    TOPIC: ClassVar[str] = "greffe.measure.recorded.v1"
    measure: Literal["latency-ms", "iops-share", "objects-stored", "objects-lost", "snapshots-stored", "snapshots-lost"]
    service: Id
    resource: Id | None = None
    value: Measure
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    samples: Count | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("to", self.to, "from", self.from_)
