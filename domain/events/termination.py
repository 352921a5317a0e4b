"""Facts on the way to the end of a contract: breach, identity, blocking, access, termination (CGV art. 3 to 7)."""

from typing import ClassVar, Literal

from domain.events.model import Channel, Day, Flag, Id, Party, Text, event

BlockGround = Literal["malicious", "authority", "law", "payment"]


@event
class FormalNoticeSent:
    """A party gave the other formal notice to remedy a breach (CGV art. 7). ``ground`` is free text."""

    TOPIC: ClassVar[str] = "greffe.formal-notice.sent.v1"
    notice: Id
    by: Party
    ground: Text


@event
class BreachRemedied:
    """The breach named by a formal notice was remedied."""

    TOPIC: ClassVar[str] = "greffe.breach.remedied.v1"
    notice: Id


@event
class IdentityAnomalyNotified:
    """The provider told the client, by e-mail, that its identity looks false (CGV 3.1.1)."""

    TOPIC: ClassVar[str] = "greffe.identity-anomaly.notified.v1"
    anomaly: Id
    satisfactory: Flag | None = None


@event
class IdentityAnomalyAnswered:
    """The client answered; an answer that is not ``satisfactory`` settles nothing."""

    TOPIC: ClassVar[str] = "greffe.identity-anomaly.answered.v1"
    anomaly: Id
    satisfactory: Flag | None = None


@event
class ResourcesBlocked:
    """The provider blocked the client's resources (CGV art. 6)."""

    TOPIC: ClassVar[str] = "greffe.resources.blocked.v1"
    ground: BlockGround
    wrongful: Flag | None = None


@event
class ResourcesUnblocked:
    """The provider unblocked the client's resources; ``wrongful`` when the block was found unfounded."""

    TOPIC: ClassVar[str] = "greffe.resources.unblocked.v1"
    ground: BlockGround
    wrongful: Flag | None = None


@event
class AccessRequested:
    """Someone asked for access to the client's data; ``written`` says whether in writing."""

    TOPIC: ClassVar[str] = "greffe.access.requested.v1"
    by: Id
    third_party: Flag
    justification: Text | None = None
    written: Flag


@event
class AccessConsented:
    """The client consented to an access to its data."""

    TOPIC: ClassVar[str] = "greffe.access.consented.v1"
    by: Id
    third_party: Flag
    justification: Text | None = None
    written: Flag


@event
class TerminationNotified:
    """A party notified termination (CGV art. 4, 6 and 7). ``effective_on`` is the Paris date it names, if any."""

    TOPIC: ClassVar[str] = "greffe.termination.notified.v1"
    termination: Id
    by: Party
    ground: Literal["convenience", "breach", "after-block", "qualification-lost", "terms-refused", "false-identity"]
    channel: Channel
    effective_on: Day | None = None


@event
class TerminationAcknowledged:
    """The other party acknowledged the termination, which starts the clock of art. 4."""

    TOPIC: ClassVar[str] = "greffe.termination.acknowledged.v1"
    termination: Id


@event
class TerminationWithdrawn:
    """The termination was withdrawn: it takes no effect."""

    TOPIC: ClassVar[str] = "greffe.termination.withdrawn.v1"
    termination: Id
