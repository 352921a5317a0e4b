"""Who is told what, and what somebody says of it."""

from typing import Literal

from pydantic import Field

from api.schemas.base import RuleId, Shape, When
from api.schemas.lists import Words


class Carrier(Shape):
    """The message that carries a notification."""

    id: str = Field(description="The same however often it is tried: its `Message-ID`, its `webhook-id`.")
    state: Literal["ready", "claimed", "handed", "sent", "failed", "doubtful"] = Field(
        description="`doubtful`: nobody knows whether it arrived; another is to repeat what it said."
    )
    attempts: int
    error: str | None = Field(description="Why the last attempt did not succeed.")


class Notification(Shape):
    """One thing that one recipient is told about one contract."""

    id: str = Field(description="The same after every restart.")
    contract: str
    kind: Literal["deadline", "budget", "support"]
    thing: str = Field(description="Which deadline, budget or clock: the same for everybody who is told of it.")
    rule: RuleId
    title: Words | None = Field(description="The title of the rule; null where no text has it.")
    threshold: str = Field(description="Which threshold was passed: `7d`, `missed`, `80%`, `settled` …")
    passed: When = Field(description="When it was.")
    due: When | None
    recipient: str = Field(description="Its name in the file of rules; no address.")
    told_by: str = Field(description="The rule of the file of rules that asked for it.")
    severity: Literal["low", "normal", "high"]
    state: Literal["waiting", "taken", "sent", "failed", "withdrawn"] = Field(
        description="`taken`: in a message that is not sent yet; `withdrawn`: no longer true before it was sent."
    )
    message: Carrier | None = Field(
        description="The message that carries it; while it waits to be repeated, the one that is in doubt."
    )
    repeats: str | None = Field(description="The message in doubt, of which this is said again.")
    release: When = Field(description="When it may be sent.")
    sent: When | None
    acknowledged: When | None


class Notifications(Shape):
    """One page of notifications."""

    notifications: list[Notification]
    next: str | None = Field(description="`after` of the next page; null on the last one.")


class Acknowledged(Shape):
    """How many were told of the matter that somebody deals with."""

    notification: str
    acknowledged: int
    at: When
