"""Views: what is derived from the ledger and kept beside it, advanced as facts come and as time passes.

For each contract its statement, at its own latest fact, and its deadlines as they stand; and an index of the facts.

A rebuild derives them all into a new generation, beside the live one and while ingest goes on; when both have taken in
the same facts it becomes the live one, in one transaction. Readers see the old views or the new ones, never a mixture.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from adapters.eventstore.ledger import Ledger
from adapters.eventstore.viewing import TAKEN
from adapters.generation import GENERATION, HELD, POSITION, TAKEN_HELD, Generation
from domain.agreements.catalogue import Catalogue
from domain.errors import LedgerError
from domain.readings import Readings
from domain.time.instant import Instant

__all__ = ["GENERATION", "HELD", "POSITION", "Rebuilt", "Views"]

NEXT = "generation:next"
"""The last generation that a rebuild was given."""
DROPPED = 2_000
"""Rows of an old generation deleted in one transaction."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: how many contracts it derived and which statements came out different."""

    contracts: int
    changed: tuple[str, ...]


class Views:
    """The views of a ledger. Several processes may keep them; one of them at a time takes a page in."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, readings: Readings) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._catalogue = catalogue
        self._readings = readings
        self._live = Generation(ledger, catalogue, readings)

    def refresh(self, now: Instant | None = None) -> int:
        """Takes in what came since the last refresh and derives the contracts it touches; returns how many.

        Their deadlines are as they stand at ``now``, or at their latest fact where no clock is given.
        """
        return self._live.fill(now)

    def tick(self, now: Instant) -> int:
        """Refreshes, and renews the deadlines that time has made stale by ``now``; returns of how many contracts."""
        return self._live.fill(now) + self._live.renew(now)

    def follow(
        self,
        stop: threading.Event,
        clock: Callable[[], Instant],
        on_error: Callable[[LedgerError], object],
        seconds: float = 1,
    ) -> None:
        """Ticks until told to stop, waiting so long between two; a store that fails is told and tried again."""
        while not stop.is_set():
            try:
                self.tick(clock())
            except LedgerError as error:
                on_error(error)
            stop.wait(seconds)

    def rebuild(self, on_contract: Callable[[str], None] | None = None, now: Instant | None = None) -> Rebuilt:
        """Derives everything from zero beside the live views, then swaps.

        Raises LedgerError if another rebuild, begun later, finished first.
        """
        with self._store.viewing() as viewing:
            number = max(viewing.tracked(GENERATION) or 0, viewing.tracked(NEXT) or 0) + 1
            viewing.track(NEXT, number)
        fresh = Generation(self._ledger, self._catalogue, self._readings, number)
        fresh.fill(now, on_contract)
        while (changed := self._swap(fresh, number, now)) is None:
            pass
        more = True
        while more:
            with self._store.viewing() as viewing:
                more = viewing.drop_before(number, DROPPED)
        return Rebuilt(len(self._store.views()), changed)

    def _swap(self, fresh: Generation, number: int, now: Instant | None) -> tuple[str, ...] | None:
        """Makes a generation the live one; the contracts that differ, or None where it has not caught up."""
        self._live.fill(now)
        fresh.fill(now)
        changed = self._store.differing(self._live.number, number)
        with self._store.viewing() as viewing:
            if (viewing.tracked(GENERATION) or 0) >= number:
                raise LedgerError(
                    "another rebuild of this ledger finished first; its views are live",
                    "une autre reconstruction de ce registre a fini avant ; ses vues sont en place",
                )
            seen = fresh.seen_in(viewing)
            live = self._live.seen_in(viewing)
            if seen[0] < live[0] or seen[1] < live[1] or self._store.touched(number, 1):
                return None
            viewing.track(GENERATION, number)
            for name, reached in ((TAKEN, seen[0]), (POSITION, seen[0]), (TAKEN_HELD, seen[1]), (HELD, seen[1])):
                viewing.track(name, reached)
        return tuple(changed)
