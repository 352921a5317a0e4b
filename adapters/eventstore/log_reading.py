"""How both stores read the log."""

from adapters.eventstore.asked import Reading
from adapters.eventstore.log_writing import HEADS, LEAF
from adapters.evidence.entry import parse_entry
from adapters.evidence.leaf import Head, Leaf, Logged
from adapters.evidence.merkle import consistency_proof, inclusion_proof, root
from adapters.evidence.tiles import Tiles

_COLUMNS = ", ".join(f"proof_leaf.{name}" for name in LEAF)
_LEAVES = f"SELECT {_COLUMNS} FROM proof_leaf"  # noqa: S608 - the names are ours
_LOGGED = (
    f"SELECT {_COLUMNS}, stored_events.topic, stored_events.state FROM proof_leaf LEFT JOIN stored_events"  # noqa: S608
    " ON originator_id = stream AND originator_version = version WHERE idx >= ? AND idx < ? ORDER BY idx"
)
_FIRST_SINCE = (
    "SELECT tenant, entry FROM proof_leaf WHERE idx IN"
    " (SELECT min(idx) FROM proof_leaf WHERE idx >= ? AND tenant IS NOT NULL GROUP BY tenant)"
)


class ReadsLog(Reading):
    """Part of the read side of a store. Statements are written with the marks of SQLite."""

    def log_origin(self) -> str:
        """Whose log it is: the first line of its checkpoints."""
        return str(self._read("SELECT origin FROM proof_log")[0][0])

    def log_size(self) -> int:
        """How many leaves the log has."""
        return int(self._read("SELECT size FROM proof_state")[0][0])

    def log_root(self, size: int) -> bytes:
        """The root of the tree of the first ``size`` leaves. Raises ValueError if the log has fewer."""
        return root(size, self._tiles().node)

    def leaf(self, index: int) -> Leaf | None:
        """The leaf at an index."""
        return next(iter(self.leaves(index, index + 1)), None)

    def leaves(self, start: int, end: int) -> list[Leaf]:
        """The leaves from an index to before another."""
        return [Leaf(*row) for row in self._read(f"{_LEAVES} WHERE idx >= ? AND idx < ? ORDER BY idx", start, end)]

    def logged(self, start: int, end: int) -> list[Logged]:
        """The leaves from an index to before another, each with the stored event it speaks of."""
        return [Logged(Leaf(*row[:-2]), *row[-2:]) for row in self._read(_LOGGED, start, end)]

    def leaves_of(self, subject: str, size: int) -> list[Leaf]:
        """The leaves of a subject among the first ``size``, in their order."""
        where = "tenant = (SELECT tenant FROM proof_head WHERE subject = ?) AND idx < ?"
        return [Leaf(*row) for row in self._read(f"{_LEAVES} WHERE {where} ORDER BY tseq", subject, size)]

    def node(self, level: int, index: int) -> bytes:
        """The hash of the ``2 ** level`` leaves from ``index << level`` on. Raises ValueError if some are missing."""
        return self._tiles().node(level, index)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """What leads from a leaf to the root of the first ``size`` leaves. Raises ValueError if there are fewer."""
        return inclusion_proof(index, size, self._tiles().node)

    def consistency_proof(self, old: int, size: int) -> list[bytes]:
        """What shows the first ``old`` leaves to begin the first ``size``. Raises ValueError if there are fewer."""
        return consistency_proof(old, size, self._tiles().node)

    def head_of(self, subject: str) -> Head | None:
        """Where a subject stands; None if nothing was recorded of it."""
        found = self._read("SELECT tenant, tseq, leaf_hash FROM proof_head WHERE subject = ?", subject)
        return Head(*found[0]) if found else None

    def heads(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Where every tenant stood when the log had ``size`` leaves: (entries, hash of the last).

        A tenant that went on since stands where its first later entry says it stood before.
        """
        found = {tenant: (number, hash_) for tenant, number, hash_ in self._read(HEADS)}
        for tenant, entry in self._read(_FIRST_SINCE, size):
            said = parse_entry(entry)
            if said["tseq"] == 1:
                found.pop(tenant, None)
            else:
                found[tenant] = said["tseq"] - 1, bytes.fromhex(said["tprev"])
        return found

    def _tiles(self) -> Tiles:
        return Tiles(self._hashes)

    def _hashes(self, level: int, start: int, end: int) -> list[bytes]:
        where, values = ("proof_node WHERE level = ? AND", (level,)) if level else ("proof_leaf WHERE", ())
        rows = self._read(f"SELECT hash FROM {where} idx >= ? AND idx < ? ORDER BY idx", *values, start, end)  # noqa: S608
        return [row[0] for row in rows]
