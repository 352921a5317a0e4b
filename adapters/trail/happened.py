"""What was done to a ledger and with it, gathered from where each is kept, in the order of time, each thing once.

A cursor says how far each source was read. Who sends the trail on keeps it, and goes on from there.
"""

import heapq
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic_core import from_json

from adapters.access.model import Access
from adapters.access.store import AccessStore
from adapters.access.telling import access_json
from adapters.eventstore.store import Entry, Search, Store
from domain.errors import GreffeError
from domain.time.instant import Instant, format_instant, parse_instant

ACCESS, LEDGER, ERASURES, CHECKPOINTS, AUDITS = "access", "ledger", "erasures", "checkpoints", "audits"
SOURCES = (ACCESS, LEDGER, ERASURES, CHECKPOINTS, AUDITS)
ERASED = "greffe.person.erased.v1"
PAGE = 500
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
            raise TrailError(
                f"this is no cursor of the trail; it names numbers of {', '.join(SOURCES)}",
                f"n'est pas un curseur de greffe trail ; il nomme des numéros de {', '.join(SOURCES)}",
            )
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
        LEDGER: lambda after: map(partial(_event, LEDGER), store.entries_of("", after)),
        ERASURES: lambda after: map(partial(_event, ERASURES), _erasures(store, after)),
        CHECKPOINTS: lambda after: _checkpoints(store, after),
        AUDITS: lambda after: _audits(access, after),
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


def _erasures(store: Store, after: int) -> Iterator[Entry]:
    """Found by the index of facts, as far as the views have it."""
    while page := store.search(Search(types=(ERASED,)), after, PAGE):
        yield from page
        after = page[-1].position


def _event(source: str, entry: Entry) -> Happened:
    """A stored event: what was given up, who was erased."""
    wrapper = from_json(entry.state)
    said = {"at": wrapper["recorded"], "event": wrapper["event"]}
    return Happened(source, entry.position, parse_instant(wrapper["recorded"]), entry.topic, said)


def _checkpoints(store: Store, after: int) -> Iterator[Happened]:
    while page := store.checkpoints(after, PAGE):
        for signed in page:
            said = {"at": format_instant(signed.made), "size": signed.size, "root": signed.root.hex()}
            yield Happened(CHECKPOINTS, signed.size, signed.made, "checkpoint", said)
        after = page[-1].size


def _audits(access: AccessStore, after: int) -> Iterator[Happened]:
    while page := access.audits(after):
        for audit in page:
            said = {"at": format_instant(audit.at), "caller": audit.caller, **json.loads(audit.report)}
            yield Happened(AUDITS, audit.number, audit.at, "audit", said)
        after = page[-1].number
