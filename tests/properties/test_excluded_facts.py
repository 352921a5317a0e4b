"""Two facts that exclude each other: the first recorded stands, live, rebuilt and replayed, in the same words."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.time.instant import Instant, parse_instant
from tests.support.arrivals import (
    NOW,
    PROVIDER,
    Event,
    answered,
    event,
    opened,
    otherwise,
    outage,
    received,
    reserve,
    signed,
)
from tests.support.house import House, new_house, replayed
from tests.support.postgres import PostgresServer


def at(one: Event, time: str) -> Event:
    """The same event at another time."""
    return {**one, "time": time}


def invoice(number: str, amount: str, **more: Any) -> Event:
    """The invoice ``i-1`` of March."""
    data = {"invoice": "i-1", "month": "2026-03", "amount": amount}
    return event(number, "invoice.issued", data, "2026-03-28T10:00:00+01:00", **more)


ASKS = {"parameter": "cacm.scope", "value": "B", "reason": "agreed"}
ENDS = {"outage": "wide", "ended_at": "2026-02-01T08:30:00+01:00", "confirmed_by": "monitoring"}
SOONER = "2026-02-20T10:00:00+01:00"
WORLD: tuple[Event, ...] = (
    signed(),
    at(signed("signed-again"), "2026-01-05T00:00:00+01:00"),
    signed("signed-2", subject="C-2"),
    event("asks", "reading.selected", ASKS, "2026-01-02T10:00:00+01:00"),
    outage("o-late"),
    at(outage("o-soon"), SOONER),
    reserve("r-late"),
    at(reserve("r-soon"), "2026-03-01T11:00:00+01:00"),
    event("end", "outage.corrected", {"outage": "o-1", "reason": "x", "ended_at": "2026-03-01T08:00:00+01:00"}),
    event("start", "outage.corrected", {"outage": "o-1", "reason": "x", "started_at": "2026-03-01T07:00:00+01:00"}),
    opened("t-late"),
    at(opened("t-soon"), SOONER),
    at(answered("t-early"), "2026-02-25T10:00:00+01:00"),
    outage("wide", "wide", subject=PROVIDER),
    outage("own", "wide"),
    reserve("w-late", "wide", "w-1"),
    at(reserve("w-soon", "wide", "w-1"), "2026-03-01T11:00:00+01:00"),
    event("w-end", "outage.ended", ENDS, "2026-03-02T10:00:00+01:00"),
    reserve("w-2", "wide", "w-1", subject="C-2"),
    invoice("i-10", "10.00", subject="C-2"),
    at(invoice("i-20", "20.00", subject="C-2"), "2026-03-27T10:00:00+01:00"),
    outage("of-another", "theirs", subject="provider:cloud-temple"),
    event("ends-theirs", "outage.retracted", {"outage": "theirs", "reason": "x"}, subject=PROVIDER),
)  # fmt: skip

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
arrivals = st.permutations([*WORLD, *map(otherwise, WORLD[:8])])
sizes = st.lists(st.integers(1, 8), min_size=10, max_size=10)
clocks = st.lists(st.integers(-2, 2), min_size=11, max_size=11)


def tell(house: House, told: list[Event], sizes: list[int], clocks: list[int]) -> None:
    """Batches as the clocks of several processes stamp them, now before one another, now after."""
    for size, clock in zip([*sizes, len(told)], clocks, strict=True):
        house.ledger.record(received(*told[:size]), Instant(NOW + clock))
        del told[:size]
        if clock:
            house.views.refresh()
    house.views.refresh()


def live_is_what_a_replay_says(house: House, data: st.DataObject) -> None:
    live = house.statements()
    assert house.views.rebuild().changed == ()
    assert house.statements() == live
    lines = data.draw(st.permutations(house.told()))
    for contract, body in live.items():
        at, known_at = (parse_instant(json.loads(body)[name]) for name in ("at", "known_at"))
        assert replayed(house.folder, lines, contract, at, known_at) == body.decode()


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
@given(told=arrivals, sizes=sizes, clocks=clocks, data=st.data())
def test_live_rebuilt_and_replayed_agree_on_which_fact_stands(
    told: list[Event], sizes: list[int], clocks: list[int], data: st.DataObject
) -> None:
    with new_house() as house:
        tell(house, told, sizes, clocks)
        live_is_what_a_replay_says(house, data)


@settings(max_examples=4, deadline=None, suppress_health_check=SLOW)
@given(told=arrivals, sizes=sizes, clocks=clocks, data=st.data())
def test_live_rebuilt_and_replayed_agree_on_which_fact_stands_on_postgresql(
    postgres: PostgresServer, told: list[Event], sizes: list[int], clocks: list[int], data: st.DataObject
) -> None:
    ledger = postgres.create_ledger()
    with new_house(ledger) as house:
        tell(house, told, sizes, clocks)
        live_is_what_a_replay_says(house, data)
    postgres.drop_ledger(ledger)
