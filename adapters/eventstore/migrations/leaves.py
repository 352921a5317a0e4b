"""The leaves of the events that a ledger held before it had a log, in the order of the commits."""

from sqlalchemy import Connection

from adapters.eventstore.writing import Writes

PAGE = 5_000


def log_stored_events(connection: Connection) -> None:
    """Adds the leaves of all stored events, a page at a time, in the connection's transaction."""
    raw = connection.connection.driver_connection
    assert raw is not None
    writing: Writes
    if connection.dialect.name == "sqlite":
        from adapters.eventstore.sqlite import SqliteStore, SqliteWriting  # noqa: PLC0415 - this ledger's alone

        position, writing = SqliteStore.POSITION, SqliteWriting(raw.cursor())
    else:
        from adapters.eventstore.postgres import PostgresStore, PostgresWriting  # noqa: PLC0415

        position, writing = PostgresStore.POSITION, PostgresWriting(raw.cursor())
    after = 0
    while found := writing.rows(
        f"SELECT {position}, originator_id, originator_version, topic, state FROM stored_events"  # noqa: S608 - ours
        f" WHERE {position} > ? ORDER BY {position} LIMIT {PAGE}",
        after,
    ):
        writing.log([tuple(row[1:]) for row in found])
        after = found[-1][0]
