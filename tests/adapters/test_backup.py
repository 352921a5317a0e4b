"""A backup taken while facts come in is the ledger at one instant, and comes back the same elsewhere."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.access.store import open_access
from adapters.backup import LEDGER, SAID, find_program
from adapters.bootstrap import ledger_of, open_store, views_of
from adapters.eventstore.store import DeadlineSearch, Search
from api.cli.main import main
from domain.errors import LedgerError
from tests.support.arrivals import NOW, outage, received, reserve, signed
from tests.support.house import CATALOGUE, House, new_house, tell_again
from tests.support.postgres import PostgresServer

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=["sqlite", "postgres"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two addresses of no ledger yet, on each store."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db"), str(tmp_path / "elsewhere" / "ledger.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    names = [server.create_database() for _ in range(2)]
    for name in names:
        request.addfinalizer(lambda name=name: server.drop_database(name))  # noqa: PT021 - for one of two parameters
    first, second = (f"postgresql://{server.user}@127.0.0.1:{server.port}/{name}" for name in names)
    return first, second


@pytest.fixture
def house(places: tuple[str, str]) -> Iterator[House]:
    with new_house(places[0]) as house:
        house.ledger.record(received(signed(), outage(1), reserve(9, "none")), NOW, {"kafka:greffe.events:0": 7})
        house.views.tick(NOW)
        open_access(places[0]).close()
        yield house


@pytest.fixture
def greffe(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_a_backup_taken_while_facts_come_in_is_restored_the_same(
    house: House, places: tuple[str, str], greffe: Run, tmp_path: Path
) -> None:
    """The restored ledger is the first so many events of the live one, and its statements are those of these events."""
    live, elsewhere = places
    stop, going = threading.Event(), threading.Event()

    def ingest() -> None:
        number = 10
        while not stop.is_set():
            house.ledger.record(
                received(outage(number, f"o-{number}"), signed(f"s{number}", subject=f"C-{number}")), NOW
            )
            house.views.tick(NOW)
            number += 1
            if number > 15:
                going.set()

    writer = threading.Thread(target=ingest)
    writer.start()
    assert going.wait(60)
    status, out, err = greffe("backup", str(tmp_path / "backup"), "--ledger", live, "--format", "json")
    stop.set()
    writer.join(60)
    assert (status, err) == (0, "")
    said = json.loads(out)
    assert said["events"] >= 12
    assert greffe("restore", str(tmp_path / "backup"), "--ledger", elsewhere, "--format", "json") == (0, out, "")
    store = open_store(elsewhere)
    events = store.entries(limit=10_000)
    assert events == house.store.entries(limit=10_000)[: said["events"]]
    assert store.position("kafka:greffe.events:0") == 7
    assert [entry.fact_id for entry in store.quarantine()] == ["e-9"]
    views = views_of(ledger_of(store, CATALOGUE), CATALOGUE)
    views.tick(NOW)
    assert store.search(Search(), limit=10_000) == events
    with new_house() as clean:
        tell_again(clean, events, reserve(9, "none"))
        clean.views.tick(NOW)
        assert {name: store.view(name) for name in store.views()} == clean.statements()
        rows, others = ([d.body for d in one.deadlines(DeadlineSearch())] for one in (store, clean.store))
        assert rows == others
    assert views.rebuild().changed == ()
    assert ledger_of(store, CATALOGUE).record(received(outage(1), outage("new", "o-new")), NOW).recorded == 1
    store.close()
    open_access(elsewhere).close()


def test_a_ledger_is_never_restored_over_another(
    house: House, places: tuple[str, str], greffe: Run, tmp_path: Path
) -> None:
    backup = str(tmp_path / "backup")
    assert greffe("backup", backup, "--ledger", places[0])[0] == 0
    status, out, err = greffe("restore", backup, "--ledger", places[0])
    assert (status, out) == (2, "")
    assert "there is a ledger here already" in err
    assert len(house.store.entries()) == 2
    assert "File exists" in greffe("backup", backup, "--ledger", places[0])[2]


def test_a_backup_that_was_changed_is_not_taken_for_the_ledger(
    house: House, places: tuple[str, str], greffe: Run, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    assert len(house.store.entries()) == 2
    greffe("backup", str(backup), "--ledger", places[0])
    said = json.loads((backup / SAID).read_text())
    (backup / SAID).write_text(json.dumps(said | {"digest": "0" * 64}))
    status, _, err = greffe("restore", str(backup), "--ledger", places[1])
    assert (status, "what was backed up" in err) == (2, True)
    (backup / SAID).write_text("{}")
    assert (
        "does not say what this backup holds" in greffe("restore", str(backup), "--ledger", str(tmp_path / "x.db"))[2]
    )


def test_a_damaged_file_is_refused(tmp_path: Path, greffe: Run) -> None:
    live, backup = str(tmp_path / "ledger.db"), tmp_path / "backup"
    with new_house(live) as house:
        house.ledger.record(received(*(outage(n, f"o-{n}") for n in range(500))), NOW)
        greffe("backup", str(backup), "--ledger", live)
    content = bytearray((backup / LEDGER).read_bytes())
    content[40_000:60_000] = b"\xff" * 20_000
    (backup / LEDGER).write_bytes(content)
    status, _, err = greffe("restore", str(backup), "--ledger", str(tmp_path / "new.db"))
    assert status == 2
    assert err.count("\n") == 1
    assert not (tmp_path / "new.db").exists()


def test_nothing_is_backed_up_where_there_is_no_ledger(tmp_path: Path, greffe: Run) -> None:
    status, _, err = greffe("backup", str(tmp_path / "backup"), "--ledger", str(tmp_path / "none.db"))
    assert (status, err) == (2, "greffe: there is no ledger here to back up\n")
    assert not (tmp_path / "backup").exists()


def test_a_client_program_that_is_missing_is_named() -> None:
    with pytest.raises(LedgerError, match="pg_nothing is not installed here"):
        find_program("pg_nothing")
