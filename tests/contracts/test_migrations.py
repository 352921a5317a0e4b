"""A ledger of an earlier version is brought forward with everything in it; one of a later version is left alone."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters import bootstrap
from adapters.eventstore import postgres_tables, sqlite_tables
from adapters.eventstore.migrations.apply import newest
from adapters.eventstore.migrations.leaves import PAGE
from adapters.eventstore.postgres import PostgresStore
from adapters.eventstore.schema import FIRST, VERSION
from adapters.eventstore.sqlite import SqliteStore
from adapters.eventstore.store import Store
from adapters.evidence.entry import parse_entry
from api.cli.main import main
from domain.errors import LedgerError
from tests.contracts.store_contract import row
from tests.support.arrivals import NOW, answered, ledger, outage, received, reserve, signed
from tests.support.postgres import PostgresServer
from tests.support.tree import tree_hash

BEFORE_THE_LOG = "0006"
FACTS = received(signed(), outage(1), reserve(2), answered(3), b"{")
COLUMNS = {
    "stored_events": "originator_id, originator_version, topic, state",
    "fact_key": "key, content",
    "held": "status, reason, reason_fr, origin, received, body, key, content, stream, thing, source, fact_id, subject,"
    " type",
    "tracked_position": "name, value",
}


def rows(folder: Path) -> dict[str, list[Any]]:
    """What the tables of a ledger with these facts hold, in the columns of the first version."""
    store = SqliteStore(folder / "source.db")
    ledger(store).record(FACTS, NOW, {"kafka:greffe.events:0": 7})
    store.close()
    with closing(sqlite3.connect(folder / "source.db")) as source:
        return {table: source.execute(f"SELECT {names} FROM {table}").fetchall() for table, names in COLUMNS.items()}  # noqa: S608


def said(store: Store) -> tuple[list[bytes], list[bytes], int | None]:
    return (
        [entry.state for entry in store.entries()],
        [entry.body for entry in store.quarantine()],
        store.position("kafka:greffe.events:0"),
    )


def old_sqlite(folder: Path) -> str:
    """A ledger as it was made before versions were kept."""
    path = folder / "old.db"
    sqlite_tables.prepare(path)
    path.unlink()
    sqlite_tables.migrate(path, FIRST)
    with sqlite3.connect(path) as connection:
        for table, found in rows(folder).items():
            marks = ",".join("?" * len(COLUMNS[table].split(",")))
            connection.executemany(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({marks})", found)  # noqa: S608
        connection.execute("DROP TABLE ledger_version")
    connection.close()
    return str(path)


def old_postgres(dsn: str, folder: Path) -> str:
    postgres_tables.migrate(conninfo_to_dict(dsn), FIRST)
    with psycopg.connect(dsn) as connection:
        for table, found in rows(folder).items():
            marks = ",".join(["%s"] * len(COLUMNS[table].split(",")))
            connection.cursor().executemany(
                f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({marks})".encode(),  # noqa: S608
                found,
            )
        connection.execute("DROP TABLE ledger_version")
    return dsn


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger of the first version with facts in it."""
    if request.param == "sqlite":
        return old_sqlite(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    name = str(server.create_database())
    request.addfinalizer(lambda: server.drop_database(name))  # noqa: PT021 - only for one of two parameters
    old_postgres(server.dsn(name), tmp_path)
    return f"postgresql://{server.user}@127.0.0.1:{server.port}/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of no ledger yet."""
    if request.param == "sqlite":
        return str(tmp_path / "new.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    name = str(server.create_database())
    request.addfinalizer(lambda: server.drop_database(name))  # noqa: PT021 - only for one of two parameters
    return f"postgresql://{server.user}@127.0.0.1:{server.port}/{name}"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def migrate(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(address: str, *words: str) -> tuple[int, str, str]:
        status = main(["migrate", "--ledger", address, *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def set_version(address: str, version: str) -> None:
    statement = f"UPDATE ledger_version SET version_num = '{version}'"  # noqa: S608
    if address.startswith("postgresql"):
        with psycopg.connect(address) as server:
            server.execute(statement.encode())
    else:
        with closing(sqlite3.connect(address)) as file:
            file.execute(statement)
            file.commit()


def test_the_version_of_the_program_is_the_newest_there_is() -> None:
    assert newest() == VERSION


def test_a_ledger_is_made_once_and_is_then_up_to_date(migrate: Run, new: str) -> None:
    assert migrate(new, "--check") == (1, f"the ledger is at version none, {VERSION} is needed\n", "")
    assert migrate(new) == (0, f"made at version {VERSION}\n", "")
    assert migrate(new) == (0, f"up to date: version {VERSION}\n", "")
    assert migrate(new, "--check", "--lang", "fr") == (0, f"à jour : version {VERSION}\n", "")


def test_a_ledger_from_before_is_brought_forward_with_its_facts(migrate: Run, old: str, tmp_path: Path) -> None:
    assert migrate(old, "--check", "--format", "json") == (1, f'{{"found":"0001","needed":"{VERSION}"}}\n', "")
    assert migrate(old) == (0, f"migrated from version 0001 to {VERSION}\n", "")
    source = SqliteStore(tmp_path / "source.db")
    store = bootstrap.open_store(old)
    assert said(store) == said(source)
    assert ledger(store).record(FACTS, NOW).duplicates == len(FACTS), "and it knows what it has taken in"
    store.close()
    source.close()


def test_the_embedded_ledger_is_brought_forward_by_who_opens_it(tmp_path: Path) -> None:
    path = old_sqlite(tmp_path)
    store = bootstrap.open_store(path)
    assert len(store.entries()) == 3
    assert bootstrap.version_of(path) == VERSION
    store.close()


def test_a_postgres_ledger_that_is_behind_is_refused_until_it_is_migrated(postgres_dsn: str, tmp_path: Path) -> None:
    old_postgres(postgres_dsn, tmp_path)
    with pytest.raises(LedgerError, match=f"at version 0001 and this program needs {VERSION}: run greffe migrate"):
        PostgresStore(postgres_dsn)
    with psycopg.connect(postgres_dsn) as connection:
        assert connection.execute("SELECT to_regclass('ledger_version')").fetchone() == (None,), "nothing was done"


def test_a_ledger_ahead_of_the_program_is_refused_and_left_alone(migrate: Run, new: str) -> None:
    migrate(new)
    set_version(new, "9999")
    with pytest.raises(LedgerError, match=r"newer version of greffe: it is at version 9999.*run the newer program"):
        bootstrap.open_store(new)
    status, out, err = migrate(new)
    assert (status, out) == (2, "")
    assert "at version 9999" in err
    assert migrate(new, "--check")[0] == 1
    assert bootstrap.version_of(new) == "9999"


def test_many_who_bring_the_same_ledger_forward_do_it_once(old: str) -> None:
    gate = threading.Barrier(4)

    def start(_: int) -> tuple[str | None, str]:
        gate.wait()
        return bootstrap.migrate(old)

    with ThreadPoolExecutor(4) as pool:
        assert {now for _, now in pool.map(start, range(4), timeout=120)} == {VERSION}
    store = bootstrap.open_store(old)
    assert len(store.entries()) == 3
    store.close()


def test_a_start_that_finds_the_ledger_up_to_date_loads_nothing_to_migrate(migrate: Run, new: str) -> None:
    migrate(new)
    program = (
        "import sys\nfrom adapters.bootstrap import open_store\nopen_store(sys.argv[1]).close()\n"
        "print([name for name in ('alembic', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, new], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "[]\n"


def test_a_role_that_may_make_no_tables_says_who_must(postgres: PostgresServer, postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")
        name = str(connection.info.dbname)
    with pytest.raises(LedgerError, match="holds no ledger, and this role may not make one: run greffe migrate"):
        PostgresStore(f"postgresql://guest@127.0.0.1:{postgres.port}/{name}")


def test_facts_from_before_the_log_get_their_leaves_in_the_order_of_their_commits(
    migrate: Run, new: str, tmp_path: Path
) -> None:
    statement = "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)"
    old = [row(f"C-{at % 3}|outage|{at // 2}", 1 + at % 2, str(at)) for at in range(2 * PAGE + 7)]
    if new.startswith("postgresql"):
        postgres_tables.migrate(conninfo_to_dict(new), BEFORE_THE_LOG)
        with psycopg.connect(new) as server:
            server.cursor().executemany(statement.encode(), old)
    else:
        sqlite_tables.migrate(tmp_path / "new.db", BEFORE_THE_LOG)
        with closing(sqlite3.connect(new)) as file:
            file.executemany(statement.replace("%s", "?"), old)
            file.commit()
    assert migrate(new)[0] == 0
    store = bootstrap.open_store(new)
    with store.writing() as writing:
        writing.append([row("C-1|outage|new")])
    size = store.log_size()
    leaves = store.leaves(0, size)
    assert [(leaf.idx, leaf.stream, leaf.version) for leaf in leaves] == [
        (at, stream, version) for at, (stream, version, *_) in enumerate([*old, row("C-1|outage|new")])
    ]
    chain = store.leaves_of("C-1", size)
    assert all(parse_entry(after.entry)["tprev"] == before.hash.hex() for before, after in pairwise(chain))
    assert [leaf.tseq for leaf in chain] == list(range(1, len(chain) + 1))
    assert store.log_root(size) == tree_hash([leaf.entry for leaf in leaves])
    store.close()
