"""What an audit reads of a store: its rows as they are, none taken for right."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from adapters.eventstore.asked import Reading
from adapters.evidence.leaf import Leaf
from adapters.evidence.tiles import TILE_LEVELS

KEYS = 5_000
"""As many keys as are looked up at once."""
LEVELS = ",".join(map(str, range(TILE_LEVELS, 64, TILE_LEVELS)))
"""The levels that are kept."""
STATE, LAST, INDEXES, HEAD, ORIGIN = range(5)
"""The parts of a snapshot."""


class Row(NamedTuple):
    """One row of the table of events."""

    position: int
    stream: str
    version: int
    topic: str
    state: bytes


class Snapshot(NamedTuple):
    """The log and the events as they stood at one moment.

    ``sizes`` are those the log says it has (one, if all is well), ``edge`` its frontier; ``last`` the position of the
    newest event, ``indexes`` the least and the greatest index of a leaf, ``heads`` subject -> (tenant, entries, hash).
    """

    origins: list[str]
    sizes: list[int]
    edge: bytes
    last: int
    indexes: tuple[int, int]
    heads: dict[str, tuple[str, int, bytes]]


class Auditable(Protocol):
    """What an audit reads."""

    def log_snapshot(self) -> Snapshot:
        """The log as it stands."""

    def rows_between(self, after: int, upto: int) -> list[Row]:
        """The events after a position and up to another, in the order of their commits."""

    def row_of(self, stream: str, version: int) -> Row | None:
        """One event, wherever it stands."""

    def position_from(self, index: int, end: int) -> int | None:
        """The position of the first event that a leaf from an index to before another speaks of and that is there."""

    def leaves(self, start: int, end: int) -> list[Leaf]:
        """The leaves from an index to before another."""

    def nodes_in(self, level: int, start: int, end: int) -> dict[int, bytes]:
        """The hashes kept of a level, by index, from one to before another."""

    def nodes_beyond(self) -> list[tuple[int, int]]:
        """(level, index) of hashes kept of subtrees that the log has not, ten at most."""

    def unpaired(self, upto: int, end: int) -> tuple[int, int]:
        """How many events there are up to a position, and how many of the first ``end`` leaves speak of one."""

    def of_no_checkpoint(self) -> list[tuple[str, int]]:
        """(what, size) of cosignatures and timestamps whose checkpoint is not there, ten of each at most."""

    def contents_of(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes recorded under these idempotency keys; those that are not there are left out."""


class ReadsForAudit(Reading):
    """Part of the read side of a store. Statements are written with the marks of SQLite."""

    def log_snapshot(self) -> Snapshot:
        """The log as it stands, read in one statement: nothing is recorded meanwhile."""
        rows = self._read(
            f"SELECT {STATE}, CAST(NULL AS text), CAST(NULL AS text), size, CAST(NULL AS bigint), frontier"  # noqa: S608 - the names are ours
            " FROM proof_state"
            f" UNION ALL SELECT {LAST}, NULL, NULL, max({self.POSITION}), NULL, NULL FROM stored_events"
            f" UNION ALL SELECT {INDEXES}, NULL, NULL, min(idx), max(idx), NULL FROM proof_leaf"
            f" UNION ALL SELECT {HEAD}, subject, tenant, tseq, NULL, leaf_hash FROM proof_head"
            f" UNION ALL SELECT {ORIGIN}, origin, NULL, NULL, NULL, NULL FROM proof_log"
        )
        state = [row for row in rows if row[0] == STATE]
        (_, _, _, last, _, _), *_ = (row for row in rows if row[0] == LAST)
        (_, _, _, first_index, last_index, _), *_ = (row for row in rows if row[0] == INDEXES)
        return Snapshot(
            origins=[row[1] for row in rows if row[0] == ORIGIN],
            sizes=[row[3] for row in state],
            edge=state[0][5] if state else b"",
            last=last or 0,
            indexes=(first_index or 0, -1 if last_index is None else last_index),
            heads={row[1]: (row[2], row[3], row[5]) for row in rows if row[0] == HEAD},
        )

    def rows_between(self, after: int, upto: int) -> list[Row]:
        """The events after a position and up to another, in the order of their commits."""
        rows = self._read(
            f"SELECT {self.POSITION}, originator_id, originator_version, topic, state FROM stored_events"  # noqa: S608
            f" WHERE {self.POSITION} > ? AND {self.POSITION} <= ? ORDER BY {self.POSITION}",
            after,
            upto,
        )
        return [_row(row) for row in rows]

    def row_of(self, stream: str, version: int) -> Row | None:
        """One event, wherever it stands."""
        rows = self._read(
            f"SELECT {self.POSITION}, originator_id, originator_version, topic, state FROM stored_events"  # noqa: S608
            " WHERE originator_id = ? AND originator_version = ?",
            stream,
            version,
        )
        return _row(rows[0]) if rows else None

    def position_from(self, index: int, end: int) -> int | None:
        """The position of the first event that a leaf from an index to before another speaks of and that is there."""
        rows = self._read(
            f"SELECT stored_events.{self.POSITION} FROM proof_leaf JOIN stored_events"  # noqa: S608 - ours
            " ON originator_id = stream AND originator_version = version"
            " WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT 1",
            index,
            end,
        )
        return int(rows[0][0]) if rows else None

    def nodes_in(self, level: int, start: int, end: int) -> dict[int, bytes]:
        """The hashes kept of a level, by index, from one to before another."""
        rows = self._read(
            "SELECT idx, hash FROM proof_node WHERE level = ? AND idx >= ? AND idx < ?", level, start, end
        )
        return dict(rows)

    def nodes_beyond(self) -> list[tuple[int, int]]:
        """(level, index) of hashes kept of subtrees that the log has not, ten at most."""
        rows = self._read(
            f"SELECT level, proof_node.idx FROM proof_node, proof_state WHERE level NOT IN ({LEVELS})"  # noqa: S608 - ours
            " OR proof_node.idx < 0 OR proof_node.idx >= size >> CAST(level AS integer) LIMIT 10"
        )
        return [(level, index) for level, index in rows]

    def unpaired(self, upto: int, end: int) -> tuple[int, int]:
        """How many events there are up to a position, and how many of the first leaves speak of one."""
        events = self._read(f"SELECT count(*) FROM stored_events WHERE {self.POSITION} <= ?", upto)  # noqa: S608 - ours
        leaves = self._read("SELECT count(*) FROM proof_leaf WHERE idx < ? AND stream IS NOT NULL", end)
        return int(events[0][0]), int(leaves[0][0])

    def of_no_checkpoint(self) -> list[tuple[str, int]]:
        """(what, size) of cosignatures and timestamps whose checkpoint is not there, ten of each at most."""
        return [
            (what, row[0])
            for what in ("cosignature", "timestamp")
            for row in self._read(
                f"SELECT size FROM proof_{what} WHERE size NOT IN (SELECT size FROM proof_checkpoint) LIMIT 10"  # noqa: S608
            )
        ]

    def contents_of(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes recorded under these idempotency keys; those that are not there are left out."""
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), KEYS):
            some = keys[start : start + KEYS]
            marks = ",".join("?" * len(some))
            found |= dict(self._read(f"SELECT key, content FROM fact_key WHERE key IN ({marks})", *some))  # noqa: S608
        return found


def _row(found: tuple[Any, ...]) -> Row:
    """A row; SQLite takes anything anywhere, and what should be bytes may be text."""
    position, stream, version, topic, state = found
    return Row(position, stream, version, str(topic), state if isinstance(state, bytes) else str(state).encode())
