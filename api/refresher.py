"""Keeps the statements current while the server runs: one thread, told of new facts and looking for others'."""

import threading
import time
from collections.abc import Callable

from adapters.telemetry.logs import logger
from domain.errors import GreffeError

log = logger("views")


class Refresher:
    """Runs ``refresh`` when asked to, and every ``seconds`` for the facts that other processes record.

    Requests that come while it works share the next run.
    """

    def __init__(self, refresh: Callable[[], object], seconds: float) -> None:
        self._refresh = refresh
        self._seconds = seconds
        self._changed = threading.Condition()
        self._wanted = 0
        self._done = 0
        self._turns = 0
        self._stopped = False
        self._turned: Callable[[], object] = lambda: None
        self._current = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)

    def start(self, turned: Callable[[], object] = lambda: None) -> None:
        """Starts the thread, which calls ``turned`` after each run."""
        self._turned = turned
        self._thread.start()

    def stop(self) -> None:
        """Stops after the run under way."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def settle(self, seconds: float) -> bool:
        """Waits until the statements have taken in what is in the ledger now, or so many seconds; says which."""
        with self._changed:
            self._wanted += 1
            mine = self._wanted
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._done >= mine or self._stopped, seconds)

    @property
    def turns(self) -> int:
        """How many runs came to an end; counted before anybody who waits for one is told."""
        return self._turns

    @property
    def behind_seconds(self) -> float:
        """How long ago the statements were last known to be current."""
        return time.monotonic() - self._current

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted > self._done or self._stopped, self._seconds)
                if self._stopped:
                    return
                wanted = self._wanted
            began = time.monotonic()
            try:
                self._refresh()
            except GreffeError as error:
                log.warning("the statements could not be refreshed", reason=str(error))
                began = self._current
            with self._changed:
                self._current = began
                self._done = wanted
                self._turns += 1
                self._changed.notify_all()
            try:
                self._turned()
            except GreffeError as error:
                log.warning("what follows a refresh could not be done", reason=str(error))
