"""The tree of the log as it is kept: the hashes of its leaves, and those of complete subtrees of 256, 256² … leaves.

What lies between is worked out from one tile, at most 256 hashes, so a proof reads a few tiles however long the log is
(the layout of C2SP tlog-tiles). A complete subtree never changes, so neither does the proof for a size.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

TILE_LEVELS = 8
TILE = 1 << TILE_LEVELS

Read = Callable[[int, int, int], list[bytes]]
"""The hashes kept of a level (0, 8, 16 …) from one index to before another; those that are missing are left out."""


class Tiles:
    """The hashes of complete subtrees, from what is kept; each tile is read once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash of the ``2 ** level`` leaves from ``index << level`` on. Raises ValueError if some are missing."""
        height = level % TILE_LEVELS
        tile, place = divmod(index << height, TILE)
        hashes = self._tile(level - height, tile)[place : place + (1 << height)]
        if len(hashes) != 1 << height:
            raise ValueError(f"the log has no complete subtree {index} at level {level}")
        while len(hashes) > 1:
            hashes = pairs(hashes)
        return hashes[0]

    def _tile(self, level: int, number: int) -> list[bytes]:
        tile = self._tiles.get((level, number))
        if tile is None:
            tile = self._tiles[level, number] = self._read(level, number * TILE, (number + 1) * TILE)
        return tile


def pairs(hashes: Sequence[bytes]) -> list[bytes]:
    """The hashes one level up; a last one without a neighbour is left out."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)]


def grow(size: int, edge: Sequence[bytes], leaves: Sequence[bytes]) -> tuple[list[bytes], list[tuple[int, int, bytes]]]:
    """Adds leaves to a tree of ``size``, whose right edge is ``edge``: its complete subtrees, greatest first.

    Returns the new edge, and (level, index, hash) of each subtree to be kept that the leaves complete.
    """
    old, hashes, start, level = list(edge), list(leaves), size, 0
    new: list[bytes] = []
    kept: list[tuple[int, int, bytes]] = []
    while hashes:
        if level and level % TILE_LEVELS == 0:
            kept += [(level, start + at, one) for at, one in enumerate(hashes)]
        if start & 1:
            hashes.insert(0, old.pop())
            start -= 1
        if len(hashes) & 1:
            new.append(hashes[-1])
        hashes, start, level = pairs(hashes), start >> 1, level + 1
    return [*old, *reversed(new)], kept
