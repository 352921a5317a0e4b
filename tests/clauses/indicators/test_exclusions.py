"""Worked cases of what is not counted, each a clause with its figures; outages and dates are Paris time."""

from fractions import Fraction

import pytest

from tests.projections.indicators.world import (
    CGV,
    CT,
    INTERNET,
    LBU,
    VM,
    announced,
    cgv,
    down,
    measured,
    paris,
    performed,
    row,
    span,
    temple,
)


def test_gc_002_internet_first_two_minutes_of_each_incident() -> None:
    outages = [
        down("internet", f"2026-{month:02}-03 10:00", f"2026-{month:02}-03 10:03", f"o-{month}")
        for month in (2, 4, 6, 8, 10, 12)
    ]
    five = row(INTERNET, *cgv(), *outages, at="2027-01-03", to="2026-12-01")
    six = row(INTERNET, *cgv(), *outages, at="2027-01-03", to="2027-01-01")
    assert five["allowed_seconds"] == six["allowed_seconds"] == "315.36"
    assert (five["counted_seconds"], five["state"]) == ("300", "met")
    assert (six["counted_seconds"], six["state"]) == ("360", "breached")


MAINTENANCE = (performed("2026-04-16 01:00", "2026-04-16 03:00"), down("vm", "2026-04-16 02:00", "2026-04-16 04:00"))


@pytest.mark.parametrize(("mode", "availability"), [("A", "717/718"), ("B", "719/720")])
def test_gc_011_two_clear_days_before_a_maintenance(mode: str, availability: str) -> None:
    window = announced("2026-04-16 01:00", "2026-04-16 03:00", "vm", told="2026-04-13 09:00")
    found = row(
        VM, *cgv(), window, *MAINTENANCE, at="2026-05-02", to="2026-05-01", readings=[f"maintenance.mode={mode}"]
    )
    assert (found["counted_seconds"], found["availability"], found["state"]) == ("3600", availability, "met")


def test_gc_012_one_clear_day_excludes_nothing() -> None:
    window = announced("2026-04-16 01:00", "2026-04-16 03:00", "vm", told="2026-04-14 08:00")
    rows, findings = measured(*cgv(), window, *MAINTENANCE, at="2026-05-02")
    april = next(r for r in rows if r.indicator == VM and r.as_json()["period"]["to"] == paris("2026-05-01"))
    assert april.availability == Fraction(359, 360)
    assert april.state == "breached"
    late = next(f for f in findings if f.code == "maintenance-notice-short")
    assert paris("2026-04-17 00:00") in late.message
    assert late.rule == f"{CGV}/meas-planned-maintenance"


@pytest.mark.parametrize(("kind", "counted"), [("protective", "0"), ("urgent", "7200")])
def test_gc_013_protection_is_excluded_without_notice(kind: str, counted: str) -> None:
    hours = ("2026-04-16 01:00", "2026-04-16 03:00")
    found = row(
        LBU,
        *cgv(),
        announced(*hours, "load-balancer", told=hours[0], kind=kind),
        performed(*hours),
        down("load-balancer", *hours),
        at="2026-05-02",
        to="2026-05-01",
    )
    assert found["counted_seconds"] == counted


@pytest.mark.parametrize(("reading", "counted"), [("A", "480"), ("B", "420")])
def test_gc_014_first_minutes_already_excluded_by_a_maintenance(reading: str, counted: str) -> None:
    found = row(
        INTERNET,
        *cgv(),
        announced("2026-05-12 09:50", "2026-05-12 10:01", "internet", told="2026-05-01"),
        performed("2026-05-12 09:50", "2026-05-12 10:01"),
        down("internet", "2026-05-12 10:00", "2026-05-12 10:10"),
        at="2026-06-02",
        to="2026-06-01",
        readings=[f"internet.two_minutes={reading}"],
    )
    assert found["counted_seconds"] == counted


@pytest.mark.parametrize(
    ("contract", "service", "line"),
    [
        (cgv(), "command-api:vm", f"{CGV}/sla4-command-api-availability"),
        (temple(), "api", f"{CT}/ic-infra-snc-07-api"),
    ],
)
@pytest.mark.parametrize("kind", ["hammering", "throttling"])
def test_gc_018_safeguards_are_not_downtime(contract: tuple, service: str, line: str, kind: str) -> None:  # type: ignore[type-arg]
    hour = ("2026-06-10 14:00", "2026-06-10 15:00")
    safeguard = span("countermeasure.applied", *hour, service, kind=kind)
    found = row(line, *contract, down(service, *hour), safeguard, at="2026-07-02", to="2026-07-01")
    assert (found["counted_seconds"], found["excluded_seconds"]) == ("0", "3600")
    assert found["exclusions"][0]["rule"].endswith(f"meas-{kind}")


@pytest.mark.parametrize(("reading", "counted"), [("B", "390"), ("A", "480")])
def test_gc_031_overlapping_incidents(reading: str, counted: str) -> None:
    found = row(
        INTERNET,
        *cgv(),
        down("internet", "2026-05-06 10:00", "2026-05-06 10:03", incident="i-1"),
        down("internet", "2026-05-06 10:02:30", "2026-05-06 10:10", "o-2", incident="i-2"),
        at="2026-06-02",
        to="2026-06-01",
        readings=[f"internet.overlap_incidents={reading}"],
    )
    assert (found["counted_seconds"], found["unavailable_seconds"]) == (counted, "600")


def test_gc_033_ephemeral_storage_and_beta_services_promise_nothing() -> None:
    beta = (paris("2026-01-01"), "service.flagged", {"service": "load-balancer", "beta": True})
    facts = (
        *cgv(),
        beta,
        down("ephemeral-storage", "2026-04-02 10:00", "2026-04-02 15:00"),
        down("load-balancer", "2026-04-09 08:00", "2026-04-09 18:00", "o-2"),
    )
    ephemeral = row(f"{CGV}/sla3-ephemeral-none", *facts, at="2026-05-03", to="2026-05-01")
    flagged = row(LBU, *facts, at="2026-05-03", to="2026-05-01")
    assert [ephemeral["state"], flagged["state"]] == ["no-commitment", "no-commitment"]
    assert ephemeral["target"] is None
    assert ephemeral["allowed_seconds"] is None


@pytest.mark.parametrize(("reading", "counted"), [("A", "0"), ("B", "1680")])
def test_gc_035_blackholed_address(reading: str, counted: str) -> None:
    half_hour = ("2026-05-06 18:00", "2026-05-06 18:30")
    found = row(
        INTERNET,
        *cgv(),
        down("internet", *half_hour),
        span("countermeasure.applied", *half_hour, "internet", kind="blackhole"),
        at="2026-06-02",
        to="2026-06-01",
        readings=[f"blackhole.sla={reading}"],
    )
    assert found["counted_seconds"] == counted


@pytest.mark.parametrize(("reading", "counted"), [("A", "5400"), ("B", "0")])
def test_gc_036_maintenance_overrun(reading: str, counted: str) -> None:
    found = row(
        LBU,
        *cgv(),
        announced("2026-04-16 01:00", "2026-04-16 03:00", "load-balancer", told="2026-04-01"),
        performed("2026-04-16 01:00", "2026-04-16 04:30"),
        down("load-balancer", "2026-04-16 01:00", "2026-04-16 04:30"),
        at="2026-05-02",
        to="2026-05-01",
        readings=[f"maintenance.overrun={reading}"],
    )
    assert found["counted_seconds"] == counted


@pytest.mark.parametrize(("reading", "counted", "state"), [("A", "600", "breached"), ("B", "0", "met")])
def test_gc_038_maintenance_is_downtime_at_cloud_temple(reading: str, counted: str, state: str) -> None:
    found = row(
        f"{CT}/ic-infra-snc-04-network",
        *temple(),
        announced("2026-04-16 01:00", "2026-04-16 03:00", "network", told="2026-03-26"),
        performed("2026-04-16 01:00", "2026-04-16 03:00"),
        down("network", "2026-04-16 01:30", "2026-04-16 01:40"),
        at="2026-05-02",
        to="2026-05-01",
        readings=[f"ct.maintenance_excluded={reading}"],
    )
    assert (found["counted_seconds"], found["state"]) == (counted, state)


@pytest.mark.parametrize(("established", "counted"), [(False, "10800"), (True, "0")])
def test_gc_039_force_majeure_is_never_automatic(established: bool, counted: str) -> None:
    outage = down("load-balancer", "2026-02-11 06:00", "2026-02-11 09:00", cause="force-majeure")
    decision = (paris("2026-02-20"), "outage.cause-established", {"outage": "o-1", "cause": "force-majeure"})
    facts = (*cgv(), outage, *((decision,) if established else ()))
    assert row(LBU, *facts, at="2026-03-03", to="2026-03-01")["counted_seconds"] == counted
