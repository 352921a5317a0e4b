"""The production store: PostgreSQL. Batches go in by COPY, without a pipeline, under the library's table lock.

The library's own path is not used for batches: it pipelines, and a pipelined batch of some ten megabytes stalls for
ever while it holds the lock. The table of events is the library's own; the others are ours, in the same transaction.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError, PersistenceError
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, TupleRow, dict_row, tuple_row
from psycopg.sql import SQL, Identifier
from psycopg_pool import PoolTimeout

from adapters.eventstore import postgres_tables as tables
from adapters.eventstore.reading import HELD, Reads
from adapters.eventstore.store import HELD_FIELDS, Held, Row
from adapters.eventstore.viewing import ViewWriting
from adapters.eventstore.writing import Writes
from adapters.evidence.leaf import Head
from adapters.privacy.persons import KeyPlace, Persons
from domain.errors import LedgerError

CONNECT_SECONDS = 10
LOCK_SECONDS = 120
CONNECTIONS = 5
"""As many as one process holds at most. A write may read beside its transaction, so never fewer than two."""
VIEWS_LOCK = 6_774_710_020
OUTBOX_LOCK = 6_774_710_022
LOCK = f"SELECT set_config('lock_timeout', '{LOCK_SECONDS}s', true), ledger_lock(), pg_notify('stored_events', '')"
"""The library's own lock and notice, in one round trip: positions are handed out in the order of the commits."""
YES = frozenset({"1", "y", "yes", "t", "true", "on"})


class PostgresStore(Reads):
    """A store in one PostgreSQL database. ``url`` is a libpq connection string or URI.

    It holds as many as ``connections``; who finds none free within ``wait_seconds`` gets a LedgerError. A connection
    that the server closed is replaced before it is used. Raises LedgerError where the server cannot be reached, or the
    database holds something else. Without its ``log`` an event leaves no proof: that is for the bench. ``persons`` is
    where its key store is: without one, facts with values of persons cannot be recorded.
    """

    POSITION = "notification_id"

    def __init__(
        self,
        url: str,
        connections: int = CONNECTIONS,
        wait_seconds: float = CONNECT_SECONDS,
        *,
        log: bool = True,
        persons: KeyPlace | None = None,
    ) -> None:
        self.persons = Persons(persons)
        if os.environ.get("POSTGRES_ENABLE_DB_FUNCTIONS", "").lower() in YES:
            raise LedgerError(
                "POSTGRES_ENABLE_DB_FUNCTIONS is set: that path bypasses the ledger's lock and idempotency; unset it",
                "POSTGRES_ENABLE_DB_FUNCTIONS est donné : cette voie contourne le verrou et l'idempotence du registre"
                " ; retirez-le",
            )
        parts = _parts_of(url)
        with _said_plainly():
            tables.prepare(parts)
        self._datastore = PostgresDatastore(
            dbname="",
            host="",
            port="",
            user="",
            password="",
            connect_timeout=wait_seconds,
            pool_size=1,
            max_overflow=connections - 1,
            pre_ping=True,
            originator_id_type="text",
        )
        self._closed = False
        self._log = log
        pool = self._datastore.pool
        # A server that is back is asked again at the next request, not after a delay that grew while it was away.
        pool.reconnect_timeout = wait_seconds
        # Every word of the address counts (sslmode, options …), not only the five the library knows.
        pool.kwargs = {**parts, "row_factory": dict_row}

    @contextmanager
    def writing(self) -> Iterator["PostgresWriting"]:
        """One write transaction; the table lock makes writers wait for each other."""
        with self._connection() as connection, connection.transaction():
            cursor = connection.cursor(row_factory=tuple_row)
            cursor.execute(LOCK, prepare=True)
            yield PostgresWriting(cursor, log=self._log)

    def overwriting(self) -> AbstractContextManager["PostgresWriting"]:
        """One write transaction. The server keeps what it replaces until the owner of the table has it rewritten."""
        return self.writing()

    @contextmanager
    def viewing(self) -> Iterator[ViewWriting]:
        """One transaction on the views; it waits for others on the views, and ingest does not wait for it."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (VIEWS_LOCK,))
            yield ViewWriting(PostgresWriting(connection.cursor(row_factory=tuple_row)))

    @contextmanager
    def notifying(self) -> Iterator["PostgresWriting"]:
        """One write transaction on the outbox; it waits for others on the outbox, and ingest does not wait for it."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (OUTBOX_LOCK,))
            yield PostgresWriting(connection.cursor(row_factory=tuple_row))

    @contextmanager
    def _connection(self) -> Iterator[Connection[DictRow]]:
        if self._closed:  # a pool that was never used would open now
            raise LedgerError("the PostgreSQL ledger is closed", "le registre PostgreSQL est fermé")
        try:
            with _said_plainly(), self._datastore.get_connection() as connection:
                yield connection
        except _NoneFreeError:
            pool = self._datastore.pool
            if pool.get_stats()["pool_size"] < pool.max_size:
                raise LedgerError(
                    f"the PostgreSQL ledger cannot be used: the server did not answer for {pool.timeout:g} s",
                    f"le registre PostgreSQL est inutilisable : le serveur n'a pas répondu en {pool.timeout:g} s",
                ) from None
            raise LedgerError(
                f"the PostgreSQL ledger cannot be used: all {pool.max_size} connections of this process were in use"
                f" for {pool.timeout:g} s; allow more (ledger.connections) or ask less at once",
                f"le registre PostgreSQL est inutilisable : les {pool.max_size} connexions de ce processus étaient"
                f" prises pendant {pool.timeout:g} s ; permettez-en plus (ledger.connections)"
                " ou demandez moins à la fois",
            ) from None

    def close(self) -> None:
        """Closes every connection."""
        self._closed = True
        self._datastore.close()
        self.persons.close()

    def _read(self, statement: str, *values: Any) -> list[TupleRow]:
        with self._connection() as connection:
            cursor = connection.cursor(row_factory=tuple_row, binary=True)
            return cursor.execute(statement.replace("?", "%s"), values).fetchall()


class PostgresWriting(Writes):
    """The write side of one PostgreSQL transaction."""

    def __init__(self, cursor: Cursor[TupleRow], *, log: bool = True) -> None:
        self._cursor = cursor
        self._log = log

    def contents(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes already recorded under these keys."""
        return dict(self.rows("SELECT key, content FROM fact_key WHERE key = ANY(%s)", list(keys)))

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The states of each stream, oldest version first."""
        rows = self.rows(
            "SELECT originator_id, state FROM stored_events WHERE originator_id = ANY(%s)"
            " ORDER BY originator_id, originator_version",
            list(streams),
        )
        found: dict[str, list[bytes]] = {}
        for stream, state in rows:
            found.setdefault(stream, []).append(state)
        return found

    def append(self, rows: Sequence[Row]) -> None:
        """Appends events and their leaves by COPY; a version that exists raises the library's IntegrityError."""
        columns = {"originator_id": "text", "originator_version": "int8", "topic": "text", "state": "bytea"}
        try:
            self.insert("stored_events", columns, rows)
        except psycopg.IntegrityError as error:
            raise IntegrityError(_line(error)) from error
        if self._log:
            self.log(rows)

    def heads_of(self, subjects: Sequence[str]) -> dict[str, Head]:
        """Where these subjects stand in the log."""
        statement = "SELECT subject, tenant, tseq, leaf_hash FROM proof_head WHERE subject = ANY(%s)"
        return {subject: Head(*head) for subject, *head in self.rows(statement, list(subjects))}

    def set_heads(self, heads: Iterable[tuple[str, str, int, bytes]]) -> None:
        """Records where subjects stand in the log."""
        self._cursor.execute(
            "INSERT INTO proof_head SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bytea[])"
            " ON CONFLICT (subject) DO UPDATE SET tseq = excluded.tseq, leaf_hash = excluded.leaf_hash",
            list(map(list, zip(*heads, strict=True))),
        )

    def remember(self, keys: Iterable[tuple[str, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs, in the order of the keys."""
        pairs = sorted(dict(keys).items())
        self._cursor.execute(
            "INSERT INTO fact_key SELECT * FROM unnest(%s::text[], %s::bytea[])"
            " ON CONFLICT (key) DO UPDATE SET content = excluded.content",
            ([key for key, _ in pairs], [content for _, content in pairs]),
        )

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""
        columns = {name: "bytea" if name in {"body", "content"} else "text" for name in HELD_FIELDS}
        self.insert("held", columns, [[getattr(entry, name) for name in HELD_FIELDS] for entry in entries])

    def waiting_for(self, streams: Sequence[str], things: Sequence[str]) -> list[Held]:
        """The entries that wait for one of these streams or things."""
        if not self.rows("SELECT 1 FROM held WHERE stream IS NOT NULL AND status IN ('waiting', 'open') LIMIT 1"):
            return []
        where = "status IN ('waiting', 'open') AND (stream = ANY(%s) OR thing = ANY(%s))"
        return [Held(*row) for row in self.rows(f"{HELD} WHERE {where} ORDER BY number", list(streams), list(things))]

    def insert(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Inserts many rows by COPY."""
        names = SQL(", ").join(map(Identifier, columns))
        into = SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(Identifier(table), names)
        with self._cursor.copy(into) as copy:
            copy.set_types(list(columns.values()))
            for row in rows:
                copy.write_row(row)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Executes a statement; what it returned."""
        cursor = self._cursor.execute(statement.replace("?", "%s"), values, binary=True)
        return cursor.fetchall() if cursor.description else []


def version_of(url: str) -> str | None:
    """The version of the ledger's tables, None where the database holds none."""
    with _said_plainly():
        return tables.version_of(_parts_of(url))


def migrate(url: str, *, with_roles: bool = False, persons: KeyPlace | None = None) -> None:
    """Brings the tables to this program's version; the role must own them, and may make the roles of the ledger."""
    with _said_plainly():
        tables.migrate(_parts_of(url), with_roles=with_roles, persons=Persons(persons))


def _parts_of(url: str) -> dict[str, Any]:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error as error:
        raise LedgerError(
            f"the ledger's address is not one of PostgreSQL: {_line(error)}",
            f"l'adresse du registre n'est pas une adresse PostgreSQL : {_line(error)}",
        ) from None
    parts.setdefault("connect_timeout", CONNECT_SECONDS)
    return dict(parts)


class _NoneFreeError(Exception):
    """No connection came free in time."""


@contextmanager
def _said_plainly() -> Iterator[None]:
    """A failure of the server, as a sentence."""
    try:
        yield
    except IntegrityError:
        raise
    except (psycopg.Error, PersistenceError) as error:
        if isinstance(error, PoolTimeout) or isinstance(error.__cause__, PoolTimeout):
            raise _NoneFreeError from None
        raise LedgerError(
            f"the PostgreSQL ledger cannot be used: {_line(error)}",
            f"le registre PostgreSQL est inutilisable : {_line(error)}",
        ) from None


def _line(error: Exception) -> str:
    """The first line of what the server said: the next ones quote statements."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
