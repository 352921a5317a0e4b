"""Worked cases of service levels, each a clause with its figures; outages and dates are Paris time."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.readings import select
from domain.time.delay import compute, parse_delay, time_rules
from domain.time.instant import format_instant, parse_instant
from tests.projections.indicators.world import (
    CGV,
    COMPUTE,
    CT,
    EN,
    FR,
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


@pytest.mark.parametrize(("end", "counted", "state"), [("11:29:16", "5356", "met"), ("11:29:17", "5357", "breached")])
def test_gc_001_vm_one_second_decides(end: str, counted: str, state: str) -> None:
    found = row(VM, *cgv(), down("vm", "2026-01-14 10:00", f"2026-01-14 {end}"), at="2026-02-04", to="2026-02-01")
    assert found["reference_seconds"] == "2678400"
    assert found["allowed_seconds"] == "5356.8"
    assert (found["counted_seconds"], found["state"]) == (counted, state)


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


def stored_and_lost(things: str, stored: str, lost: str) -> list:  # type: ignore[type-arg]
    year = {"from": paris("2026-01-01"), "to": paris("2027-01-01"), "service": "object"}
    return [
        (paris("2027-01-01"), "measure.recorded", {"measure": f"{things}-{kind}", "value": value, **year})
        for kind, value in (("stored", stored), ("lost", lost))
    ]


@pytest.mark.parametrize(
    ("contract", "line", "stored", "lost", "state"),
    [
        (cgv(), f"{CGV}/sla1-object-durability", "100000000000", "1", "breached"),
        (temple(), f"{CT}/ic-infra-snc-10-1-object-durability", "1000000000", "1", "met"),
        (temple(), f"{CT}/ic-infra-snc-10-1-object-durability", "1000000000", "2", "breached"),
    ],
)
def test_gc_023_objects_lost_in_the_year(contract: tuple, line: str, stored: str, lost: str, state: str) -> None:  # type: ignore[type-arg]
    found = row(line, *contract, *stored_and_lost("objects", stored, lost), at="2027-01-02", to="2027-01-01")
    assert found["state"] == state
    assert Fraction(found["value"]) == 1 - Fraction(lost) / Fraction(stored)


def test_gc_024_snapshot_durability_is_acquired_after_24_elapsed_hours() -> None:
    line = next(i for i in load_catalogue().agreement(EN).indicator if i.id == "sla7-snapshot-durability")
    delay = next(basis for basis in line.basis if basis.name == "acquired_after").values["A"]
    taken = parse_instant("2026-03-28T09:00:00+01:00")
    rules = time_rules(select(load_switches(), []).get)
    assert format_instant(compute(taken, parse_delay(delay), rules).due) == "2026-03-29T10:00:00+02:00"


@pytest.mark.parametrize(("reached", "state"), [(38_880, "met"), (38_879, "breached")])
def test_gc_025_guaranteed_iops_nine_tenths_of_the_time(reached: int, state: str) -> None:
    start = datetime.fromisoformat("2026-04-01T00:00:00+02:00")
    cut = start + timedelta(minutes=reached)
    end = start + timedelta(minutes=43_200)
    shares = [
        (
            to.isoformat(),
            "measure.recorded",
            {
                "measure": "iops-share",
                "service": "volume",
                "value": value,
                "from": since.isoformat(),
                "to": to.isoformat(),
            },
        )
        for since, to, value in ((start, cut, "100"), (cut, end, "0"))
    ]
    found = row(f"{CGV}/sla2-iops-share", *cgv(), *shares, at="2026-05-02", to="2026-05-01")
    assert found["state"] == state
    assert Fraction(found["value"]) == Fraction(reached * 100, 43_200)


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


@pytest.mark.parametrize(("to", "allowed"), [("2026-05-01", "3153.6"), ("2028-03-01", "3162.24")])
def test_gc_032_a_sliding_year_has_365_or_366_days(to: str, allowed: str) -> None:
    found = row(f"{CGV}/sla6-internal-network-availability", *cgv(), at="2028-03-02", to=to)
    assert found["allowed_seconds"] == allowed
    assert found["provisional"] is False


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


@pytest.mark.parametrize(("reading", "counted"), [("A", "420"), ("B", "600"), ("C", "420")])
def test_gc_037_which_confirmation_ends_an_outage(reading: str, counted: str) -> None:
    found = row(COMPUTE, *temple(), *CONFIRMED, at="2026-05-02", to="2026-05-01", readings=[f"ct.outage_end={reading}"])
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


@pytest.mark.parametrize(("wording", "target"), [(True, "99.95"), (False, "99.8")])
def test_gc_160_special_conditions_need_the_wording(wording: bool, target: str) -> None:
    order = (
        paris("2024-01-01"),
        "derogation.recorded",
        {"indicator": LBU, "target": "99.95", "derogation_wording": wording, "order": "bc-1"},
    )
    assert row(LBU, *cgv(), order, at="2026-05-02", to="2026-05-01")["target"] == target


def test_gc_163_a_loss_caused_by_the_client_is_read_with_the_french_twin() -> None:
    line = f"{EN}/sla6-object-durability"
    assert row(line, *cgv(EN, CGV), at="2026-05-02")["basis"]["losses_caused_by_the_client"] == "left out"
    read = row(line, *cgv(EN, CGV), at="2026-05-02", readings=["language=B"])
    assert read["basis"]["losses_caused_by_the_client"] == "counted"
