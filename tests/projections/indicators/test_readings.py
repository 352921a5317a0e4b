"""Every reading that bears on a service level: the same facts under two values give two figures."""

from typing import Any

import pytest

from tests.projections.indicators.world import (
    CGV,
    COMPUTE,
    CT,
    CT4,
    EN,
    FR,
    INTERNET,
    LBU,
    VM,
    all_rows,
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

APRIL = {"at": "2026-05-03", "to": "2026-05-01"}
HOURS = ("2026-04-16 01:00", "2026-04-16 03:00")


def read(parameter: str, value: str) -> list[str]:
    return [f"{parameter}={value}"]


def under(parameter: str, value: str, indicator: str, *facts: Any, **asked: Any) -> dict[str, Any]:
    return row(indicator, *facts, readings=read(parameter, value), **{**APRIL, **asked})


def test_availability_formula_b_needs_requests_nobody_counts() -> None:
    outage = down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10")
    assert under("availability.formula", "A", LBU, *cgv(), outage)["state"] == "met"
    found = under("availability.formula", "B", LBU, *cgv(), outage)
    assert (found["state"], found["availability"], found["counted_seconds"]) == ("unmeasured", None, "600")


def test_availability_formula_b_says_so_once_per_line() -> None:
    _, findings = measured(*cgv(), at="2024-02-02", readings=read("availability.formula", "B"))
    assert [f.rule for f in findings if f.code == "not-computable"].count(LBU) == 1


@pytest.mark.parametrize(
    ("value", "unavailable", "counted", "reference"),
    [("A", "600", "600", "2584800"), ("B", "600", "600", "2592000"), ("C", "7800", "7800", "2592000")],
)
def test_maintenance_mode_on_a_quiet_maintenance(value: str, unavailable: str, counted: str, reference: str) -> None:
    facts = (announced(*HOURS, "load-balancer", told="2026-04-01"), performed(*HOURS))
    outage = down("load-balancer", "2026-04-20 09:00", "2026-04-20 09:10")
    found = under("maintenance.mode", value, LBU, *cgv(), *facts, outage)
    assert (found["unavailable_seconds"], found["counted_seconds"]) == (unavailable, counted)
    assert found["reference_seconds"] == reference


@pytest.mark.parametrize(
    ("told", "excluded"),
    [
        ("2026-04-13 23:59", {"A": "7200", "B": "7200", "C": "7200"}),
        ("2026-04-14 00:30", {"A": "0", "B": "7200", "C": "7200"}),
        ("2026-04-14 01:30", {"A": "0", "B": "0", "C": "7200"}),
        ("2026-04-15 00:00", {"A": "0", "B": "0", "C": "0"}),
    ],
)
@pytest.mark.parametrize("value", ["A", "B", "C"])
def test_maintenance_two_clear_days(told: str, excluded: dict[str, str], value: str) -> None:
    facts = (announced(*HOURS, "vm", told=told), performed(*HOURS), down("vm", *HOURS))
    assert under("maintenance.two_clear_days", value, VM, *cgv(), *facts)["excluded_seconds"] == excluded[value]


@pytest.mark.parametrize(("value", "excluded"), [("A", "7200"), ("B", "0")])
def test_maintenance_2weeks_link_on_a_hypervisor(value: str, excluded: str) -> None:
    facts = (announced(*HOURS, "vm", told="2026-04-03", kind="hypervisor"), performed(*HOURS), down("vm", *HOURS))
    assert under("maintenance.2weeks_link", value, VM, *cgv(), *facts)["excluded_seconds"] == excluded


def test_maintenance_2weeks_link_b_is_met_fourteen_days_before() -> None:
    facts = (announced(*HOURS, "vm", told="2026-04-02", kind="hypervisor"), performed(*HOURS), down("vm", *HOURS))
    assert under("maintenance.2weeks_link", "B", VM, *cgv(), *facts)["excluded_seconds"] == "7200"


@pytest.mark.parametrize(("value", "excluded"), [("A", "0"), ("B", "7200")])
def test_maintenance_urgent(value: str, excluded: str) -> None:
    facts = (announced(*HOURS, "vm", told=HOURS[0], kind="urgent"), performed(*HOURS), down("vm", *HOURS))
    found = under("maintenance.urgent", value, VM, *cgv(), *facts)
    assert found["excluded_seconds"] == excluded
    assert [e["rule"] for e in found["exclusions"]] == ([f"{CGV}/meas-emergency-protection"] if value == "B" else [])


@pytest.mark.parametrize(("value", "unavailable", "counted"), [("A", "360", "360"), ("B", "480", "480")])
def test_overlap(value: str, unavailable: str, counted: str) -> None:
    outages = (
        down("load-balancer", "2026-04-08 10:00", "2026-04-08 10:04"),
        down("load-balancer", "2026-04-08 10:02", "2026-04-08 10:06", "o-2"),
    )
    found = under("overlap", value, LBU, *cgv(), *outages)
    assert (found["unavailable_seconds"], found["counted_seconds"]) == (unavailable, counted)


def test_overlap_b_excludes_each_outage_apart() -> None:
    outages = (
        down("load-balancer", "2026-04-16 02:00", "2026-04-16 04:00"),
        down("load-balancer", "2026-04-16 02:00", "2026-04-16 03:30", "o-2"),
    )
    facts = (announced(*HOURS, "load-balancer", told="2026-04-01"), performed(*HOURS), *outages)
    found = under("overlap", "B", LBU, *cgv(), *facts)
    assert (found["unavailable_seconds"], found["excluded_seconds"]) == ("12600", "7200")
    assert [e["seconds"] for e in found["exclusions"]] == ["7200"]


@pytest.mark.parametrize(
    ("documents", "line"),
    [((FR, CGV), LBU), ((EN, CGV), f"{EN}/sla5-load-balancer-availability")],
)
def test_sla_degraded_counts_where_a_definition_mentions_performance(documents: tuple[str, ...], line: str) -> None:
    outage = down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10", extent="degraded")
    assert under("sla.degraded_counts", "A", line, *cgv(*documents), outage)["counted_seconds"] == "600"
    found = under("sla.degraded_counts", "B", line, *cgv(*documents), outage)
    assert (found["unavailable_seconds"], found["excluded_seconds"]) == ("0", "0")
    assert len(found["events"]) == 1


def test_sla_degraded_counts_nothing_under_the_silent_general_terms() -> None:
    outage = down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10", extent="degraded")
    assert under("sla.degraded_counts", "A", LBU, *cgv(), outage)["counted_seconds"] == "0"


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


@pytest.mark.parametrize(("value", "counted"), [("A", "480"), ("B", "420"), ("C", "480")])
def test_internet_two_minutes_behind_a_maintenance(value: str, counted: str) -> None:
    facts = (
        announced("2026-04-14 09:50", "2026-04-14 10:01", "internet", told="2026-04-01"),
        performed("2026-04-14 09:50", "2026-04-14 10:01"),
        down("internet", "2026-04-14 10:00", "2026-04-14 10:10"),
    )
    assert under("internet.two_minutes", value, INTERNET, *cgv(), *facts)["counted_seconds"] == counted


@pytest.mark.parametrize(("value", "counted"), [("A", "120"), ("B", "120"), ("C", "240")])
def test_internet_two_minutes_once_a_period(value: str, counted: str) -> None:
    facts = (
        down("internet", "2026-04-08 10:00", "2026-04-08 10:03"),
        down("internet", "2026-04-09 10:00", "2026-04-09 10:03", "o-2"),
    )
    assert under("internet.two_minutes", value, INTERNET, *cgv(), *facts)["counted_seconds"] == counted


@pytest.mark.parametrize(("value", "before", "after"), [("A", "0", "240"), ("B", "0", "180"), ("C", "0", "300")])
def test_internet_two_minutes_month_cut(value: str, before: str, after: str) -> None:
    contract = cgv(EN, CGV)
    switched = (paris("2026-04-15"), "contract.document-signed", {"document": FR, "replaces": EN})
    outage = down("internet", "2026-04-14 23:59", "2026-04-15 00:05")
    first = under(
        "internet.two_minutes_month_cut", value, f"{EN}/sla4-internet-availability", *contract, switched, outage,
        to="2026-04-15",
    )  # fmt: skip
    then = under("internet.two_minutes_month_cut", value, INTERNET, *contract, switched, outage)
    assert (first["counted_seconds"], then["counted_seconds"]) == (before, after)


@pytest.mark.parametrize(("value", "counted"), [("A", "120"), ("B", "240")])
def test_internet_flapping(value: str, counted: str) -> None:
    facts = (
        down("internet", "2026-04-08 10:00", "2026-04-08 10:03"),
        down("internet", "2026-04-08 10:04", "2026-04-08 10:07", "o-2"),
    )
    assert under("internet.flapping", value, INTERNET, *cgv(), *facts)["counted_seconds"] == counted


def test_internet_same_incident_loses_two_minutes_once() -> None:
    facts = (
        down("internet", "2026-04-08 10:00", "2026-04-08 10:01", incident="i"),
        down("internet", "2026-04-08 10:01:30", "2026-04-08 10:05", "o-2", incident="i"),
    )
    found = row(INTERNET, *cgv(), *facts, **APRIL)
    assert (found["unavailable_seconds"], found["counted_seconds"]) == ("270", "180")


@pytest.mark.parametrize(("value", "counted"), [("A", "0"), ("B", "7200")])
def test_force_majeure_sla(value: str, counted: str) -> None:
    cause = (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": "force-majeure"})
    assert (
        under("force_majeure.sla", value, LBU, *cgv(), down("load-balancer", *HOURS), cause)["counted_seconds"]
        == counted
    )


@pytest.mark.parametrize(
    ("value", "wrongful", "counted"), [("A", False, "3600"), ("B", False, "7200"), ("A", True, "7200")]
)
def test_suspension_sla(value: str, wrongful: bool, counted: str) -> None:
    blocked = (paris("2026-04-16 02:00"), "resources.blocked", {"ground": "malicious"})
    released = (paris("2026-04-16 05:00"), "resources.unblocked", {"ground": "malicious", "wrongful": wrongful})
    found = under("suspension.sla", value, LBU, *cgv(), down("load-balancer", *HOURS), blocked, released)
    assert found["counted_seconds"] == counted


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


def test_period_window_b_finds_the_worst_window_across_a_month_end() -> None:
    outages = (
        down("load-balancer", "2026-03-31 22:00", "2026-03-31 23:00"),
        down("load-balancer", "2026-04-01 08:00", "2026-04-01 08:30", "o-2"),
    )
    calendar = under("period.window", "A", LBU, *cgv(), *outages)
    assert (calendar["counted_seconds"], calendar["state"]) == ("1800", "met")
    sliding = all_rows(*cgv(), *outages, at=APRIL["at"], readings=read("period.window", "B"))
    april = [
        r for r in sliding if r["indicator"] == LBU and paris("2026-04-01") < r["period"]["to"] <= paris("2026-05-01")
    ]
    assert [(r["counted_seconds"], r["state"]) for r in april] == [("5400", "breached")]


def test_period_window_c_judges_the_calendar_year() -> None:
    rolling = all_rows(*cgv(), at="2026-05-03")
    calendar = all_rows(*cgv(), at="2026-05-03", readings=read("period.window", "C"))
    assert sum(r["indicator"] == INTERNET for r in rolling) == 29
    years = [r["period"] for r in calendar if r["indicator"] == INTERNET]
    assert years == [{"from": paris(f"{y}-01-01"), "to": paris(f"{y + 1}-01-01")} for y in (2024, 2025, 2026)]


@pytest.mark.parametrize(("value", "to", "counted"), [("A", "2026-05-01", "3600"), ("B", "2026-05-01 02:00", "0")])
def test_period_timezone(value: str, to: str, counted: str) -> None:
    outage = down("load-balancer", "2026-04-01 00:30", "2026-04-01 01:30")
    assert under("period.timezone", value, LBU, *cgv(), outage, to=to)["counted_seconds"] == counted


@pytest.mark.parametrize(("value", "reference"), [("A", "31622400"), ("B", "31536000"), ("C", "31557600")])
def test_year_length_in_a_leap_year(value: str, reference: str) -> None:
    found = under("year.length", value, INTERNET, *cgv(), at="2025-01-02", to="2025-01-01")
    assert found["reference_seconds"] == reference


@pytest.mark.parametrize(("value", "state"), [("A", "breached"), ("B", "met"), ("C", "running")])
def test_year_short_history(value: str, state: str) -> None:
    line = f"{CGV}/sla6-internal-network-availability"
    outage = down("internal-network", "2026-04-10 09:00", "2026-04-10 09:16:40")
    assert under("year.short_history", value, line, *cgv(on="2026-04-01"), outage)["state"] == state


@pytest.mark.parametrize(
    ("value", "documents", "line"),
    [
        ("A", (EN, CGV), f"{EN}/sla5-load-balancer-availability"),
        ("B", (EN, CGV), LBU),
        ("C", (EN, CGV), f"{EN}/sla5-load-balancer-availability"),
        ("A", (FR, CGV), LBU),
        ("B", (FR, CGV), LBU),
        ("C", (FR, CGV), f"{EN}/sla5-load-balancer-availability"),
        ("A", (CGV,), LBU),
        ("C", (CGV,), f"{EN}/sla5-load-balancer-availability"),
    ],
)
def test_sla_source(value: str, documents: tuple[str, ...], line: str) -> None:
    rows = all_rows(*cgv(*documents), at="2024-02-02", readings=read("sla.source", value))
    balancers = {r["indicator"] for r in rows if "load-balancer-availability" in r["indicator"]}
    assert balancers == {line}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A", {(f"{EN}/sla5-load-balancer-availability", "2026-06-15"), (LBU, "2026-07-01")}),
        ("B", {(LBU, "2026-07-01")}),
        ("C", {(f"{EN}/sla5-load-balancer-availability", "2026-07-01")}),
    ],
)
def test_sla_mid_period_switch(value: str, expected: set[tuple[str, str]]) -> None:
    switched = (paris("2026-06-15"), "contract.document-signed", {"document": FR, "replaces": EN})
    rows = all_rows(*cgv(EN, CGV), switched, at="2026-07-03", readings=read("sla.mid_period_switch", value))
    june = {
        (r["indicator"], r["period"]["to"])
        for r in rows
        if "load-balancer-availability" in r["indicator"]
        and paris("2026-06-01") < r["period"]["to"] <= paris("2026-07-01")
    }
    assert june == {(line, paris(to)) for line, to in expected}


@pytest.mark.parametrize(("value", "documents"), [("B", {CT, CT4}), ("A", {CT})])
def test_hierarchy_002_vs_004(value: str, documents: set[str]) -> None:
    rows = all_rows(*temple(CT, CT4), at="2024-02-02", readings=read("hierarchy.002_vs_004", value))
    assert {r["indicator"].partition("/")[0] for r in rows} == documents


@pytest.mark.parametrize(("value", "start"), [("A", "2026-04-10 15:00"), ("B", "2026-04-10")])
def test_convention_signature_instant(value: str, start: str) -> None:
    found = under("convention.signature_instant", value, COMPUTE, *temple(on="2026-04-10 15:00"))
    assert found["period"]["from"] == paris(start)


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


def test_maintenance_mode_c_loses_nothing_before_it_happens() -> None:
    coming = announced("2026-05-20 01:00", "2026-05-20 03:00", "load-balancer", told="2026-05-01")
    found = row(LBU, *cgv(), coming, at="2026-05-03", readings=read("maintenance.mode", "C"))
    assert (found["counted_seconds"], found["state"]) == ("0", "running")


def test_a_reading_asked_for_wins_over_one_selected_by_a_fact() -> None:
    chosen = (paris("2026-03-10"), "reading.selected", {"parameter": "period.dst", "value": "B", "reason": "agreed"})
    october = row(COMPUTE, *temple(), chosen, at="2026-11-02", to="2026-11-01", readings=read("period.dst", "A"))
    assert october["reference_seconds"] == "2682000"


def test_blocking_mode_and_advice_are_the_clients_own() -> None:
    line = f"{CGV}/sla1-object-publish-api-availability"
    misuse = span("misuse.recorded", *HOURS, "object-publish-api", kind="block-mode")
    found = row(line, *cgv(), down("object-publish-api", *HOURS), misuse, **APRIL)
    assert [e["rule"] for e in found["exclusions"]] == [f"{CGV}/meas-block-mode"]
    advice = span("misuse.recorded", *HOURS, "load-balancer", kind="advice-not-followed")
    found = row(LBU, *cgv(), down("load-balancer", *HOURS), advice, **APRIL)
    assert [e["rule"] for e in found["exclusions"]] == [f"{CGV}/meas-client-not-following-advice"]
