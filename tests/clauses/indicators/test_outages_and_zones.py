"""Worked cases of outages: when one starts and ends, which zones and machines it bears on; dates are Paris time."""

from fractions import Fraction

import pytest

from tests.projections.indicators.world import CGV, COMPUTE, EN, VM, cgv, down, measured, paris, row, temple


def test_gc_010_overlapping_outages_count_once() -> None:
    found = row(
        COMPUTE,
        *temple(),
        down("compute", "2026-04-08 10:00", "2026-04-08 10:04"),
        down("compute", "2026-04-08 10:02", "2026-04-08 10:06", "o-2"),
        at="2026-05-02",
        to="2026-05-01",
    )
    assert (found["counted_seconds"], found["availability"], found["state"]) == ("360", "7199/7200", "breached")


ONE_ZONE = {"zones": ["a"]}


def test_gc_015_one_zone_of_three_bars_the_starred_line_only() -> None:
    outage = down("vm", "2026-01-30 20:00", "2026-01-30 22:30")
    alone, _ = measured(cgv(**ONE_ZONE)[0], outage, at="2026-02-03")
    starred = next(r for r in alone if r.indicator == VM and r.state == "breached")
    assert not starred.zone_ok
    with_table, _ = measured(cgv(EN, CGV, **ONE_ZONE)[0], outage, at="2026-02-03")
    plain = next(r for r in with_table if r.indicator == f"{EN}/sla9-vm-availability" and r.state == "breached")
    assert plain.allowed == Fraction(8_035_200_000)
    assert plain.zone_ok


def test_gc_016_two_zones_of_three_suffice_at_one_provider_and_not_at_the_other() -> None:
    rows, _ = measured(*temple(), down("compute", "2026-01-12 08:00", "2026-01-12 08:05"), at="2026-02-03")
    assert next(r for r in rows if r.indicator == COMPUTE and r.state == "breached").zone_ok
    outage = down("vm", "2026-01-12 08:00", "2026-01-12 11:00")
    rows, _ = measured(cgv(zones=["a", "b"])[0], outage, at="2026-02-03")
    assert not next(r for r in rows if r.indicator == VM and r.state == "breached").zone_ok


@pytest.mark.parametrize(("documents", "line"), [((), VM), ((EN, CGV), f"{EN}/sla9-vm-availability")])
def test_gc_017_the_clients_own_delay_to_restart_is_not_counted(documents: tuple[str, ...], line: str) -> None:
    restartable = (
        paris("2026-06-09 03:40"),
        "outage.ended",
        {"outage": "o-1", "ended_at": paris("2026-06-09 03:40"), "confirmed_by": "monitoring"},
    )
    found = row(
        line, *cgv(*documents), down("vm", "2026-06-09 03:00", None), restartable, at="2026-07-02", to="2026-07-01"
    )
    assert found["counted_seconds"] == "2400"


CONFIRMED = (
    down(
        "compute",
        "2026-04-21 14:06",
        None,
        reported_at=paris("2026-04-21 14:05"),
        detected_at=paris("2026-04-21 14:07:30"),
    ),
    (
        paris("2026-04-21 14:12"),
        "outage.ended",
        {"outage": "o-1", "ended_at": paris("2026-04-21 14:12"), "confirmed_by": "monitoring"},
    ),
    (
        paris("2026-04-21 14:15"),
        "outage.ended",
        {"outage": "o-1", "ended_at": paris("2026-04-21 14:15"), "confirmed_by": "user"},
    ),
)


def test_gc_019_first_notice_starts_and_first_confirmation_ends() -> None:
    found = row(COMPUTE, *temple(), *CONFIRMED, at="2026-05-02", to="2026-05-01")
    assert (found["counted_seconds"], found["allowed_seconds"], found["state"]) == ("420", "259.2", "breached")


def test_gc_030_each_machine_has_its_own_row() -> None:
    outages = [
        down("vm", "2026-04-08 09:00", "2026-04-08 12:00", "o-1", resource="vm-1"),
        *(down("vm", "2026-04-09 09:00", "2026-04-09 09:00", f"o-{n}", resource=f"vm-{n}") for n in (2, 3, 4)),
    ]
    rows, _ = measured(*cgv(), *outages, at="2026-05-02")
    april = [r for r in rows if r.indicator == VM and r.as_json()["period"]["to"] == paris("2026-05-01")]
    rates = [r.availability for r in april]
    assert [r.resource for r in april] == ["vm-1", "vm-2", "vm-3", "vm-4"]
    assert min(rate for rate in rates if rate is not None) == Fraction(239, 240)
    assert sum(rate for rate in rates if rate is not None) / 4 == Fraction(959, 960)


@pytest.mark.parametrize(("reading", "claimable"), [("A", False), ("B", True)])
def test_gc_034_a_new_zone_two_days_before_the_outage(reading: str, claimable: bool) -> None:
    opened = (
        paris("2026-05-10"),
        "region.zone-opened",
        {"region": "r", "zone": "c", "orderable": True},
        "provider:outscale",
    )
    contract = cgv(region_zones=["a", "b"], zones=["a", "b"])[0]
    proof = (
        paris("2026-01-01"),
        "deployment.declared",
        {"zones": ["a", "b"], "region_zones": ["a", "b"], "equivalent_resources_proven": True},
    )
    outage = down("vm", "2026-05-12 08:00", "2026-05-12 11:00")
    rows, findings = measured(contract, proof, opened, outage, at="2026-06-02", readings=[f"az.new_zone={reading}"])
    assert next(r for r in rows if r.indicator == VM and r.state == "breached").zone_ok is claimable
    assert any(f.code == "zone-opened" for f in findings)


@pytest.mark.parametrize(("reading", "counted"), [("A", "420"), ("B", "600"), ("C", "420")])
def test_gc_037_which_confirmation_ends_an_outage(reading: str, counted: str) -> None:
    found = row(COMPUTE, *temple(), *CONFIRMED, at="2026-05-02", to="2026-05-01", readings=[f"ct.outage_end={reading}"])
    assert found["counted_seconds"] == counted
