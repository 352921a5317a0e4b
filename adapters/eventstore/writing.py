"""What both stores write in the same words."""

from collections.abc import Collection, Sequence

from adapters.eventstore.log_writing import WritesLog
from adapters.eventstore.outbox import WritesOutbox
from adapters.eventstore.proofs import WritesProofs
from adapters.eventstore.reading import HELD, UNDER, marks, range_of
from adapters.eventstore.store import Held, Status


class Writes(WritesLog, WritesProofs, WritesOutbox):
    """Part of a write transaction. Statements are written with the marks of SQLite."""

    def under(self, prefix: str) -> list[bytes]:
        """The states of every stream whose id starts so."""
        return [row[0] for row in self.rows(UNDER, *range_of(prefix))]

    def held_about(self, subject: str, types: Collection[str]) -> list[Held]:
        """The entries of these types about a subject, settled ones too, oldest first."""
        where = f"subject = ? AND type IN ({marks(len(types))})"
        return [Held(*row) for row in self.rows(f"{HELD} WHERE {where} ORDER BY number", subject, *types)]

    def held(self, number: int) -> Held | None:
        """One entry of the quarantine."""
        rows = self.rows(f"{HELD} WHERE number = ?", number)
        return Held(*rows[0]) if rows else None

    def held_as(self, key: str) -> list[Held]:
        """The entries of one idempotency key."""
        return [Held(*row) for row in self.rows(f"{HELD} WHERE key = ? ORDER BY number", key)]

    def mark(self, number: int, status: Status, reasons: tuple[str, str] | None = None) -> None:
        """Changes the status of an entry, and its reasons."""
        reason, reason_fr = reasons or (None, None)
        self.rows(
            "UPDATE held SET status = ?, reason = coalesce(?, reason), reason_fr = coalesce(?, reason_fr)"
            " WHERE number = ?",
            *(status, reason, reason_fr, number),
        )

    def overwrite(self, entry: Held, new: Held) -> None:
        """Puts another body and other reasons in an entry, and forgets what was known of its content."""
        self.rows("UPDATE fact_key SET key = ?, content = ? WHERE key = ?", new.key, new.content, entry.key)
        self.rows(
            "UPDATE held SET body = ?, reason = ?, reason_fr = ?, key = ?, content = ? WHERE number = ?",
            *(new.body, new.reason, new.reason_fr, new.key, new.content, entry.number),
        )

    def announced(self, numbers: Sequence[int]) -> None:
        """Notes that somebody was told of these entries."""
        self.rows(f"UPDATE held SET announced = 1 WHERE number IN ({marks(len(numbers))})", *numbers)  # noqa: S608

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self.rows("SELECT value FROM tracked_position WHERE name = ?", name)
        return int(rows[0][0]) if rows else None

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""
        self.rows(
            "INSERT INTO tracked_position VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            *(name, position),
        )
