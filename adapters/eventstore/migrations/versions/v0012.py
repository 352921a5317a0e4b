"""Where the comparisons that people named and kept are, with both their sides.

A SQLite ledger keeps them in its access file, which is made by who opens it.
"""

from adapters.eventstore.migrations.apply import run

revision = "0012"
down_revision = "0011"

POSTGRES = (
    (
        "CREATE TABLE IF NOT EXISTS dispute (id text PRIMARY KEY, contract text NOT NULL, owner text NOT NULL,"
        " owner_name text NOT NULL, name text NOT NULL, note text NOT NULL, shared boolean NOT NULL,"
        " first text NOT NULL, second text NOT NULL, difference text NOT NULL, digest text NOT NULL,"
        " created bigint NOT NULL, changed bigint NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS ix_dispute_contract ON dispute (contract)",
    "CREATE INDEX IF NOT EXISTS ix_dispute_owner ON dispute (owner)",
)


def upgrade() -> None:
    """Makes the table."""
    run((), POSTGRES)
