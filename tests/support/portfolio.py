"""A ledger that people would look at: the demo's two contracts and one that ended, on a morning of June 2026.

Something is claimable, reserves are due within days, a ticket's clock runs, data are being deleted, an outage was
corrected and another one retracted, and a few messages wait in the quarantine. The facts are recorded month by month,
so that the two times of a fact differ.
"""

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.bootstrap import ledger_of, open_store, opened, views_of
from adapters.catalogue import load_catalogue
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant
from examples.demo.make_facts import load_scenario
from tests.support.arrivals import received
from tests.support.proving import log_key, sign
from tools.console import Told, record_by_month, told_in
from tools.demo import Demo

NOW = parse_instant("2026-06-03T09:00:00+02:00")
HOUR = 3_600 * MICROSECONDS_PER_SECOND
ALPHA, BETA, GAMMA = "C-ALPHA", "C-BETA", "C-GAMMA"
DESK = "urn:greffe:example:desk"


def portfolio(file: Path) -> str:
    """Makes the ledger; returns its address."""
    store = open_store(str(file))
    catalogue = load_catalogue([])
    ledger = ledger_of(store, catalogue)
    record_by_month(ledger, [(time, one) for time, one in story() if time < NOW - HOUR])
    for said in _ending():
        assert ledger.record(received(said), Instant(parse_instant(said["time"]) + HOUR)).quarantined == 0
    for number, said in enumerate(_morning()):
        ledger.record(received(said), Instant(NOW - HOUR + number * MICROSECONDS_PER_SECOND))
    views_of(ledger, catalogue).tick(NOW)
    store.close()
    with opened(str(file)) as signing:
        sign(signing, log_key(signing, file.parent)[0], NOW)
    return str(file)


@cache
def story() -> list[Told]:
    """What the demo writes for its contracts, claims and their answers included."""
    with redirect_stdout(io.StringIO()), TemporaryDirectory() as name:
        demo = Demo(Path(name), "en")
        for contract in load_scenario()["contract"]:
            demo.contract_story(contract)
        return [one for contract in (ALPHA, BETA) for one in told_in(Path(name, f"{contract}.jsonl"))]


def _ending() -> Iterator[dict[str, Any]]:
    """A small contract from its signature to the request that its data be deleted."""
    told = (
        ("contract.signed", "2025-01-01T09:00:00+01:00", {
            "provider": "outscale", "client": {"id": "client-gamma", "name": "Client Gamma"}, "kind": "on-demand",
            "documents": ["outscale-snc-fr", "outscale-cgv-2019"],
            "account": {"id": "acc-gamma", "email": "ops@gamma.example"},
        }),
        ("termination.notified", "2026-05-11T10:00:00+02:00", {
            "termination": "end-gamma", "by": "client", "ground": "convenience", "channel": "registered-letter",
        }),
        ("termination.acknowledged", "2026-05-13T15:00:00+02:00", {"termination": "end-gamma"}),
        ("contract.ended", "2026-05-29T18:00:00+02:00", {"cause": "convenience", "on": "2026-05-29"}),
        ("deletion.requested", "2026-06-01T09:30:00+02:00", {
            "deletion": "del-gamma", "via": "api", "scopes": ["all"],
        }),
    )  # fmt: skip
    for topic, time, data in told:
        yield _event(f"gamma/{topic}", topic, time, **data) | {"subject": GAMMA, "correlationid": "end-of-gamma"}


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
        reason="the probe's clock was ahead", ended_at="2026-06-02T15:20:00+02:00", causationid=f"{DESK}#outage-71",
    )  # fmt: skip
    yield _event(
        "outage-72", "outage.recorded", "2026-06-02T18:00:00+02:00", outage="O-72", service="internet", extent="total",
        started_at="2026-06-02T18:00:00+02:00", ended_at="2026-06-02T18:30:00+02:00",
    )  # fmt: skip
    yield _event(
        "outage-72-withdrawn", "outage.retracted", "2026-06-03T08:25:00+02:00", outage="O-72",
        reason="another client's line", causationid="outage-72",
    )  # fmt: skip
    yield _event(
        "outage-71", "outage.recorded", "2026-06-02T15:00:00+02:00", outage="O-71", service="vm", extent="total",
        started_at="2026-06-02T15:00:00+02:00", ended_at="2026-06-02T16:50:00+02:00",
    )  # fmt: skip
    yield _event("answer-1", "ticket.answered", "2026-06-03T08:30:00+02:00", ticket="T-UNKNOWN", automatic=False)
    yield _event("outage-73", "outage.recorded", "2026-06-03T08:31:00+02:00", outage="O-73", service="vm")


def _event(name: str, topic: str, time: str, /, causationid: str | None = None, **data: Any) -> dict[str, Any]:
    return ({} if causationid is None else {"causationid": causationid}) | {
        "specversion": "1.0",
        "id": name,
        "source": DESK,
        "type": f"greffe.{topic}.v1",
        "subject": ALPHA,
        "time": time,
        "correlationid": "morning-of-3-june",
        "data": data,
    }
