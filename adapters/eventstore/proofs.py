"""How both stores keep what the log was signed with: checkpoints, cosignatures, timestamps, keys. Rows are only added.

Statements are written with the marks of SQLite.
"""

from adapters.eventstore.asked import Executing, Reading
from adapters.evidence.signed import Cosignature, Signed, SigningKey, Timestamp

_CHECKPOINT = "SELECT size, root, note, made FROM proof_checkpoint"


class ReadsProofs(Reading):
    """Part of the read side of a store."""

    def checkpoints(self, after: int = 0, limit: int = 100) -> list[Signed]:
        """The checkpoints of more than ``after`` leaves, smallest first."""
        return [Signed(*row) for row in self._read(f"{_CHECKPOINT} WHERE size > ? ORDER BY size LIMIT ?", after, limit)]

    def checkpoint(self, size: int | None = None) -> Signed | None:
        """The checkpoint of a size; the newest where none is given."""
        where, values = ("ORDER BY size DESC LIMIT 1", ()) if size is None else ("WHERE size = ?", (size,))
        return next((Signed(*row) for row in self._read(f"{_CHECKPOINT} {where}", *values)), None)

    def cosignatures(self, size: int) -> list[Cosignature]:
        """The cosignatures of a checkpoint, in the order they came."""
        rows = self._read("SELECT size, key, line, made FROM proof_cosignature WHERE size = ? ORDER BY made, key", size)
        return [Cosignature(*row) for row in rows]

    def cosigned_last(self, key: str) -> int:
        """The size of the newest checkpoint that a witness cosigned; 0 for none."""
        return int(self._read("SELECT coalesce(max(size), 0) FROM proof_cosignature WHERE key = ?", key)[0][0])

    def timestamps(self, size: int) -> list[Timestamp]:
        """The timestamps of a checkpoint, in the order they came."""
        rows = self._read(
            "SELECT size, authority, token, made FROM proof_timestamp WHERE size = ? ORDER BY made, authority", size
        )
        return [Timestamp(*row) for row in rows]

    def dated_last(self, authority: str) -> Timestamp | None:
        """The newest timestamp of an authority."""
        rows = self._read(
            "SELECT size, authority, token, made FROM proof_timestamp WHERE authority = ? ORDER BY size DESC LIMIT 1",
            authority,
        )
        return next((Timestamp(*row) for row in rows), None)

    def signing_keys(self) -> list[SigningKey]:
        """The keys that sign, or signed, the log, in their order."""
        rows = self._read("SELECT number, key, since, note, made FROM proof_key ORDER BY number")
        return [SigningKey(*row) for row in rows]


class WritesProofs(Executing):
    """Part of a write transaction. What is there already stays as it is."""

    def add_checkpoint(self, signed: Signed) -> None:
        """Keeps a checkpoint."""
        self.rows("INSERT INTO proof_checkpoint VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", *signed)

    def add_cosignature(self, cosignature: Cosignature) -> None:
        """Keeps a cosignature."""
        self.rows("INSERT INTO proof_cosignature VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", *cosignature)

    def add_timestamp(self, timestamp: Timestamp) -> None:
        """Keeps a timestamp."""
        self.rows("INSERT INTO proof_timestamp VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", *timestamp)

    def add_key(self, key: SigningKey) -> None:
        """Keeps a key of the log. Raises LedgerError where another has its number."""
        self.rows("INSERT INTO proof_key VALUES (?, ?, ?, ?, ?)", *key)
