"""The tables of a PostgreSQL ledger: which version they are at, and how they come to be at another.

A worker makes the tables of an empty database where its role may. It never alters those of a ledger: a version behind
is refused until somebody runs ``greffe migrate`` as the owner, so that no worker changes what the others stand on.
"""

from typing import Any

import psycopg
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege, UndefinedTable

from adapters.eventstore import postgres_roles as roles
from adapters.eventstore.schema import FIRST, SELECT_VERSION, VERSION, behind, is_behind
from adapters.privacy.persons import Persons
from domain.errors import LedgerError

REWRITTEN = ("stored_events", "held", "fact_key")
"""The tables in which the upgrade of an old ledger leaves rows behind that it has replaced."""
START_UP_LOCK = 6_774_710_017
OLD_TABLES = ("stored_events", "fact_key", "held", "tracked_position", "statement_view")
OLD_COLUMNS = (
    "SELECT originator_id, originator_version, topic, state, notification_id FROM stored_events LIMIT 0",
    "SELECT key, content FROM fact_key LIMIT 0",
    "SELECT number, status, reason, body, key, content, stream, thing, subject FROM held LIMIT 0",
    "SELECT name, value FROM tracked_position LIMIT 0",
    "SELECT generation, contract, body FROM statement_view LIMIT 0",
)


def version_of(parts: dict[str, Any]) -> str | None:
    """The version of the ledger in a database, None where there is none. Raises LedgerError for something else."""
    with psycopg.connect(**parts) as connection:
        encoding = connection.info.encoding
        if encoding != "utf-8":
            raise LedgerError(
                f"the PostgreSQL ledger must be in UTF-8, this connection speaks {encoding}",
                f"le registre PostgreSQL doit être en UTF-8, cette connexion parle {encoding}",
            )
        return _found(connection)


def prepare(parts: dict[str, Any]) -> None:
    """Makes the tables of an empty database. Raises LedgerError for a ledger of another version."""
    found = version_of(parts)
    if found is None:
        try:
            migrate(parts)
        except InsufficientPrivilege:
            raise LedgerError(
                "the database holds no ledger, and this role may not make one: run greffe migrate as the role that is"
                " to own it",
                "la base n'a pas de registre, et ce rôle ne peut pas en faire un : lancez greffe migrate avec le rôle"
                " qui doit le posséder",
            ) from None
    elif is_behind(found):
        raise behind(found)


def migrate(
    parts: dict[str, Any], to: str = VERSION, *, with_roles: bool = False, persons: Persons | None = None
) -> None:
    """Applies the versions that are missing, in one transaction; who waited for another's finds nothing to do.

    ``with_roles`` makes the roles too; the roles that exist are given their rights. ``persons`` seals values of persons
    that a ledger from before holds; the tables are then written anew, without them.
    """
    from sqlalchemy import NullPool, create_engine  # noqa: PLC0415 - only where there is something to apply
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from adapters.eventstore.migrations.apply import upgrade  # noqa: PLC0415

    raw = psycopg.connect(**parts)
    sealed = 0
    engine = create_engine("postgresql+psycopg://", creator=lambda: raw, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (START_UP_LOCK,))
            with raw.transaction():
                found = _found(raw)
            if found is None or is_behind(found):
                roles.act_as_owner(raw)
                sealed = upgrade(connection, found, to, None if found is None else persons)
                if to == VERSION and not with_roles:
                    roles.grant(raw)
            if with_roles:
                roles.make(raw)
    except DBAPIError as error:
        raise (error.orig or error) from None
    finally:
        engine.dispose()
        raw.close()
    if sealed:
        with psycopg.connect(**parts, autocommit=True) as connection:
            for table in REWRITTEN:
                connection.execute(f"VACUUM FULL {table}".encode())


def _found(connection: Connection[Any]) -> str | None:
    try:
        with connection.transaction():
            row = connection.execute(SELECT_VERSION.encode()).fetchone()
    except UndefinedTable:
        return _unversioned(connection)
    return None if row is None else str(row[0])


def _unversioned(connection: Connection[Any]) -> str | None:
    """A ledger from before versions were kept has all of the first tables; an empty database has none."""
    found = connection.execute(
        "SELECT count(*) FROM unnest(%s::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NOT NULL",
        (list(OLD_TABLES),),
    ).fetchone()
    if found == (0,):
        return None
    for statement in OLD_COLUMNS:
        connection.execute(statement.encode())
    return FIRST
