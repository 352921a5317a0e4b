"""What was done to a ledger and with it, gathered from where each is kept, in the order of time, each thing once.

A cursor says how far each source was read. Who sends the trail on keeps it, and goes on from there.
"""

import heapq
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from adapters.access.model import Access
from adapters.access.store import AccessStore
from adapters.access.telling import access_json
from adapters.eventstore.store import Store
from domain.errors import GreffeError
from domain.time.instant import Instant, parse_instant

ACCESS, LEDGER = "access", "ledger"
SOURCES = (ACCESS, LEDGER)
SETTLED = 10_000_000
"""Microseconds after which an entry of the access log has no earlier one that is still being written."""


class TrailError(GreffeError):
    """A cursor that is none."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was done: where it is kept, under which number, when, of which kind, and what is known of it.

    ``number`` grows within a source. ``at`` is UTC microseconds.
    """

    source: str
    number: int
    at: Instant
    kind: str
    said: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The thing as a line of the trail."""
        return {"source": self.source, "number": self.number, "kind": self.kind, **self.said}


class Cursor(dict[str, int]):
    """How far each source was read: the number of the last thing of it."""

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """The cursor in a file. Raises TrailError."""
        try:
            read = json.loads(text)
        except ValueError:
            read = None
        if not isinstance(read, dict) or any(
            name not in SOURCES or not isinstance(value, int) or isinstance(value, bool) or value < 0
            for name, value in read.items()
        ):
            raise TrailError(f"this is no cursor of the trail; it names numbers of {', '.join(SOURCES)}")
        return cls(read)

    def passed(self, happened: Happened) -> None:
        """Notes that a thing was given out."""
        self[happened.source] = happened.number


def trail(store: Store, access: AccessStore, cursor: Cursor, until: Instant | None = None) -> Iterator[Happened]:
    """Everything after a cursor, by time; of one source, by number. ``until``: only what was done before.

    An entry of the access log may become visible a moment after a later one (PostgreSQL, several processes), so
    whoever goes on from a cursor asks until a moment ago.
    """
    readers: dict[str, Callable[[int], Iterator[Happened]]] = {
        ACCESS: lambda after: _accesses(access, after),
        LEDGER: lambda after: _decisions(store, after),
    }
    found = (_before(reader(cursor.get(source, 0)), until) for source, reader in readers.items())
    return heapq.merge(*found, key=lambda happened: happened.at)


def _before(found: Iterator[Happened], until: Instant | None) -> Iterator[Happened]:
    for happened in found:
        if until is not None and happened.at >= until:
            return
        yield happened


def _accesses(access: AccessStore, after: int) -> Iterator[Happened]:
    while page := access.log(after=after):
        yield from (Happened(ACCESS, entry.number, entry.at, _kind(entry), access_json(entry)) for entry in page)
        after = page[-1].number


def _kind(entry: Access) -> str:
    if entry.caller is None:
        return "refused"
    return "act" if entry.route.startswith("greffe ") else "request"


def _decisions(store: Store, after: int) -> Iterator[Happened]:
    """The ledger's own events: what was given up, what was erased."""
    for entry in store.entries_of("", after):
        wrapper = from_json(entry.state)
        at = parse_instant(wrapper["recorded"])
        said = {"at": wrapper["recorded"], "event": wrapper["event"]}
        yield Happened(LEDGER, entry.position, at, entry.topic, said)
