"""An audit: every row of the ledger against its log, and the log against what was signed of it.

The log is dealt out in parts of whole tiles, to as many processes as pay; memory is that of a few parts and of one head
for each tenant, however long the log is.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.audit.fault import Fault, fault
from adapters.audit.part import Looked, Task, look
from adapters.audit.sealed import sealed_values
from adapters.audit.signatures import BEING_SIGNED, check_checkpoint, check_cosignature, check_timestamp
from adapters.audit.signers import Signers
from adapters.audit.whole import Heads, Whole
from adapters.bootstrap import open_store
from adapters.eventstore.auditing import Snapshot
from adapters.eventstore.store import Store
from adapters.evidence.tiles import TILE, TILE_LEVELS
from adapters.evidence.verify import Key
from adapters.files import collection_paused
from domain.time.instant import Instant, parse_instant

PART = 64 * TILE
"""Leaves of one part."""
WORTH_IT = 150_000
"""Leaves from which on starting processes takes less time than it saves."""
PAGE = 1_000
LastAudit = tuple[int, bytes]
"""The size that an audit looked at, and the root it found."""


OF_SIGNATURES = frozenset({"signing-key", "checkpoint"})
"""The codes of faults that say that a signature is not what it should be."""


@dataclass
class Report:
    """What an audit looked at and what it found. ``since`` is 0 for a full one; ``signed`` the newest signed size.

    ``faults`` are the first of ``count``; ``codes`` those of all.
    """

    origin: str
    since: int
    size: int = 0
    root: bytes = b""
    leaves: int = 0
    events: int = 0
    tenants: int = 0
    checkpoints: int = 0
    signed: int = 0
    keys: int = 0
    count: int = 0
    faults: list[Fault] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    values: dict[str, int] | None = None

    @property
    def signatures(self) -> str:
        """Whether the signatures are those of the keys given: ``verified``, ``unlike``, or ``not-looked-at``."""
        if not self.keys:
            return "not-looked-at"
        return "unlike" if OF_SIGNATURES & self.codes else "verified"

    def as_json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "log": self.origin,
            "kind": "since" if self.since else "full",
            "since": self.since,
            "size": self.size,
            "root": self.root.hex(),
            "leaves": self.leaves,
            "events": self.events,
            "tenants": self.tenants,
            "checkpoints": self.checkpoints,
            "signed": self.signed,
            "values": self.values,
            "signatures": self.signatures,
            "faults": self.count,
            "found": [one.as_json() for one in self.faults],
        }


def audit(
    address: str,
    at: Instant,
    *,
    keys: Sequence[Key] = (),
    last: LastAudit | None = None,
    earlier: Iterable[LastAudit] = (),
    processes: int | None = None,
    opening: bool = False,
) -> Report:
    """Looks at the ledger at an address: all of it, or what came since the ``last`` audit.

    ``earlier`` are audits whose roots this one must find again; ``opening`` opens the values of persons too. ``at`` is
    now. Raises LedgerError.
    """
    store = open_store(address, create=False)
    try:
        snapshot = store.log_snapshot()
        end = snapshot.indexes[1] + 1
        start = 0 if last is None else min(last[0], end) // TILE * TILE
        tasks = _tasks(store, snapshot, start, end, [size for size, _ in [*earlier, *([last] if last else [])]])
    finally:
        store.close()  # before any process is started
    some = processes or (_cores() if end - start >= WORTH_IT else 1)
    with _looking(address, tasks, some) as found, _opened(address) as store:
        edge = [store.node(level, index) for level, index in _subtrees(start)]
        whole = Whole(start, edge, _heads(store, start), store.nodes_in)
        report = Report(snapshot.origins[0] if snapshot.origins else "", last[0] if last else 0, keys=len(keys))
        for task, looked in found:
            whole.add(task, looked)
        _check_state(store, snapshot, whole, end, start)
        report.size, report.root = end, whole.roots.get(end, b"")
        _check_signed(store, whole, report, keys, at)
        for size, root in [*earlier, *([last] if last else [])]:
            _check_memory(whole, size, root, end)
        if opening:
            report.values = _check_sealed(store, whole, max(tasks[0].after, -1), snapshot.last)
    report.leaves, report.events, report.tenants = whole.leaves, whole.events, len(whole.heads)
    report.count, report.faults, report.codes = whole.count, whole.faults, whole.codes
    return report


def _tasks(store: Store, snapshot: Snapshot, start: int, end: int, asked: Sequence[int]) -> list[Task]:
    """The parts, each with the events that were recorded with its leaves, and the sizes a root is wanted for."""
    sizes = sorted({end, *(size for size in asked if start < size <= end), *_signed_sizes(store, start, end)})
    starts = list(range(start, end, PART)) or [start]
    bounds = [0 if start == 0 else _before(store, start, end)]
    for first in starts[1:]:
        bounds.append(max(bounds[-1], _before(store, first, end)))
    origin = snapshot.origins[0] if snapshot.origins else ""
    tasks = []
    for number, first in enumerate(starts):
        upto = bounds[number + 1] if number + 1 < len(starts) else max(snapshot.last, bounds[number])
        after = bounds[number] if first else -(2**63)
        stop = min(first + PART, end)
        tasks.append(Task(origin, first, stop, after, upto, tuple(size for size in sizes if first < size <= stop)))
    return tasks


def _before(store: Store, start: int, end: int) -> int:
    """The position before that of the first event that leaves from an index on speak of."""
    for first in range(start, end, PART):
        found = store.position_from(first, min(first + PART, end))
        if found is not None:
            return found - 1
    return 2**63 - 1


def _signed_sizes(store: Store, start: int, end: int) -> Iterator[int]:
    after = start
    while page := store.checkpoints(after, PAGE):
        yield from (signed.size for signed in page if signed.size <= end)
        after = page[-1].size


def _subtrees(size: int) -> Iterator[tuple[int, int]]:
    """(level, index) of the complete subtrees that a tree of whole tiles is made of, greatest first."""
    done = 0
    for level in range(size.bit_length() - 1, TILE_LEVELS - 1, -1):
        if size >> level & 1:
            yield level, done >> level
            done += 1 << level


def _heads(store: Store, size: int) -> Heads:
    """Where tenants stood at a size, as far as what is kept of it can be read."""
    kept = store.heads(size) if size else {}
    return {name: head for name, head in kept.items() if isinstance(head[0], int) and isinstance(head[1], bytes)}


def _check_state(store: Store, snapshot: Snapshot, whole: Whole, end: int, start: int) -> None:
    """The rows that sum the log up."""
    if len(snapshot.origins) != 1:
        whole.wrong(fault("state", ("the log has not one origin", "le journal n'a pas une seule origine")))
    if snapshot.sizes != [end] or (end in whole.edges and b"".join(whole.edges[end]) != snapshot.edge):
        words = (
            f"the size or the frontier kept is not that of the {end} leaves: some were added or removed beside greffe",
            f"la taille ou la frontière gardée n'est pas celle des {end} feuilles : ajout ou retrait à côté de greffe",
        )
        whole.wrong(fault("state", words))
    if snapshot.indexes[0] < 0:
        words = ("leaves before the first", "des feuilles avant la première")
        whole.wrong(fault("leaf", words, snapshot.indexes[0]))
    for level, index in store.nodes_beyond():
        words = (
            f"a hash is kept of a subtree that the log has not: {level}, {index}",
            f"une empreinte est gardée d'un sous-arbre que le journal n'a pas : {level}, {index}",
        )
        whole.wrong(fault("node", words))
    if start == 0:
        whole.check_heads_kept(snapshot.heads)
        return
    events, leaves = store.unpaired(snapshot.last, end)
    if events != leaves:
        words = (
            f"{events} events are stored and {leaves} have a leaf",
            f"{events} événements, et {leaves} feuilles d'événements",
        )
        whole.wrong(fault("count", words))


def _check_signed(store: Store, whole: Whole, report: Report, keys: Sequence[Key], at: Instant) -> None:
    signers = Signers(store.signing_keys(), keys)
    for one in signers.faults():
        whole.wrong(one)
    found: set[int] = set()
    after = min(whole.roots.keys() - {0}, default=0) - 1 if report.since else -(2**63)
    while page := store.checkpoints(after, PAGE):
        for signed in page:
            if signed.size > report.size and signed.made >= at - BEING_SIGNED:
                continue  # signed since this audit began
            found.add(signed.size)
            for one in check_checkpoint(signed, report.origin, whole, signers):
                whole.wrong(one)
            for cosignature in store.cosignatures(signed.size):
                for one in check_cosignature(signed, cosignature):
                    whole.wrong(one)
            for timestamp in store.timestamps(signed.size):
                for one in check_timestamp(signed, timestamp):
                    whole.wrong(one)
        after = page[-1].size
    for what, at_size in store.of_no_checkpoint():
        words = (
            f"a {what} of {at_size} leaves, without their checkpoint",
            f"{what} pour {at_size} feuilles, sans leur point",
        )
        whole.wrong(fault("checkpoint", words))
    for size, made in whole.signed_for.items():
        if size not in found and parse_instant(made) < at - BEING_SIGNED:
            words = (
                f"no checkpoint signs for the heads at {size} leaves: it was deleted, or its signer stopped midway",
                f"aucun point de contrôle pour les têtes à {size} feuilles : effacé, ou son signataire s'est arrêté",
            )
            whole.wrong(fault("checkpoint", words, size - 1))
    report.checkpoints, report.signed = len(found), max(found, default=0)


def _check_sealed(store: Store, whole: Whole, after: int, upto: int) -> dict[str, int]:
    """How many values of persons open, were erased, are lost."""
    counts = {"opened": 0, "erased": 0, "lost": 0}
    for value in sealed_values(store, after, upto):
        counts[value.became] += 1
        if value.fault is not None:
            whole.wrong(value.fault)
    return counts


def _check_memory(whole: Whole, size: int, root: bytes, end: int) -> None:
    if size > end:
        words = (
            f"an earlier audit saw {size} leaves, and there are {end}: the log was cut",
            f"un audit antérieur a vu {size} feuilles, et il y en a {end} : le journal a été coupé",
        )
        whole.wrong(fault("memory", words))
    elif size in whole.roots and whole.roots[size] != root:
        words = (
            f"an earlier audit found another root at {size} leaves: the log was changed since",
            f"un audit antérieur a trouvé une autre racine à {size} feuilles : le journal a changé depuis",
        )
        whole.wrong(fault("memory", words))


@contextmanager
def _opened(address: str) -> Iterator[Store]:
    store = open_store(address, create=False)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _looking(address: str, tasks: Sequence[Task], processes: int) -> Iterator[Iterator[tuple[Task, Looked]]]:
    """The parts as they come in, in their order; a few at a time."""
    if processes == 1:
        with _opened(address) as store, collection_paused():
            yield ((task, look(store, task)) for task in tasks)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, initializer=_start, initargs=(address,)) as pool:
        yield _dealt(pool.submit, tasks, 2 * processes)


def _dealt(submit: Callable[..., "Future[Looked]"], tasks: Sequence[Task], ahead: int) -> Iterator[tuple[Task, Looked]]:
    waiting: deque[tuple[Task, Future[Looked]]] = deque()
    for task in tasks:
        waiting.append((task, submit(_look, task)))
        if len(waiting) >= ahead:
            first, future = waiting.popleft()
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()


_STORE: list[Store] = []
"""The store of a process that looks at parts."""


def _start(address: str) -> None:
    gc.disable()  # what is looked at forms no reference cycles
    _STORE.append(open_store(address, create=False))


def _look(task: Task) -> Looked:
    return look(_STORE[0], task)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
