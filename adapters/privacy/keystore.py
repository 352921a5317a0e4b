"""The keys of persons, one per subject and person, in a database of their own.

A key is wrapped by the master key and durable before a fact that it seals is. Destroying it leaves its row, without the
key: that a key was there, and since when it is not.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)

from adapters.databases import said_plainly
from adapters.privacy import master
from adapters.privacy.crypto import KEY_BYTES, NONCE_BYTES
from adapters.privacy.persons import POSTGRES, KeyPlace
from domain.errors import LedgerError
from domain.time.instant import Instant

APPLICATION_ID = 0x47524650
"""``GRFP``, in the header of the file: says that it is the key store of a ledger."""
LOCK_SECONDS = 60
UNUSABLE = "the keys of persons cannot be used", "les clés des personnes sont inutilisables"
START_UP_LOCK = 6_774_710_021
CHUNK = 200
CHECK, REACHED, NUMBER = "check", "reached", "number"
_CHECKED = b"greffe/master/v1"

METADATA = MetaData()
KEYS = Table(
    "person_key",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("wrapped", LargeBinary),
    Column("made", BigInteger, nullable=False),
    Column("destroyed", BigInteger),
)
LIVE = KEYS.c.wrapped.is_not(None)
Index("person_key_live", KEYS.c.subject, KEYS.c.person, unique=True, postgresql_where=LIVE, sqlite_where=LIVE)
SAID = Table(
    "key_store", METADATA, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False)
)

Whose = tuple[str, str]
"""Subject and person."""


class PersonKey(NamedTuple):
    """A person's key and its id."""

    id: str
    key: bytes


class KeyStore:
    """The keys of one ledger's persons, made where there are none. Failures are LedgerError."""

    def __init__(self, place: KeyPlace) -> None:
        postgres = place.address.startswith(POSTGRES)
        self._name = "the key store in PostgreSQL" if postgres else place.address
        self._place = place
        with said_plainly(self._name, UNUSABLE):
            self._engine = _postgres(place.address) if postgres else _sqlite(Path(place.address))
            try:
                self._master = _prepared(self._engine, place)
            except BaseException:
                self._engine.dispose()
                raise

    def keys_for(self, wanted: Mapping[Whose, Instant | None], now: Instant) -> dict[Whose, PersonKey]:
        """The key of each, made now where there is none; one made by the instant given (an erasure) is replaced."""
        found: dict[Whose, PersonKey] = {}
        with self._begin(alone=True) as connection:
            stale = {whose: erased for whose, erased in wanted.items() if erased is not None}
            _destroy(connection, [(*whose, erased) for whose, erased in stale.items()], now)
            for chunk in _chunks(list(wanted)):
                query = select(KEYS).where(LIVE, tuple_(KEYS.c.subject, KEYS.c.person).in_(chunk))
                for row in connection.execute(query):
                    found[row.subject, row.person] = self._unwrapped(row)
            fresh = {whose: PersonKey(secrets.token_urlsafe(12), secrets.token_bytes(KEY_BYTES)) for whose in wanted}
            made = {whose: key for whose, key in fresh.items() if whose not in found}
            if made:
                rows = [
                    {"id": key.id, "subject": whose[0], "person": whose[1], "made": now}
                    | {"wrapped": _wrapped(self._master, key, whose)}
                    for whose, key in made.items()
                ]
                connection.execute(insert(KEYS), rows)
        return found | made

    def opened(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The keys there are, by id."""
        found = {}
        with self._begin() as connection:
            for chunk in _chunks(list(dict.fromkeys(ids))):
                for row in connection.execute(select(KEYS).where(LIVE, KEYS.c.id.in_(chunk))):
                    found[row.id] = self._unwrapped(row).key
        return found

    def destroy(self, erasures: Sequence[tuple[str, str, Instant]], reached: int, now: Instant) -> int:
        """Destroys the keys of (subject, person) made by an instant, and notes up to where the ledger was read.

        Returns how many were destroyed. Doing it again changes nothing.
        """
        with self._begin() as connection:
            destroyed = _destroy(connection, erasures, now)
            _say(connection, REACHED, str(reached).encode())
        if destroyed:
            self._forget()
        return destroyed

    def rotate(self) -> int:
        """Wraps every key by a new master key; returns how many. The one before is kept beside it.

        Where it is cut short the keys are all as before, or all wrapped anew; then whoever opens the store next, or has
        it open, puts the new master key in its place.
        """
        with self._begin(alone=True) as connection:
            master.kept(self._place.master)
            new = master.make(master.coming(self._place.master))
            live = [(row, self._unwrapped(row)) for row in connection.execute(select(KEYS).where(LIVE))]
            again = [{"of": key.id, "by": _wrapped(new, key, (row.subject, row.person))} for row, key in live]
            if again:
                wrapped = update(KEYS).where(KEYS.c.id == bindparam("of")).values(wrapped=bindparam("by"))
                connection.execute(wrapped, again)
            _say(connection, CHECK, _check(new))
        with self._begin():
            pass  # it finds that the master key is another now, and puts it in its place
        self._forget()
        return len(again)

    @property
    def reached(self) -> int:
        """Up to which position of the ledger the erasures have been carried out."""
        with self._begin() as connection:
            said = _said(connection, REACHED)
        return 0 if said is None else int(said)

    @property
    def number(self) -> int:
        """What a ledger knows its key store by: drawn when the store is made, and in every copy of it."""
        with self._begin() as connection:
            said = _said(connection, NUMBER)
        assert said is not None
        return int(said)

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    @contextmanager
    def _begin(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction, until whose end the master key stays what it is; ``alone``: no other goes on beside it."""
        with said_plainly(self._name, UNUSABLE), self._engine.begin() as connection:
            _lock(connection, alone=alone)
            check = _said(connection, CHECK)
            if check is not None and not compare_digest(check, _check(self._master)):
                self._master = _master_of(self._place, check)
            yield connection

    def _forget(self) -> None:
        """PostgreSQL leaves a row as it was behind an update: here for good until this."""
        if self._engine.dialect.name == "postgresql":
            with said_plainly(self._name, UNUSABLE), self._engine.connect() as opened:
                whole = opened.execution_options(isolation_level="AUTOCOMMIT")
                whole.exec_driver_sql(f"VACUUM FULL {KEYS.name}")

    def _unwrapped(self, row: Any) -> PersonKey:
        wrapped = bytes(row.wrapped)
        about = _about(row.id, row.subject, row.person)
        try:
            key = AESGCM(self._master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)
        except InvalidTag:
            raise LedgerError(
                f"{self._name}: the key {row.id} was altered: restore the key store",
                f"{self._name} : la clé {row.id} a été altérée : restaurez le magasin de clés",
            ) from None
        return PersonKey(row.id, key)


def _prepared(engine: Engine, place: KeyPlace) -> bytes:
    """Makes the tables where there are none; the master key, which must be the one that the keys were wrapped by."""
    with engine.begin() as connection:
        _lock(connection, alone=True)
        if not inspect(connection).has_table(SAID.name):
            METADATA.create_all(connection)
        check = _said(connection, CHECK)
        if check is not None:
            return _master_of(place, check)
        key = master.read(place.master) if place.master.exists() else master.make(place.master)
        _say(connection, CHECK, _check(key))
        _say(connection, NUMBER, str(secrets.randbits(62)).encode())
        return key


def _master_of(place: KeyPlace, check: bytes) -> bytes:
    """The master key that the keys are wrapped by, put in its place where a rotation was cut short before it did.

    Nobody begins another rotation meanwhile: the caller is in a transaction.
    """
    for _ in range(2):  # another may put it in its place between the two looks
        key = master.read(place.master)
        if compare_digest(check, _check(key)):
            return key
        if master.coming(place.master).exists():
            key = master.read(master.coming(place.master))
            if compare_digest(check, _check(key)):
                master.take_over(place.master)
                return key
    raise LedgerError(
        f"{place.master}: not the master key that this key store was made with, or that it was rotated to",
        f"{place.master} : ni la clé maîtresse avec laquelle ce magasin de clés fut fait, ni celle qui l'a remplacée",
    )


def _check(key: bytes) -> bytes:
    """What tells a master key from another, and nothing of it."""
    return digest(key, _CHECKED, sha256)


def _lock(connection: Connection, *, alone: bool) -> None:
    """Nobody else in the store until the transaction ends; in PostgreSQL, unless ``alone``, others who also read."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        kind = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {kind}({START_UP_LOCK})"))


def _wrapped(by: bytes, key: PersonKey, whose: Whose) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(by).encrypt(nonce, key.key, _about(key.id, *whose))


def _sqlite(path: Path) -> Engine:
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_SECONDS, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _: object) -> None:
        # No write-ahead log, where a destroyed key would stay; what is deleted is overwritten.
        for setting in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON"):
            connection.execute(f"PRAGMA {setting}")

    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if tables and found != APPLICATION_ID:
            raise LedgerError(
                f"{path}: is a database, but not the key store of a ledger",
                f"{path} : est une base de données, mais pas le magasin de clés d'un registre",
            )
        if found != APPLICATION_ID:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    return engine


def _postgres(url: str) -> Engine:
    import psycopg  # noqa: PLC0415 - the driver is only for this store

    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), pool_pre_ping=True)


def _destroy(connection: Connection, erasures: Iterable[tuple[str, str, Instant]], now: Instant) -> int:
    gone = update(KEYS).values(wrapped=None, destroyed=now)
    return sum(
        connection.execute(
            gone.where(LIVE, KEYS.c.subject == subject, KEYS.c.person == person, KEYS.c.made <= erased)
        ).rowcount
        for subject, person, erased in erasures
    )


def _said(connection: Connection, name: str) -> bytes | None:
    found = connection.execute(select(SAID.c.value).where(SAID.c.name == name)).scalar_one_or_none()
    return None if found is None else bytes(found)


def _say(connection: Connection, name: str, value: bytes) -> None:
    if not connection.execute(update(SAID).where(SAID.c.name == name).values(value=value)).rowcount:
        connection.execute(insert(SAID).values(name=name, value=value))


def _about(key: str, subject: str, person: str) -> bytes:
    return f"{key}\n{subject}\n{person}".encode()


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
