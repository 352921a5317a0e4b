"""A fact is found by its own id, and the newest notifications are read first, without passing over all the others."""

from adapters.eventstore.migrations.apply import run

revision = "0015"
down_revision = "0014"

INDEXES = (
    "CREATE INDEX fact_index_id ON fact_index (generation, id)",
    "CREATE INDEX notification_newest ON notification (release, at, id)",
)


def upgrade() -> None:
    """Makes the indexes."""
    run(INDEXES, INDEXES)
