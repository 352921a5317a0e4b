"""Where audits are kept: what each looked at and found, only ever added to.

A SQLite ledger keeps them in its access file, which is made by who opens it.
"""

from adapters.eventstore.migrations.apply import run

revision = "0009"
down_revision = "0008"

POSTGRES = (
    (
        "CREATE TABLE IF NOT EXISTS audit (number bigserial PRIMARY KEY, at bigint NOT NULL, caller text NOT NULL,"
        " since bigint NOT NULL, size bigint NOT NULL, root bytea NOT NULL, faults bigint NOT NULL,"
        " report text NOT NULL)"
    ),
    (
        "CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'what an audit found is kept as it was'; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()"
    ),
)


def upgrade() -> None:
    """Makes the table, and guards it."""
    run((), POSTGRES)
