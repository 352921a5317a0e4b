"""The tree of the log (RFC 6962): its root, and the proofs that ``verify`` checks.

Everything is made from the hashes of complete subtrees, given by a function ``node(level, index)``: that of the
``2 ** level`` leaves from ``index * 2 ** level`` on. Where they are kept is the store's business.
"""

from collections.abc import Callable, Iterable

from adapters.evidence.verify import EMPTY_ROOT, node_hash

Node = Callable[[int, int], bytes]


def root(size: int, node: Node) -> bytes:
    """The root of the tree of the first ``size`` leaves."""
    return range_hash(0, size, node) if size else EMPTY_ROOT


def range_hash(start: int, end: int, node: Node) -> bytes:
    """The hash of the leaves [start, end), which must be a subtree."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _left(count)
    return node_hash(range_hash(start, middle, node), range_hash(middle, end, node))


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from the leaf at ``index`` to the root of the tree of ``size`` leaves, leaf side first."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, node: Node) -> list[bytes]:
    """The hashes that show the tree of ``old`` leaves to be the beginning of the tree of ``size``, leaf side first."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves does not begin with one of {old}")
    start, end, proof = 0, size, []
    while old != end:
        middle = start + _left(end - start)
        if old <= middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    if start:
        proof.append(range_hash(start, end, node))
    return proof[::-1]


def _left(count: int) -> int:
    """How many of ``count`` leaves hang on the left: the greatest power of two below it."""
    return 1 << (count - 1).bit_length() - 1


class Frontier:
    """The right edge of a growing tree: the complete subtrees it is made of, greatest first."""

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self.edge = list(edge)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf; returns each (level, index, hash) of the complete subtrees that it completes, itself first."""
        index, level = self.size, 0
        completed = [(0, index, leaf)]
        while index & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            index, level = index >> 1, level + 1
            completed.append((level, index, leaf))
        self.edge.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.edge:
            return EMPTY_ROOT
        found = self.edge[-1]
        for left in self.edge[-2::-1]:
            found = node_hash(left, found)
        return found
