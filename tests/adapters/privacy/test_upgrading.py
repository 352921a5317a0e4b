"""A ledger from before values of persons were sealed: they are sealed where they stand, and nowhere else is a trace."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from adapters.cloudevents import canonical
from adapters.eventstore import postgres_tables, sqlite_tables
from adapters.eventstore.mapper import CONFLICT, content_of, head_of, key_of
from adapters.eventstore.postgres import PostgresStore
from adapters.eventstore.sqlite import SqliteStore
from adapters.eventstore.store import Store
from adapters.privacy.persons import Persons, beside, of_file
from domain.time.instant import format_instant
from tests.contracts.persons_contract import opened
from tests.support.arrivals import NOW, Event, ledger, raw, received
from tests.support.persons import ALL, NAME, VALUES, contact, erased, found_in
from tests.support.postgres import PostgresServer

BEFORE = "0006"
OTHER = contact(1, name="Another Name")
MEANT = content_of(canonical(OTHER))
STREAMS = {
    "contract.signed": "C-1|contract|",
    "contact.designated": "C-1|contact|legal / p-1",
    "deletion.certified": "C-1|deletion.certified|urn:test#e-cert",
    "notice.sent": "C-1|notice|n-1",
}
EVENTS = "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, 1, ?, ?)"
HELD = (
    "INSERT INTO held (status, reason, reason_fr, origin, received, body, key, content, source, fact_id, subject, type)"
    " VALUES ('open', 'r', 'r', 'o', ?, ?, ?, ?, 'urn:test', 'e-1', 'C-1', 'greffe.contact.designated.v1')"
)


def rows(events: tuple[Event, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The rows of these facts and of a conflict, as the version before wrote them."""
    for one in events:
        kind = one["type"].removeprefix("greffe.").removesuffix(".v1")
        body = raw(one)
        stream = STREAMS.get(kind, f"C-1|{kind}|urn:test#{one['id']}")
        yield EVENTS, (stream, one["type"], head_of(NOW) + body + b"}")
        yield "INSERT INTO fact_key VALUES (?, ?)", (key_of("urn:test", one["id"]), content_of(body))
    key = f"{key_of('urn:test', 'e-1')}{CONFLICT}{MEANT.hex()}"
    yield "INSERT INTO fact_key VALUES (?, ?)", (key, MEANT)
    yield HELD, (format_instant(NOW), raw(OTHER), key, content_of(raw(OTHER)))


def old_sqlite(path: Path, *more: Event) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    sqlite_tables.migrate(path, BEFORE)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement, values in rows((*ALL, *more)):
            connection.execute(statement, values)
    return path


def check(store: Store) -> None:
    """Everything is there, opens, and is known when it comes again; the log commits to it."""
    one = ledger(store)
    assert sorted(opened(one)) == sorted(VALUES)
    assert store.log_size() == len(ALL)
    assert one.record(received(*ALL, OTHER), NOW).duplicates == len(ALL) + 1
    (entry,) = store.quarantine()
    assert b"Another Name" not in entry.body
    assert entry.content == content_of(entry.body)


def test_a_sqlite_ledger_is_sealed_and_its_file_written_anew(tmp_path: Path) -> None:
    path = old_sqlite(tmp_path / "old.db")
    values = (*VALUES, "Another Name")
    assert {*found_in([path, tmp_path / "old.db-wal"] if (tmp_path / "old.db-wal").exists() else [path], values)}
    store = SqliteStore(path)
    check(store)
    assert found_in(sorted(tmp_path.iterdir()), values) == {}
    store.close()
    assert found_in(sorted(tmp_path.iterdir()), values) == {}


def test_who_was_erased_before_is_erased_once_the_ledger_is_sealed(tmp_path: Path) -> None:
    store = SqliteStore(old_sqlite(tmp_path / "old.db", erased(9)))
    one = ledger(store)
    assert opened(one).count("[erased]") == 3
    assert one.carry_out(NOW) == 1
    assert NAME not in opened(one)
    store.close()


def test_a_ledger_that_names_nobody_gets_no_key_store(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    sqlite_tables.migrate(path, BEFORE)
    SqliteStore(path).close()
    assert not Path(beside(path).address).exists()


def test_a_postgresql_ledger_is_sealed_and_its_tables_written_anew(postgres: PostgresServer, tmp_path: Path) -> None:
    name = postgres.create_database()
    dsn = postgres.dsn(name)
    postgres_tables.migrate(conninfo_to_dict(dsn), BEFORE)
    with psycopg.connect(dsn) as connection:
        for statement, values in rows(ALL):
            connection.execute(statement.replace("?", "%s").encode(), values)
    place = of_file(tmp_path / "persons")
    postgres_tables.migrate(conninfo_to_dict(dsn), persons=Persons(place))
    store = PostgresStore(dsn, persons=place)
    check(store)
    store.close()
    with psycopg.connect(dsn) as connection:
        found = json.dumps([str(row) for row in connection.execute("SELECT * FROM stored_events")], ensure_ascii=False)
    assert not any(value in found for value in VALUES)
    postgres.drop_database(name)
