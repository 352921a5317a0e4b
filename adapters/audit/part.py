"""One part of the log: some leaves, and the events that were recorded with them, each computed again."""

from typing import Any, NamedTuple

from pydantic_core import from_json

from adapters.audit.columns import odd, typed
from adapters.audit.entries import differing, members
from adapters.audit.fault import Fault, fault
from adapters.audit.tree import edge_of, tiles_of, wrong_node
from adapters.eventstore.auditing import Auditable, Row
from adapters.eventstore.mapper import content_of, key_of
from adapters.eventstore.store import subject_of
from adapters.evidence.entry import fact_entry, heads_entry, leaf_of
from adapters.evidence.fields import all_committed, committed
from adapters.evidence.leaf import Leaf
from adapters.evidence.tiles import TILE, TILE_LEVELS

OWN = "|"
"""How the streams of the ledger's own events begin."""
EVENT = b',"event":'
PREVIOUS = b'"tprev":"'
HEX = 64
PAGE = 1_000
"""Events whose commitments are computed at once."""
Event = tuple[str, int]


class Task(NamedTuple):
    """Which leaves [start, end) and which events (after, upto] to look at; ``sizes``: where roots are asked for."""

    origin: str
    start: int
    end: int
    after: int
    upto: int
    sizes: tuple[int, ...] = ()


class Span(NamedTuple):
    """Some entries of a tenant that follow each other: the first, what it says came before, and the last."""

    leaf: int
    tenant: str
    subject: str
    first: int
    previous: str
    last: int
    hash: bytes


class HeadsSaid(NamedTuple):
    """What a heads entry commits to."""

    leaf: int
    root: str
    tenants: int
    at: str


class Looked(NamedTuple):
    """What came of a part.

    ``walk`` is what the chain and the map of heads need, in order; ``tiles`` the hashes of complete tiles; ``edges``
    those at the right edge of the last tile for each size asked for; ``whole`` whether no leaf is missing.
    """

    leaves: int
    events: int
    faults: list[Fault]
    walk: list[Span | HeadsSaid]
    tiles: list[bytes]
    edges: dict[int, list[bytes]]
    whole: bool


def look(store: Auditable, task: Task) -> Looked:
    """Computes one part again."""
    read = store.leaves(task.start, task.end)
    leaves = list(map(typed, read))
    rows = store.rows_between(task.after, task.upto)
    part = _Part(store, task, {(row.stream, row.version): row for row in rows})
    part.faults += (odd(one) for one, leaf in zip(read, leaves, strict=True) if one is not leaf)
    for leaf in leaves:
        part.take(leaf)
    part.end()
    hashes = [leaf.hash for leaf in leaves]
    whole = [leaf.idx for leaf in leaves] == list(range(task.start, task.end))
    tiles = tiles_of(hashes) if whole else []
    first = task.start // TILE
    kept = store.nodes_in(TILE_LEVELS, first, first + len(tiles))
    for number, tile in enumerate(tiles, first):
        part.faults += wrong_node(kept, TILE_LEVELS, number, tile)
    edges = {
        size: edge_of(hashes[(size - task.start) // TILE * TILE : size - task.start]) for size in task.sizes if whole
    }
    return Looked(len(leaves), len(rows), part.faults, part.walk, tiles, edges, whole)


class _Part:
    def __init__(self, store: Auditable, task: Task, rows: dict[Event, Row]) -> None:
        self._store = store
        self._task = task
        self._rows = rows
        self._next = task.start
        self._position = task.after
        self._contents: dict[str, tuple[int, Row]] = {}
        self.faults: list[Fault] = []
        self.walk: list[Span | HeadsSaid] = []
        self._spans: dict[str, Span] = {}
        self._pending: list[tuple[Leaf, Row, dict[str, Any], str]] = []

    def take(self, leaf: Leaf) -> None:
        """One leaf, in the order of the indexes."""
        if leaf.idx > self._next:
            self._gap(leaf.idx)
        self._next = leaf.idx + 1
        event = (leaf.stream, leaf.version)
        if leaf_of(leaf.entry) != leaf.hash:
            words = (
                "the entry is not the one that was hashed: entry or hash was changed",
                "l'entrée n'est pas celle qui a été hachée : l'entrée ou son empreinte a été changée",
            )
            self.faults.append(fault("entry", words, leaf.idx, event))
        if leaf.stream is None:
            self._settle()
            self._heads(leaf)
        else:
            self._event(leaf, leaf.stream, leaf.version or 0)

    def end(self) -> None:
        """What is left when every leaf was seen: missing leaves at the end, events without one."""
        self._settle()
        self._close_spans()
        if self._next < self._task.end:
            self._gap(self._task.end)
        self._check_keys()
        for stream, version in self._rows:
            words = (
                "stored without a leaf of the log: it was inserted beside greffe, or its leaf is gone",
                "enregistré sans feuille du journal : inséré à côté de greffe, ou sa feuille a disparu",
            )
            self.faults.append(fault("unlogged", words, None, (stream, version)))

    def _check_keys(self) -> None:
        """The idempotency key of each fact, and the hash of the bytes it came in."""
        found = self._store.contents_of(list(self._contents))
        for key, (index, row) in self._contents.items():
            received = row.state[row.state.find(EVENT) + len(EVENT) : -1]
            if found.get(key) != content_of(received):
                words = (
                    "the idempotency key of the event is gone, or is that of other bytes",
                    "la clé d'idempotence de l'événement a disparu, ou est celle d'autres octets",
                )
                self.faults.append(fault("key", words, index, (row.stream, row.version)))

    def _gap(self, upto: int) -> None:
        first, last = self._next, upto - 1
        which = f"{first}" if first == last else f"{first} to {last}"
        fr = f"{first}" if first == last else f"{first} à {last}"
        self.faults.append(fault("leaf-gone", (f"missing from the log: {which}", f"absente du journal : {fr}"), first))

    def _heads(self, leaf: Leaf) -> None:
        said = members(leaf.entry)
        try:
            again = heads_entry(
                at=said["at"],
                log=self._task.origin,
                heads=bytes.fromhex(said["heads"]),
                size=leaf.idx,
                tenants=said["tenants"],
            )
        except (KeyError, ValueError, TypeError):
            again = None
        if again != leaf.entry or (leaf.tenant, leaf.tseq, leaf.version, leaf.seed) != (None, None, None, None):
            words = ("the entry of heads is not well-formed", "l'entrée des têtes n'est pas bien formée")
            self.faults.append(fault("entry", words, leaf.idx))
        else:
            self._close_spans()
            self.walk.append(HeadsSaid(leaf.idx, said["heads"], said["tenants"], said["at"]))

    def _event(self, leaf: Leaf, stream: str, version: int) -> None:
        row = self._row(leaf, (stream, version))
        if row is None:
            self._settle()  # the links keep their order
            self._link(leaf, members(leaf.entry), stream)
            return
        try:
            wrapper = from_json(row.state)
            event, at = wrapper["event"], wrapper["recorded"]
            if not stream.startswith(OWN):
                self._contents[key_of(event["source"], event["id"])] = leaf.idx, row
            self._pending.append((leaf, row, event, f"{at}"))
        except (KeyError, ValueError, TypeError, AttributeError):
            self._settle()
            self._unreadable(leaf)
        if len(self._pending) >= PAGE:
            self._settle()

    def _settle(self) -> None:
        """Computes the commitments of a page, and with them its entries."""
        pending, self._pending = self._pending, []
        for (leaf, row, _, at), found in zip(pending, _commitments(pending), strict=True):
            stream = leaf.stream or ""
            if found is None:
                self._unreadable(leaf)
                continue
            start = leaf.entry.find(PREVIOUS) + len(PREVIOUS)
            previous = leaf.entry[start : start + HEX].decode("latin-1")
            tenant, number = leaf.tenant or "", leaf.tseq or 0
            again = fact_entry(
                at=at,
                log=self._task.origin,
                fields=found[0],
                commitment=found[1],
                tenant=tenant,
                previous=previous,
                number=number,
                topic=row.topic,
            )
            if again == leaf.entry:
                self._follow(leaf, stream, tenant, number, previous)
            else:
                said = members(leaf.entry)
                self._link(leaf, said, stream)
                event = (leaf.stream, leaf.version)
                self.faults.append(fault("event", differing(said, members(again)), leaf.idx, event))

    def _unreadable(self, leaf: Leaf) -> None:
        words = ("the stored event cannot be read", "l'événement enregistré est illisible")
        self.faults.append(fault("event", words, leaf.idx, (leaf.stream, leaf.version)))
        self._link(leaf, members(leaf.entry), leaf.stream or "")

    def _row(self, leaf: Leaf, event: Event) -> Row | None:
        row = self._rows.pop(event, None)
        if row is not None:
            if row.position < self._position:
                self._moved(leaf, event)
            self._position = max(row.position, self._position)
            return row
        row = self._store.row_of(*event)
        if row is None:
            words = (
                "the stored event is gone: it was deleted, or its stream or version changed",
                "l'événement enregistré a disparu : effacé, ou son flux ou sa version a changé",
            )
            self.faults.append(fault("event-gone", words, leaf.idx, event))
        else:
            self._moved(leaf, event)
        return row

    def _moved(self, leaf: Leaf, event: Event) -> None:
        words = (
            "the stored event stands elsewhere than it was recorded, or another leaf speaks of it too",
            "l'événement n'est pas à la place où il fut enregistré, ou une autre feuille en parle aussi",
        )
        self.faults.append(fault("moved", words, leaf.idx, event))

    def _link(self, leaf: Leaf, said: dict[str, Any], stream: str) -> None:
        """The link of an entry that is not what it should be, as far as it says one."""
        tenant, number, previous = said.get("tenant"), said.get("tseq"), said.get("tprev")
        if isinstance(tenant, str) and isinstance(number, int) and isinstance(previous, str):
            self._follow(leaf, stream, tenant, number, previous)

    def _follow(self, leaf: Leaf, stream: str, tenant: str, number: int, previous: str) -> None:
        subject = subject_of(stream)
        span = self._spans.get(tenant)
        if span is not None and (span.subject, span.last + 1, span.hash.hex()) == (subject, number, previous):
            self._spans[tenant] = span._replace(last=number, hash=leaf.hash)
            return
        if span is not None:
            self.walk.append(span)
        self._spans[tenant] = Span(leaf.idx, tenant, subject, number, previous, number, leaf.hash)

    def _close_spans(self) -> None:
        self.walk += self._spans.values()
        self._spans = {}


def _commitments(pending: list[tuple[Leaf, Row, dict[str, Any], str]]) -> list[tuple[int, bytes] | None]:
    """Those of each event; None where it is none."""
    seeds = [leaf.seed or b"" for leaf, *_ in pending]
    try:
        return [*all_committed([event for _, _, event, _ in pending], seeds)]
    except (KeyError, ValueError, TypeError, AttributeError):  # one of them is spoilt: each by itself
        return [_commitment(event, seed) for (_, _, event, _), seed in zip(pending, seeds, strict=True)]


def _commitment(event: dict[str, Any], seed: bytes) -> tuple[int, bytes] | None:
    try:
        return committed(event, seed)
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
