"""An agreement of a third provider, written only as a TOML file: no Python knows its name."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.dossier import Happening, row, rows, statement

AGREEMENTS = Path(__file__).resolve().parents[2] / "examples" / "agreements"
SIGNED: Happening = (
    "2026-01-01T00:00:00+01:00",
    "contract.signed",
    {
        "provider": "nimbus",
        "client": {"id": "client-1", "name": "Client One"},
        "documents": ["nimbus-cloud-2026"],
        "kind": "on-demand",
    },
)
INVOICE: Happening = (
    "2026-05-02T09:00:00+02:00",
    "invoice.issued",
    {"invoice": "i-1", "month": "2026-04", "amount": "8000.00"},
)


def outage(service: str, start: str, end: str) -> Happening:
    data = {"outage": f"o-{start}", "service": service, "started_at": start, "ended_at": end, "extent": "total"}
    return (end, "outage.recorded", data)


def asked(*happenings: Happening, at: str) -> dict[str, Any]:
    return statement(SIGNED, INVOICE, *happenings, at=at, agreements=[AGREEMENTS])


@pytest.mark.parametrize(
    ("hours", "credit"),
    [(1, "800"), (10, "2000"), (40, "4000")],  # 99.861 %, 98.611 % and 94.444 % of April's 720 hours
)
def test_schedule_1_5_credits_are_10_25_or_50_percent_by_band(hours: int, credit: str) -> None:
    end = f"2026-04-{8 + hours // 24:02}T{hours % 24:02}:00:00+02:00"
    found = asked(outage("compute", "2026-04-08T00:00:00+02:00", end), at="2026-05-03T12:00:00+02:00")
    penalty = row(found["penalties"], period_end="2026-04-30")
    assert penalty["gross"] == credit
    assert penalty["payable"] == credit
    assert penalty["state"] == "claimable"


def test_schedule_1_2_a_month_within_its_budget_owes_nothing() -> None:
    found = asked(
        outage("compute", "2026-04-08T00:00:00+02:00", "2026-04-08T00:21:36+02:00"), at="2026-05-03T12:00:00+02:00"
    )
    line = row(
        found["indicators"], indicator="nimbus-cloud-2026/compute-uptime", period_from="2026-04-01T00:00:00+02:00"
    )
    assert (line["state"], line["counted_seconds"], line["allowed_seconds"]) == ("met", "1296", "1296")
    assert found["penalties"] == []


def test_schedule_1_3_storage_is_judged_by_calendar_quarter() -> None:
    found = asked(
        outage("storage", "2026-02-08T00:00:00+01:00", "2026-02-08T02:00:00+01:00"), at="2026-05-03T12:00:00+02:00"
    )
    quarters = rows(found["indicators"], indicator="nimbus-cloud-2026/storage-uptime")
    assert [(q["period"]["from"], q["period"]["to"], q["state"]) for q in quarters] == [
        ("2026-01-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00", "met"),
        ("2026-04-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00", "running"),
    ]
    assert quarters[0]["reference_seconds"] == str(90 * 86_400 - 3_600)


def test_schedule_1_6_a_credit_is_requested_within_five_business_days() -> None:
    down = outage("compute", "2026-04-08T00:00:00+02:00", "2026-04-08T10:00:00+02:00")
    claim: Happening = (
        "2026-05-08T09:00:00+02:00",
        "penalty.claimed",
        {
            "claim": "c-1",
            "period_end": "2026-04-30",
            "indicators": ["nimbus-cloud-2026/compute-uptime"],
            "reserves": [],
            "computation_attached": True,
        },
    )
    found = asked(down, claim, at="2026-05-20T12:00:00+02:00")
    penalty = row(found["penalties"], period_end="2026-04-30")
    # 1 and 8 May are holidays, 2-3 and 9-10 May weekends: the fifth business day after 30 April is Monday 11 May.
    assert penalty["claim_by"] == "2026-05-12T00:00:00+02:00"
    assert penalty["state"] == "claimed"
