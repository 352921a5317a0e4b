"""Readings of what is not counted: the same facts under two values give two figures."""

import pytest

from tests.projections.indicators.world import (
    APRIL,
    CGV,
    EN,
    FR,
    INTERNET,
    LBU,
    VM,
    announced,
    cgv,
    down,
    paris,
    performed,
    read,
    row,
    span,
    under,
)

HOURS = ("2026-04-16 01:00", "2026-04-16 03:00")


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


def test_maintenance_mode_c_loses_nothing_before_it_happens() -> None:
    coming = announced("2026-05-20 01:00", "2026-05-20 03:00", "load-balancer", told="2026-05-01")
    found = row(LBU, *cgv(), coming, at="2026-05-03", readings=read("maintenance.mode", "C"))
    assert (found["counted_seconds"], found["state"]) == ("0", "running")


def test_blocking_mode_and_advice_are_the_clients_own() -> None:
    line = f"{CGV}/sla1-object-publish-api-availability"
    misuse = span("misuse.recorded", *HOURS, "object-publish-api", kind="block-mode")
    found = row(line, *cgv(), down("object-publish-api", *HOURS), misuse, **APRIL)
    assert [e["rule"] for e in found["exclusions"]] == [f"{CGV}/meas-block-mode"]
    advice = span("misuse.recorded", *HOURS, "load-balancer", kind="advice-not-followed")
    found = row(LBU, *cgv(), down("load-balancer", *HOURS), advice, **APRIL)
    assert [e["rule"] for e in found["exclusions"]] == [f"{CGV}/meas-client-not-following-advice"]
