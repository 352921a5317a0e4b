"""What sending a message may come to, whatever the channel."""

from collections.abc import Callable

HandOver = Callable[[], None]
"""Called when all but the last byte has left: from then on the message may have arrived. Raises LostClaimError."""


class UndeliveredError(Exception):
    """The message surely did not arrive. ``final``: another try is no use. ``after``: seconds the receiver asks for."""

    def __init__(self, reason: str, *, final: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.final, self.after = final, after


class DoubtError(Exception):
    """The message was handed over, and no answer came: it may have arrived or not."""


class LostClaimError(Exception):
    """Somebody else took the message over: it must not leave."""
