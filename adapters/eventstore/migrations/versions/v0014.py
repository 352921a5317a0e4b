"""The outbox: what is due to somebody, and the messages that carry it."""

from adapters.eventstore.migrations.apply import run

revision = "0014"
down_revision = "0013"

INDEXES = (
    "CREATE INDEX notification_contract ON notification (contract)",
    "CREATE INDEX notification_message_of ON notification (message)",
    "CREATE INDEX notification_release ON notification (release) WHERE state = 'waiting'",
    "CREATE INDEX notification_message_state ON notification_message (state, next)",
    "CREATE INDEX notification_message_noted ON notification_message (sent) WHERE state = 'sent' AND noted = 0",
)
SQLITE = (
    (
        "CREATE TABLE notification (id TEXT PRIMARY KEY, contract TEXT NOT NULL, thing TEXT NOT NULL,"
        " due INTEGER NOT NULL, threshold TEXT NOT NULL, rank INTEGER NOT NULL, rule TEXT NOT NULL,"
        " recipient TEXT NOT NULL, severity TEXT NOT NULL, grouped TEXT NOT NULL, at INTEGER NOT NULL,"
        " release INTEGER NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL, message TEXT, sent INTEGER,"
        " acknowledged INTEGER) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE notification_message (id TEXT PRIMARY KEY, recipient TEXT NOT NULL, grouped TEXT NOT NULL,"
        " made INTEGER NOT NULL, state TEXT NOT NULL, holder TEXT NOT NULL, lease INTEGER NOT NULL,"
        " attempts INTEGER NOT NULL, next INTEGER NOT NULL, error TEXT NOT NULL, sent INTEGER,"
        " noted INTEGER NOT NULL) WITHOUT ROWID"
    ),
    *INDEXES,
)
POSTGRES = (
    (
        'CREATE TABLE notification (id text COLLATE "C" PRIMARY KEY, contract text COLLATE "C" NOT NULL,'
        ' thing text COLLATE "C" NOT NULL, due bigint NOT NULL, threshold text NOT NULL, rank bigint NOT NULL,'
        ' rule text NOT NULL, recipient text COLLATE "C" NOT NULL, severity text NOT NULL,'
        ' grouped text COLLATE "C" NOT NULL, at bigint NOT NULL, release bigint NOT NULL, body bytea NOT NULL,'
        ' state text NOT NULL, message text COLLATE "C", sent bigint, acknowledged bigint)'
    ),
    (
        'CREATE TABLE notification_message (id text COLLATE "C" PRIMARY KEY, recipient text NOT NULL,'
        " grouped text NOT NULL, made bigint NOT NULL, state text NOT NULL, holder text NOT NULL,"
        " lease bigint NOT NULL, attempts bigint NOT NULL, next bigint NOT NULL, error text NOT NULL, sent bigint,"
        " noted bigint NOT NULL)"
    ),
    *INDEXES,
)


def upgrade() -> None:
    """Makes the tables."""
    run(SQLITE, POSTGRES)
