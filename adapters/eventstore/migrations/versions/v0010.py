"""Changes of deadlines as the views write them, so that who listens is told of those that time alone makes."""

from adapters.eventstore.migrations.apply import run

revision = "0010"
down_revision = "0009"

INDEX = "CREATE INDEX deadline_change_at ON deadline_change (at)"
SQLITE = (
    (
        "CREATE TABLE deadline_change (number INTEGER PRIMARY KEY AUTOINCREMENT, contract TEXT NOT NULL,"
        " taken INTEGER NOT NULL, at INTEGER NOT NULL, before BLOB, after BLOB)"
    ),
    INDEX,
)
POSTGRES = (
    (
        "CREATE TABLE deadline_change (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        ' contract text COLLATE "C" NOT NULL, taken bigint NOT NULL, at bigint NOT NULL, before bytea, after bytea)'
    ),
    INDEX,
)


def upgrade() -> None:
    """Makes the table."""
    run(SQLITE, POSTGRES)
