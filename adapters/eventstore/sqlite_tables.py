"""The tables of a SQLite ledger: which version they are at, and how they come to be at another."""

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from adapters.eventstore.schema import FIRST, SELECT_VERSION, VERSION, is_behind
from adapters.privacy.persons import Persons
from domain.errors import LedgerError

APPLICATION_ID = 0x47524546
"""``GREF``, in the header of the file: says that it is a ledger and nobody else's database."""
LOCK_SECONDS = 60


def version_of(path: Path) -> str | None:
    """The version of the ledger in a file, None where it is empty or missing. Raises LedgerError for another's."""
    if not path.exists():
        return None
    with closing(_connect(path)) as connection:
        return _found(connection, path)


def prepare(path: Path, persons: Persons | None = None) -> None:
    """Brings the file to this program's version, whoever starts first. Raises LedgerError for a newer one."""
    with closing(_connect(path)) as connection:
        found = _found(connection, path)
        if found is not None and not is_behind(found):
            return
        _switch_to_wal(connection)
    migrate(path, persons=persons)


def migrate(path: Path, to: str = VERSION, persons: Persons | None = None) -> None:
    """Applies the versions that are missing, in one transaction; who waited for another's finds nothing to do.

    ``persons`` seals values of persons that a ledger from before holds; the file is then written anew, without them.
    """
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415 - only where there is something to apply
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from adapters.eventstore.migrations.apply import upgrade  # noqa: PLC0415

    raw = _connect(path)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            sealed, found = 0, _found(raw, path)
            if found is None or is_behind(found):
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
                sealed = upgrade(connection, found, to, None if found is None else persons)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {int(to)}")
            connection.commit()
            if sealed:
                raw.execute("VACUUM")  # keeps the positions: no row was ever deleted
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DBAPIError as error:
        raise (error.orig or error) from None
    finally:
        engine.dispose()
        raw.close()


def empty_log(path: Path) -> None:
    """Empties the write-ahead log into the file, unless somebody is reading."""
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)


def _found(connection: sqlite3.Connection, path: Path) -> str | None:
    mine = connection.in_transaction
    if not mine:
        connection.execute("BEGIN")
    try:
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables and owner in {0, APPLICATION_ID}:
            return None
        if owner != APPLICATION_ID:
            raise LedgerError(
                f"{path}: is a database, but not a ledger of greffe",
                f"{path} : est une base de données, mais pas un registre de greffe",
            )
        if "ledger_version" not in tables:
            return FIRST
        return str(connection.execute(SELECT_VERSION).fetchone()[0])
    finally:
        if not mine:
            connection.execute("ROLLBACK")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Two that start at once cannot both switch: SQLite does not wait here, so we do."""
    until = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < until:
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
            return
        time.sleep(0.01)
    connection.execute("PRAGMA journal_mode = WAL")
