"""What the outbox keeps: the notifications that are due to somebody, and the messages that carry them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple, Protocol

from domain.time.instant import Instant

NONE = Instant(0)
"""Stands for the date of a figure that has none."""
OnDoubt = Literal["tell", "resend"]


class Notification(NamedTuple):
    """One thing that one recipient is to be told.

    ``id`` is derived from what it says and to whom: contract, thing, date, threshold, recipient. ``rank`` grows along
    the thresholds of one thing. ``at`` is when the threshold was passed, ``release`` from when on it may be sent,
    ``grouped`` which others go with it in one message. ``body`` is what is told, as JSON.

    ``state``: waiting; taken (in a message); sent; withdrawn (no longer true before it was sent); failed.
    """

    id: str
    contract: str
    thing: str
    due: Instant
    threshold: str
    rank: int
    rule: str
    recipient: str
    severity: str
    grouped: str
    at: Instant
    release: Instant
    body: bytes
    state: str = "waiting"
    message: str | None = None
    sent: Instant | None = None
    acknowledged: Instant | None = None


class Message(NamedTuple):
    """One message to one recipient, of one notification or of several.

    ``id`` is the same however often it is tried. ``state``: ready; claimed (somebody prepares it); handed (its last
    byte was about to leave: from here on it may have arrived); sent; failed; doubtful (handed, and nobody knows).
    ``lease``: until when who claimed it is waited for. ``noted``: 1 once the log of the ledger says that it was sent.
    """

    id: str
    recipient: str
    grouped: str
    made: Instant
    state: str
    holder: str
    lease: Instant
    attempts: int
    next: Instant
    error: str
    sent: Instant | None
    noted: int


class Claim(NamedTuple):
    """A message that was claimed, and what it is to say."""

    message: Message
    notifications: tuple[Notification, ...]


class NotificationSearch(NamedTuple):
    """Which notifications are looked for; what is None, or empty, is not asked for.

    ``contracts``: those that may be seen; None is every one. ``doubtful``: whether an earlier message that carried it
    may have arrived or not, so that it is said again.
    """

    contracts: Collection[str] | None = None
    states: Collection[str] = ()
    recipient: str | None = None
    acknowledged: bool | None = None
    doubtful: bool | None = None


class Told(NamedTuple):
    """A notification, and the message that carries it; of one that is to be repeated, the message that is in doubt."""

    notification: Notification
    message: Message | None

    @property
    def cursor(self) -> "Cursor":
        """What the next page comes after."""
        return self.notification.release, self.notification.at, self.notification.id


Cursor = tuple[int, int, str]
"""When a notification may be sent, when its threshold was passed, and its id."""


class OutboxReads(Protocol):
    """The outbox as everybody may read it."""

    def told(self, wanted: NotificationSearch, after: Cursor | None = None, limit: int = 100) -> list[Told]:
        """A page of the notifications looked for, the last to be released first."""

    def notification(self, id_: str) -> Notification | None:
        """One notification."""

    def notifications(self, contracts: Collection[str]) -> list[Notification]:
        """Every notification about these contracts, in the order of their thresholds' passing."""

    def notifications_in(self, message: str) -> list[Notification]:
        """The notifications that a message carries."""

    def newest_messages(self, limit: int) -> list[Message]:
        """The newest messages, the newest first."""

    def message_counts(self) -> dict[str, int]:
        """How many messages are in each state."""

    def waiting(self) -> list[Notification]:
        """The notifications that are not in a message yet, the next to be released first."""


class OutboxWriting(Protocol):
    """One write transaction on the outbox; one at a time, and ingest does not wait for it where the store can."""

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""

    def plan(self, found: Sequence[Notification]) -> int:
        """Adds notifications that are not there, and those again that were withdrawn; returns how many."""

    def withdraw(self, ids: Iterable[str]) -> int:
        """Takes back notifications that are not in a message yet; returns how many."""

    def gather(self, now: Instant) -> int:
        """Makes messages of the notifications that may be sent by now; returns how many."""

    def doubtful(self, now: Instant) -> list[Message]:
        """The messages that were handed over by somebody who has not been heard of since."""

    def doubt(self, message: str, reason: str, on_doubt: OnDoubt, now: Instant) -> bool:
        """Settles a message that was handed over and of which nobody knows; False where it is settled already.

        ``tell``: it is not sent again; another message says so and repeats what it said. ``resend``: it is, as it was.
        """

    def claim(self, now: Instant, lease: Instant, holder: str, limit: int) -> list[Claim]:
        """Claims messages until ``lease``; what somebody else claimed and let go is claimed anew."""

    def let_go(self, messages: Sequence[str], holder: str) -> None:
        """Gives claimed messages back, untried."""

    def hand_over(self, message: str, holder: str, lease: Instant) -> bool:
        """Notes that the last byte leaves now; False where the claim is no longer the holder's: then it must not."""

    def sent(self, message: str, holder: str, at: Instant) -> None:
        """Notes that a message arrived."""

    def put_off(self, message: str, holder: str, until: Instant | None, error: str) -> None:
        """Notes that a message surely did not arrive: it is tried again, or given up where ``until`` is None."""

    def unnoted(self, limit: int) -> list[Claim]:
        """Messages that were sent, of which the log does not say so yet."""

    def noted(self, messages: Sequence[str]) -> None:
        """Says that the log has these messages."""

    def acknowledge(self, id_: str, at: Instant) -> int:
        """Notes that somebody deals with what a notification told, whoever was told of it; how many it concerns."""
