"""What the log keeps of each stored event, and of where each subject stands; how it is read."""

from typing import NamedTuple, Protocol


class Leaf(NamedTuple):
    """One leaf of the log: its index from 0, its entry and the hash of that.

    ``tseq`` counts the tenant's entries from 1; ``stream`` and ``version`` name the stored event, from whose fields
    and the salts drawn from ``seed`` the entry's commitment is made. A heads entry has none of these.
    """

    idx: int
    hash: bytes
    entry: bytes
    tenant: str | None
    tseq: int | None
    stream: str | None
    version: int | None
    seed: bytes | None


class Logged(NamedTuple):
    """A leaf, and the stored event it speaks of; None where it speaks of none, or the event is gone."""

    leaf: Leaf
    topic: str | None
    state: bytes | None


class Head(NamedTuple):
    """Where a tenant stands: how many entries it has, and the hash of the last."""

    tenant: str
    tseq: int
    hash: bytes


class State(NamedTuple):
    """The log as it stands: whose it is, how many leaves it has, and the right edge of its tree, greatest first."""

    origin: str
    size: int
    edge: list[bytes]


class Log(Protocol):
    """How the log is read. Sizes and indexes count leaves from 0; a size is one that the log has had."""

    def log_origin(self) -> str:
        """Whose log it is: the first line of its checkpoints."""

    def log_size(self) -> int:
        """How many leaves the log has."""

    def log_root(self, size: int) -> bytes:
        """The root of the tree of the first ``size`` leaves."""

    def leaf(self, index: int) -> Leaf | None:
        """The leaf at an index."""

    def leaves(self, start: int, end: int) -> list[Leaf]:
        """The leaves from an index to before another."""

    def logged(self, start: int, end: int) -> list[Logged]:
        """The leaves from an index to before another, each with the stored event it speaks of."""

    def leaves_of(self, subject: str, size: int) -> list[Leaf]:
        """The leaves of a subject among the first ``size``, in their order."""

    def node(self, level: int, index: int) -> bytes:
        """The hash of the ``2 ** level`` leaves from ``index << level`` on. Raises ValueError if some are missing."""

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """What leads from a leaf to the root of the first ``size`` leaves, leaf side first."""

    def consistency_proof(self, old: int, size: int) -> list[bytes]:
        """What shows the first ``old`` leaves to be the beginning of the first ``size``, leaf side first."""

    def heads(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Where every tenant stood at that size: (how many entries it had, the hash of the last)."""

    def head_of(self, subject: str) -> Head | None:
        """Where a subject stands now; None if nothing was recorded of it."""
