"""Views advance as facts come and as time passes, are rebuilt beside themselves, and never show what nobody derived."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.bootstrap import ledger_of, open_store
from adapters.deriving import Deriver
from adapters.eventstore.store import Deadline, DeadlineSearch, Search, Store
from adapters.views import Views
from domain.errors import LedgerError
from domain.time.instant import Instant, parse_instant
from tests.support.arrivals import NOW, PROVIDER, Event, event, opened, outage, received, reserve, signed
from tests.support.house import CATALOGUE, READINGS, House, new_house, tell_again
from tests.support.postgres import PostgresServer

RULE = "outscale-cgv-2019/reserve-48h"


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of no ledger yet, on each store."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    ledger = server.create_ledger()
    request.addfinalizer(lambda: server.drop_ledger(ledger))  # noqa: PT021 - only for one of two parameters
    return ledger


@pytest.fixture
def house(address: str) -> Iterator[House]:
    with new_house(address) as house:
        yield house


def tell(house: House, *events: Event) -> None:
    house.ledger.record(received(*events), NOW)


def deadline(store: Store, rule: str = RULE) -> Deadline:
    (found,) = store.deadlines(DeadlineSearch(rule=rule))
    return found


def test_a_deadline_is_missed_when_its_time_has_passed_without_a_new_fact(house: House) -> None:
    """The outage ended on 1 March at 09:10: the client's reserve is in time until 3 March at 09:10, both included."""
    tell(house, signed(), outage(1))
    house.views.tick(parse_instant("2026-03-01T12:00:00+01:00"))
    statement = house.store.view("C-1")
    assert (deadline(house.store).state, deadline(house.store).due) == (
        "pending",
        parse_instant("2026-03-03T09:10:00+01:00"),
    )
    for moment, state in {
        "2026-03-03T09:09:59+01:00": "pending",
        "2026-03-03T09:10:00+01:00": "pending",
        "2026-03-03T09:10:01+01:00": "missed",
        "2026-07-01T00:00:00+02:00": "missed",
    }.items():
        house.views.tick(parse_instant(moment))
        found = deadline(house.store)
        assert (found.state, json.loads(found.body)["state"]) == (state, state), moment
    assert house.store.view("C-1") == statement, "which speaks of its latest fact"
    assert house.views.tick(parse_instant("2026-07-01T00:00:00+02:00")) == 0, "nothing more to do"


def test_an_old_fact_that_comes_late_does_not_put_a_deadline_back(house: House) -> None:
    tell(house, signed(), outage(1))
    later = parse_instant("2026-04-01T12:00:00+02:00")
    house.views.tick(later)
    assert deadline(house.store).state == "missed"
    tell(house, opened(2))
    house.views.refresh(later)
    assert deadline(house.store).state == "missed"
    tell(house, reserve(3))
    house.views.tick(later)
    assert deadline(house.store).state == "met", "the reserve was made in time, and told late"


def test_a_fact_dated_ahead_counts_from_its_date_on(house: House) -> None:
    tell(house, signed(), outage(1), reserve(2))
    house.views.tick(parse_instant("2026-03-01T11:00:00+01:00"))
    assert deadline(house.store).state == "pending", "the reserve is dated 12:00"
    house.views.tick(parse_instant("2026-03-01T12:00:00+01:00"))
    assert deadline(house.store).state == "met"


def test_the_index_holds_each_fact_once_and_finds_it(house: House) -> None:
    tell(house, signed(), signed(subject="C-2", source="urn:b"), outage(1, correlationid="case-7"))
    house.views.refresh()
    tell(house, opened(2), outage(3, "wide", subject=PROVIDER), b"{")  # type: ignore[arg-type]
    house.views.refresh()
    house.views.refresh()
    every = house.store.search(Search())
    assert every == [entry for entry in house.store.entries() if not entry.stream.startswith("|")]
    assert [json.loads(e.state)["event"]["id"] for e in house.store.search(Search(subjects=["C-1"]))] == [
        *("e-signed", "e-1", "e-2")
    ]
    (found,) = house.store.search(Search(correlation="case-7"))
    assert found.topic == "greffe.outage.recorded.v1"
    assert [e.stream for e in house.store.search(Search(types=["greffe.ticket.opened.v1"]))] == ["C-1|ticket|t-1"]


def told_while(house: House, work: threading.Event, count: int = 40) -> None:
    """Facts about four contracts, and some about all, one batch after another until the work is done."""
    for number in range(count):
        subject = f"C-{number % 4}"
        wide = [outage(f"w{number}", f"w-{number}", subject=PROVIDER)] if number % 20 == 0 else []
        tell(house, signed(f"s{number}", subject=f"D-{number}"), outage(number, f"o-{number}", subject=subject), *wide)
        if work.is_set() and number > 10:
            return


@pytest.mark.no_cover  # the same ways many times, in four threads
def test_a_rebuild_while_ingest_goes_on_leaves_no_gap_and_no_double(house: House, address: str) -> None:
    """Readers look all the while: what they see is a statement that was derived, and every contract stays in sight."""
    tell(house, *(signed(f"first-{n}", subject=f"C-{n}") for n in range(4)))
    house.views.refresh()
    done = threading.Event()
    other = open_store(address)
    seen: list[int] = []

    def look() -> None:
        while not done.is_set():
            names = other.views()
            assert set(names) >= {f"C-{n}" for n in range(4)}
            assert all(other.view(name) for name in names[:4])
            found = [entry.position for entry in other.search(Search(), limit=10_000)]
            assert found == sorted(set(found)), "each fact once"
            assert len(found) >= (seen[-1] if seen else 0), "and none is lost from sight"
            seen.append(len(found))
            done.wait(0.05)  # each looks often, and leaves the processor and the lock to the others

    def refresh() -> None:
        while not done.wait(0.05):
            house.views.refresh()

    with ThreadPoolExecutor(3) as pool:
        looking, writing, refreshing = pool.submit(look), pool.submit(told_while, house, done), pool.submit(refresh)
        rebuilt = [Views(house.ledger, CATALOGUE, READINGS).rebuild() for _ in range(2)]
        done.set()
        for running in (looking, writing, refreshing):
            running.result(timeout=120)
    house.views.refresh()
    other.close()
    assert all(one.contracts >= 4 for one in rebuilt)
    assert house.store.search(Search(), limit=10_000) == house.store.entries(limit=10_000)
    with new_house() as clean:
        tell_again(clean, house.store.entries(limit=10_000))
        clean.views.refresh()
        assert house.statements() == clean.statements()
        rows, others = (one.store.deadlines(DeadlineSearch(), limit=10_000) for one in (house, clean))
        assert [one.body for one in rows] == [one.body for one in others]
    assert house.views.rebuild().changed == ()


@pytest.mark.no_cover
def test_two_processes_that_refresh_at_once_index_each_fact_once(house: House, address: str) -> None:
    other = open_store(address)
    done = threading.Event()

    def refresh(views: Views) -> None:
        while not done.is_set():
            views.refresh()

    with ThreadPoolExecutor(2) as pool:
        beside = Views(ledger_of(other, CATALOGUE, READINGS), CATALOGUE, READINGS)
        running = [pool.submit(refresh, beside), pool.submit(refresh, house.views)]
        told_while(house, threading.Event(), 25)
        done.set()
        for one in running:
            one.result(timeout=120)
    other.close()
    house.views.refresh()
    assert house.store.search(Search(), limit=10_000) == house.store.entries(limit=10_000)
    assert house.views.rebuild().changed == ()


def test_a_rebuild_that_died_is_swept_away_by_the_next(house: House) -> None:
    class DiedError(Exception):
        pass

    def die(_: str) -> None:
        raise DiedError

    tell(house, signed(), outage(1))
    house.views.refresh()
    before = house.statements()
    with pytest.raises(DiedError):
        house.views.rebuild(die)
    assert (house.statements(), len(house.store.search(Search()))) == (before, 2)
    assert house.views.rebuild().changed == ()
    assert house.store.touched(1, 1) == [], "nothing is left of the dead one"
    assert (house.statements(), len(house.store.search(Search()))) == (before, 2)


def test_of_two_rebuilds_the_one_begun_later_stays(house: House) -> None:
    tell(house, signed())
    house.views.refresh()

    def overtake(_: str) -> None:
        Views(house.ledger, CATALOGUE, READINGS).rebuild()

    with pytest.raises(LedgerError, match="another rebuild of this ledger finished first"):
        house.views.rebuild(overtake)
    assert house.store.views() == ["C-1"]


def test_a_follower_keeps_the_views_until_it_is_stopped_and_survives_a_failure(house: House) -> None:
    stop, told = threading.Event(), threading.Event()
    said: list[str] = []
    moments = iter([Instant(0)])

    def clock() -> Instant:
        if next(moments, None) is not None:
            raise LedgerError("the server is away", "le serveur est absent")
        told.set()
        return NOW

    tell(house, signed(), outage(1))
    thread = threading.Thread(
        target=house.views.follow, args=(stop, clock, lambda error: said.append(str(error)), 0.001)
    )
    thread.start()
    assert told.wait(60)
    stop.set()
    thread.join(60)
    assert said == ["the server is away"]
    assert (house.store.views(), deadline(house.store).state) == (["C-1"], "missed")


STORY: tuple[Event, ...] = (
    signed(),
    outage(1),
    reserve(9),
    event(2, "invoice.issued", {"invoice": "i-1", "month": "2026-03", "amount": "1000.00", "due_on": "2026-04-10"},
          "2026-04-01T10:00:00+02:00"),
    event(3, "personal-data-request.received", {"request": "r-1"}, "2026-04-02T15:30:00+02:00"),
    event(4, "key-rotation.requested", {"key": "k-1"}, "2026-04-03T15:30:00+02:00"),
    event(5, "termination.notified", {"termination": "t-1", "by": "client", "ground": "convenience",
          "channel": "registered-letter"}, "2026-04-05T09:00:00+02:00"),
    event(6, "termination.acknowledged", {"termination": "t-1"}, "2026-04-07T09:00:00+02:00"),
    event(7, "account.deactivated", {"account": "a-1"}, "2026-04-25T09:00:00+02:00"),
    event(8, "hold.placed", {"hold": "h-1", "basis": "court", "scopes": ["all"], "until": "2026-06-10"},
          "2026-04-26T09:00:00+02:00"),
)  # fmt: skip


def test_between_two_renewals_the_deadlines_would_not_read_otherwise(tmp_path: Path) -> None:
    """Every eleven hours for four months: renewed only where they are stale, they read as derived at that moment."""
    with new_house(str(tmp_path / "ledger.db")) as house:
        tell(house, *STORY)
        deriver = Deriver(house.ledger, CATALOGUE, READINGS)
        moment = parse_instant("2026-03-01T08:00:00+01:00")
        states = set()
        while moment < parse_instant("2026-07-01T00:00:00+02:00"):
            house.views.tick(moment)
            rows = {(one.number, one.rule, one.state, one.due) for one in house.store.deadlines(DeadlineSearch())}
            derived = deriver.derive_deadlines("C-1", 1, moment).deadlines
            assert rows == {(one.number, one.rule, one.state, one.due) for one in derived}, moment
            states |= {row[2] for row in rows}
            moment = Instant(moment + 39_600_000_000)
        assert {"pending", "missed", "met"} <= states
        assert len(house.store.deadlines(DeadlineSearch())) == 6
