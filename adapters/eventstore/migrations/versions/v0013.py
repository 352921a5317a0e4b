"""Where sessions of the console that ended before their time are kept.

A SQLite ledger keeps them in its access file, which is made by who opens it.
"""

from adapters.eventstore.migrations.apply import run

revision = "0013"
down_revision = "0012"

POSTGRES = ("CREATE TABLE IF NOT EXISTS access_ended (name text PRIMARY KEY, at bigint NOT NULL)",)


def upgrade() -> None:
    """Makes the table."""
    run((), POSTGRES)
