"""The same facts give the same bytes: live, rebuilt or replayed, in any order, batching, repetition and split."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.cloudevents import canonical, encode
from domain.time.instant import parse_instant
from tests.support.arrivals import (
    NOW,
    PROVIDER,
    Event,
    answered,
    event,
    measured,
    opened,
    otherwise,
    outage,
    raw,
    received,
    reserve,
    signed,
)
from tests.support.house import new_house, replayed, undated


def invoice(number: int | str, month: str, amount: str) -> Event:
    """An invoice of a month."""
    data = {"invoice": f"i-{month}", "month": month, "amount": amount}
    return event(number, "invoice.issued", data, f"{month}-28T10:00:00+01:00")


WORLD: tuple[Event, ...] = (
    signed(),
    signed("signed-2", subject="C-2"),
    outage(1),
    reserve(2),
    outage(3, "o-2", subject="C-2"),
    event(4, "outage.cause-established", {"outage": "o-1", "cause": "client"}, "2026-03-09T10:00:00+01:00"),
    opened(5),
    answered(6),
    event(7, "ticket.resolved", {"ticket": "t-1"}, "2026-03-01T13:00:00+01:00"),
    outage(8, "wide", subject=PROVIDER),
    reserve(9, "wide", "r-2"),
    reserve(10, "wide", "r-3", subject="C-2"),
    invoice(11, "2026-02", "1000.00"),
    invoice(12, "2026-03", "1000.00"),
    event(13, "invoice.paid", {"invoice": "i-2026-02"}, "2026-03-20T10:00:00+01:00"),
    measured(14),
    answered("waits", "t-none"),
    event("early", "ticket.answered", {"ticket": "t-1", "automatic": False}, "2025-06-01T10:00:00+02:00"),
    event("no-text", "contract.document-signed", {"document": "no-such-text"}, "2026-02-01T10:00:00+01:00"),
    event("end", "outage.corrected", {"outage": "o-1", "reason": "x", "ended_at": "2026-03-01T08:00:00+01:00"}),
    measured("nobody", subject="provider:nobody"),
    event(15, "monitoring.gap-recorded", {
        "services": ["vm"], "from": "2026-03-02T00:00:00+01:00", "to": "2026-03-02T01:00:00+01:00",
    }, subject=PROVIDER),
)  # fmt: skip


def told_in_order() -> dict[str, bytes]:
    """The statements of the world told at once and in order."""
    with new_house() as house:
        house.ledger.record(received(*WORLD), NOW)
        house.views.refresh()
        return house.statements()


IN_ORDER = told_in_order()
FIGURES = {contract: undated(body) for contract, body in IN_ORDER.items()}


def test_the_world_of_these_tests_says_something() -> None:
    said = {contract: json.loads(body)["contracts"][contract] for contract, body in IN_ORDER.items()}
    assert sorted(said) == ["C-1", "C-2"]
    codes = {finding["code"] for finding in said["C-1"]["findings"]}
    assert {"waiting-fact", "refused-fact"} <= codes
    assert any("urn:test#e-8" in row["events"] for row in said["C-2"]["indicators"])
    assert said["C-1"]["support"]


arrivals = st.permutations([*WORLD, *(otherwise(one) for one in WORLD[:6]), *WORLD[4:12]])
sizes = st.lists(st.integers(1, 9), min_size=40, max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(arrivals=arrivals, sizes=sizes, refreshed=st.lists(st.booleans(), min_size=40, max_size=40))
def test_any_arrival_order_batching_and_repetition_gives_the_same_live_statements(
    arrivals: list[Event], sizes: list[int], refreshed: list[bool]
) -> None:
    with new_house() as house:
        start = 0
        for size, refresh in zip(sizes, refreshed, strict=True):
            house.ledger.record(received(*arrivals[start : start + size]), NOW)
            start += size
            if refresh:
                house.views.refresh()
        house.ledger.record(received(*arrivals[start:]), NOW)
        house.views.refresh()
        assert house.figures() == FIGURES
        rebuilt = house.views.rebuild()
        assert (rebuilt.contracts, rebuilt.changed) == (2, ())
        assert house.figures() == FIGURES


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.permutations([*map(raw, WORLD), *map(raw, WORLD[3:9])]), files=st.integers(1, 4))
def test_any_order_and_split_of_files_replays_to_the_live_statement(lines: list[bytes], files: int) -> None:
    stamped = [canonical(json.loads(line))[:-1] + b',"recordedtime":"2026-06-01T12:00:00+02:00"}' for line in lines]
    with TemporaryDirectory() as name:
        folder = Path(name)
        for contract, live in IN_ORDER.items():
            at = parse_instant(json.loads(live)["at"])
            assert replayed(folder, stamped, contract, at, NOW, files=files) == live.decode()


@settings(max_examples=15, deadline=None)
@given(arrivals=st.permutations(WORLD))
def test_the_facts_of_the_ledger_replay_to_the_figures_it_shows(arrivals: list[Event]) -> None:
    """What the quarantine holds is not in an export of the ledger: the findings about it are all that differs."""
    with new_house() as house:
        house.ledger.record(received(*arrivals), NOW)
        lines = [json.dumps(encode(fact)).encode() for fact in house.ledger.facts()]
        for contract, live in IN_ORDER.items():
            said = json.loads(live)
            again = json.loads(replayed(house.folder, lines, contract, parse_instant(said["at"]), NOW))
            held = {"waiting-fact", "refused-fact", "conflict"}
            part = said["contracts"][contract]
            part["findings"] = [finding for finding in part["findings"] if finding["code"] not in held]
            assert again == said


stamps = st.lists(st.integers(0, 5), min_size=len(WORLD) + 4, max_size=len(WORLD) + 4)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), stamps=stamps, known=st.integers(0, 5))
def test_known_at_equals_replaying_the_shorter_file(data: st.DataObject, stamps: list[int], known: int) -> None:
    other = {**outage(1), "data": {**outage(1)["data"], "service": "volume"}}
    told = [*WORLD, outage(1), other, otherwise(other), signed()]
    days = [f"2026-06-0{stamp + 1}T12:00:00+02:00" for stamp in stamps]
    lines = data.draw(
        st.permutations([(day, raw({**one, "recordedtime": day})) for day, one in zip(days, told, strict=True)])
    )
    known_at = parse_instant(f"2026-06-0{known + 1}T12:00:00+02:00")
    at = parse_instant("2026-05-01T00:00:00+02:00")
    with TemporaryDirectory() as name:
        folder = Path(name)
        shorter = [line for day, line in lines if parse_instant(day) <= known_at]
        whole = [line for _, line in lines]
        for contract in ("C-1", "C-2"):
            assert replayed(folder, whole, contract, at, known_at) == replayed(folder, shorter, contract, at, known_at)
