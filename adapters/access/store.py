"""Keys, grants, access log, audits, disputes: in a file beside a SQLite ledger, in the database of a PostgreSQL one.

A file of its own because SQLite has one writer at a time, and a read must not wait for ingest before it is answered.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from adapters.access.model import EVERY, Access, AccessError, Audit, Dispute, Feed, Grant, Key, Role, Scope
from adapters.access.tables import (
    AUDITS,
    DISPUTES,
    ENDED,
    FEEDS,
    GRANTS,
    KEPT,
    KEYS,
    LOG,
    METADATA,
    POSTGRES_GUARDS,
    SQLITE_VERSIONS,
)
from adapters.databases import said_plainly
from domain.errors import LedgerError
from domain.time.instant import Instant

APPLICATION_ID = 0x47524641
"""``GRFA``, in the header of the file: says that it is the access file of a ledger."""
LOCK_SECONDS = 60
UNUSABLE = "access cannot be kept or checked", "les accès ne peuvent être ni gardés ni vérifiés"
START_UP_LOCK = 6_774_710_018
POSTGRES = ("postgresql://", "postgres://")
PAGE = 500

LOG_FIELDS = tuple(column.name for column in LOG.columns if column.name != "number")
_RECORD = {
    "sqlite": text(
        f"INSERT INTO access_log ({', '.join(LOG_FIELDS)})"  # noqa: S608 - the names are ours
        f" SELECT {', '.join(f'value ->> {place}' for place in range(len(LOG_FIELDS)))} FROM json_each(:rows)"
    ),
    "postgresql": text(
        f"INSERT INTO access_log ({', '.join(LOG_FIELDS)}) SELECT"
        + ",".join(f" (value ->> {place})::{LOG.c[name].type.compile()}" for place, name in enumerate(LOG_FIELDS))
        + " FROM json_array_elements(CAST(:rows AS json)) WITH ORDINALITY AS told (value, place) ORDER BY place"
    ),
}
"""Statements that add a list of entries to the log, given as JSON."""


def access_path(ledger: str) -> Path:
    """Where the access file of a SQLite ledger is: ``greffe-access.db`` beside ``greffe.db``."""
    path = Path(ledger.removeprefix("sqlite:///"))
    return path.with_name(f"{path.stem}-access.db")


def open_access(ledger: str) -> "AccessStore":
    """The access store of the ledger at an address, made where there is none. Raises LedgerError."""
    if ledger.startswith(POSTGRES):
        return AccessStore(_postgres(ledger), "the access tables in PostgreSQL")
    path = access_path(ledger).absolute()
    with said_plainly(str(path), UNUSABLE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        return AccessStore(_sqlite(path), str(path))


class AccessStore:
    """What is kept of access. Failures of the disk or the server are LedgerError, naming the ``place``."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        with self._begin() as connection:
            _make(connection)

    def add_key(self, key: Key) -> None:
        """Keeps a new key."""
        with self._begin() as connection:
            connection.execute(insert(KEYS).values(**_row_of(key)))

    def add_first_key(self, key: Key) -> bool:
        """Keeps a key if there is none yet; whoever starts first wins. Returns whether it was kept."""
        with self._begin() as connection:
            _lock(connection)
            if connection.execute(select(func.count()).select_from(KEYS)).scalar_one():
                return False
            connection.execute(insert(KEYS).values(**_row_of(key)))
            return True

    def key_of(self, digest: bytes) -> Key | None:
        """The key with this digest of its secret, whatever its state."""
        return next(iter(self._keys(select(KEYS).where(KEYS.c.digest == digest))), None)

    def every_key(self) -> list[Key]:
        """Every key ever made, oldest first."""
        return self._keys(select(KEYS).order_by(KEYS.c.created, KEYS.c.id))

    def revoke_key(self, key: str, at: Instant) -> None:
        """Revokes a key. Raises AccessError for one that does not exist or is revoked already."""
        with self._begin() as connection:
            done = connection.execute(update(KEYS).where(KEYS.c.id == key, KEYS.c.revoked.is_(None)).values(revoked=at))
            if not done.rowcount:
                raise AccessError(f"there is no key {key!r} to revoke", f"aucune clé {key!r} à révoquer")

    def key(self, name: str) -> Key | None:
        """The key of this id, whatever its state."""
        return next(iter(self._keys(select(KEYS).where(KEYS.c.id == name))), None)

    def add_feed(self, feed: Feed) -> None:
        """Keeps a new address of a calendar."""
        with self._begin() as connection:
            connection.execute(insert(FEEDS).values(**asdict(feed)))

    def feed_of(self, digest: bytes) -> Feed | None:
        """The address with this digest of its secret, whatever its state."""
        return next(map(_feed, self._rows(select(FEEDS).where(FEEDS.c.digest == digest))), None)

    def feeds(self, owner: str | None = None) -> list[Feed]:
        """Every address ever made, of one key or of all, oldest first."""
        query = select(FEEDS).order_by(FEEDS.c.created, FEEDS.c.id)
        return [_feed(row) for row in self._rows(query if owner is None else query.where(FEEDS.c.owner == owner))]

    def revoke_feed(self, feed: str, at: Instant) -> None:
        """Revokes an address. Raises AccessError for one that does not exist or is revoked already."""
        revoked = update(FEEDS).where(FEEDS.c.id == feed, FEEDS.c.revoked.is_(None)).values(revoked=at)
        with self._begin() as connection:
            if not connection.execute(revoked).rowcount:
                raise AccessError(f"there is no address {feed!r} to revoke", f"aucune adresse {feed!r} à révoquer")

    def end_sessions(self, name: str, at: Instant) -> None:
        """Ends one session, by its id, or those that a caller began until now, by the caller's id."""
        with self._begin() as connection:
            _lock(connection)
            if not connection.execute(update(ENDED).where(ENDED.c.name == name).values(at=at)).rowcount:
                connection.execute(insert(ENDED).values(name=name, at=at))

    def sessions_ended(self, *names: str) -> dict[str, Instant]:
        """When the sessions of these names were ended last, of those that were."""
        found = self._rows(select(ENDED).where(ENDED.c.name.in_(names)))
        return {row.name: Instant(row.at) for row in found}

    def used(self, keys: dict[str, Instant]) -> None:
        """Notes when keys were last used."""
        with self._begin() as connection:
            for key, at in keys.items():
                connection.execute(update(KEYS).where(KEYS.c.id == key).values(last_used=at))

    def add_grant(self, grant: Grant) -> Grant:
        """Keeps a grant and returns it with its number."""
        values = asdict(grant)
        del values["number"]
        with self._begin() as connection:
            number = connection.execute(insert(GRANTS).values(**values).returning(GRANTS.c.number)).scalar_one()
        return Grant(number=number, **values)

    def grants(self, caller: str | None = None) -> list[Grant]:
        """Every grant ever made, of one caller or of all, oldest first."""
        query = select(GRANTS).order_by(GRANTS.c.number)
        return [_grant(row) for row in self._rows(query if caller is None else query.where(GRANTS.c.caller == caller))]

    def revoke_grant(self, number: int, at: Instant) -> None:
        """Revokes a grant. Raises AccessError for one that does not exist or is revoked already."""
        revoked = update(GRANTS).where(GRANTS.c.number == number, GRANTS.c.revoked.is_(None)).values(revoked=at)
        with self._begin() as connection:
            if not connection.execute(revoked).rowcount:
                raise AccessError(f"there is no grant {number} to revoke", f"aucune autorisation {number} à révoquer")

    def record(self, entries: Sequence[Access]) -> None:
        """Adds entries to the access log; they are on the disk when this returns.

        One statement that commits by itself: each call into the driver hands the interpreter to the threads that
        answer, and waits for its turn again.
        """
        if entries:
            rows = json.dumps([[getattr(entry, name) for name in LOG_FIELDS] for entry in entries])
            with said_plainly(self._place, UNUSABLE), self._engine.connect() as opened:
                connection = opened.execution_options(isolation_level="AUTOCOMMIT")
                connection.execute(_RECORD[connection.dialect.name], {"rows": rows})

    def log(
        self,
        contract: str | None = None,
        caller: str | None = None,
        since: Instant | None = None,
        after: int = 0,
        limit: int = PAGE,
    ) -> list[Access]:
        """The entries above a number, oldest first. Those of a contract include those that may hold any contract."""
        query = select(LOG).where(LOG.c.number > after).order_by(LOG.c.number).limit(limit)
        if contract is not None:
            query = query.where(LOG.c.contract.in_([contract, EVERY]))
        if caller is not None:
            query = query.where(LOG.c.caller == caller)
        if since is not None:
            query = query.where(LOG.c.at >= since)
        return [_access(row) for row in self._rows(query)]

    def forget(self, before: Instant) -> int:
        """Deletes the entries older than an instant for good; returns how many there were."""
        with self._begin() as connection:
            connection.execute(delete(KEPT))
            connection.execute(insert(KEPT).values(since=before))
            return connection.execute(delete(LOG).where(LOG.c.at < before)).rowcount

    def add_audit(self, audit: Audit) -> Audit:
        """Keeps what an audit found, and returns it with its number."""
        values = asdict(audit)
        del values["number"]
        with self._begin() as connection:
            number = connection.execute(insert(AUDITS).values(**values).returning(AUDITS.c.number)).scalar_one()
        return Audit(number=number, **values)

    def audits(self, after: int = 0, limit: int = PAGE) -> list[Audit]:
        """The audits above a number, oldest first."""
        query = select(AUDITS).where(AUDITS.c.number > after).order_by(AUDITS.c.number).limit(limit)
        return [_audit(row) for row in self._rows(query)]

    def last_sound_audit(self) -> Audit | None:
        """The newest audit that found nothing wrong."""
        query = select(AUDITS).where(AUDITS.c.faults == 0).order_by(AUDITS.c.number.desc()).limit(1)
        return next(map(_audit, self._rows(query)), None)

    def add_dispute(self, dispute: Dispute) -> None:
        """Keeps a comparison under its name."""
        with self._begin() as connection:
            connection.execute(insert(DISPUTES).values(**asdict(dispute)))

    def dispute(self, name: str) -> Dispute | None:
        """The comparison of this id."""
        return next(map(_dispute, self._rows(select(DISPUTES).where(DISPUTES.c.id == name))), None)

    def disputes(self, owner: str, contract: str | None = None) -> list[Dispute]:
        """Those that a caller made or that were shared, of one contract or of all, the newest first.

        Whoever shows them leaves out those of contracts that the caller does not see.
        """
        query = select(DISPUTES).where((DISPUTES.c.owner == owner) | DISPUTES.c.shared)
        if contract is not None:
            query = query.where(DISPUTES.c.contract == contract)
        return [_dispute(row) for row in self._rows(query.order_by(DISPUTES.c.created.desc(), DISPUTES.c.id))]

    def change_dispute(self, dispute: Dispute) -> None:
        """Keeps another name, note and reach of a comparison; what it compares stays."""
        told = {"name": dispute.name, "note": dispute.note, "shared": dispute.shared, "changed": dispute.changed}
        with self._begin() as connection:
            connection.execute(update(DISPUTES).where(DISPUTES.c.id == dispute.id).values(**told))

    def remove_dispute(self, name: str) -> None:
        """Removes a comparison; the facts it compared stay."""
        with self._begin() as connection:
            connection.execute(delete(DISPUTES).where(DISPUTES.c.id == name))

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    def _keys(self, query: Select[Any]) -> list[Key]:
        return [_key(row) for row in self._rows(query)]

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with said_plainly(self._place, UNUSABLE), self._engine.connect() as connection:
            return connection.execute(query).all()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with said_plainly(self._place, UNUSABLE), self._engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_SECONDS, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if tables and found != APPLICATION_ID:
            raise LedgerError(
                f"{path}: is a database, but not the access file of a ledger",
                f"{path} : est une base de données, mais pas le fichier des accès d'un registre",
            )
    return engine


def _postgres(url: str) -> Engine:
    import psycopg  # noqa: PLC0415 - the driver is only for this store

    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), pool_pre_ping=True)


def _make(connection: Connection) -> None:
    """Makes the tables, once, whoever starts first; a migrated PostgreSQL ledger has them, and its roles may not."""
    if connection.dialect.name == "sqlite":
        _bring_forward(connection)
        return
    if inspect(connection).has_table(ENDED.name):
        return
    _lock(connection)
    METADATA.create_all(connection)
    for guard in POSTGRES_GUARDS:
        connection.execute(text(guard))


def _bring_forward(connection: Connection) -> None:
    """Brings an access file to this program's version. Raises LedgerError for one that is ahead of it."""
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    known = len(SQLITE_VERSIONS)
    if found > known:
        raise LedgerError(
            f"the access file was written by a newer version of greffe: it is at version {found}, this program knows"
            f" {known}; run the newer program",
            f"le fichier des accès fut écrit par une version plus récente de greffe : il est en version {found}, ce"
            f" programme connaît {known} ; lancez le programme plus récent",
        )
    for tables, statements in SQLITE_VERSIONS[found:]:
        METADATA.create_all(connection, tables)
        for statement in statements:
            connection.execute(text(statement))
    if found < known:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {known}")


def _lock(connection: Connection) -> None:
    """One at a time from here on; SQLite's transaction is so from its beginning."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({START_UP_LOCK})")


def _row_of(key: Key) -> dict[str, Any]:
    scope = {name: sorted(names) for name, names in asdict(key.scope).items() if names is not None}
    values = {name: getattr(key, name) for name in KEYS.c.keys()}  # noqa: SIM118 - the columns, not their names
    return values | {"scope": json.dumps(scope, ensure_ascii=False), "role": str(key.role)}


def _key(row: Row[Any]) -> Key:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to the names of a row
    values |= {"scope": Scope.of(**json.loads(values["scope"])), "role": Role(values["role"])}
    values["digest"] = bytes(values["digest"])
    return Key(**values)


def _feed(row: Row[Any]) -> Feed:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to the names of a row
    return Feed(**values | {"digest": bytes(values["digest"])})


def _grant(row: Row[Any]) -> Grant:
    return Grant(**row._mapping)  # noqa: SLF001 - the documented way to the names of a row


def _dispute(row: Row[Any]) -> Dispute:
    return Dispute(**row._mapping)  # noqa: SLF001 - the documented way to the names of a row


def _audit(row: Row[Any]) -> Audit:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to the names of a row
    return Audit(**values | {"root": bytes(values["root"])})


def _access(row: Row[Any]) -> Access:
    return Access(**row._mapping)  # noqa: SLF001 - the documented way to the names of a row
