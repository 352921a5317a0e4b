"""Facts about incidents and the levels at which a client wants to hear of them."""

from typing import ClassVar, Literal

from domain.events.model import Flag, Id, Impact, event
from domain.time.instant import Instant


@event
class IncidentOpened:
    """An incident: a disaster, a failure or a security event (CGV 14.2.1; Cloud Temple 11.1.1.3).

    ``known_at`` is when the provider came to know of a personal data breach (default: the envelope's time);
    ``personal_data`` whose data is hit; ``risk`` whether persons are at risk.
    """

    TOPIC: ClassVar[str] = "greffe.incident.opened.v1"
    incident: Id
    nature: Literal["disaster", "failure", "security"]
    impact: Impact | None = None
    confidentiality: Flag | None = None
    integrity: Flag | None = None
    personal_data: Literal["none", "client-controller", "provider-controller"] | None = None
    risk: Flag | None = None
    known_at: Instant | None = None


@event
class IncidentClosed:
    """The incident is over."""

    TOPIC: ClassVar[str] = "greffe.incident.closed.v1"
    incident: Id


@event
class NotificationLevelsChosen:
    """The client chose the security incidents it must be told of, instead of the default (Cloud Temple 11.1.1.3)."""

    TOPIC: ClassVar[str] = "greffe.notification-levels.chosen.v1"
    levels: tuple[Id, ...]
    reference: Id | None = None
