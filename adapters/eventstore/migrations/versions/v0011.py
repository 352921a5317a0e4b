"""Where the secret addresses of calendars are kept, by the digest of their secret.

A SQLite ledger keeps them in its access file, which is made by who opens it.
"""

from adapters.eventstore.migrations.apply import run

revision = "0011"
down_revision = "0010"

POSTGRES = (
    (
        "CREATE TABLE IF NOT EXISTS access_feed (id text PRIMARY KEY, digest bytea NOT NULL UNIQUE,"
        " owner text NOT NULL, created bigint NOT NULL, expires bigint NOT NULL, revoked bigint)"
    ),
    "CREATE INDEX IF NOT EXISTS ix_access_feed_owner ON access_feed (owner)",
)


def upgrade() -> None:
    """Makes the table."""
    run((), POSTGRES)
