"""Keeps the views up with the ledger in a thread of its own, so that no batch waits for a statement."""

from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

from adapters.clock import now
from adapters.telemetry.logs import logger
from domain.errors import LedgerError

if TYPE_CHECKING:
    from adapters.eventstore.store import Store
    from adapters.views import Views

PAUSE_SECONDS = 1.0

log = logger("views")


class Refresher:
    """Refreshes about once a second while ``leading()``, and a last time at the end.

    ``make`` opens the views and their store: the thread has connections of its own. Two that lead at once do the work
    twice and write the same.
    """

    def __init__(self, make: "Callable[[], tuple[Store, Views]]", leading: Callable[[], bool]) -> None:
        self._make = make
        self._leading = leading
        self._ending = Event()
        self._opened: tuple[Store, Views] | None = None
        self._thread = Thread(target=self._run, name="views", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Refreshes a last time and ends."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(PAUSE_SECONDS):
            if self._leading():
                self._refresh()
        self._refresh()
        self._let_go()

    def _refresh(self) -> None:
        try:
            if self._opened is None:
                self._opened = self._make()
            self._opened[1].tick(now())
        except LedgerError as error:
            log.warning("views not refreshed", reason=str(error))
            self._let_go()

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened[0].close()
            self._opened = None
