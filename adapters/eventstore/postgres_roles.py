"""Who may do what in a PostgreSQL ledger: roles without a password, to which an administrator adds those who log in.

``greffe_owner`` migrates. ``greffe_ingest`` appends facts and holds others in quarantine: it cannot change or delete a
fact. ``greffe_api`` may do the same, keep keys, grants and the access log, and acknowledge notifications.
``greffe_sign`` reads the log and adds what signs it. ``greffe_notify`` reads the ledger, keeps the outbox and says in
the log what it sent. ``greffe_reader`` reads the ledger.
"""

from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

OWNER = "greffe_owner"
READ, ADD, KEEP, ALL = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE, DELETE"
LEDGER = {
    "ledger_version": READ,
    "stored_events": ADD,
    "fact_key": KEEP,
    "held": KEEP,
    "tracked_position": KEEP,
    **dict.fromkeys(("statement_view", "fact_index", "contract_view", "deadline_view", "deadline_change"), ALL),
}
LOG = {
    "proof_log": READ,
    "proof_leaf": ADD,
    "proof_node": ADD,
    "proof_state": "SELECT, UPDATE",
    "proof_head": KEEP,
}
PROOFS = dict.fromkeys(("proof_checkpoint", "proof_cosignature", "proof_timestamp", "proof_key"), READ)
ACCESS = {"access_key": KEEP, "access_grant": KEEP, "access_feed": KEEP, "access_ended": KEEP, "access_log": ADD} | {
    "access_log_kept": READ,
    "audit": ADD,
    "dispute": ALL,
}
OUTBOX = dict.fromkeys(("notification", "notification_message"), KEEP)
TABLES = LEDGER | LOG | PROOFS | ACCESS | OUTBOX
GRANTS = {
    "greffe_ingest": LEDGER | LOG | PROOFS,
    "greffe_api": LEDGER
    | LOG
    | PROOFS
    | ACCESS
    | {"notification": "SELECT, UPDATE (acknowledged)", "notification_message": READ},
    "greffe_sign": {"ledger_version": READ, "tracked_position": KEEP}
    | LOG
    | {"proof_head": READ}
    | dict.fromkeys(PROOFS, ADD),
    "greffe_notify": dict.fromkeys(LEDGER, READ)
    | {"stored_events": ADD, "tracked_position": KEEP}
    | LOG
    | dict.fromkeys(PROOFS, READ)
    | OUTBOX,
    "greffe_reader": dict.fromkeys(LEDGER | LOG | PROOFS | OUTBOX, READ),
}
WRITERS = {"greffe_ingest", "greffe_api", "greffe_sign", "greffe_notify"}
SEQUENCES = {
    "greffe_ingest": ("stored_events_notification_id_seq",),
    "greffe_notify": ("stored_events_notification_id_seq",),
    "greffe_api": (
        "stored_events_notification_id_seq",
        "access_grant_number_seq",
        "access_log_number_seq",
        "audit_number_seq",
    ),
}


def make(connection: Connection[Any]) -> None:
    """Makes the roles that are missing and gives the ledger to its owner. Needs the right to make roles."""
    existing = _existing(connection)
    for role in (OWNER, *GRANTS):
        if role not in existing:
            connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
    schema = connection.execute("SELECT current_schema()").fetchone()
    assert schema is not None
    for role in GRANTS:
        connection.execute(SQL("GRANT USAGE ON SCHEMA {} TO {}").format(Identifier(schema[0]), Identifier(role)))
    connection.execute(SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(Identifier(schema[0]), Identifier(OWNER)))
    for table in TABLES:
        connection.execute(SQL("ALTER TABLE {} OWNER TO {}").format(Identifier(table), Identifier(OWNER)))
    for function in ("ledger_lock", "access_log_guard", "log_guard", "audit_guard"):
        connection.execute(SQL("ALTER FUNCTION {}() OWNER TO {}").format(Identifier(function), Identifier(OWNER)))
    grant(connection)


def grant(connection: Connection[Any]) -> None:
    """Gives each role that exists its rights on the tables, and no other."""
    existing = _existing(connection)
    connection.execute("REVOKE ALL ON FUNCTION ledger_lock() FROM PUBLIC")
    for role, tables in GRANTS.items():
        if role not in existing:
            continue
        for table in TABLES:
            connection.execute(SQL("REVOKE ALL ON {} FROM {}").format(Identifier(table), Identifier(role)))
        for table, rights in tables.items():
            connection.execute(SQL(f"GRANT {rights} ON {{}} TO {{}}").format(Identifier(table), Identifier(role)))
        for sequence in SEQUENCES.get(role, ()):
            connection.execute(SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(Identifier(sequence), Identifier(role)))
        if role in WRITERS:
            connection.execute(SQL("GRANT EXECUTE ON FUNCTION ledger_lock() TO {}").format(Identifier(role)))


def act_as_owner(connection: Connection[Any]) -> None:
    """From here to the end of the transaction, who may be the owner is: what is made then belongs to it."""
    found = connection.execute(
        "SELECT 1 FROM pg_tables JOIN pg_roles ON rolname = tableowner WHERE tablename = 'stored_events'"
        " AND schemaname = current_schema() AND tableowner = %s AND pg_has_role(current_user, tableowner, 'MEMBER')",
        (OWNER,),
    ).fetchone()
    if found:
        connection.execute(SQL("SET LOCAL ROLE {}").format(Identifier(OWNER)))


def _existing(connection: Connection[Any]) -> set[str]:
    return {str(row[0]) for row in connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'greffe%'")}
