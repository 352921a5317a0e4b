"""The contract, on real SQLite files and on a real PostgreSQL server; and what is each store's own."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from adapters.eventstore.postgres import PostgresStore
from adapters.eventstore.sqlite import SqliteStore
from adapters.eventstore.store import Store
from domain.errors import LedgerError
from tests.contracts.ledger_contract import LedgerContract
from tests.contracts.log_contract import LogContract
from tests.contracts.outbox_contract import OutboxContract
from tests.contracts.store_contract import Opener, StoreContract, row
from tests.contracts.views_contract import ViewsContract
from tests.support.arrivals import NOW, ledger, opened, received
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).parents[2]


def opener(opened_stores: list[Store], address: str, kind: type[SqliteStore] | type[PostgresStore]) -> Opener:
    def open_one() -> Store:
        store = kind(address)
        opened_stores.append(store)
        return store

    return open_one


class OnSqlite:
    @pytest.fixture
    def address(self, tmp_path: Path) -> str:
        return str(tmp_path / "ledger.db")

    @pytest.fixture
    def open_store(self, address: str) -> Iterator[Opener]:
        stores: list[Store] = []
        yield opener(stores, address, SqliteStore)
        for store in stores:
            store.close()


class OnPostgres:
    @pytest.fixture
    def address(self, postgres: PostgresServer) -> Iterator[str]:
        ledger = postgres.create_ledger()
        yield ledger
        postgres.drop_ledger(ledger)

    @pytest.fixture
    def open_store(self, address: str) -> Iterator[Opener]:
        stores: list[Store] = []
        yield opener(stores, address, PostgresStore)
        for store in stores:
            store.close()


class TestSqlite(OnSqlite, StoreContract):
    pass


class TestPostgres(OnPostgres, StoreContract):
    pass


class TestViewsOnSqlite(OnSqlite, ViewsContract):
    pass


class TestViewsOnPostgres(OnPostgres, ViewsContract):
    pass


class TestOutboxOnSqlite(OnSqlite, OutboxContract):
    """Against a SQLite file."""


class TestOutboxOnPostgres(OnPostgres, OutboxContract):
    """Against a PostgreSQL database."""


class TestLedgerOnSqlite(OnSqlite, LedgerContract):
    pass


class TestLedgerOnPostgres(OnPostgres, LedgerContract):
    pass


class TestLogOnSqlite(OnSqlite, LogContract):
    @pytest.fixture
    def execute(self, address: str) -> Callable[[str], None]:
        def run(statement: str) -> None:
            with closing(sqlite3.connect(address)) as connection:
                connection.execute(statement)

        return run


class TestLogOnPostgres(OnPostgres, LogContract):
    @pytest.fixture
    def execute(self, address: str) -> Callable[[str], None]:
        def run(statement: str) -> None:
            with psycopg.connect(address) as connection:
                connection.execute(statement.encode())

        return run

    def test_no_table_of_evidence_is_emptied_at_once(self, open_store: Opener, execute: Callable[[str], None]) -> None:
        open_store()
        for table in ("stored_events", "proof_leaf", "proof_node", "proof_log"):
            with pytest.raises(psycopg.Error, match="it is evidence"):
                execute(f"TRUNCATE {table}")


WRITER = """
import sys
from tests.support.arrivals import NOW, ledger, opened, received
from adapters.bootstrap import open_store
name = sys.argv[2]
one = ledger(open_store(sys.argv[1]))
for number in range(200):
    mine, shared = f"{name}-{number}", f"both-{number}"
    one.record(received(opened(mine, mine), opened(shared, shared)), NOW)
one.store.close()
"""


def run_writers(address: str) -> None:
    """Two processes, 200 saves each; half of what each says, the other says too."""
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, address, name], cwd=ROOT, stderr=subprocess.PIPE)  # noqa: S603
        for name in ("a", "b")
    ]
    for process in running:
        _, said = process.communicate(timeout=300)
        assert process.returncode == 0, said.decode()


def recorded_once(store: Store) -> None:
    ids = [fact.id for fact in ledger(store).facts()]
    assert len(ids) == len(set(ids)) == 600
    assert store.quarantine() == []


def test_sqlite_two_processes_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    run_writers(str(path))
    store = SqliteStore(path)
    recorded_once(store)
    store.close()


def test_postgres_two_processes_lose_nothing_and_double_nothing(postgres: PostgresServer) -> None:
    name = postgres.create_database()
    run_writers(f"postgresql://{postgres.user}@127.0.0.1:{postgres.port}/{name}")
    store = PostgresStore(postgres.dsn(name))
    recorded_once(store)
    store.close()
    postgres.drop_database(name)


@pytest.mark.no_cover  # the same way twenty thousand times
@pytest.mark.parametrize("way", ["socket", "tcp"])
def test_postgres_twenty_thousand_facts_in_one_transaction_do_not_hang(postgres: PostgresServer, way: str) -> None:
    name = postgres.create_database()
    store = PostgresStore(postgres.dsn(name, None if way == "socket" else "127.0.0.1"))
    note = "x" * 600
    batch = received(*(opened(number, f"t-{number}-{note[:100]}", traceparent=note[:150]) for number in range(20_000)))
    outcome = ledger(store).record(batch, NOW)
    assert outcome.recorded == 20_000
    assert len(store.entries(limit=30_000)) == 20_000
    store.close()
    postgres.drop_database(name)


@pytest.mark.parametrize("value", ["y", "1", "TRUE", "on"])
def test_postgres_refuses_database_functions(postgres_dsn: str, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", value)
    with pytest.raises(LedgerError, match="POSTGRES_ENABLE_DB_FUNCTIONS is set"):
        PostgresStore(postgres_dsn)


def test_postgres_unreachable_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="the PostgreSQL ledger cannot be used: connection"):
        PostgresStore(f"host={tmp_path} port=1 dbname=greffe")


def test_postgres_address_that_is_none_is_said_in_a_sentence() -> None:
    with pytest.raises(LedgerError, match="not one of PostgreSQL"):
        PostgresStore("postgresql://a b c:notaport/x?unknown=1")


def test_postgres_keeps_every_word_of_the_address(postgres: PostgresServer) -> None:
    name = postgres.create_database()
    url = f"postgresql://{postgres.user}@127.0.0.1:{postgres.port}/{name}?application_name=greffe-test"
    store = PostgresStore(url)
    store.entries()
    with psycopg.connect(postgres.dsn(name)) as connection:
        found = connection.execute(
            "SELECT application_name FROM pg_stat_activity WHERE datname = %s", (name,)
        ).fetchall()
    assert ("greffe-test",) in found
    store.close()
    postgres.drop_database(name)


def test_postgres_database_of_something_else_is_refused(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute("CREATE TABLE held (number int)")
    with pytest.raises(LedgerError, match=r"cannot be used: .*does not exist"):
        PostgresStore(postgres_dsn)


def test_postgres_stream_ids_lie_in_the_order_of_their_bytes(postgres_dsn: str) -> None:
    store = PostgresStore(postgres_dsn)
    with store.writing() as writing:
        writing.append([row("é|outage|a"), row("Z|outage|a"), row("a|outage|a")])
    assert store.subjects() == ["Z", "a", "é"]
    store.close()


def test_sqlite_text_file_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Some notes, long enough to be more than the header of a database file would be. " * 20)
    with pytest.raises(LedgerError, match=r"notes\.txt: the ledger cannot be used: file is not a database"):
        SqliteStore(path)
    assert path.read_text().startswith("Some notes")


def test_sqlite_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="unable to open database file"):
        SqliteStore(tmp_path)


def test_sqlite_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (n)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="is a database, but not a ledger of greffe"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_sqlite_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    SqliteStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(LedgerError, match="newer version"):
        SqliteStore(path)


def test_sqlite_events_table_is_the_librarys_own(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "ledger.db")
    ledger(store).record(received(opened(1)), NOW)
    datastore = SQLiteDatastore(str(tmp_path / "ledger.db"), originator_id_type="text")
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    found = recorder.select_events("C-1|ticket|t-1")
    assert [(one.originator_version, one.topic) for one in found] == [(1, "greffe.ticket.opened.v1")]
    datastore.close()
    store.close()
