"""The embedded store: SQLite in WAL mode. Reads and writes of one transaction happen under one lock (BEGIN IMMEDIATE).

The table of events is the library's own; the others are ours, written in the same transaction.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from eventsourcing.persistence import (
    ConnectionPoolClosedError,
    ConnectionUnavailableError,
    IntegrityError,
    PersistenceError,
)
from eventsourcing.sqlite import SQLiteDatastore

from adapters.eventstore import sqlite_tables as tables
from adapters.eventstore.reading import HELD, Reads, in_chunks, marks
from adapters.eventstore.sqlite_tables import LOCK_SECONDS
from adapters.eventstore.store import HELD_FIELDS, Held, Row
from adapters.eventstore.viewing import ViewWriting
from adapters.eventstore.writing import Writes
from adapters.evidence.leaf import Head
from adapters.privacy.persons import KeyPlace, Persons, beside
from adapters.saying import french_of
from domain.errors import LedgerError

CACHE_KIB = 262_144
CHECKPOINT_PAGES = 16_384
"""64 MiB of log between two checkpoints: a page that many batches touch goes to the file once."""
VARIABLES = 30_000
PAIRS = 250
SETTINGS = (f"PRAGMA cache_size = -{CACHE_KIB}", f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")


class SqliteStore(Reads):
    """A store in one SQLite file, made if it does not exist. Raises LedgerError for a file that is no ledger.

    Without its ``log`` an event leaves no proof: that is for the bench, which measures what the log costs. ``persons``
    is where its key store is, by default beside it.
    """

    POSITION = "rowid"
    BY_SUBJECT = " INDEXED BY fact_index_subject"

    def __init__(self, path: str | Path, *, log: bool = True, persons: KeyPlace | None = None) -> None:
        self._path = Path(path).absolute()
        self.persons = Persons(persons or beside(self._path))
        self._log = log
        with _said_plainly(self._path):
            tables.prepare(self._path, self.persons)
        self._datastore = SQLiteDatastore(
            str(self._path), lock_timeout=LOCK_SECONDS, pool_timeout=LOCK_SECONDS, originator_id_type="text"
        )

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
                yield SqliteWriting(cursor, log=self._log)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def overwriting(self) -> Iterator["SqliteWriting"]:
        """One write transaction: what it replaces is overwritten in the file, and the write-ahead log is emptied."""
        with self.writing() as writing:
            writing.rows("PRAGMA secure_delete = ON")
            try:
                yield writing
            finally:
                writing.rows("PRAGMA secure_delete = OFF")
        with _said_plainly(self._path):
            tables.empty_log(self._path)

    @contextmanager
    def viewing(self) -> Iterator[ViewWriting]:
        """One transaction on the views. SQLite has one writer at a time: keep it short."""
        with self.writing() as writing:
            yield ViewWriting(writing)

    def notifying(self) -> AbstractContextManager["SqliteWriting"]:
        """One write transaction on the outbox. SQLite has one writer at a time: keep it short."""
        return self.writing()

    def close(self) -> None:
        """Closes every connection."""
        self._datastore.close()
        self.persons.close()

    def _read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with _said_plainly(self._path), self._datastore.transaction(commit=False) as cursor:
            plain = cursor.sqlite_cursor
            plain.row_factory = None  # plain tuples
            return plain.execute(statement, values).fetchall()


class SqliteWriting(Writes):
    """The write side of one SQLite transaction."""

    def __init__(self, cursor: sqlite3.Cursor, *, log: bool = True) -> None:
        self._cursor = cursor
        self._log = log

    def contents(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes already recorded under these keys; one look is enough where none lies between them."""
        if not keys or not self.rows("SELECT 1 FROM fact_key WHERE key BETWEEN ? AND ? LIMIT 1", min(keys), max(keys)):
            return {}
        return dict(self._among("SELECT key, content FROM fact_key WHERE key IN", keys))

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The states of each stream, oldest version first."""
        select = "SELECT originator_id, originator_version, state FROM stored_events WHERE originator_id IN"
        found: dict[str, list[bytes]] = {}
        for stream, _version, state in sorted(self._among(select, streams)):
            found.setdefault(stream, []).append(state)
        return found

    def append(self, rows: Sequence[Row]) -> None:
        """Appends events and their leaves; a version that exists raises the library's IntegrityError."""
        try:
            self._cursor.executemany("INSERT INTO stored_events VALUES (?,?,?,?)", rows)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(str(error)) from error
        if self._log:
            self.log(rows)

    def heads_of(self, subjects: Sequence[str]) -> dict[str, Head]:
        """Where these subjects stand in the log."""
        found = self._among("SELECT subject, tenant, tseq, leaf_hash FROM proof_head WHERE subject IN", subjects)
        return {subject: Head(*head) for subject, *head in found}

    def set_heads(self, heads: Iterable[tuple[str, str, int, bytes]]) -> None:
        """Records where subjects stand in the log."""
        self._cursor.executemany("INSERT OR REPLACE INTO proof_head VALUES (?,?,?,?)", sorted(heads))

    def remember(self, keys: Iterable[tuple[str, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs, in the order of the keys: each page is touched once."""
        pairs = sorted(keys)
        for start in range(0, len(pairs), PAIRS):  # many rows a statement: quicker where rows are as small as these
            chunk = pairs[start : start + PAIRS]
            values = ",".join(["(?,?)"] * len(chunk))
            insert = f"INSERT OR REPLACE INTO fact_key VALUES {values}"  # noqa: S608 - the marks alone
            self._cursor.execute(insert, [*chain.from_iterable(chunk)])

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""
        columns = dict.fromkeys(HELD_FIELDS, "")
        self.insert("held", columns, [[getattr(entry, name) for name in HELD_FIELDS] for entry in entries])

    def waiting_for(self, streams: Sequence[str], things: Sequence[str]) -> list[Held]:
        """The entries that wait for one of these streams or things."""
        if not self.rows("SELECT 1 FROM held WHERE stream IS NOT NULL AND status IN ('waiting', 'open') LIMIT 1"):
            return []
        found = [
            *self._among(f"{HELD} WHERE status IN ('waiting', 'open') AND stream IN", streams),
            *self._among(f"{HELD} WHERE status IN ('waiting', 'open') AND thing IN", things),
        ]
        held = {entry.number: entry for entry in (Held(*row) for row in found)}
        return [held[number] for number in sorted(held)]

    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Inserts many rows."""
        self._cursor.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks(len(columns))})",  # noqa: S608
            rows,
        )

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Executes a statement; what it returned."""
        return self._cursor.execute(statement, values).fetchall()

    def _among(self, select: str, values: Sequence[str]) -> list[Any]:
        rows: list[Any] = []
        for chunk in in_chunks(values, VARIABLES):
            rows += self._cursor.execute(f"{select} ({marks(len(chunk))})", chunk).fetchall()
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
        raise LedgerError(
            f"{path}: the ledger cannot be used: {error}", f"{path} : le registre est inutilisable : {french_of(error)}"
        ) from None
    except ConnectionPoolClosedError:
        raise LedgerError(f"{path}: the ledger is closed", f"{path} : le registre est fermé") from None
