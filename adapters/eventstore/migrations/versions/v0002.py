"""The headers a message came with, kept beside its bytes in the quarantine."""

from adapters.eventstore.migrations.apply import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the column."""
    run(("ALTER TABLE held ADD COLUMN headers TEXT",), ("ALTER TABLE held ADD COLUMN headers text",))
