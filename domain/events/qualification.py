"""Facts about the provider's qualification and what may affect it (SNC FR art. 5, 6.4 and 11)."""

from typing import ClassVar, Literal

from domain.events.model import Day, Flag, Id, Percent, event, not_before
from domain.time.instant import Instant


@event
class QualificationGranted:
    """A service was qualified by a decision, valid between two Paris dates, both included."""

    TOPIC: ClassVar[str] = "greffe.qualification.granted.v1"
    service: Id
    decision: Id
    valid_from: Day | None = None
    valid_until: Day | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("valid_until", self.valid_until, "valid_from", self.valid_from)


@event
class QualificationRenewed:
    """A qualification was renewed by a decision, valid between two Paris dates, both included."""

    TOPIC: ClassVar[str] = "greffe.qualification.renewed.v1"
    service: Id
    decision: Id
    valid_from: Day | None = None
    valid_until: Day | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        not_before("valid_until", self.valid_until, "valid_from", self.valid_from)


@event
class QualificationModified:
    """A decision modified a qualification."""

    TOPIC: ClassVar[str] = "greffe.qualification.modified.v1"
    service: Id
    decision: Id


@event
class QualificationLost:
    """A service lost its qualification at the envelope's time."""

    TOPIC: ClassVar[str] = "greffe.qualification.lost.v1"
    service: Id
    decision: Id | None = None


@event
class ComplianceChanged:
    """A change that may affect compliance takes effect at ``effective_at`` (default: the envelope's time)."""

    TOPIC: ClassVar[str] = "greffe.compliance.changed.v1"
    change: Id
    kind: Literal["legal", "organisational", "technical"]
    effective_at: Instant | None = None


@event
class ThirdPartyChanged:
    """A third party of the provider changed (SNC FR 6.4: the client is told when security is affected)."""

    TOPIC: ClassVar[str] = "greffe.third-party.changed.v1"
    name: Id
    affects_security: Flag
    personal_data: Flag | None = None


@event
class ShareholdingRecorded:
    """A holder's share of the provider's capital and votes, in percent, and whether its seat is in the EU."""

    TOPIC: ClassVar[str] = "greffe.shareholding.recorded.v1"
    holder: Id
    seat_country: Id
    eu: Flag
    capital: Percent
    votes: Percent
