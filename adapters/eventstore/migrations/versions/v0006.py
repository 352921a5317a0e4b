"""Deadlines in one state are found without passing over the others: few are pending, most are long settled."""

from adapters.eventstore.migrations.apply import run

revision = "0006"
down_revision = "0005"

INDEX = ("CREATE INDEX deadline_view_state ON deadline_view (generation, state, due)",)


def upgrade() -> None:
    """Makes the index."""
    run(INDEX, INDEX)
