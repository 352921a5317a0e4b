"""Writes the access log: whoever waits together is written together, in one transaction, before any is answered."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

from adapters.access.model import Access
from adapters.access.store import AccessStore
from domain.errors import GreffeError, LedgerError
from domain.time.instant import Instant

_Waiting = tuple[Sequence[Access], asyncio.Future[None]]
MOST_AT_ONCE = 1_000
NOTE_EVERY = 60_000_000
"""Microseconds between two notes of when a key was last used."""


class Journal:
    """One thread that writes what requests hand in. A request that cannot be recorded is told so."""

    def __init__(self, store: AccessStore) -> None:
        self._store = store
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._used: dict[str, Instant] = {}
        self._noted: dict[str, Instant] = {}
        self._thread = Thread(target=self._run, name="access-log", daemon=True)
        self._thread.start()

    async def record(self, entries: Sequence[Access]) -> None:
        """Returns once the entries are on the disk. Raises LedgerError where they cannot be."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put((entries, done))
        await done

    def used(self, key: str, at: Instant) -> None:
        """Notes that a key was used, to be written with the next entries, once a minute at most."""
        if at - self._noted.get(key, 0) >= NOTE_EVERY:
            self._noted[key] = self._used[key] = at

    def close(self) -> None:
        """Writes what waits and stops."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            waiting = [first]
            while len(waiting) < MOST_AT_ONCE and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._queue.put(None)
                    break
                waiting.append(following)
            self._write(waiting)

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        used, self._used = self._used, {}
        failure: GreffeError | None = None
        try:
            self._store.record([entry for entries, _ in waiting for entry in entries])
            if used:
                self._store.used(used)
        except LedgerError as error:
            failure = error
        by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
        for _, done in waiting:
            by_loop.setdefault(done.get_loop(), []).append(done)
        for loop, every in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_tell, every, failure)


def _tell(every: list["asyncio.Future[None]"], failure: GreffeError | None) -> None:
    """Tells all who waited together at once: the loop is woken once for all of them."""
    for done in every:
        if not done.done():
            done.set_exception(failure) if failure is not None else done.set_result(None)
