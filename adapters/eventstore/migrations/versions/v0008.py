"""What the log was signed with: checkpoints, cosignatures of witnesses, timestamps, the keys; only ever added to."""

from adapters.eventstore.migrations.apply import run

revision = "0008"
down_revision = "0007"

TABLES = ("proof_checkpoint", "proof_cosignature", "proof_timestamp", "proof_key")
SQLITE = (
    (
        "CREATE TABLE proof_checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note BLOB NOT NULL,"
        " made INTEGER NOT NULL)"
    ),
    (
        "CREATE TABLE proof_cosignature (size INTEGER, key TEXT, line TEXT NOT NULL, made INTEGER NOT NULL,"
        " PRIMARY KEY (size, key)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE proof_timestamp (size INTEGER, authority TEXT, token BLOB NOT NULL, made INTEGER NOT NULL,"
        " PRIMARY KEY (size, authority)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE proof_key (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, since INTEGER NOT NULL,"
        " note BLOB, made INTEGER NOT NULL)"
    ),
    "CREATE INDEX proof_cosignature_key ON proof_cosignature (key, size)",
    "CREATE INDEX proof_timestamp_authority ON proof_timestamp (authority, size)",
    *(
        f"CREATE TRIGGER {table}_{done} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT,"
        f" '{table} of the ledger is never changed or deleted: it is evidence'); END"
        for table in TABLES
        for act, done in (("UPDATE", "unchanged"), ("DELETE", "undeleted"))
    ),
)
POSTGRES = (
    (
        "CREATE TABLE proof_checkpoint (size bigint PRIMARY KEY, root bytea NOT NULL, note bytea NOT NULL,"
        " made bigint NOT NULL)"
    ),
    (
        'CREATE TABLE proof_cosignature (size bigint, key text COLLATE "C", line text NOT NULL, made bigint NOT NULL,'
        " PRIMARY KEY (size, key))"
    ),
    (
        'CREATE TABLE proof_timestamp (size bigint, authority text COLLATE "C", token bytea NOT NULL,'
        " made bigint NOT NULL, PRIMARY KEY (size, authority))"
    ),
    (
        "CREATE TABLE proof_key (number bigint PRIMARY KEY, key text NOT NULL UNIQUE, since bigint NOT NULL,"
        " note bytea, made bigint NOT NULL)"
    ),
    "CREATE INDEX proof_cosignature_key ON proof_cosignature (key, size)",
    "CREATE INDEX proof_timestamp_authority ON proof_timestamp (authority, size)",
    *(
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION log_guard()"
        for table in TABLES
    ),
)


def upgrade() -> None:
    """Makes the tables, and guards them."""
    run(SQLITE, POSTGRES)
