"""Keeps the views up with the ledger in a thread of its own, so that no batch waits for a statement."""

from collections.abc import Callable
from threading import Event, Thread

from adapters.eventstore.store import Store
from adapters.telemetry.logs import logger
from adapters.views import Views
from domain.errors import LedgerError
from domain.time.instant import Instant

PAUSE_SECONDS = 1.0

log = logger("views")


class Refresher:
    """Brings the views up about once a second while ``leading()``, and a last time at the end.

    ``make`` opens the views and their store: the thread has connections of its own. Two that lead at once do the work
    twice and write the same.
    """

    def __init__(
        self, make: Callable[[], tuple[Store, Views]], leading: Callable[[], bool], clock: Callable[[], Instant]
    ) -> None:
        self._make = make
        self._leading = leading
        self._clock = clock
        self._ending = Event()
        self._opened: tuple[Store, Views] | None = None
        self._thread = Thread(target=self._run, name="views", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Brings the views up a last time and ends."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(PAUSE_SECONDS):
            if self._leading():
                self._tick()
        self._tick()
        self._let_go()

    def _tick(self) -> None:
        try:
            if self._opened is None:
                self._opened = self._make()
            self._opened[1].tick(self._clock())
        except LedgerError as error:
            log.warning("views not refreshed", reason=str(error))
            self._let_go()

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened[0].close()
            self._opened = None
