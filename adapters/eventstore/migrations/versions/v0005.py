"""Which entries of the quarantine somebody was told of: each is copied to the quarantine's topic once it is refused."""

from adapters.eventstore.migrations.apply import run

revision = "0005"
down_revision = "0004"

INDEX = "CREATE INDEX held_unannounced ON held (number) WHERE status = 'open' AND announced IS NULL"


def upgrade() -> None:
    """Adds the column and its index."""
    run(
        ("ALTER TABLE held ADD COLUMN announced INTEGER", INDEX),
        ("ALTER TABLE held ADD COLUMN announced smallint", INDEX),
    )
