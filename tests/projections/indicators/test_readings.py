"""Readings that bear on a service level: the same facts under two values give two figures."""

from typing import Any

import pytest

from tests.projections.indicators.world import (
    APRIL,
    CGV,
    COMPUTE,
    CT,
    INTERNET,
    LBU,
    VM,
    all_rows,
    cgv,
    down,
    measured,
    paris,
    read,
    row,
    temple,
    under,
)

HOURS = ("2026-04-16 01:00", "2026-04-16 03:00")


def test_availability_formula_b_needs_requests_nobody_counts() -> None:
    outage = down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10")
    assert under("availability.formula", "A", LBU, *cgv(), outage)["state"] == "met"
    found = under("availability.formula", "B", LBU, *cgv(), outage)
    assert (found["state"], found["availability"], found["counted_seconds"]) == ("unmeasured", None, "600")


def test_availability_formula_b_says_so_once_per_line() -> None:
    _, findings = measured(*cgv(), at="2024-02-02", readings=read("availability.formula", "B"))
    assert [f.rule for f in findings if f.code == "not-computable"].count(LBU) == 1


def zone_ok(value: str, parameter: str, line: str, *facts: Any) -> bool:
    rows, _ = measured(*facts, at=APRIL["at"], readings=read(parameter, value))
    return next(r for r in rows if r.indicator == line and r.state == "breached").zone_ok


def test_az_when_tested() -> None:
    narrowed = (paris("2026-04-20"), "deployment.declared", {"zones": ["a"]})
    outage = down("internet", "2026-04-08 08:00", "2026-04-08 11:00")
    assert zone_ok("A", "az.when_tested", INTERNET, *cgv(), narrowed, outage)
    assert not zone_ok("B", "az.when_tested", INTERNET, *cgv(), narrowed, outage)


def test_az_star_on_api() -> None:
    line = f"{CGV}/sla1-object-access-api-availability"
    outage = down("object-access-api", "2026-04-08 08:00", "2026-04-08 11:00")
    alone = cgv(zones=["a"])[0]
    assert zone_ok("A", "az.star_on_api", line, alone, outage)
    assert not zone_ok("B", "az.star_on_api", line, alone, outage)


def test_az_sla4_scope() -> None:
    line = f"{CGV}/sla4-command-api-availability"
    outage = down("command-api:vm", "2026-04-08 08:00", "2026-04-08 11:00")
    alone = cgv(zones=["a"])[0]
    assert zone_ok("A", "az.sla4_scope", line, alone, outage)
    assert not zone_ok("B", "az.sla4_scope", line, alone, outage)


def lost(things: str, service: str) -> list[Any]:
    month = {"from": paris("2026-04-01"), "to": paris("2026-04-20"), "service": service}
    return [
        (paris("2026-04-20"), "measure.recorded", {"measure": f"{things}-{kind}", "value": value, **month})
        for kind, value in (("stored", "1000"), ("lost", "1"))
    ]


def test_durability_snapshot_star() -> None:
    line = f"{CGV}/sla2-snapshot-durability"
    alone = cgv(zones=["a"])[0]
    assert zone_ok("A", "durability.snapshot_star", line, alone, *lost("snapshots", "snapshot"))
    assert not zone_ok("B", "durability.snapshot_star", line, alone, *lost("snapshots", "snapshot"))


@pytest.mark.parametrize(
    ("parameter", "line", "name", "a", "b"),
    [
        ("durability.unit", f"{CGV}/sla1-object-durability", "unit", "objects", "bytes"),
        ("durability.snapshot_24h", f"{CGV}/sla2-snapshot-durability", "acquired_after", "creation", "24 hours"),
        ("iops.block", f"{CGV}/sla2-iops-share", "block", "4096 bytes", "4000 bytes"),
        ("iops.sampling", f"{CGV}/sla2-iops-share", "sampling", "1 minute", "5 minutes"),
    ],
)
def test_conventions_of_measurement_are_named(parameter: str, line: str, name: str, a: str, b: str) -> None:
    assert under(parameter, "A", line, *cgv())["basis"][name] == a
    assert under(parameter, "B", line, *cgv())["basis"][name] == b


@pytest.mark.parametrize(
    ("value", "latency", "state"), [("A", "30", "breached"), ("B", "8", "met"), ("C", "90/11", "met")]
)
def test_latency_statistic(value: str, latency: str, state: str) -> None:
    samples = [
        (
            paris("2026-04-08"),
            "measure.recorded",
            {
                "measure": "latency-ms", "service": "internal-network", "value": ms, "samples": count,
                "from": paris("2026-04-07"), "to": paris("2026-04-08"),
            },
        )
        for ms, count in (("8", 99), ("30", 1), ("7", 1), ("7", 1), ("8", 8))
    ]  # fmt: skip
    found = under("latency.statistic", value, f"{CGV}/sla6-inter-resource-latency", *cgv(), *samples)
    assert (found["value"], found["state"], found["samples"]) == (latency, state, 110)


@pytest.mark.parametrize(("value", "state"), [("A", "met"), ("B", "unmeasured")])
def test_ct_period_of_lines_that_state_none(value: str, state: str) -> None:
    assert under("ct.period_sla6_7_10", value, f"{CT}/ic-infra-snc-06-console", *temple())["state"] == state


@pytest.mark.parametrize(("value", "state"), [("A", "met"), ("B", "unmeasured")])
def test_ct_sla3_reliability(value: str, state: str) -> None:
    assert under("ct.sla3_reliability", value, f"{CT}/ic-infra-snc-03-backup", *temple())["state"] == state


@pytest.mark.parametrize(("value", "state", "target"), [("A", "breached", "99.99"), ("B", "no-commitment", None)])
def test_ct_sla5_scope(value: str, state: str, target: str | None) -> None:
    found = under("ct.sla5_scope", value, f"{CT}/ic-infra-snc-05-internet", *temple(), down("internet", *HOURS))
    assert (found["state"], found["target"]) == (state, target)


def test_a_reading_selected_by_a_fact_governs_periods_that_start_after_it() -> None:
    chosen = (paris("2026-03-10"), "reading.selected", {"parameter": "period.dst", "value": "B", "reason": "agreed"})
    march = row(COMPUTE, *temple(), chosen, at="2026-11-02", to="2026-04-01")
    october = row(COMPUTE, *temple(), chosen, at="2026-11-02", to="2026-11-01")
    assert march["reference_seconds"] == "2674800"
    assert "readings" not in march
    assert october["reference_seconds"] == "2678400"
    assert october["readings"] == {"period.dst": "B"}


def test_a_row_names_only_the_readings_it_used() -> None:
    chosen = [
        (paris("2024-01-01"), "reading.selected", {"parameter": parameter, "value": "B", "reason": "agreed"})
        for parameter in ("latency.statistic", "internet.flapping", "maintenance.overrun", "az.when_tested", "overlap")
    ]
    last = {r["indicator"]: r.get("readings", {}) for r in all_rows(*cgv(), *chosen, at="2026-05-03")}
    assert last[f"{CGV}/sla6-inter-resource-latency"] == {"latency.statistic": "B"}
    assert set(last[LBU]) == {"maintenance.overrun", "overlap"}
    assert set(last[VM]) == {"az.when_tested", "maintenance.overrun", "overlap"}
    assert set(last[INTERNET]) == {"az.when_tested", "internet.flapping", "maintenance.overrun", "overlap"}
    assert last[f"{CGV}/sla3-ephemeral-none"] == {}


def test_a_reading_asked_for_wins_over_one_selected_by_a_fact() -> None:
    chosen = (paris("2026-03-10"), "reading.selected", {"parameter": "period.dst", "value": "B", "reason": "agreed"})
    october = row(COMPUTE, *temple(), chosen, at="2026-11-02", to="2026-11-01", readings=read("period.dst", "A"))
    assert october["reference_seconds"] == "2682000"
