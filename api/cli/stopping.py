"""Stopping in good order: the first SIGTERM or Ctrl-C asks, the second does not."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether a signal has asked to stop. A second signal interrupts at once."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            signal.default_int_handler(number, frame)
        asked = True

    before = [(one, signal.signal(one, ask)) for one in SIGNALS]
    try:
        yield lambda: asked
    finally:
        for one, handler in before:
            signal.signal(one, handler)
