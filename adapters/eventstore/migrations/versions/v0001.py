"""The first tables: events (the library's own), idempotency keys, the quarantine, positions, statements."""

from adapters.eventstore.migrations.apply import run

revision = "0001"
down_revision = None

_UNSETTLED = "('waiting', 'open')"
_HELD_INDEXES = (
    f"CREATE INDEX held_stream ON held (stream) WHERE stream IS NOT NULL AND status IN {_UNSETTLED}",
    f"CREATE INDEX held_thing ON held (thing) WHERE thing IS NOT NULL AND status IN {_UNSETTLED}",
    "CREATE INDEX held_key ON held (key)",
    "CREATE INDEX held_subject ON held (subject)",
)
SQLITE = (
    (
        "CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB,"
        " PRIMARY KEY (originator_id, originator_version))"
    ),
    "CREATE TABLE fact_key (key TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE held (number INTEGER PRIMARY KEY AUTOINCREMENT, status TEXT NOT NULL, reason TEXT NOT NULL,"
        " reason_fr TEXT NOT NULL, origin TEXT NOT NULL, received TEXT NOT NULL, body BLOB NOT NULL, key TEXT NOT NULL,"
        " content BLOB NOT NULL, stream TEXT, thing TEXT, source TEXT, fact_id TEXT, subject TEXT, type TEXT)"
    ),
    *_HELD_INDEXES,
    "CREATE TABLE tracked_position (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    (
        "CREATE TABLE statement_view (generation INTEGER, contract TEXT, body BLOB NOT NULL,"
        " PRIMARY KEY (generation, contract)) WITHOUT ROWID"
    ),
)
POSTGRES = (
    (
        'CREATE TABLE stored_events (originator_id text COLLATE "C" NOT NULL, originator_version bigint NOT NULL,'
        " topic text, state bytea, notification_id bigserial, PRIMARY KEY (originator_id, originator_version))"
    ),
    "CREATE UNIQUE INDEX stored_events_notification_id_idx ON stored_events (notification_id ASC)",
    'CREATE TABLE fact_key (key text COLLATE "C" PRIMARY KEY, content bytea NOT NULL)',
    (
        "CREATE TABLE held (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, status text NOT NULL,"
        " reason text NOT NULL, reason_fr text NOT NULL, origin text NOT NULL, received text NOT NULL,"
        " body bytea NOT NULL, key text NOT NULL, content bytea NOT NULL, stream text, thing text, source text,"
        " fact_id text, subject text, type text)"
    ),
    *_HELD_INDEXES,
    "CREATE TABLE tracked_position (name text PRIMARY KEY, value bigint NOT NULL)",
    (
        'CREATE TABLE statement_view (generation bigint, contract text COLLATE "C", body bytea NOT NULL,'
        " PRIMARY KEY (generation, contract))"
    ),
)


def upgrade() -> None:
    """Makes the tables."""
    run(SQLITE, POSTGRES)
