"""Views that advance by themselves: an index of facts, deadlines as they stand, and how far each contract is derived.

What was derived before is derived again by the first refresh: the positions that say how far it went are forgotten.
"""

from adapters.eventstore.migrations.apply import run

revision = "0003"
down_revision = "0002"

INDEXES = (
    "CREATE INDEX fact_index_subject ON fact_index (generation, subject, position)",
    "CREATE INDEX fact_index_type ON fact_index (generation, type, position)",
    "CREATE INDEX fact_index_time ON fact_index (generation, time)",
    (
        "CREATE INDEX fact_index_correlation ON fact_index (generation, correlation, position)"
        " WHERE correlation IS NOT NULL"
    ),
    "CREATE INDEX contract_view_touched ON contract_view (generation, contract) WHERE derived < touched",
    "CREATE INDEX contract_view_stale ON contract_view (generation, stale_at)",
    "CREATE INDEX deadline_view_due ON deadline_view (generation, due, contract, number)",
    "DELETE FROM tracked_position WHERE name IN ('views', 'views:held')",
)
SQLITE = (
    (
        "CREATE TABLE fact_index (generation INTEGER, position INTEGER, subject TEXT NOT NULL, type TEXT NOT NULL,"
        " time INTEGER NOT NULL, recorded INTEGER NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, correlation TEXT,"
        " PRIMARY KEY (generation, position)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE contract_view (generation INTEGER, contract TEXT, touched INTEGER NOT NULL,"
        " derived INTEGER NOT NULL, stale_at INTEGER NOT NULL, PRIMARY KEY (generation, contract)) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE deadline_view (generation INTEGER, contract TEXT, number INTEGER, rule TEXT NOT NULL,"
        " owed_by TEXT NOT NULL, state TEXT NOT NULL, due INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,"
        " PRIMARY KEY (generation, contract, number)) WITHOUT ROWID"
    ),
    *INDEXES,
)
POSTGRES = (
    (
        'CREATE TABLE fact_index (generation bigint, position bigint, subject text COLLATE "C" NOT NULL,'
        " type text NOT NULL, time bigint NOT NULL, recorded bigint NOT NULL, source text NOT NULL, id text NOT NULL,"
        " correlation text, PRIMARY KEY (generation, position))"
    ),
    (
        'CREATE TABLE contract_view (generation bigint, contract text COLLATE "C", touched bigint NOT NULL,'
        " derived bigint NOT NULL, stale_at bigint NOT NULL, PRIMARY KEY (generation, contract))"
    ),
    (
        'CREATE TABLE deadline_view (generation bigint, contract text COLLATE "C", number bigint, rule text NOT NULL,'
        " owed_by text NOT NULL, state text NOT NULL, due bigint NOT NULL, at bigint NOT NULL, body bytea NOT NULL,"
        " PRIMARY KEY (generation, contract, number))"
    ),
    *INDEXES,
)


def upgrade() -> None:
    """Makes the tables."""
    run(SQLITE, POSTGRES)
