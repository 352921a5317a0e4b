"""One part of the log: some leaves, and the events that were recorded with them, each computed again."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic_core import from_json

from adapters.audit.fault import Fault, fault
from adapters.eventstore.auditing import Auditable, Row
from adapters.eventstore.mapper import content_of, key_of
from adapters.eventstore.store import subject_of
from adapters.evidence.entry import HEADS, fact_entry, heads_entry, leaf_of
from adapters.evidence.fields import committed
from adapters.evidence.leaf import Leaf
from adapters.evidence.tiles import TILE, TILE_LEVELS, pairs

OWN = "|"
"""How the streams of the ledger's own events begin."""
EVENT = b',"event":'
SEALED = b'"greffe-sealed:'
MEMBERS = ("at", "log", "nf", "pc", "tenant", "tseq", "type", "v")
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
    leaves = store.leaves(task.start, task.end)
    rows = store.rows_between(task.after, task.upto)
    part = _Part(store, task, {(row.stream, row.version): row for row in rows})
    for leaf in leaves:
        part.take(leaf)
    part.end()
    hashes = [leaf.hash for leaf in leaves]
    whole = [leaf.idx for leaf in leaves] == list(range(task.start, task.end))
    tiles = _tiles(hashes) if whole else []
    part.faults += _wrong_nodes(store, task, tiles)
    edges = {
        size: _edge(hashes[(size - task.start) // TILE * TILE : size - task.start]) for size in task.sizes if whole
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
        said = _members(leaf.entry)
        if said is None:
            words = ("the entry cannot be read", "l'entrée est illisible")
            self.faults.append(fault("entry", words, leaf.idx, event))
        elif said.get("type") == HEADS and leaf.stream is None:
            self._heads(leaf, said)
        else:
            self._event(leaf, said)

    def end(self) -> None:
        """What is left when every leaf was seen: missing leaves at the end, events without one."""
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
        """The idempotency key of each fact, and the hash of the bytes it came in, but where those are sealed."""
        found = self._store.contents_of(list(self._contents))
        for key, (index, row) in self._contents.items():
            content = found.get(key)
            received = row.state[row.state.find(EVENT) + len(EVENT) : -1]
            if content is None or (content != content_of(received) and SEALED not in received):
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

    def _heads(self, leaf: Leaf, said: dict[str, Any]) -> None:
        try:
            again = heads_entry(
                at=said["at"],
                log=self._task.origin,
                heads=bytes.fromhex(said["heads"]),
                size=leaf.idx,
                tenants=said["tenants"],
            )
        except (KeyError, ValueError, TypeError):
            again = b""
        if again != leaf.entry or (leaf.tenant, leaf.tseq, leaf.version, leaf.seed) != (None, None, None, None):
            words = ("the entry of heads is not well-formed", "l'entrée des têtes n'est pas bien formée")
            self.faults.append(fault("entry", words, leaf.idx))
        else:
            self._close_spans()
            self.walk.append(HeadsSaid(leaf.idx, said["heads"], said["tenants"], said["at"]))

    def _event(self, leaf: Leaf, said: dict[str, Any]) -> None:
        stream, version = leaf.stream or "", leaf.version or 0
        self._link(leaf, said, stream)
        row = self._row(leaf, (stream, version))
        if row is None:
            return
        try:
            wrapper = from_json(row.state)
            if not stream.startswith(OWN):
                self._contents[key_of(wrapper["event"]["source"], wrapper["event"]["id"])] = leaf.idx, row
            count, commitment = committed(wrapper["event"], leaf.seed or b"")
            again = fact_entry(
                at=wrapper["recorded"],
                log=self._task.origin,
                fields=count,
                commitment=commitment,
                tenant=leaf.tenant or "",
                previous=str(said.get("tprev")),
                number=leaf.tseq or 0,
                topic=row.topic,
            )
        except (KeyError, ValueError, TypeError, AttributeError):
            words = ("the stored event cannot be read", "l'événement enregistré est illisible")
            self.faults.append(fault("event", words, leaf.idx, (stream, version)))
            return
        if again != leaf.entry:
            self._differs(leaf, said, _members(again) or {})

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

    def _differs(self, leaf: Leaf, said: dict[str, Any], again: dict[str, Any]) -> None:
        names = [name for name in MEMBERS if said.get(name) != again.get(name)]
        told = ", ".join(f"{name} ({WORDS[name][0]})" for name in names) or "spelling"
        fr = ", ".join(f"{name} ({WORDS[name][1]})" for name in names) or "écriture"
        words = (
            f"the stored event is not the one recorded, or its leaf was changed: {told}",
            f"l'événement n'est pas celui qui fut enregistré, ou sa feuille a été changée : {fr}",
        )
        self.faults.append(fault("event", words, leaf.idx, (leaf.stream, leaf.version)))

    def _link(self, leaf: Leaf, said: dict[str, Any], stream: str) -> None:
        tenant, number, previous = said.get("tenant"), said.get("tseq"), said.get("tprev")
        if not (isinstance(tenant, str) and isinstance(number, int) and isinstance(previous, str)):
            return
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


WORDS = {
    "at": ("when it was recorded", "quand il fut enregistré"),
    "log": ("whose log it is", "à qui est le journal"),
    "nf": ("how many fields it has", "combien de champs il a"),
    "pc": ("what its fields and its seed give", "ce que donnent ses champs et sa graine"),
    "tenant": ("whose chain it is in", "dans quelle chaîne il est"),
    "tseq": ("which one of its chain it is", "le combientième de sa chaîne il est"),
    "type": ("its type", "son type"),
    "v": ("the version of the entry", "la version de l'entrée"),
}


def _members(entry: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(entry)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _tiles(hashes: list[bytes]) -> list[bytes]:
    """The hash of each complete tile."""
    for _ in range(TILE_LEVELS):
        hashes = pairs(hashes)
    return hashes


def _edge(hashes: list[bytes]) -> list[bytes]:
    """The complete subtrees of an unfinished tile, greatest first."""
    edge: list[bytes] = []
    while hashes:
        if len(hashes) & 1:
            edge.append(hashes[-1])
        hashes = pairs(hashes)
    return edge[::-1]


def _wrong_nodes(store: Auditable, task: Task, tiles: list[bytes]) -> Iterator[Fault]:
    first = task.start // TILE
    kept = store.nodes_in(TILE_LEVELS, first, first + len(tiles))
    for number, found in enumerate(tiles, first):
        yield from wrong_node(kept, TILE_LEVELS, number, found)


def wrong_node(kept: dict[int, bytes], level: int, index: int, found: bytes) -> Iterator[Fault]:
    """A hash that the log keeps of a subtree, where it is not the one found."""
    if kept.get(index) != found:
        first, last = index << level, ((index + 1) << level) - 1
        words = (
            f"the hash kept of leaves {first} to {last} is {'not theirs' if index in kept else 'missing'}",
            f"l'empreinte gardée des feuilles {first} à {last} {'est autre' if index in kept else 'manque'}",
        )
        yield fault("node", words)
