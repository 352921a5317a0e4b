"""Readings of periods and of the text in force: the same facts under two values give two figures."""

import pytest

from tests.projections.indicators.world import (
    APRIL,
    CGV,
    COMPUTE,
    CT,
    CT4,
    EN,
    FR,
    INTERNET,
    LBU,
    all_rows,
    cgv,
    down,
    paris,
    read,
    temple,
    under,
)


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
