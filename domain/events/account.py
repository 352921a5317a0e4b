"""Facts about the client's account with the provider (CGV 18.3)."""

from typing import ClassVar

from domain.events.model import Id, event


@event
class AccountDeactivated:
    """The account was deactivated: its data stay accessible for the delay of the text, then are deleted."""

    TOPIC: ClassVar[str] = "greffe.account.deactivated.v1"
    account: Id


@event
class AccountClosed:
    """The account was closed: the clock of the technical data starts (SNC EN)."""

    TOPIC: ClassVar[str] = "greffe.account.closed.v1"
    account: Id
