"""Facts about notices between the parties: what was sent, how, and when it was received."""

from typing import ClassVar, Literal

from domain.events.model import Channel, Id, event


@event
class NoticeSent:
    """A notice was sent at the envelope's time. ``about`` is the id of the incident, change, … it speaks of.

    A ``registered-letter`` is a letter with acknowledgment of receipt (LRAR) or its qualified electronic equivalent.
    """

    TOPIC: ClassVar[str] = "greffe.notice.sent.v1"
    notice: Id
    topic: Literal[
        "qualification-loss",
        "qualification-modification",
        "compliance-change",
        "revision",
        "maintenance",
        "security-incident",
        "personal-data-breach",
        "third-party-change",
        "recovery-report-demand",
        "deletion-notice",
        "other",
    ]
    channel: Channel
    to: Id | None = None
    about: Id | None = None


@event
class NoticeReceived:
    """A notice was received; the envelope's time is the date on the slip."""

    TOPIC: ClassVar[str] = "greffe.notice.received.v1"
    notice: Id
