"""The tree of one part, and what the log keeps of it."""

from collections.abc import Iterator, Sequence

from adapters.audit.fault import Fault, fault
from adapters.evidence.tiles import TILE_LEVELS, pairs


def tiles_of(hashes: Sequence[bytes]) -> list[bytes]:
    """The hash of each complete tile."""
    for _ in range(TILE_LEVELS):
        hashes = pairs(hashes)
    return list(hashes)


def edge_of(hashes: Sequence[bytes]) -> list[bytes]:
    """The complete subtrees of an unfinished tile, greatest first."""
    edge: list[bytes] = []
    while hashes:
        if len(hashes) & 1:
            edge.append(hashes[-1])
        hashes = pairs(hashes)
    return edge[::-1]


def wrong_node(kept: dict[int, bytes], level: int, index: int, found: bytes) -> Iterator[Fault]:
    """A hash that the log keeps of a subtree, where it is not the one found."""
    if kept.get(index) != found:
        first, last = index << level, ((index + 1) << level) - 1
        words = (
            f"the hash kept of leaves {first} to {last} is {'not theirs' if index in kept else 'missing'}",
            f"l'empreinte gardée des feuilles {first} à {last} {'est autre' if index in kept else 'manque'}",
        )
        yield fault("node", words)
