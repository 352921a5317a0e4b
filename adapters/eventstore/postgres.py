"""The production store: PostgreSQL. Batches go in by COPY, without a pipeline, under the library's table lock.

The library's own path is not used for batches: it pipelines, and a pipelined batch of some ten megabytes stalls for ever
while it holds the lock.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from adapters.eventstore.store import Entry, Held, Status, subject_range
from domain.errors import LedgerError

TABLES = (
    "CREATE TABLE IF NOT EXISTS fact_key (key bytea PRIMARY KEY, content bytea NOT NULL)",
    "CREATE TABLE IF NOT EXISTS held (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, status text NOT NULL,"
    " reason text NOT NULL, reason_fr text NOT NULL, origin text NOT NULL, received text NOT NULL, body bytea NOT NULL,"
    " stream text, source text, fact_id text, subject text, type text, key bytea, content bytea)",
    "CREATE INDEX IF NOT EXISTS held_waiting ON held (stream) WHERE status = 'waiting'",
    "CREATE TABLE IF NOT EXISTS tracked_position (name text PRIMARY KEY, value bigint NOT NULL)",
    'CREATE TABLE IF NOT EXISTS statement_view (generation bigint, contract text COLLATE "C", body bytea NOT NULL,'
    " PRIMARY KEY (generation, contract))",
)
HELD_COLUMNS = "number, status, reason, reason_fr, origin, received, body, stream, source, fact_id, subject, type, key, content"
START_UP_LOCK = 6_774_710_017


class Recorder(PostgresApplicationRecorder):
    """The library's recorder over stream ids in byte order, so that one subject is one range of the primary key."""

    def create_table(self) -> None:
        """Creates the tables once, whoever starts first."""
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (START_UP_LOCK,))
            for statement in self.sql_create_statements:
                text = statement.as_string()
                if "CREATE TYPE" in text or "FUNCTION" in text:
                    continue
                cursor.execute(SQL(text.replace('originator_id "text" NOT NULL', 'originator_id text COLLATE "C" NOT NULL')))
            for table in TABLES:
                cursor.execute(SQL(table))

    def lock(self, cursor: Cursor[DictRow]) -> None:
        """Takes the library's lock: positions are handed out in the order of the commits."""
        self._lock_table(cursor)
        self._notify_channel(cursor)


class PostgresStore:
    """A store in one PostgreSQL schema. ``url`` is a libpq connection string or URI."""

    def __init__(self, url: str) -> None:
        if os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in {"1", "y", "yes", "t", "true", "on"}:
            raise LedgerError(
                "POSTGRES_ENABLE_DB_FUNCTIONS is set: that path bypasses the ledger's lock and its idempotency; unset it"
            )
        try:
            parts = conninfo_to_dict(url)
        except psycopg.Error as error:
            raise LedgerError(f"the ledger's address is not a PostgreSQL one: {error}") from None
        self._datastore = PostgresDatastore(
            dbname=str(parts.get("dbname") or "greffe"),
            host=str(parts.get("host") or ""),
            port=str(parts.get("port") or "5432"),
            user=str(parts.get("user") or ""),
            password=str(parts.get("password") or ""),
            pool_size=1,
            max_overflow=4,
            originator_id_type="text",
        )
        try:
            self._recorder = Recorder(self._datastore)
            self._recorder.create_table()
        except Exception as error:
            self._datastore.close()
            raise LedgerError(f"the PostgreSQL ledger cannot be opened: {error}") from None

    @contextmanager
    def writing(self) -> Iterator["PostgresWriting"]:
        """One write transaction; the table lock makes writers wait for each other."""
        with self._datastore.transaction(commit=True) as cursor:
            self._recorder.lock(cursor)
            yield PostgresWriting(cursor)

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The facts recorded after a position."""
        notifications = self._recorder.select_notifications(after, limit, inclusive_of_start=False)
        return [Entry(n.id, str(n.originator_id), n.topic, n.state) for n in notifications]

    def entries_of(self, subject: str) -> list[Entry]:
        """The facts of one subject, in the order of their commits."""
        rows = self._read(
            "SELECT notification_id, originator_id, topic, state FROM stored_events"
            ' WHERE originator_id COLLATE "C" >= %s AND originator_id COLLATE "C" < %s ORDER BY notification_id',
            subject_range(subject),
        )
        return [Entry(row[0], row[1], row[2], bytes(row[3])) for row in rows]

    def quarantine(self, status: Status | None = None) -> list[Held]:
        """The entries of the quarantine, oldest first."""
        where, values = ("", ()) if status is None else (" WHERE status = %s", (status,))
        return [_held(row) for row in self._read(f"SELECT {HELD_COLUMNS} FROM held{where} ORDER BY number", values)]  # noqa: S608

    def view(self, contract: str) -> bytes | None:
        """The current view of a contract."""
        rows = self._read(
            "SELECT body FROM statement_view WHERE contract = %s AND generation = (SELECT value FROM tracked_position WHERE name = 'generation')",
            (contract,),
        )
        return bytes(rows[0][0]) if rows else None

    def views(self) -> list[str]:
        """The contracts of the current generation."""
        rows = self._read(
            "SELECT contract FROM statement_view WHERE generation = (SELECT value FROM tracked_position WHERE name = 'generation')"
            " ORDER BY contract"
        )
        return [row[0] for row in rows]

    def position(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self._read("SELECT value FROM tracked_position WHERE name = %s", (name,))
        return int(rows[0][0]) if rows else None

    def close(self) -> None:
        """Closes every connection."""
        self._datastore.close()

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._datastore.transaction(commit=False) as cursor:
            cursor.execute(statement, values)  # type: ignore[call-overload]  # the statements are ours, not a user's
            return [tuple(row.values()) for row in cursor.fetchall()]


class PostgresWriting:
    """The write side of one PostgreSQL transaction."""

    def __init__(self, cursor: Cursor[DictRow]) -> None:
        self._cursor = cursor

    def contents(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The content hashes already recorded under these keys."""
        rows = self._rows("SELECT key, content FROM fact_key WHERE key = ANY(%s)", (list(keys),))
        return {bytes(key): bytes(content) for key, content in rows}

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The events of each stream, oldest version first."""
        rows = self._rows(
            "SELECT originator_id, state FROM stored_events WHERE originator_id = ANY(%s)"
            " ORDER BY originator_id, originator_version",
            (list(streams),),
        )
        found: dict[str, list[bytes]] = {}
        for stream, body in rows:
            found.setdefault(stream, []).append(bytes(body))
        return found

    def append(self, events: Sequence[StoredEvent]) -> None:
        """Appends events by COPY; a version that exists raises the library's IntegrityError."""
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in events]
        try:
            self._copy("stored_events", ("originator_id", "originator_version", "topic", "state"), rows)
        except psycopg.IntegrityError as error:
            raise IntegrityError(str(error)) from error

    def remember(self, keys: Iterable[tuple[bytes, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs."""
        self._copy("fact_key", ("key", "content"), keys)

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""
        self._copy(
            "held",
            ("status", "reason", "reason_fr", "origin", "received", "body", "stream", "source", "fact_id", "subject", "type",
             "key", "content"),
            [
                (e.status, e.reason, e.reason_fr, e.origin, e.received, e.body, e.stream, e.source, e.fact_id, e.subject,
                 e.type, e.key, e.content)
                for e in entries
            ],
        )

    def waiting_for(self, streams: Sequence[str]) -> list[Held]:
        """The entries that wait for one of these streams."""
        rows = self._rows(
            f"SELECT {HELD_COLUMNS} FROM held WHERE status = 'waiting' AND stream = ANY(%s) ORDER BY number",  # noqa: S608
            (list(streams),),
        )
        return [_held(row) for row in rows]

    def held(self, number: int) -> Held | None:
        """One entry of the quarantine."""
        rows = self._rows(f"SELECT {HELD_COLUMNS} FROM held WHERE number = %s", (number,))  # noqa: S608
        return _held(rows[0]) if rows else None

    def mark(self, number: int, status: Status) -> None:
        """Changes the status of an entry."""
        self._cursor.execute("UPDATE held SET status = %s WHERE number = %s", (status, number))

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""
        rows = self._rows("SELECT value FROM tracked_position WHERE name = %s", (name,))
        return int(rows[0][0]) if rows else None

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""
        self._cursor.execute(
            "INSERT INTO tracked_position VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, position)
        )

    def show(self, generation: int, views: Iterable[tuple[str, bytes]]) -> None:
        """Writes the view of each contract in a generation."""
        rows = list(views)
        self._cursor.execute(
            "INSERT INTO statement_view SELECT %s, contract, body FROM unnest(%s::text[], %s::bytea[]) AS new (contract, body)"
            " ON CONFLICT (generation, contract) DO UPDATE SET body = excluded.body",
            (generation, [row[0] for row in rows], [row[1] for row in rows]),
        )

    def drop_generations(self, keep: int) -> None:
        """Deletes the views of every other generation."""
        self._cursor.execute("DELETE FROM statement_view WHERE generation <> %s", (keep,))

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        names = SQL(", ").join(map(Identifier, columns))
        with self._cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)) as copy:
            for row in rows:
                copy.write_row(row)

    def _rows(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        self._cursor.execute(statement, values)  # type: ignore[call-overload]  # the statements are ours, not a user's
        return [tuple(row.values()) for row in self._cursor.fetchall()]


def _held(row: Sequence[Any]) -> Held:
    values = dict(zip(HELD_COLUMNS.split(", "), row, strict=True))
    for name in ("body", "key", "content"):
        if values[name] is not None:
            values[name] = bytes(values[name])
    return Held(**values)
