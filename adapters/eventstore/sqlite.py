"""The embedded store: SQLite in WAL mode. Reads and writes of one transaction happen under one lock (BEGIN IMMEDIATE).

The table of events is the library's own; the others are ours, written in the same transaction.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    ConnectionUnavailableError,
    IntegrityError,
    PersistenceError,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from adapters.eventstore import sqlite_tables as tables
from adapters.eventstore.sqlite_tables import LOCK_SECONDS
from adapters.eventstore.store import HELD_FIELDS, Entry, Held, Row, Status, subject_of, subject_range
from domain.errors import LedgerError

CACHE_KIB = 262_144
CHECKPOINT_PAGES = 16_384
"""64 MiB of log between two checkpoints: a page that many batches touch goes to the file once."""
VARIABLES = 30_000
SETTINGS = (f"PRAGMA cache_size = -{CACHE_KIB}", f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

_HELD = f"SELECT {', '.join(HELD_FIELDS)}, number FROM held"  # noqa: S608 - the names are ours
_GENERATION = "(SELECT value FROM tracked_position WHERE name = 'generation')"


class SqliteStore:
    """A store in one SQLite file, made if it does not exist. Raises LedgerError for a file that is no ledger."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path).absolute()
        with _said_plainly(self._path):
            tables.prepare(self._path)
        self._datastore = SQLiteDatastore(
            str(self._path), lock_timeout=LOCK_SECONDS, pool_timeout=LOCK_SECONDS, originator_id_type="text"
        )
        self._recorder = SQLiteApplicationRecorder(self._datastore)

    @contextmanager
    def writing(self) -> Iterator["SqliteWriting"]:
        """One write transaction, begun IMMEDIATE so that what it reads cannot change before it writes."""
        with _said_plainly(self._path), self._datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor().sqlite_cursor
            cursor.row_factory = None  # plain tuples
            for setting in SETTINGS:
                cursor.execute(setting)
            cursor.execute("BEGIN IMMEDIATE")
            try:
                yield SqliteWriting(cursor)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The events recorded after a position."""
        with _said_plainly(self._path):
            found = self._recorder.select_notifications(after, limit, inclusive_of_start=False)
        return [Entry(n.id, str(n.originator_id), n.topic, n.state) for n in found]

    def entries_of(self, subject: str) -> list[Entry]:
        """The events of one subject, in the order of their commits."""
        rows = self._read(
            "SELECT rowid, originator_id, topic, state FROM stored_events"
            " WHERE originator_id >= ? AND originator_id < ? ORDER BY rowid",
            *subject_range(subject),
        )
        return [Entry(*row) for row in rows]

    def states(self, stream: str) -> list[bytes]:
        """The states of one stream, oldest version first."""
        statement = "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version"
        return [row[0] for row in self._read(statement, stream)]

    def subjects(self) -> list[str]:
        """Every subject that has an event: one look at the index for each."""
        found: list[str] = []
        statement = "SELECT originator_id FROM stored_events WHERE originator_id >= ? ORDER BY originator_id LIMIT 1"
        after = ""
        while rows := self._read(statement, after):
            found.append(subject_of(rows[0][0]))
            after = subject_range(found[-1])[1]
        return sorted(filter(None, found))

    def quarantine(self, status: Status | None = None, after: int = 0) -> list[Held]:
        """The entries of the quarantine above a number, oldest first."""
        rows = self._read(f"{_HELD} WHERE number > ? AND ifnull(status = ?, 1) ORDER BY number", after, status)
        return [Held(*row) for row in rows]

    def quarantine_of(self, subject: str) -> list[Held]:
        """The entries of one subject that are waiting or open."""
        rows = self._read(f"{_HELD} WHERE subject = ? AND status IN ('waiting', 'open') ORDER BY number", subject)
        return [Held(*row) for row in rows]

    def entry(self, number: int) -> Held | None:
        """One entry of the quarantine."""
        rows = self._read(f"{_HELD} WHERE number = ?", number)
        return Held(*rows[0]) if rows else None

    def view(self, contract: str) -> bytes | None:
        """The current view of a contract."""
        statement = f"SELECT body FROM statement_view WHERE contract = ? AND generation = {_GENERATION}"  # noqa: S608
        rows = self._read(statement, contract)
        return rows[0][0] if rows else None

    def views(self) -> list[str]:
        """The contracts of the current generation."""
        statement = f"SELECT contract FROM statement_view WHERE generation = {_GENERATION} ORDER BY contract"  # noqa: S608
        return [row[0] for row in self._read(statement)]

    def position(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self._read("SELECT value FROM tracked_position WHERE name = ?", name)
        return rows[0][0] if rows else None

    def close(self) -> None:
        """Closes every connection."""
        self._datastore.close()

    def _read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with _said_plainly(self._path), self._datastore.transaction(commit=False) as cursor:
            cursor.execute(statement, values)
            return [tuple(row) for row in cursor.fetchall()]


class SqliteWriting:
    """The write side of one SQLite transaction."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def contents(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes already recorded under these keys."""
        return {row[0]: row[1] for row in self._among("SELECT key, content FROM fact_key WHERE key IN", keys)}

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The states of each stream, oldest version first."""
        select = "SELECT originator_id, originator_version, state FROM stored_events WHERE originator_id IN"
        found: dict[str, list[bytes]] = {}
        for stream, _version, state in sorted(self._among(select, streams)):
            found.setdefault(stream, []).append(state)
        return found

    def append(self, rows: Sequence[Row]) -> None:
        """Appends events; a version that exists raises the library's IntegrityError."""
        try:
            self._cursor.executemany("INSERT INTO stored_events VALUES (?,?,?,?)", rows)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(str(error)) from error

    def remember(self, keys: Iterable[tuple[str, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs, in the order of the keys: each page is touched once."""
        self._cursor.executemany("INSERT OR REPLACE INTO fact_key VALUES (?,?)", sorted(keys))

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""
        self._cursor.executemany(
            f"INSERT INTO held ({', '.join(HELD_FIELDS)}) VALUES ({','.join('?' * len(HELD_FIELDS))})",  # noqa: S608
            [[getattr(entry, name) for name in HELD_FIELDS] for entry in entries],
        )

    def waiting_for(self, streams: Sequence[str], things: Sequence[str]) -> list[Held]:
        """The entries that wait for one of these streams or things."""
        if not self._rows("SELECT 1 FROM held WHERE stream IS NOT NULL AND status IN ('waiting', 'open') LIMIT 1"):
            return []
        found = [
            *self._among(f"{_HELD} WHERE status IN ('waiting', 'open') AND stream IN", streams),
            *self._among(f"{_HELD} WHERE status IN ('waiting', 'open') AND thing IN", things),
        ]
        held = {entry.number: entry for entry in (Held(*row) for row in found)}
        return [held[number] for number in sorted(held)]

    def held(self, number: int) -> Held | None:
        """One entry of the quarantine."""
        rows = self._rows(f"{_HELD} WHERE number = ?", number)
        return Held(*rows[0]) if rows else None

    def held_as(self, key: str) -> list[Held]:
        """The entries of one idempotency key."""
        return [Held(*row) for row in self._rows(f"{_HELD} WHERE key = ? ORDER BY number", key)]

    def mark(self, number: int, status: Status, reasons: tuple[str, str] | None = None) -> None:
        """Changes the status of an entry, and its reasons."""
        reason, reason_fr = reasons or (None, None)
        self._cursor.execute(
            "UPDATE held SET status = ?, reason = ifnull(?, reason), reason_fr = ifnull(?, reason_fr) WHERE number = ?",
            (status, reason, reason_fr, number),
        )

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self._rows("SELECT value FROM tracked_position WHERE name = ?", name)
        return int(rows[0][0]) if rows else None

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""
        self._cursor.execute("INSERT OR REPLACE INTO tracked_position VALUES (?, ?)", (name, position))

    def show(self, generation: int, views: Iterable[tuple[str, bytes]]) -> None:
        """Writes the view of each contract in a generation."""
        rows = [(generation, contract, body) for contract, body in views]
        self._cursor.executemany("INSERT OR REPLACE INTO statement_view VALUES (?, ?, ?)", rows)

    def drop_generations(self, keep: int) -> None:
        """Deletes the views of every other generation."""
        self._cursor.execute("DELETE FROM statement_view WHERE generation <> ?", (keep,))

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        return self._cursor.execute(statement, values).fetchall()

    def _among(self, select: str, values: Sequence[str]) -> list[Any]:
        rows: list[Any] = []
        for start in range(0, len(values), VARIABLES):
            chunk = values[start : start + VARIABLES]
            rows += self._cursor.execute(f"{select} ({','.join('?' * len(chunk))})", chunk).fetchall()
        return rows


def version_of(path: Path) -> str | None:
    """The version of the ledger's tables, None where the file is missing or empty."""
    with _said_plainly(path):
        return tables.version_of(path)


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """A failure of the file or of the disk, as a sentence that names the ledger."""
    try:
        yield
    except IntegrityError:
        raise
    except (sqlite3.Error, PersistenceError, ConnectionUnavailableError, OSError) as error:
        raise LedgerError(f"{path}: the ledger cannot be used: {error}") from None
    except ConnectionPoolClosedError:
        raise LedgerError(f"{path}: the ledger is closed") from None
