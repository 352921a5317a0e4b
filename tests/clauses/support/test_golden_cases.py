"""The golden cases of the support clocks, by number: each figure was worked out by hand from the clause it names."""

from itertools import product

import pytest

from tests.support.bases import OUTSCALE, Happening, signed
from tests.support.tickets import (
    AT_CLOUD_TEMPLE,
    AT_OUTSCALE,
    AT_OUTSCALE_2023,
    answered,
    objectives,
    opened,
    row,
    rows,
    then,
)

OUTSCALE_TEXTS = pytest.mark.parametrize("contract", [AT_OUTSCALE, AT_OUTSCALE_2023], ids=["annex-a", "agreement-2023"])


@OUTSCALE_TEXTS
def test_gc_070_elapsed_minutes_across_a_clock_change(contract: tuple[Happening, ...]) -> None:
    asked = row(
        "support-gti-sev1",
        *contract,
        opened("2026-03-29T01:50:00+01:00", severity=1),
        answered("2026-03-29T03:04:00+02:00"),
        at="2026-03-30T00:00:00+02:00",
    )
    assert (asked["elapsed_seconds"], asked["state"]) == ("840", "met")


@OUTSCALE_TEXTS
def test_gc_071_the_clients_own_time_is_deducted(contract: tuple[Happening, ...]) -> None:
    asked = row(
        "support-gtr-sev1",
        *contract,
        opened("2026-04-08T10:00:00+02:00", severity=1),
        then("2026-04-08T10:20:00+02:00", "waiting-for-client"),
        then("2026-04-08T11:05:00+02:00", "client-replied"),
        then("2026-04-08T12:40:00+02:00", "resolved"),
        at="2026-04-09T00:00:00+02:00",
    )
    assert (asked["elapsed_seconds"], asked["state"]) == (str(115 * 60), "met")


@pytest.mark.parametrize(("reading", "minutes", "state"), [("A", 235, "met"), ("B", 265, "missed")])
def test_gc_072_complete_opening_or_raw_opening(reading: str, minutes: int, state: str) -> None:
    asked = row(
        "support-gtr-sev2",
        *AT_OUTSCALE,
        opened("2026-04-09T10:00:00+02:00", severity=2, complete=False),
        then("2026-04-09T10:30:00+02:00", "completed"),
        then("2026-04-09T14:25:00+02:00", "resolved"),
        at="2026-04-10T00:00:00+02:00",
        readings=[f"support.gti_start={reading}"],
    )
    assert (asked["elapsed_seconds"], asked["state"]) == (str(minutes * 60), state)


@OUTSCALE_TEXTS
@pytest.mark.parametrize(
    ("reading", "due"),
    [
        ("calendar.working_hours=A", "2026-04-09T15:00:00+02:00"),
        ("calendar.001_holidays=B", "2026-04-08T15:00:00+02:00"),
        ("calendar.working_hours=B", "2026-04-07T15:00:00+02:00"),
        ("calendar.holidays=B", "2026-04-10T15:00:00+02:00"),
    ],
)
def test_gc_073_forty_eight_working_hours_over_easter(contract: tuple[Happening, ...], reading: str, due: str) -> None:
    asked = row(
        "support-gtr-sev3",
        *contract,
        opened("2026-04-02T15:00:00+02:00", severity=3),
        at="2026-04-02T16:00:00+02:00",
        readings=[reading],
    )
    assert asked["due"] == due


def test_gc_074_a_wait_counts_only_within_working_hours() -> None:
    ticket = opened("2026-06-01T08:00:00+02:00", severity=3)
    wait = (
        then("2026-06-01T18:00:00+02:00", "waiting-for-client"),
        then("2026-06-02T10:00:00+02:00", "client-replied"),
    )
    at = "2026-06-03T08:00:00+02:00"
    assert row("support-gtr-sev3", *AT_OUTSCALE, ticket, at=at)["due"] == "2026-06-04T20:00:00+02:00"
    assert row("support-gtr-sev3", *AT_OUTSCALE, ticket, *wait, at=at)["due"] == "2026-06-05T12:00:00+02:00"


def test_gc_075_an_on_call_ticket_runs_at_all_hours() -> None:
    asked = row(
        "sup-gti-p1",
        *AT_CLOUD_TEMPLE,
        opened("2026-05-10T03:00:00+02:00", priority="I1 C1", on_call=True),
        answered("2026-05-10T03:29:00+02:00"),
        at="2026-05-11T00:00:00+02:00",
    )
    assert (asked["elapsed_seconds"], asked["state"]) == (str(29 * 60), "met")


@pytest.mark.parametrize(("reading", "due"), [("A", "2026-05-26T10:30:00+02:00"), ("B", "2026-05-22T20:30:00+02:00")])
def test_gc_076_four_business_hours_over_whit_monday(reading: str, due: str) -> None:
    asked = row(
        "sup-gti-p3",
        *AT_CLOUD_TEMPLE,
        opened("2026-05-22T16:30:00+02:00", priority="I2 C2"),
        at="2026-05-22T17:00:00+02:00",
        readings=[f"ct.gti_calendar={reading}"],
    )
    assert asked["due"] == due


@pytest.mark.parametrize(("reading", "due"), [("A", "2025-12-29T14:00:00+01:00"), ("B", "2025-12-30T14:00:00+01:00")])
def test_gc_077_twenty_four_business_hours_over_christmas(reading: str, due: str) -> None:
    asked = row(
        "sup-gti-p4",
        *AT_CLOUD_TEMPLE,
        opened("2025-12-24T10:00:00+01:00", priority="I3 C2"),
        at="2025-12-24T11:00:00+01:00",
        readings=[f"calendar.holidays={reading}"],
    )
    assert asked["due"] == due


def test_gc_078_forty_eight_business_hours_over_ascension() -> None:
    asked = row(
        "sup-gti-p5",
        *AT_CLOUD_TEMPLE,
        opened("2027-05-03T09:00:00+02:00", priority="I3 C3"),
        at="2027-05-03T10:00:00+02:00",
    )
    assert asked["due"] == "2027-05-10T17:00:00+02:00"


@pytest.mark.parametrize(("in_time", "state"), [(19, "met"), (18, "missed")])
def test_gc_079_nineteen_of_twenty_is_enough_and_eighteen_is_not(in_time: int, state: str) -> None:
    happenings: list[Happening] = []
    for number in range(20):
        day, minute = 2 + number % 4, 20 if number < in_time else 40
        happenings.append(opened(f"2026-03-0{day}T10:00:00+01:00", f"T-{number}", priority="I1 C1"))
        happenings.append(answered(f"2026-03-0{day}T10:{minute}:00+01:00", f"T-{number}"))
    found = {
        one["commitment"]: one
        for one in objectives(*AT_CLOUD_TEMPLE, *happenings, at="2026-04-01T12:00:00+02:00")
        if one["month"] == "2026-03"
    }
    first, fourth = found["ct-secure-temple/sup-gti-p1"], found["ct-secure-temple/sup-gti-p4"]
    assert (first["met"], first["total"], first["state"]) == (in_time, 20, state)
    assert (fourth["total"], fourth["ratio"], fourth["state"]) == (0, None, "no-data")


@pytest.mark.parametrize("document", ["ct-secure-temple", "ct-openiaas-v3"])
@pytest.mark.parametrize(("impact", "criticality"), list(product((1, 2, 3), (1, 2, 3))))
def test_gc_080_priority_is_impact_plus_criticality_less_one(document: str, impact: int, criticality: int) -> None:
    found = rows(
        signed({**OUTSCALE, "provider": "cloud-temple"}, document),
        opened("2026-03-02T10:00:00+01:00", priority=f"I{impact} C{criticality}"),
        at="2026-03-02T11:00:00+01:00",
    )
    number = impact + criticality - 1
    assert [(one["commitment"], one["priority"]) for one in found] == [(f"{document}/sup-gti-p{number}", f"P{number}")]


def test_gc_081_a_service_request_over_a_weekend() -> None:
    asked = row(
        "sup-gti-request",
        *AT_CLOUD_TEMPLE,
        opened("2026-11-20T17:30:00+01:00", kind="service-request"),
        at="2026-11-20T18:00:00+01:00",
    )
    assert (asked["due"], asked["elapsed_seconds"]) == ("2026-11-23T11:30:00+01:00", "1800")


@OUTSCALE_TEXTS
@pytest.mark.parametrize(("reading", "due"), [("A", "2026-08-16T00:30:00+02:00"), ("B", "2026-08-17T09:00:00+02:00")])
def test_gc_082_one_hour_elapsed_or_one_working_hour(contract: tuple[Happening, ...], reading: str, due: str) -> None:
    asked = row(
        "support-gti-sev3",
        *contract,
        opened("2026-08-15T23:30:00+02:00", severity=3),
        at="2026-08-15T23:40:00+02:00",
        readings=[f"gti.severity3_calendar={reading}"],
    )
    assert asked["due"] == due


@pytest.mark.parametrize(("reading", "seconds", "state"), [("A", "1860", "missed"), ("B", "5", "met")])
def test_gc_083_an_automatic_mail_is_no_answer(reading: str, seconds: str, state: str) -> None:
    asked = row(
        "support-gti-sev2",
        *AT_OUTSCALE,
        opened("2026-04-01T10:00:00+02:00", severity=2),
        answered("2026-04-01T10:00:05+02:00", automatic=True),
        answered("2026-04-01T10:31:00+02:00"),
        at="2026-04-01T12:00:00+02:00",
        readings=[f"support.first_response={reading}"],
    )
    assert (asked["elapsed_seconds"], asked["state"]) == (seconds, state)


@pytest.mark.parametrize(("reading", "state"), [("A", "not-applicable"), ("B", "missed")])
def test_gc_084_two_zones_of_three_are_not_all(reading: str, state: str) -> None:
    asked = row(
        "support-gtr-sev1",
        signed(OUTSCALE, zones=["a", "b"]),
        opened("2026-04-08T10:00:00+02:00", severity=1),
        then("2026-04-08T15:00:00+02:00", "resolved"),
        at="2026-04-09T00:00:00+02:00",
        readings=[f"support.az_gap={reading}"],
    )
    assert asked["state"] == state
