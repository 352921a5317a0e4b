"""The parts of a log put together, in their order: one tree, one chain for each tenant, one map of heads."""

from collections.abc import Callable, Mapping
from functools import reduce

from adapters.audit.fault import Fault, fault
from adapters.audit.part import HeadsSaid, Looked, Span, Task
from adapters.audit.tree import wrong_node
from adapters.evidence.entry import NO_LEAF
from adapters.evidence.headmap import HeadMap
from adapters.evidence.merkle import Frontier
from adapters.evidence.tiles import TILE, TILE_LEVELS
from adapters.evidence.verify import EMPTY_ROOT, node_hash

MOST_FAULTS = 1_000
"""As many faults as are told; the others are counted."""
Heads = dict[str, tuple[int, bytes]]
Nodes = Callable[[int, int, int], dict[int, bytes]]


class Whole:
    """What the parts add up to. ``start`` leaves, a whole number of tiles, are taken as they are kept."""

    def __init__(self, start: int, edge: list[bytes], heads: Heads, nodes: Nodes) -> None:
        self.leaves = self.events = 0
        self.count = 0
        self.faults: list[Fault] = []
        self.codes: set[str] = set()
        self.roots: dict[int, bytes] = {0: EMPTY_ROOT}
        self.edges: dict[int, list[bytes]] = {}
        self.heads = heads
        self.subjects: dict[str, str] = {}
        self.signed_for: dict[int, str] = {}
        self._tree = Frontier(start // TILE, edge)
        self._nodes = nodes
        self._map: HeadMap | None = None
        self._moved: Heads = {}
        self._broken = False

    def add(self, task: Task, found: Looked) -> None:
        """The next part."""
        self.leaves += found.leaves
        self.events += found.events
        for one in found.faults:
            self.wrong(one)
        for step in found.walk:
            if isinstance(step, Span):
                self._follow(step)
            else:
                self._check_heads(step)
        if not found.whole and not self._broken:
            self._broken = True
            words = (
                f"leaves are missing: the roots of more than {task.start} leaves cannot be computed",
                f"des feuilles manquent : les racines de plus de {task.start} feuilles ne peuvent être calculées",
            )
            self.wrong(fault("tree", words))
        if not self._broken:
            self._grow(task, found)

    def wrong(self, one: Fault) -> None:
        """Takes a fault down; beyond the most that are told it is counted, and its code kept."""
        self.count += 1
        self.codes.add(one.code)
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(one)

    def check_heads_kept(self, kept: Mapping[str, tuple[str, int, bytes]]) -> None:
        """Whether the heads that the log keeps, by subject, are those that its entries lead to."""
        standing = {tenant: (subject, number, hash_) for subject, (tenant, number, hash_) in kept.items()}
        for tenant in sorted({*standing, *self.heads}):
            found = self.heads.get(tenant)
            subject = self.subjects.get(tenant, standing.get(tenant, ("", 0, b""))[0])
            expected = None if found is None else (subject, *found)
            if standing.get(tenant) != expected:
                name = subject or "(greffe)"
                words = (
                    f"the head kept of {name} is not the end of its chain",
                    f"la tête gardée de {name} n'est pas la fin de sa chaîne",
                )
                self.wrong(fault("head", words))

    def _follow(self, span: Span) -> None:
        known = self.heads.get(span.tenant)
        number, previous = (0, NO_LEAF) if known is None else (known[0], known[1].hex())
        if (span.first, span.previous) != (number + 1, previous):
            words = (
                f"the chain breaks: entry {span.first} of its tenant does not follow entry {number}",
                f"la chaîne se rompt : l'entrée {span.first} ne suit pas l'entrée {number}",
            )
            self.wrong(fault("chain", words, span.leaf))
        if self.subjects.setdefault(span.tenant, span.subject) != span.subject:
            words = (
                f"in the chain of {self.subjects[span.tenant]}, an event of {span.subject}",
                f"dans la chaîne de {self.subjects[span.tenant]}, un événement de {span.subject}",
            )
            self.wrong(fault("chain", words, span.leaf))
        self.heads[span.tenant] = self._moved[span.tenant] = span.last, span.hash

    def _check_heads(self, said: HeadsSaid) -> None:
        if self._map is None:
            self._map = HeadMap(self.heads)
        else:
            self._map.update(self._moved.items())
        self._moved = {}
        self.signed_for[said.leaf + 1] = said.at
        if (self._map.root().hex(), len(self._map)) != (said.root, said.tenants):
            words = (
                "the heads that this entry commits to are not those that the entries before it lead to",
                "les têtes que cette entrée engage ne sont pas celles où mènent les entrées d'avant",
            )
            self.wrong(fault("heads", words, said.leaf))

    def _grow(self, task: Task, found: Looked) -> None:
        sizes = sorted(task.sizes)
        done = task.start
        for tile in [*found.tiles, None]:
            for size in [size for size in sizes if size < done + TILE or tile is None]:
                self.edges[size] = [*self._tree.edge, *found.edges[size]]
                self.roots[size] = _root(self.edges[size])
                sizes.remove(size)
            if tile is not None:
                for level, index, hash_ in self._tree.append(tile):
                    self._check_node(level, index, hash_)
                done += TILE

    def _check_node(self, level: int, index: int, found: bytes) -> None:
        if level and level % TILE_LEVELS == 0:
            kept = self._nodes(level + TILE_LEVELS, index, index + 1)
            for one in wrong_node(kept, level + TILE_LEVELS, index, found):
                self.wrong(one)


def _root(edge: list[bytes]) -> bytes:
    """The root of a tree, from the complete subtrees it is made of, greatest first."""
    return reduce(lambda right, left: node_hash(left, right), edge[-2::-1], edge[-1]) if edge else EMPTY_ROOT
