"""Reading ``cacm.scope`` B (Annex B: the revenue of all the client's contracts): live, rebuilt and replayed agree."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.catalogue import load_switches
from adapters.views import Views
from domain.readings import Readings, select
from domain.time.instant import parse_instant
from tests.support.arrivals import NOW, Event, event, outage, raw, received, reserve, signed
from tests.support.house import CATALOGUE, READINGS, House, new_house, replayed, undated
from tests.support.postgres import PostgresServer

WIDE = select(load_switches(), ["cacm.scope=B"])
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def contract(subject: str, client: str = "client-1") -> Event:
    """The signature of a contract by a client."""
    one = signed(f"signed-{subject}-{client}", subject=subject)
    return {**one, "data": {**one["data"], "client": {"id": client, "name": client}}}


def invoice(subject: str, month: str, amount: str, number: str = "") -> Event:
    """An invoice of a month, issued on its 28th at noon."""
    data = {"invoice": f"i-{month}", "month": month, "amount": amount}
    return event(f"i-{subject}-{month}{number}", "invoice.issued", data, f"{month}-28T12:00:00+02:00", subject=subject)


def asks(subject: str, value: str = "B") -> Event:
    """The contract selects a value of the reading."""
    data = {"parameter": "cacm.scope", "value": value, "reason": "agreed"}
    return event(f"asks-{subject}-{value}", "reading.selected", data, "2026-01-02T10:00:00+01:00", subject=subject)


def breach(subject: str) -> tuple[Event, Event]:
    """An outage that costs a penalty for March, and the client's reserve."""
    down = {"started_at": "2026-03-01T09:00:00+01:00", "ended_at": "2026-03-01T19:00:00+01:00"}
    one, two = outage(f"o-{subject}", subject=subject), reserve(f"r-{subject}", subject=subject)
    until = {"to": down["ended_at"]}
    return (
        {**one, "data": {**one["data"], **down}, "time": down["ended_at"]},
        {**two, "data": {**two["data"], **until}, "time": "2026-03-02T09:00:00+01:00"},
    )


WORLD: tuple[Event, ...] = (
    *(contract(subject) for subject in ("C-1", "C-2", "C-3")),
    contract("C-4", "client-2"),
    asks("C-1"),
    asks("C-2", "A"),
    asks("C-4"),
    *(one for subject in ("C-1", "C-2", "C-4") for one in breach(subject)),
    *(invoice(f"C-{number}", "2026-03", f"{10**number}.00") for number in (1, 2, 3, 4)),
    invoice("C-3", "2026-02", "500.00"),
    invoice("C-5", "2026-03", "7.00"),  # nobody signed it
    event("end", "monitoring.gap-recorded", {
        "services": ["vm"], "from": "2026-04-02T00:00:00+02:00", "to": "2026-04-02T01:00:00+02:00",
    }, "2026-04-02T12:00:00+02:00", subject="provider:outscale"),
)  # fmt: skip


REFUSED = (
    {**contract("C-2", "client-2"), "time": "2026-02-01T00:00:00+01:00"},  # a contract is signed once
    {**invoice("C-3", "2026-03", "999.00", "-again"), "time": "2026-03-29T12:00:00+02:00"},  # an id names one invoice
)


@cache
def told_in_order(readings: Readings) -> dict[str, bytes]:
    """The statements of the world told at once and in order."""
    with new_house(readings=readings) as house:
        house.ledger.record(received(*WORLD), NOW)
        house.views.refresh()
        return house.statements()


def average(statements: dict[str, bytes], of: str) -> Any:
    """The average monthly revenue of the only penalty of a contract, times the months it is over."""
    (penalty,) = json.loads(statements[of])["contracts"][of]["penalties"]
    return penalty["average_monthly_revenue"]


def test_annex_b_live_statements_take_the_revenue_of_the_client_where_the_reading_asks() -> None:
    """Three months since the signatures, of which the last two were invoiced: the sums are divided by three."""
    by_fact, by_question = told_in_order(READINGS), told_in_order(WIDE)
    assert (average(by_fact, "C-1"), average(by_fact, "C-2"), average(by_fact, "C-4")) == ("1610/3", "100/3", "10000/3")
    assert (average(by_question, "C-1"), average(by_question, "C-2")) == ("1610/3", "1610/3")


def test_what_is_refused_in_one_contract_counts_for_no_other() -> None:
    stamped = [raw({**one, "recordedtime": "2026-06-01T12:00:00+02:00"}) for one in (*REFUSED, *WORLD)]
    with new_house() as house:
        house.ledger.record(received(*WORLD, *REFUSED), NOW)
        house.views.refresh()
        assert average(house.statements(), "C-1") == "1610/3"
        for subject, live in house.statements().items():
            at = parse_instant(json.loads(live)["at"])
            assert replayed(house.folder, stamped, subject, at, NOW) == live.decode()


arrivals = st.permutations(WORLD)
sizes = st.lists(st.integers(1, 6), min_size=6, max_size=6)
refreshed = st.lists(st.booleans(), min_size=6, max_size=6)


def live_equals_the_world(house: House, told: list[Event], sizes: list[int], refreshed: list[bool], asked: Any) -> None:
    start = 0
    for size, refresh in zip(sizes, refreshed, strict=True):
        house.ledger.record(received(*told[start : start + size]), NOW)
        start += size
        if refresh:
            house.views.refresh()
    house.ledger.record(received(*told[start:]), NOW)
    house.views.refresh()
    figures = {subject: undated(body) for subject, body in asked.items()}
    assert house.figures() == figures
    assert house.views.rebuild().changed == ()
    assert house.figures() == figures


@pytest.mark.parametrize("readings", [READINGS, WIDE], ids=["by fact", "by question"])
@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
@given(told=arrivals, sizes=sizes, refreshed=refreshed)
def test_any_arrival_order_and_batching_gives_the_same_live_statements(
    readings: Readings, told: list[Event], sizes: list[int], refreshed: list[bool]
) -> None:
    with new_house(readings=readings) as house:
        live_equals_the_world(house, told, sizes, refreshed, told_in_order(readings))


@settings(max_examples=3, deadline=None, suppress_health_check=SLOW)
@given(told=arrivals, sizes=sizes, refreshed=refreshed)
def test_any_arrival_order_and_batching_gives_the_same_live_statements_on_postgresql(
    postgres: PostgresServer, told: list[Event], sizes: list[int], refreshed: list[bool]
) -> None:
    ledger = postgres.create_ledger()
    with new_house(ledger) as house:
        live_equals_the_world(house, told, sizes, refreshed, told_in_order(READINGS))
    postgres.drop_ledger(ledger)


@pytest.mark.parametrize("readings", [READINGS, WIDE], ids=["by fact", "by question"])
@settings(max_examples=5, deadline=None, suppress_health_check=SLOW)
@given(told=st.permutations(list(map(raw, WORLD))), files=st.integers(1, 3))
def test_any_order_and_split_of_files_replays_to_the_live_statement(
    readings: Readings, told: list[bytes], files: int
) -> None:
    stamped = [line[:-1] + b',"recordedtime":"2026-06-01T12:00:00+02:00"}' for line in told]
    with new_house() as house:
        for subject, live in told_in_order(readings).items():
            at, known_at = (parse_instant(json.loads(live)[name]) for name in ("at", "known_at"))
            said = replayed(house.folder, stamped, subject, at, known_at, files=files, readings=readings)
            assert said == live.decode()


def test_an_invoice_touches_its_contract_and_those_of_the_client_that_ask_and_no_other() -> None:
    with new_house() as house:
        house.ledger.record(received(*WORLD), NOW)
        house.views.refresh()
        before = house.statements()
        house.ledger.record(received(invoice("C-3", "2026-04", "40.00")), NOW)
        assert house.views.refresh() == 2
        changed = {subject for subject, body in house.statements().items() if body != before[subject]}
        assert changed == {"C-1", "C-3"}


def test_a_new_contract_of_the_client_touches_those_that_ask() -> None:
    with new_house() as house:
        house.ledger.record(received(*WORLD), NOW)
        house.views.refresh()
        house.ledger.record(received(contract("C-5")), NOW)
        assert house.views.refresh() == 2
        assert average(house.statements(), "C-1") == "539"


def test_a_process_that_comes_later_sees_what_another_took_in() -> None:
    with new_house() as house:
        house.ledger.record(received(*WORLD[:12]), NOW)
        house.views.refresh()
        other = Views(house.ledger, CATALOGUE, READINGS)
        house.ledger.record(received(*WORLD[12:]), NOW)
        other.refresh()
        house.ledger.record(received(invoice("C-2", "2026-04", "40.00")), NOW)
        house.views.refresh()
        assert house.views.rebuild().changed == ()
