"""Facts in by HTTP or by Kafka, the statement out of the API: the bytes of a replay, on both stores."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.live.cases import is_same
from tests.live.path import Question, Recording, by_http, by_kafka, live
from tests.support.arrivals import Event, answered, event, opened, outage, reserve, signed
from tests.support.postgres import PostgresServer
from tools.broker import Broker

PROVIDER = "provider:outscale"
LATE = "2026-03-20T08:00:00+01:00"
EVENTS: list[Event] = [
    signed(),
    signed("two", subject="C-2"),
    outage(1),
    reserve(2),
    outage("wide", "o-wide", subject=PROVIDER),
    event("fixed", "outage.corrected", {
        "outage": "o-1", "reason": "x", "ended_at": "2026-03-01T09:20:00+01:00",
    }, "2026-03-10T10:00:00+01:00"),
    opened(3), answered(4), answered("waits", "t-none"),
    outage("late", "o-late", subject="C-2", recordedtime=LATE),
    event("i", "invoice.issued", {"invoice": "i-1", "month": "2026-02", "amount": "1000.00"},
          "2026-02-28T10:00:00+01:00", subject="C-2"),
]  # fmt: skip
CASES: list[dict[str, Any]] = [
    {"at": "2026-04-10T10:00:00+02:00"},
    {"at": "2026-04-10T10:00:00+02:00", "readings": {"maintenance.mode": "B", "cacm.scope": "B"}},
    {"at": "2026-03-19T10:00:00+01:00", "known_at": "2026-03-19T10:00:00+01:00"},
    {"at": "2026-03-21T10:00:00+01:00", "known_at": LATE},
    {"at": "2026-03-05T10:00:00+01:00", "known_at": "2026-03-05T10:00:00+01:00"},
]


@pytest.mark.parametrize("case", CASES, ids=json.dumps)
def test_by_http_into_sqlite(case: dict[str, Any]) -> None:
    assert is_same({**case, "events": EVENTS}, by_http)


def test_by_http_into_postgresql(postgres: PostgresServer) -> None:
    address = postgres.create_ledger()
    assert is_same({**CASES[0], "events": EVENTS}, by_http, address)
    postgres.drop_ledger(address)


@pytest.mark.parametrize("case", [CASES[0], CASES[3]], ids=json.dumps)
def test_by_kafka(case: dict[str, Any], broker: Broker) -> None:
    assert is_same({**case, "events": EVENTS}, by_kafka(broker))


def test_a_statement_that_leaves_a_fact_out_is_found_to_differ(tmp_path: Path) -> None:
    question = Question("2026-04-10T10:00:00+02:00", None, ())
    recordings: list[Recording] = [by_http, lambda events, served, clock: by_http(events[:-1], served, clock)]
    whole, part = (live(EVENTS, question, str(tmp_path / f"{n}.db"), record) for n, record in enumerate(recordings))
    assert whole != part
