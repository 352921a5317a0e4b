"""A ledger that people would look at: the demo's two contracts as they stood on a morning of June 2026.

Something is claimable, reserves are due within days, a ticket's clock runs, one contract is being ended, an outage was
corrected and another one retracted, and a few messages wait in the quarantine. The facts are recorded month by month,
so that the two times of a fact differ.
"""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from adapters.bootstrap import ledger_of, open_store, opened, views_of
from adapters.catalogue import load_catalogue
from adapters.cloudevents import read_jsonl
from adapters.eventstore.ledger import Received
from domain.fact import AnyFact
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant, to_paris
from examples.demo.make_facts import load_scenario
from tests.support.arrivals import received
from tests.support.proving import log_key, sign
from tools.demo import Demo

NOW = parse_instant("2026-06-03T09:00:00+02:00")
HOUR = 3_600 * MICROSECONDS_PER_SECOND
ALPHA, BETA = "C-ALPHA", "C-BETA"
DESK = "urn:greffe:example:desk"


def portfolio(file: Path) -> str:
    """Makes the ledger; returns its address."""
    store = open_store(str(file))
    catalogue = load_catalogue([])
    ledger = ledger_of(store, catalogue)
    for contract in (ALPHA, BETA):
        told = sorted(_facts(file.parent, contract), key=lambda one: one[0])
        for _, month in groupby(told, key=lambda one: f"{to_paris(one[0]):%Y-%m}"):
            batch = list(month)
            assert ledger.record([one for _, one in batch], Instant(batch[-1][0] + HOUR)).quarantined == 0
    for number, said in enumerate(_morning()):
        ledger.record(received(said), Instant(NOW - HOUR + number * MICROSECONDS_PER_SECOND))
    views_of(ledger, catalogue).tick(NOW)
    store.close()
    with opened(str(file)) as signing:
        sign(signing, log_key(signing, file.parent)[0], NOW)
    return str(file)


def _facts(folder: Path, contract: str) -> Iterator[tuple[Instant, Received]]:
    for raw, fact, number in _story(folder)[contract]:
        if fact.time < NOW - HOUR:
            yield fact.time, Received(raw, f"{contract}.jsonl", fact, number)


@cache
def _story(folder: Path) -> dict[str, list[tuple[bytes, AnyFact, int]]]:
    """What the demo writes for each contract, claims and their answers included."""
    found = {}
    with redirect_stdout(io.StringIO()):
        demo = Demo(folder, "en")
        for contract in load_scenario()["contract"]:
            demo.contract_story(contract)
    for name in (ALPHA, BETA):
        with (folder / f"{name}.jsonl").open("rb") as stream:
            found[name] = [(raw, fact, number) for number, fact, _, raw in read_jsonl(stream)]
    return found


def _morning() -> Iterator[dict[str, Any]]:
    """What came in during the hour before: a ticket, a correction, a retraction, and what cannot be taken."""
    yield _event(
        "ticket-9",
        "ticket.opened",
        "2026-06-03T08:05:00+02:00",
        ticket="T-9",
        kind="incident",
        complete=True,
        severity=2,
    )
    yield _event(
        "outage-71", "outage.recorded", "2026-06-02T15:00:00+02:00", outage="O-71", service="vm", extent="total",
        started_at="2026-06-02T15:00:00+02:00", ended_at="2026-06-02T15:50:00+02:00",
    )  # fmt: skip
    yield _event(
        "outage-71-put-right", "outage.corrected", "2026-06-03T08:20:00+02:00", outage="O-71",
        reason="the probe's clock was ahead", ended_at="2026-06-02T15:20:00+02:00",
    )  # fmt: skip
    yield _event(
        "outage-72", "outage.recorded", "2026-06-02T18:00:00+02:00", outage="O-72", service="internet", extent="total",
        started_at="2026-06-02T18:00:00+02:00", ended_at="2026-06-02T18:30:00+02:00",
    )  # fmt: skip
    yield _event(
        "outage-72-withdrawn", "outage.retracted", "2026-06-03T08:25:00+02:00", outage="O-72",
        reason="another client's line",
    )  # fmt: skip
    yield _event(
        "outage-71", "outage.recorded", "2026-06-02T15:00:00+02:00", outage="O-71", service="vm", extent="total",
        started_at="2026-06-02T15:00:00+02:00", ended_at="2026-06-02T16:50:00+02:00",
    )  # fmt: skip
    yield _event("answer-1", "ticket.answered", "2026-06-03T08:30:00+02:00", ticket="T-UNKNOWN", automatic=False)
    yield _event("outage-73", "outage.recorded", "2026-06-03T08:31:00+02:00", outage="O-73", service="vm")


def _event(name: str, topic: str, time: str, /, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": name,
        "source": DESK,
        "type": f"greffe.{topic}.v1",
        "subject": ALPHA,
        "time": time,
        "correlationid": "morning-of-3-june",
        "data": data,
    }
