"""What was read from the views a moment ago: whoever asks the same meanwhile is given the same."""

import asyncio
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")
FRESH_SECONDS = 1.0
"""How old an answer from the views may be where another process keeps them; our own changes are seen at once."""


class Recent:
    """Reads once for all who ask at about the same time. On the event loop only.

    ``turns`` counts how often the views were brought up here: what was read before the last time is forgotten.
    ``clock`` counts seconds.
    """

    def __init__(self, turns: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._turns = turns
        self._clock = clock
        self._turn = -1
        self._since = 0.0
        self._kept: dict[Hashable, asyncio.Future[Any]] = {}

    async def of(self, key: Hashable, read: Callable[[], T]) -> T:
        """What ``read`` gives, in a thread of its own, or gave to who asked for the same ``key``."""
        turn, at = self._turns(), self._clock()
        if turn != self._turn or at - self._since >= FRESH_SECONDS:
            self._kept, self._turn, self._since = {}, turn, at
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = asyncio.ensure_future(run_in_threadpool(read))
            found.add_done_callback(lambda done: self._drop(key, done))
        return await asyncio.shield(found)

    def _drop(self, key: Hashable, done: "asyncio.Future[Any]") -> None:
        """Lets who comes next try again what failed."""
        if (done.cancelled() or done.exception() is not None) and self._kept.get(key) is done:
            del self._kept[key]
