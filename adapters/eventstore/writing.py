"""What both stores write in the same words."""

from collections.abc import Sequence

from adapters.eventstore.log_writing import WritesLog
from adapters.eventstore.proofs import WritesProofs
from adapters.eventstore.reading import HELD, marks
from adapters.eventstore.store import Held, Status


class Writes(WritesLog, WritesProofs):
    """Part of a write transaction. Statements are written with the marks of SQLite."""

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
