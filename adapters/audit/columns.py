"""Columns that hold what they are for: SQLite takes anything anywhere, and an audit must not stumble over it."""

from typing import Any

from adapters.audit.fault import Fault, fault
from adapters.evidence.leaf import Leaf

NOTHING = type(None)
TYPES: tuple[type | tuple[type, ...], ...] = (
    *(int, bytes, bytes),
    *((str, NOTHING), (int, NOTHING), (str, NOTHING), (int, NOTHING), (bytes, NOTHING)),
)
"""Of the columns of a leaf."""
EMPTY: tuple[Any, ...] = (0, b"", b"", None, None, None, None, None)


def typed(leaf: Leaf) -> Leaf:
    """The leaf itself, or with nothing where there was something else than the column is for."""
    if all(map(isinstance, leaf, TYPES)):
        return leaf
    parts = zip(leaf, TYPES, EMPTY, strict=True)
    return Leaf._make(value if isinstance(value, kinds) else other for value, kinds, other in parts)


def odd(leaf: Leaf) -> Fault:
    """What is said of a leaf that is not as ``typed``."""
    words = ("a column holds something else than it is for", "une colonne contient autre chose que ce qu'elle doit")
    return fault("entry", words, leaf.idx)
