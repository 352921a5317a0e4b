"""The map of heads: where the chain of each tenant ends, under one root that a log entry commits to.

A compact sparse Merkle map. The key of a tenant is the hash of its name, whose bits, first one first, say left (0) or
right (1); a subtree that holds one tenant is that tenant's leaf, one that holds none is 32 zero bytes. So each tenant
has one place for each root, and a ledger that leaves out the newest facts of one cannot prove the head it then shows;
nor can it hide a tenant, for what stands in its place can be shown. ``verify`` checks the proofs.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from adapters.evidence.verify import MOST_DEPTH, NO_HEAD, head_digest, head_key, leaf_hash, node_hash

Head = tuple[int, bytes]
"""How many entries a tenant has, counted from 1, and the hash of the last one's leaf."""
BITS = 12
"""So many first bits choose one of 4,096 parts; a tenant that moves has only its part hashed again."""
PARTS = 1 << BITS
SEVERAL = 2

Leaf = tuple[bytes, bytes]
"""The key of a tenant, and the digest of its head."""


class _Subtree(NamedTuple):
    """How many tenants it holds, two standing for any more, and its hash."""

    tenants: int
    hash: bytes


_EMPTY = _Subtree(0, NO_HEAD)


class HeadMap:
    """The heads of every tenant; made of 100,000 in about a second, brought forward by one in microseconds."""

    def __init__(self, heads: Mapping[str, Head] | None = None) -> None:
        self._parts: dict[int, dict[bytes, bytes]] = {}
        self._nodes = [_EMPTY] * (2 * PARTS)
        self._moved: set[int] = set()
        self._size = 0
        self.update((heads or {}).items())

    def __len__(self) -> int:
        return self._size

    def update(self, heads: Iterable[tuple[str, Head]]) -> None:
        """Moves tenants to their new heads, in this order; those that are new come in."""
        for tenant, (tseq, leaf) in heads:
            key = head_key(tenant)
            part = _part_of(key)
            held = self._parts.setdefault(part, {})
            self._size += key not in held
            held[key] = head_digest(tenant, tseq, leaf)
            self._moved.add(part)

    def root(self) -> bytes:
        """The hash of the whole map."""
        nodes, rising = self._nodes, set()
        for part in self._moved:
            leaves = self._leaves(part)
            nodes[PARTS + part] = _Subtree(min(len(leaves), SEVERAL), _hash(leaves, BITS))
            rising.add((PARTS + part) >> 1)
        self._moved.clear()
        while rising:
            for place in rising:
                nodes[place] = _joined(nodes[2 * place], nodes[2 * place + 1])
            rising = {place >> 1 for place in rising if place > 1}
        return nodes[1].hash

    def proof(self, tenant: str) -> list[bytes]:
        """The hashes that lead from the tenant's head to the root, leaf side first. Raises KeyError for no tenant."""
        key = head_key(tenant)
        siblings, found = self._path(key)
        if found is None or found[0] != key:
            raise KeyError(tenant)
        return siblings

    def absence(self, tenant: str) -> tuple[bytes, list[bytes]]:
        """What stands where the tenant would, and the proof of that. Raises ValueError for a tenant of the map."""
        key = head_key(tenant)
        siblings, found = self._path(key)
        if found is not None and found[0] == key:
            raise ValueError(f"{tenant} is in the map")
        return b"".join(found or ()), siblings

    def _path(self, key: bytes) -> tuple[list[bytes], Leaf | None]:
        """What leads from the place of a key to the root, leaf side first, and the head that stands there."""
        self.root()
        siblings: list[bytes] = []
        place = 1
        for depth in range(BITS):
            if self._nodes[place].tenants < SEVERAL:
                return siblings[::-1], self._only(place, BITS - depth)
            place = 2 * place + _bit(key, depth)
            siblings.append(self._nodes[place ^ 1].hash)
        leaves: Sequence[Leaf] = self._leaves(_part_of(key))
        for depth in range(BITS, MOST_DEPTH):
            if len(leaves) < SEVERAL:
                break
            sides = _split(leaves, depth)
            bit = _bit(key, depth)
            siblings.append(_hash(sides[1 - bit], depth + 1))
            leaves = sides[bit]
        return siblings[::-1], leaves[0] if leaves else None

    def _only(self, place: int, height: int) -> Leaf | None:
        """The one head of a subtree that has one, if it has."""
        first = (place << height) - PARTS
        found = (leaf for part in range(first, first + (1 << height)) for leaf in self._leaves(part))
        return next(found, None) if self._nodes[place].tenants else None

    def _leaves(self, part: int) -> list[Leaf]:
        return sorted(self._parts.get(part, {}).items())


def _joined(left: _Subtree, right: _Subtree) -> _Subtree:
    if left.tenants + right.tenants < SEVERAL:
        return left if left.tenants else right
    return _Subtree(SEVERAL, node_hash(left.hash, right.hash))


def _hash(leaves: Sequence[Leaf], depth: int) -> bytes:
    """The hash of the subtree of these leaves, whose keys are the same down to ``depth`` bits."""
    if len(leaves) < SEVERAL:
        return leaf_hash(b"".join(leaves[0])) if leaves else NO_HEAD
    left, right = _split(leaves, depth)
    return node_hash(_hash(left, depth + 1), _hash(right, depth + 1))


def _split(leaves: Sequence[Leaf], depth: int) -> tuple[Sequence[Leaf], Sequence[Leaf]]:
    """The leaves to the left and to the right; they are sorted."""
    at = next((place for place, (key, _) in enumerate(leaves) if _bit(key, depth)), len(leaves))
    return leaves[:at], leaves[at:]


def _part_of(key: bytes) -> int:
    return int.from_bytes(key[:2], "big") >> 16 - BITS


def _bit(key: bytes, depth: int) -> int:
    return key[depth >> 3] >> (7 - (depth & 7)) & 1
