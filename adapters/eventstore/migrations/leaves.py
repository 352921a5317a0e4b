"""What a ledger held before it had a log: values of persons are sealed, then each event gets its leaf, in order."""

from sqlalchemy import Connection

from adapters.clock import now
from adapters.eventstore.writing import Writes
from adapters.privacy.persons import Persons
from adapters.privacy.upgrading import seal_stored

PAGE = 5_000


def seal_persons(connection: Connection, persons: Persons) -> int:
    """Seals the values of persons in facts of before, in the connection's transaction; returns in how many."""
    position, writing = _writing(connection)
    return seal_stored(writing, position, persons, now())


def log_stored_events(connection: Connection) -> None:
    """Adds the leaves of all stored events, a page at a time, in the connection's transaction."""
    position, writing = _writing(connection)
    after = 0
    while found := writing.rows(
        f"SELECT {position}, originator_id, originator_version, topic, state FROM stored_events"  # noqa: S608 - ours
        f" WHERE {position} > ? ORDER BY {position} LIMIT {PAGE}",
        after,
    ):
        writing.log([tuple(row[1:]) for row in found])
        after = found[-1][0]


def _writing(connection: Connection) -> tuple[str, Writes]:
    """The name of the position, and what writes in the connection's transaction."""
    raw = connection.connection.driver_connection
    assert raw is not None
    writing: Writes
    if connection.dialect.name == "sqlite":
        from adapters.eventstore.sqlite import SqliteStore, SqliteWriting  # noqa: PLC0415 - this ledger's alone

        position, writing = SqliteStore.POSITION, SqliteWriting(raw.cursor())
    else:
        from adapters.eventstore.postgres import PostgresStore, PostgresWriting  # noqa: PLC0415

        position, writing = PostgresStore.POSITION, PostgresWriting(raw.cursor())
    return position, writing
