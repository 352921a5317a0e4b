"""The log of evidence: a leaf for every stored event, those of before included; facts and leaves are never changed.

The steps keep their order: what is done to the facts of before is done ahead of their leaves, and the triggers that
refuse any change come last.
"""

import secrets

from alembic import op

from adapters.clock import now
from adapters.eventstore.migrations.apply import run, seal
from adapters.eventstore.migrations.leaves import log_stored_events, seal_persons
from domain.time.instant import format_instant

revision = "0007"
down_revision = "0006"

SQLITE = (
    "CREATE TABLE proof_log (origin TEXT NOT NULL, made TEXT NOT NULL)",
    (
        "CREATE TABLE proof_leaf (idx INTEGER PRIMARY KEY, hash BLOB NOT NULL, entry BLOB NOT NULL, tenant TEXT,"
        " tseq INTEGER, stream TEXT, version INTEGER, seed BLOB)"
    ),
    "CREATE UNIQUE INDEX proof_leaf_tenant ON proof_leaf (tenant, tseq)",
    (
        "CREATE TABLE proof_node (level INTEGER, idx INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, idx))"
        " WITHOUT ROWID"
    ),
    "CREATE TABLE proof_state (size INTEGER NOT NULL, frontier BLOB NOT NULL)",
    "INSERT INTO proof_state VALUES (0, x'')",
    (
        "CREATE TABLE proof_head (subject TEXT PRIMARY KEY, tenant TEXT NOT NULL, tseq INTEGER NOT NULL,"
        " leaf_hash BLOB NOT NULL) WITHOUT ROWID"
    ),
)
POSTGRES = (
    "LOCK TABLE stored_events IN EXCLUSIVE MODE",
    "CREATE TABLE proof_log (origin text NOT NULL, made text NOT NULL)",
    (
        "CREATE TABLE proof_leaf (idx bigint PRIMARY KEY, hash bytea NOT NULL, entry bytea NOT NULL,"
        ' tenant text COLLATE "C", tseq bigint, stream text COLLATE "C", version bigint, seed bytea)'
    ),
    "CREATE UNIQUE INDEX proof_leaf_tenant ON proof_leaf (tenant, tseq)",
    "CREATE TABLE proof_node (level bigint, idx bigint, hash bytea NOT NULL, PRIMARY KEY (level, idx))",
    "CREATE TABLE proof_state (size bigint NOT NULL, frontier bytea NOT NULL)",
    "INSERT INTO proof_state VALUES (0, '')",
    (
        'CREATE TABLE proof_head (subject text COLLATE "C" PRIMARY KEY, tenant text NOT NULL, tseq bigint NOT NULL,'
        " leaf_hash bytea NOT NULL)"
    ),
    (
        "CREATE FUNCTION log_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% of the ledger is never changed or deleted: it is evidence', TG_TABLE_NAME; END $$"
    ),
)
KEPT = ("stored_events", "proof_log", "proof_leaf", "proof_node")
SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER {table}_{done} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT,"
    f" '{table} of the ledger is never changed or deleted: it is evidence'); END"
    for table in KEPT
    for act, done in (("UPDATE", "unchanged"), ("DELETE", "undeleted"))
)
POSTGRES_GUARDS = tuple(
    f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION log_guard()"
    for table in KEPT
)


def upgrade() -> None:
    """Makes the tables and the leaves of what is stored already, then guards them."""
    run(SQLITE, POSTGRES)
    origin = f"greffe/{secrets.token_hex(16)}"
    op.execute(f"INSERT INTO proof_log VALUES ('{origin}', '{format_instant(now())}')")  # noqa: S608 - ours
    seal(seal_persons)
    log_stored_events(op.get_bind())
    run(SQLITE_GUARDS, POSTGRES_GUARDS)
