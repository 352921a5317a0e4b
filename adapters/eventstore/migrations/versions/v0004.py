"""What lets workers do without the rights of an owner on PostgreSQL: the lock as a function, the tables of access.

LOCK TABLE asks for the right to update or delete; a function of the owner takes the lock for who may only append. The
access file of a SQLite ledger is another file, made by who opens it.
"""

from adapters.eventstore.migrations.apply import run

revision = "0004"
down_revision = "0003"

POSTGRES = (
    (
        "CREATE FUNCTION ledger_lock() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT"
        " AS $$ BEGIN LOCK TABLE stored_events IN EXCLUSIVE MODE; END $$"
    ),
    "REVOKE ALL ON FUNCTION ledger_lock() FROM PUBLIC",
    (
        "CREATE TABLE IF NOT EXISTS access_key (id text PRIMARY KEY, digest bytea NOT NULL UNIQUE, name text NOT NULL,"
        " role text NOT NULL, scope text NOT NULL, created bigint NOT NULL, created_by text NOT NULL,"
        " expires bigint NOT NULL, revoked bigint, last_used bigint)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS access_grant (number bigserial PRIMARY KEY, caller text NOT NULL,"
        " contract text NOT NULL, until bigint NOT NULL, created bigint NOT NULL, created_by text NOT NULL,"
        " revoked bigint)"
    ),
    "CREATE INDEX IF NOT EXISTS ix_access_grant_caller ON access_grant (caller)",
    (
        "CREATE TABLE IF NOT EXISTS access_log (number bigserial PRIMARY KEY, at bigint NOT NULL, caller text,"
        " name text, role text, route text NOT NULL, asked text NOT NULL, contract text, address text,"
        " status integer NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS ix_access_log_at ON access_log (at)",
    "CREATE INDEX IF NOT EXISTS access_log_contract ON access_log (contract, number)",
    "CREATE INDEX IF NOT EXISTS access_log_caller ON access_log (caller, number)",
    "CREATE TABLE IF NOT EXISTS access_log_kept (since bigint NOT NULL)",
    (
        "CREATE OR REPLACE FUNCTION access_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' THEN"
        " IF OLD.at < (SELECT max(since) FROM access_log_kept) THEN RETURN OLD; END IF; END IF;"
        " RAISE EXCEPTION 'the access log is append-only'; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER access_log_unchanged BEFORE UPDATE OR DELETE ON access_log"
        " FOR EACH ROW EXECUTE FUNCTION access_log_guard()"
    ),
    (
        "CREATE OR REPLACE TRIGGER access_log_untruncated BEFORE TRUNCATE ON access_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION access_log_guard()"
    ),
)


def upgrade() -> None:
    """Makes them."""
    run((), POSTGRES)
