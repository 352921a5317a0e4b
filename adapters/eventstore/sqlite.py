"""The embedded store: SQLite in WAL mode. Reads and writes of one transaction happen under one lock (BEGIN IMMEDIATE)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from adapters.eventstore.store import Entry, Held, Status, subject_range
from domain.errors import LedgerError

CACHE_KIB = 262_144
VARIABLES = 900

TABLES = (
    "CREATE TABLE IF NOT EXISTS fact_key (key BLOB PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS held (number INTEGER PRIMARY KEY AUTOINCREMENT, status TEXT NOT NULL, reason TEXT NOT NULL,"
    " reason_fr TEXT NOT NULL, origin TEXT NOT NULL, received TEXT NOT NULL, body BLOB NOT NULL, stream TEXT, source TEXT,"
    " fact_id TEXT, subject TEXT, type TEXT, key BLOB, content BLOB)",
    "CREATE INDEX IF NOT EXISTS held_waiting ON held (stream) WHERE status = 'waiting'",
    "CREATE TABLE IF NOT EXISTS tracked_position (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS statement_view (generation INTEGER, contract TEXT, body BLOB NOT NULL,"
    " PRIMARY KEY (generation, contract)) WITHOUT ROWID",
)
HELD_COLUMNS = "number, status, reason, reason_fr, origin, received, body, stream, source, fact_id, subject, type, key, content"


class Recorder(SQLiteApplicationRecorder):
    """The library's recorder, inserting a batch at once: we read positions back from the table, not row by row."""

    def construct_create_table_statements(self) -> list[str]:
        """The library's table, and ours in the same transaction."""
        return [*super().construct_create_table_statements(), *TABLES]

    def insert_batch(self, cursor: SQLiteCursor, events: Sequence[StoredEvent]) -> None:
        """Inserts events inside the caller's transaction."""
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in events]
        cursor.executemany(self.insert_events_statement, rows)


class SqliteStore:
    """A store in one SQLite file."""

    def __init__(self, path: str | Path) -> None:
        self._datastore = SQLiteDatastore(str(path), lock_timeout=60, originator_id_type="text")
        self._recorder = Recorder(self._datastore)
        try:
            self._recorder.create_table()
        except Exception as error:
            raise LedgerError(f"{path}: cannot be opened as a ledger ({error})") from None

    @contextmanager
    def writing(self) -> Iterator["SqliteWriting"]:
        """One write transaction, begun IMMEDIATE so that what it reads cannot change before it writes."""
        with self._datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteWriting(self._recorder, cursor)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The facts recorded after a position."""
        notifications = self._recorder.select_notifications(after, limit, inclusive_of_start=False)
        return [Entry(n.id, str(n.originator_id), n.topic, n.state) for n in notifications]

    def entries_of(self, subject: str) -> list[Entry]:
        """The facts of one subject, in the order of their commits."""
        rows = self._read(
            "SELECT rowid, originator_id, topic, state FROM stored_events"
            " WHERE originator_id >= ? AND originator_id < ? ORDER BY rowid",
            subject_range(subject),
        )
        return [Entry(*row) for row in rows]

    def quarantine(self, status: Status | None = None) -> list[Held]:
        """The entries of the quarantine, oldest first."""
        where, values = ("", ()) if status is None else (" WHERE status = ?", (status,))
        return [_held(row) for row in self._read(f"SELECT {HELD_COLUMNS} FROM held{where} ORDER BY number", values)]  # noqa: S608

    def view(self, contract: str) -> bytes | None:
        """The current view of a contract."""
        rows = self._read(
            "SELECT body FROM statement_view WHERE contract = ? AND generation = (SELECT value FROM tracked_position WHERE name = 'generation')",
            (contract,),
        )
        return rows[0][0] if rows else None

    def views(self) -> list[str]:
        """The contracts of the current generation."""
        rows = self._read(
            "SELECT contract FROM statement_view WHERE generation = (SELECT value FROM tracked_position WHERE name = 'generation')"
            " ORDER BY contract",
        )
        return [row[0] for row in rows]

    def position(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self._read("SELECT value FROM tracked_position WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def close(self) -> None:
        """Closes every connection."""
        self._datastore.close()

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute(statement, values)
            return [tuple(row) for row in cursor.fetchall()]


class SqliteWriting:
    """The write side of one SQLite transaction."""

    def __init__(self, recorder: Recorder, cursor: SQLiteCursor) -> None:
        self._recorder = recorder
        self._cursor = cursor

    def contents(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The content hashes already recorded under these keys."""
        return dict(self._chunked("SELECT key, content FROM fact_key WHERE key IN", keys))

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The events of each stream, oldest version first."""
        rows = self._chunked(
            "SELECT originator_id, originator_version, state FROM stored_events WHERE originator_id IN", streams
        )
        found: dict[str, list[bytes]] = {}
        for stream, _version, body in sorted(rows):
            found.setdefault(stream, []).append(body)
        return found

    def append(self, events: Sequence[StoredEvent]) -> None:
        """Appends events."""
        self._recorder.insert_batch(self._cursor, events)

    def remember(self, keys: Iterable[tuple[bytes, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs."""
        self._cursor.executemany("INSERT INTO fact_key VALUES (?, ?)", keys)

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""
        self._cursor.executemany(
            "INSERT INTO held (status, reason, reason_fr, origin, received, body, stream, source, fact_id, subject, type, key,"
            " content) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                (e.status, e.reason, e.reason_fr, e.origin, e.received, e.body, e.stream, e.source, e.fact_id, e.subject,
                 e.type, e.key, e.content)
                for e in entries
            ],
        )

    def waiting_for(self, streams: Sequence[str]) -> list[Held]:
        """The entries that wait for one of these streams."""
        rows = self._chunked(f"SELECT {HELD_COLUMNS} FROM held WHERE status = 'waiting' AND stream IN", streams)  # noqa: S608
        return sorted((_held(row) for row in rows), key=lambda held: held.number)

    def held(self, number: int) -> Held | None:
        """One entry of the quarantine."""
        self._cursor.execute(f"SELECT {HELD_COLUMNS} FROM held WHERE number = ?", (number,))  # noqa: S608
        row = self._cursor.fetchone()
        return None if row is None else _held(tuple(row))

    def mark(self, number: int, status: Status) -> None:
        """Changes the status of an entry."""
        self._cursor.execute("UPDATE held SET status = ? WHERE number = ?", (status, number))

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""
        self._cursor.execute("SELECT value FROM tracked_position WHERE name = ?", (name,))
        row = self._cursor.fetchone()
        return None if row is None else int(row[0])

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""
        self._cursor.execute(
            "INSERT INTO tracked_position VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, position)
        )

    def show(self, generation: int, views: Iterable[tuple[str, bytes]]) -> None:
        """Writes the view of each contract in a generation."""
        self._cursor.executemany(
            "INSERT INTO statement_view VALUES (?, ?, ?) ON CONFLICT (generation, contract) DO UPDATE SET body = excluded.body",
            [(generation, contract, body) for contract, body in views],
        )

    def drop_generations(self, keep: int) -> None:
        """Deletes the views of every other generation."""
        self._cursor.execute("DELETE FROM statement_view WHERE generation <> ?", (keep,))

    def _chunked(self, select: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(values), VARIABLES):
            chunk = values[start : start + VARIABLES]
            self._cursor.execute(f"{select} ({','.join('?' * len(chunk))})", chunk)
            rows.extend(tuple(row) for row in self._cursor.fetchall())
        return rows


def _held(row: Sequence[Any]) -> Held:
    names = HELD_COLUMNS.split(", ")
    return Held(**dict(zip(names, row, strict=True)))


