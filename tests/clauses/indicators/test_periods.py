"""Worked cases of periods: how long one lasts and what it allows; dates are Paris time."""

import pytest

from tests.projections.indicators.world import (
    CGV,
    COMPUTE,
    CT,
    EN,
    FR,
    INTERNET,
    LBU,
    VM,
    cgv,
    down,
    paris,
    row,
    temple,
)


@pytest.mark.parametrize(("end", "counted", "state"), [("11:29:16", "5356", "met"), ("11:29:17", "5357", "breached")])
def test_gc_001_vm_one_second_decides(end: str, counted: str, state: str) -> None:
    found = row(VM, *cgv(), down("vm", "2026-01-14 10:00", f"2026-01-14 {end}"), at="2026-02-04", to="2026-02-01")
    assert found["reference_seconds"] == "2678400"
    assert found["allowed_seconds"] == "5356.8"
    assert (found["counted_seconds"], found["state"]) == (counted, state)


@pytest.mark.parametrize(("year", "allowed", "state"), [(2028, "316.224", "met"), (2027, "315.36", "breached")])
def test_gc_003_leap_year_allows_more(year: int, allowed: str, state: str) -> None:
    outage = down("internet", f"{year}-05-03 10:00", f"{year}-05-03 10:07:16")
    found = row(INTERNET, *cgv(), outage, at=f"{year + 1}-01-02", to=f"{year + 1}-01-01")
    assert (found["counted_seconds"], found["allowed_seconds"], found["state"]) == ("316", allowed, state)


@pytest.mark.parametrize(
    ("reading", "reference", "allowed", "state"),
    [("A", "2674800", "267.48", "breached"), ("B", "2678400", "267.84", "met")],
)
def test_gc_004_march_has_743_hours(reading: str, reference: str, allowed: str, state: str) -> None:
    outage = down("compute", "2026-03-10 10:00", "2026-03-10 10:04:27.600")
    found = row(COMPUTE, *temple(), outage, at="2026-04-02", to="2026-04-01", readings=[f"period.dst={reading}"])
    assert (found["reference_seconds"], found["allowed_seconds"], found["state"]) == (reference, allowed, state)


@pytest.mark.parametrize(
    ("reading", "reference", "allowed", "state"),
    [("A", "2682000", "268.2", "met"), ("B", "2678400", "267.84", "breached")],
)
def test_gc_005_october_has_745_hours(reading: str, reference: str, allowed: str, state: str) -> None:
    outage = down("compute", "2026-10-06 10:00", "2026-10-06 10:04:28")
    found = row(COMPUTE, *temple(), outage, at="2026-11-02", to="2026-11-01", readings=[f"period.dst={reading}"])
    assert (found["reference_seconds"], found["allowed_seconds"], found["state"]) == (reference, allowed, state)


def test_gc_006_spring_night_outage_lasts_elapsed_time() -> None:
    found = row(
        COMPUTE, *temple(), down("compute", "2026-03-29 01:30", "2026-03-29 03:30"), at="2026-04-02", to="2026-04-01"
    )
    assert found["counted_seconds"] == "3600"


def test_gc_007_autumn_night_outage_lasts_elapsed_time() -> None:
    outage = down("compute", "2026-10-25 02:30", "2026-10-25 02:30 B")
    assert row(COMPUTE, *temple(), outage, at="2026-11-02", to="2026-11-01")["counted_seconds"] == "3600"


def test_gc_008_month_end_splits_an_outage() -> None:
    line = f"{CT}/ic-infra-snc-04-network"
    outage = down("network", "2026-01-31 23:50", "2026-02-01 00:20")
    january = row(line, *temple(), outage, at="2026-03-02", to="2026-02-01")
    february = row(line, *temple(), outage, at="2026-03-02", to="2026-03-01")
    assert (january["counted_seconds"], january["state"]) == ("600", "breached")
    assert (february["counted_seconds"], february["state"]) == ("1200", "breached")
    assert february["allowed_seconds"] == "241.92"


def test_gc_009_first_minutes_straddle_the_year() -> None:
    outage = down("internet", "2026-12-31 23:59", "2027-01-01 00:05")
    before = row(INTERNET, *cgv(), outage, at="2028-01-02", to="2027-01-01")
    after = row(INTERNET, *cgv(), outage, at="2028-01-02", to="2028-01-01")
    assert (before["counted_seconds"], after["counted_seconds"]) == ("0", "240")


@pytest.mark.parametrize(
    ("documents", "line", "allowed", "state"),
    [((EN, CGV), f"{EN}/sla5-load-balancer-availability", "5892.48", "met"), ((CGV,), LBU, "5356.8", "breached")],
)
def test_gc_020_load_balancer_under_two_texts(documents: tuple[str, ...], line: str, allowed: str, state: str) -> None:
    outage = down("load-balancer", "2026-05-12 09:00", "2026-05-12 10:33:20")
    found = row(line, *cgv(*documents), outage, at="2026-06-02", to="2026-06-01")
    assert (found["counted_seconds"], found["allowed_seconds"], found["state"]) == ("5600", allowed, state)


@pytest.mark.parametrize(
    ("documents", "line", "to", "allowed", "state"),
    [
        ((CGV,), f"{CGV}/sla4-az-availability", "2026-03-01", "7257.6", "breached"),
        ((EN, CGV), f"{EN}/sla1-az-availability", "2027-01-01", "94608", "met"),
    ],
)
def test_gc_021_a_zone_by_the_month_and_by_the_year(
    documents: tuple[str, ...], line: str, to: str, allowed: str, state: str
) -> None:
    outage = down("availability-zone", "2026-02-11 06:00", "2026-02-11 09:00")
    found = row(line, *cgv(*documents), outage, at="2027-01-02", to=to)
    assert (found["counted_seconds"], found["allowed_seconds"], found["state"]) == ("10800", allowed, state)


@pytest.mark.parametrize(("end", "availability", "state"), [
    ("10:26:24", "499/500", "met"), ("10:26:24.001", "2586815999/2592000000", "breached"),
])  # fmt: skip
def test_gc_022_equality_is_compliant_and_a_millisecond_more_is_not(end: str, availability: str, state: str) -> None:
    outage = down("load-balancer", "2026-04-08 09:00", f"2026-04-08 {end}")
    found = row(LBU, *cgv(), outage, at="2026-05-02", to="2026-05-01")
    assert (found["availability"], found["state"]) == (availability, state)


def test_gc_026_console_allows_three_percent() -> None:
    found = row(f"{CT}/ic-infra-snc-06-console", *temple(), at="2026-05-02", to="2026-05-01")
    assert found["allowed_seconds"] == "77760"


SWITCH = (paris("2026-06-15"), "contract.document-signed", {"document": FR, "replaces": EN})
BEFORE_SWITCH = down("load-balancer", "2026-06-10 10:00", "2026-06-10 10:45")


def test_gc_027_a_new_convention_splits_the_month() -> None:
    first = row(
        f"{EN}/sla5-load-balancer-availability", *cgv(EN, CGV), SWITCH, BEFORE_SWITCH, at="2026-07-03", to="2026-06-15"
    )
    assert (first["reference_seconds"], first["allowed_seconds"], first["state"]) == ("1209600", "2661.12", "breached")


def test_gc_027_under_the_text_in_force_at_the_end() -> None:
    whole = row(
        LBU,
        *cgv(EN, CGV),
        SWITCH,
        BEFORE_SWITCH,
        at="2026-07-03",
        to="2026-07-01",
        readings=["sla.mid_period_switch=B"],
    )
    assert (whole["counted_seconds"], whole["allowed_seconds"], whole["state"]) == ("2700", "5184", "met")


@pytest.mark.parametrize(
    ("reading", "availability", "state"), [("A", "2681/2682", "breached"), ("B", "31535/31536", "met")]
)
def test_gc_028_short_history_of_a_yearly_line(reading: str, availability: str, state: str) -> None:
    found = row(
        f"{CGV}/sla6-internal-network-availability",
        *cgv(on="2026-10-01"),
        down("internal-network", "2026-10-10 09:00", "2026-10-10 09:16:40"),
        at="2026-11-03",
        to="2026-11-01",
        readings=[f"year.short_history={reading}"],
    )
    assert (found["availability"], found["state"], found["provisional"]) == (availability, state, True)


@pytest.mark.parametrize(
    ("reading", "reference", "allowed", "state"),
    [("A", "1296000", "129.6", "breached"), ("B", "2592000", "259.2", "met")],
)
def test_gc_029_activation_in_the_middle_of_a_month(reading: str, reference: str, allowed: str, state: str) -> None:
    found = row(
        f"{CT}/ic-infra-snc-02-storage",
        *temple(on="2026-04-16"),
        down("storage", "2026-04-20 09:00", "2026-04-20 09:03:20"),
        at="2026-05-03",
        to="2026-05-01",
        readings=[f"period.activation_mid_month={reading}"],
    )
    assert (found["reference_seconds"], found["allowed_seconds"], found["state"]) == (reference, allowed, state)


@pytest.mark.parametrize(("to", "allowed"), [("2026-05-01", "3153.6"), ("2028-03-01", "3162.24")])
def test_gc_032_a_sliding_year_has_365_or_366_days(to: str, allowed: str) -> None:
    found = row(f"{CGV}/sla6-internal-network-availability", *cgv(), at="2028-03-02", to=to)
    assert found["allowed_seconds"] == allowed
    assert found["provisional"] is False
