"""The tables of keys, addresses of calendars, grants, access log, audits and disputes, alike on SQLite and PostgreSQL.

The log is append-only: a trigger refuses every change, and every deletion of what retention still keeps.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
_INSTANT = BigInteger

METADATA = MetaData()

KEYS = Table(
    "access_key",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("created", _INSTANT, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires", _INSTANT, nullable=False),
    Column("revoked", _INSTANT),
    Column("last_used", _INSTANT),
)
GRANTS = Table(
    "access_grant",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("caller", Text, nullable=False, index=True),
    Column("contract", Text, nullable=False),
    Column("until", _INSTANT, nullable=False),
    Column("created", _INSTANT, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("revoked", _INSTANT),
    sqlite_autoincrement=True,
)
FEEDS = Table(
    "access_feed",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("owner", Text, nullable=False, index=True),
    Column("created", _INSTANT, nullable=False),
    Column("expires", _INSTANT, nullable=False),
    Column("revoked", _INSTANT),
)
"""The secret addresses of calendars; ``owner`` is the key whose calendar it is."""
ENDED = Table("access_ended", METADATA, Column("name", Text, primary_key=True), Column("at", _INSTANT, nullable=False))
"""Sessions of people of the identity provider that ended before their time: one, by its id, or all of a caller until
then, by the caller's id."""
LOG = Table(
    "access_log",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", _INSTANT, nullable=False, index=True),
    Column("caller", Text),
    Column("name", Text),
    Column("role", Text),
    Column("route", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("contract", Text),
    Column("address", Text),
    Column("status", Integer, nullable=False),
    Index("access_log_contract", "contract", "number"),
    Index("access_log_caller", "caller", "number"),
    sqlite_autoincrement=True,
)
KEPT = Table("access_log_kept", METADATA, Column("since", _INSTANT, nullable=False))
"""One row at most: entries from this instant on cannot be deleted."""

AUDITS = Table(
    "audit",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", _INSTANT, nullable=False),
    Column("caller", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("faults", BigInteger, nullable=False),
    Column("report", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The audits that were made; ``report`` is what each found, as JSON."""

DISPUTES = Table(
    "dispute",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("contract", Text, nullable=False, index=True),
    Column("owner", Text, nullable=False, index=True),
    Column("owner_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("first", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("difference", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("created", _INSTANT, nullable=False),
    Column("changed", _INSTANT, nullable=False),
)
"""The comparisons that people kept."""

_LOG_GUARDS = (
    (
        "CREATE TRIGGER IF NOT EXISTS access_log_unchanged BEFORE UPDATE ON access_log"
        " BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS access_log_undeleted BEFORE DELETE ON access_log"
        " WHEN OLD.at >= ifnull((SELECT max(since) FROM access_log_kept), OLD.at)"
        " BEGIN SELECT RAISE(ABORT, 'the access log is append-only'); END"
    ),
)
_AUDIT_GUARDS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit_{done} BEFORE {act} ON audit"
    " BEGIN SELECT RAISE(ABORT, 'what an audit found is kept as it was'); END"
    for act, done in (("UPDATE", "unchanged"), ("DELETE", "undeleted"))
)
SQLITE_VERSIONS: tuple[tuple[tuple[Table, ...], tuple[str, ...]], ...] = (
    ((KEYS, GRANTS, LOG, KEPT), _LOG_GUARDS),
    ((AUDITS,), _AUDIT_GUARDS),
    ((FEEDS,), ()),
    ((DISPUTES,), ()),
    ((ENDED,), ()),
)
"""What each version of the access file added, the first first: tables, then statements. A file says how many it has.

A file made before it said so says none, and is taken through all of them: each only makes what is missing.
"""
POSTGRES_GUARDS = (
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
    (
        "CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'what an audit found is kept as it was'; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()"
    ),
)
