# ruff: noqa: S608 - the names of tables and columns are ours
"""Rows edited, deleted and inserted behind greffe's back: ``python -m tests.faults.rows [--tries N] [--seed S]``.

Each try takes a fresh copy of a sound ledger, its triggers dropped, changes one row of one table, and audits it. It
prints how many were tried and how many found, by table and act; exit status 1 where one was not. What it does not try
is what proves nothing: positions that keep their order, when a row was made, the views, the quarantine.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.audit.run import audit
from adapters.bootstrap import opened
from adapters.evidence.keyring import begin, rotate
from adapters.evidence.notes import Signer, verifier
from adapters.evidence.signed import Cosignature
from adapters.evidence.signing import LogSigner
from adapters.evidence.verify import COSIGNATURE, Key, parse_key
from domain.time.instant import Instant
from tests.support.arrivals import NOW, ledger, outage, received, signed
from tests.support.arrivals import opened as ticket
from tests.support.postgres import PostgresServer, postgres_server

COLUMNS = {
    "stored_events": ("originator_id", "originator_version", "topic", "state"),
    "proof_leaf": ("idx", "hash", "entry", "tenant", "tseq", "stream", "version", "seed"),
    "proof_node": ("level", "idx", "hash"),
    "proof_head": ("subject", "tenant", "tseq", "leaf_hash"),
    "proof_state": ("size", "frontier"),
    "proof_log": ("origin",),
    "proof_checkpoint": ("size", "root", "note"),
    "proof_cosignature": ("size", "key", "line"),
    "proof_key": ("number", "key", "since", "note"),
    "fact_key": ("key", "content"),
}
"""The columns that are evidence, by table."""
INSERTED = tuple(table for table in COLUMNS if table != "fact_key")
"""An idempotency key more than there are facts is that of a fact that was refused."""
DELETED = tuple(table for table in COLUMNS if table != "proof_cosignature")
"""A cosignature less is one that was not given yet: they are copied off the machine."""
MADE = {**dict.fromkeys(("proof_checkpoint", "proof_cosignature", "proof_key"), ", 0"), "proof_log": ", 'then'"}
"""What a table has beside its evidence."""
LATER = Instant(NOW + 10**12)
CONTRACTS, OUTAGES = 12, 24
Ran = Callable[..., list[tuple[Any, ...]]]
Copy = Callable[[], AbstractContextManager[tuple[str, Ran]]]
"""Gives a ledger to spoil: its address, and how to run a statement in it."""


@dataclass
class Tally:
    """What was tried and what was found, by table and act; ``missed`` says in words what was not."""

    tried: Counter[str]
    found: Counter[str]
    missed: list[str]

    def lines(self) -> Iterator[str]:
        """The counts."""
        yield from (
            f"{name:32} tried {count:5}  found {self.found[name]:5}" for name, count in sorted(self.tried.items())
        )
        yield f"{'all':32} tried {self.tried.total():5}  found {self.found.total():5}"
        yield from self.missed


def fill(address: str, folder: Path) -> Key:
    """Records some facts, a few at a time, and signs for them now and then; returns the log's key."""
    with opened(address, create=True) as store:
        judge = ledger(store)
        key = parse_key(begin(store, folder / "sign.key", NOW).key)
        signer = LogSigner(store, folder / "sign.key")
        witness = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32), COSIGNATURE)
        for number in range(CONTRACTS):
            subject = f"C-{number}"
            facts = [outage(f"{number}-{at}", f"o-{at}", subject=subject) for at in range(OUTAGES)]
            at = Instant(NOW + number)
            judge.record(
                received(signed(f"s-{number}", subject=subject), ticket(f"t-{number}", subject=subject), *facts), at
            )
            if number % 3 == 0 and (made := signer.sign(at)) is not None:
                text = made.note.decode().partition("\n\n")[0] + "\n"
                with store.writing() as writing:
                    writing.add_cosignature(Cosignature(made.size, verifier(witness.key), witness.line(text, 1), at))
            if number == CONTRACTS // 2:
                rotate(store, folder / "sign.key", at)
        return key


@contextmanager
def sqlite_copies(folder: Path) -> Iterator[tuple[Key, Copy]]:
    """A sound ledger in a file, and what makes a copy of it to spoil: gives its address, and how to run a statement."""
    sound = folder / "sound.db"
    key = fill(str(sound), folder)
    with closing(sqlite3.connect(sound)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def copy() -> Iterator[tuple[str, Ran]]:
        spoilt = folder / "spoilt.db"
        for left in folder.glob("spoilt.db*"):
            left.unlink()
        shutil.copy(sound, spoilt)
        with closing(sqlite3.connect(spoilt, isolation_level=None)) as connection:
            yield str(spoilt), lambda statement, *values: connection.execute(statement, values).fetchall()

    yield key, copy


@contextmanager
def postgres_copies(server: PostgresServer, folder: Path) -> Iterator[tuple[Key, Copy]]:
    """A sound ledger in a database, and what makes it sound again to spoil it once more."""
    name = server.create_database()
    try:
        key = fill(server.url(name), folder)
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            for trigger, table in connection.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {trigger} ON {table}".encode())
            connection.execute("CREATE SCHEMA sound")
            for table in COLUMNS:
                connection.execute(f"CREATE TABLE sound.{table} AS TABLE {table}".encode())

            def ran(statement: str, *values: Any) -> list[tuple[Any, ...]]:
                cursor = connection.execute(statement.replace("?", "%s").encode(), values)
                return cursor.fetchall() if cursor.description else []

            @contextmanager
            def copy() -> Iterator[tuple[str, Ran]]:
                with connection.transaction():
                    for table in COLUMNS:
                        ran(f"DELETE FROM {table}")
                        ran(f"INSERT INTO {table} SELECT * FROM sound.{table}")
                yield server.url(name), ran

            yield key, copy
    finally:
        server.drop_database(name)


def spoil(draw: Random, ran: Ran) -> tuple[str, str] | None:
    """Changes one row; returns what was done and to what, None where the database itself refused or nothing changed."""
    act = draw.choice(("edit", "edit", "edit", "delete", "insert"))
    table = draw.choice({"insert": INSERTED, "delete": DELETED}.get(act, tuple(COLUMNS)))
    names = COLUMNS[table]
    rows = ran(f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(names)}")
    row, other = draw.choice(rows), draw.choice(rows)
    where = " AND ".join(
        f"{name} {'IS NULL' if value is None else '= ?'}" for name, value in zip(names, row, strict=True)
    )
    found = [value for value in row if value is not None]
    try:
        match act:
            case "delete":
                ran(f"DELETE FROM {table} WHERE {where}", *found)
                return f"{act} {table}", f"{row[:2]}"
            case "insert":
                new = tuple(
                    _changed(draw, value, theirs) if draw.random() < 0.5 else value
                    for value, theirs in zip(row, other, strict=True)
                )
                more = ", made" if table in MADE else ""
                marks = ", ".join("?" * len(names)) + MADE.get(table, "")
                ran(f"INSERT INTO {table} ({', '.join(names)}{more}) VALUES ({marks})", *new)
                return f"{act} {table}", f"{new[:2]}"
            case _:
                at = draw.randrange(len(names))
                value = _changed(draw, row[at], other[at])
                if value == row[at]:
                    return None
                ran(f"UPDATE {table} SET {names[at]} = ? WHERE {where}", value, *found)
                return f"{act} {table}.{names[at]}", f"{row[at]!r:.200} -> {value!r:.200}"
    except (sqlite3.IntegrityError, psycopg.errors.IntegrityError, psycopg.errors.DataError, psycopg.ProgrammingError):
        return None


def _changed(draw: Random, value: Any, other: Any) -> Any:
    """Another value of the same kind: that of another row, or a small change."""
    if other != value and draw.random() < 0.3:
        return other
    if draw.random() < 0.1:
        return "odd"
    match value:
        case None:
            return other
        case int():
            return value + draw.choice((-1, 1, 7, 1_000))
        case str():
            at = draw.randrange(len(value)) if value else 0
            return f"{value[:at]}{draw.choice('abc019|')}{value[at + 1 :]}"
        case _:
            at = draw.randrange(len(value)) if value else 0
            return bytes([*value[:at], draw.randrange(256), *value[at + 1 :]])


def tries(copy: Copy, key: Key, count: int, seed: int) -> Tally:
    """So many changes, each to a ledger of its own, each audited."""
    draw, tally = Random(seed), Tally(Counter(), Counter(), [])  # noqa: S311 - the same tries every time
    while tally.tried.total() < count:
        with copy() as (address, ran):
            done = spoil(draw, ran)
        if done is None:
            continue
        name, what = done
        tally.tried[name] += 1
        if audit(address, LATER, keys=[key]).count:
            tally.found[name] += 1
        else:
            tally.missed.append(f"NOT FOUND: {name}: {what}")
    return tally


def main(words: Sequence[str] | None = None) -> int:
    """Tries both stores."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.rows", description=__doc__)
    parser.add_argument("--tries", type=int, default=400, help="on each store (default: 400)")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(words)
    missed = 0
    for name in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
            places = sqlite_copies(Path(folder)) if name == "sqlite" else postgres_copies(server, Path(folder))
            with places as (key, copy):
                tally = tries(copy, key, chosen.tries, chosen.seed)
        sys.stdout.write("".join(f"{line}\n" for line in (f"{name}:", *tally.lines())))
        missed += len(tally.missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
