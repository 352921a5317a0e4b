"""What a row leaves out: maintenance, windows, causes, corrections, time that nobody measured."""

import pytest

from tests.projections.indicators.world import (
    APRIL,
    CGV,
    COMPUTE,
    CT,
    LBU,
    VM,
    announced,
    cgv,
    down,
    paris,
    performed,
    row,
    span,
    temple,
)

NIGHT = ("2026-04-16 01:00", "2026-04-16 03:00")


def test_a_quiet_maintenance_leaves_the_reference_time() -> None:
    found = row(LBU, *cgv(), announced(*NIGHT, "load-balancer", told="2026-04-01"), performed(*NIGHT), **APRIL)
    assert (found["reference_seconds"], found["excluded_seconds"]) == ("2584800", "0")
    assert found["allowed_seconds"] == "5169.6"


def test_an_announced_maintenance_that_nobody_confirmed_is_taken_as_announced() -> None:
    window = announced(*NIGHT, "load-balancer", told="2026-04-01")
    assert row(LBU, *cgv(), window, **APRIL)["reference_seconds"] == "2584800"
    cancelled = (paris("2026-04-15"), "maintenance.cancelled", {"maintenance": "m-1"})
    assert row(LBU, *cgv(), window, cancelled, **APRIL)["reference_seconds"] == "2592000"


def test_only_the_performed_part_of_an_announced_window_is_excluded() -> None:
    facts = (announced(*NIGHT, "load-balancer", told="2026-04-01"), performed("2026-04-16 02:00", "2026-04-16 04:00"))
    assert row(LBU, *cgv(), *facts, **APRIL)["reference_seconds"] == "2588400"


def test_a_performance_without_announcement_excludes_nothing() -> None:
    assert row(LBU, *cgv(), performed(*NIGHT), **APRIL)["reference_seconds"] == "2592000"


def test_a_maintenance_of_named_resources_excludes_nothing_for_the_others() -> None:
    facts = (
        announced(*NIGHT, "vm", told="2026-04-01", resources=["vm-1"]),
        performed(*NIGHT),
        down("vm", *NIGHT, "o-1", resource="vm-1"),
        down("vm", *NIGHT, "o-2", resource="vm-2"),
    )
    assert row(VM, *cgv(), *facts, **APRIL, resource="vm-1")["counted_seconds"] == "0"
    assert row(VM, *cgv(), *facts, **APRIL, resource="vm-2")["counted_seconds"] == "7200"


def test_a_second_is_excluded_by_the_first_rule_that_covers_it() -> None:
    facts = (
        announced(*NIGHT, "load-balancer", told="2026-04-01"),
        performed(*NIGHT),
        span("countermeasure.applied", "2026-04-16 02:30", "2026-04-16 03:30", "load-balancer", kind="hammering"),
        span("misuse.recorded", "2026-04-16 03:00", "2026-04-16 04:00", "load-balancer", kind="advice-not-followed"),
        down("load-balancer", "2026-04-16 02:00", "2026-04-16 05:00"),
        (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": "client"}),
    )
    found = row(LBU, *cgv(), *facts, **APRIL)
    assert [(e["rule"].partition("/")[2], e["seconds"]) for e in found["exclusions"]] == [
        ("meas-planned-maintenance", "3600"),
        ("meas-hammering", "1800"),
        ("meas-client-not-following-advice", "1800"),
        ("meas-client-fault", "3600"),
    ]
    assert (found["unavailable_seconds"], found["excluded_seconds"]) == ("10800", "10800")
    assert found["exclusions"][0]["event"] == "urn:test#e-003"


def test_overlapping_windows_of_one_rule_share_the_time_between_them() -> None:
    facts = (
        span("countermeasure.applied", "2026-04-16 01:00", "2026-04-16 02:00", "load-balancer", kind="hammering"),
        span("countermeasure.applied", "2026-04-16 01:30", "2026-04-16 02:30", "load-balancer", kind="hammering"),
        span("countermeasure.applied", "2026-04-16 01:15", "2026-04-16 04:00", "metadata", kind="hammering"),
        down("load-balancer", *NIGHT),
        down("load-balancer", "2026-04-16 01:50", "2026-04-16 02:10", "o-2"),
    )
    found = row(LBU, *cgv(), *facts, **APRIL)
    assert [e["seconds"] for e in found["exclusions"]] == ["3600", "1800"]
    assert (found["unavailable_seconds"], found["counted_seconds"]) == ("7200", "1800")


def test_a_cause_removes_its_outage_and_not_the_time_of_another() -> None:
    facts = (
        down("load-balancer", "2026-04-16 01:00", "2026-04-16 03:00", "o-1"),
        down("load-balancer", "2026-04-16 02:00", "2026-04-16 04:00", "o-2"),
        (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": "security-protection"}),
    )
    found = row(LBU, *cgv(), *facts, **APRIL)
    assert (found["unavailable_seconds"], found["counted_seconds"]) == ("10800", "7200")
    assert [(e["rule"], e["seconds"]) for e in found["exclusions"]] == [(f"{CGV}/meas-emergency-protection", "3600")]


@pytest.mark.parametrize("cause", ["third-party", "provider"])
def test_other_causes_count(cause: str) -> None:
    established = (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": cause})
    assert row(LBU, *cgv(), down("load-balancer", *NIGHT), established, **APRIL)["counted_seconds"] == "7200"


def test_the_last_established_cause_prevails() -> None:
    first = (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": "client"})
    then = (paris("2026-04-18"), "outage.cause-established", {"outage": "o-1", "cause": "provider"})
    assert row(LBU, *cgv(), down("load-balancer", *NIGHT), first, then, **APRIL)["counted_seconds"] == "7200"


def test_a_cause_excludes_nothing_at_cloud_temple() -> None:
    established = (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": "force-majeure"})
    found = row(COMPUTE, *temple(), down("compute", *NIGHT), established, **APRIL)
    assert (found["counted_seconds"], found["exclusions"]) == ("7200", [])


@pytest.mark.parametrize(("service", "excluded"), [("s3-api", "7200"), ("compute", "0")])
def test_block_mode_excludes_object_storage_alone_at_cloud_temple(service: str, excluded: str) -> None:
    line = {"s3-api": f"{CT}/ic-infra-snc-10-2-object-api", "compute": COMPUTE}[service]
    misuse = span("misuse.recorded", *NIGHT, service, kind="block-mode")
    assert row(line, *temple(), down(service, *NIGHT), misuse, **APRIL)["excluded_seconds"] == excluded


def test_a_correction_replaces_what_was_recorded() -> None:
    corrected = (
        paris("2026-04-20"),
        "outage.corrected",
        {"outage": "o-1", "reason": "probe", "ended_at": paris("2026-04-16 02:00"), "service": "metadata"},
    )
    found = row(f"{CGV}/sla7-metadata-availability", *cgv(), down("load-balancer", *NIGHT), corrected, **APRIL)
    assert found["counted_seconds"] == "3600"
    assert row(LBU, *cgv(), down("load-balancer", *NIGHT), corrected, **APRIL)["counted_seconds"] == "0"


def test_a_retracted_outage_leaves_no_trace() -> None:
    retracted = (paris("2026-04-20"), "outage.retracted", {"outage": "o-1", "reason": "other client"})
    found = row(VM, *cgv(), down("vm", *NIGHT, resource="vm-1"), retracted, **APRIL)
    assert (found["unavailable_seconds"], found["events"]) == ("0", [])


def test_unmeasured_time_leaves_the_reference_except_where_an_outage_is_known() -> None:
    gap = span("monitoring.gap-recorded", "2026-04-16", "2026-04-17", "load-balancer")
    found = row(LBU, *cgv(), gap, down("load-balancer", *NIGHT), **APRIL)
    assert (found["unmeasured_seconds"], found["reference_seconds"]) == ("79200", "2512800")
    assert (found["counted_seconds"], found["state"]) == ("7200", "breached")


def test_a_month_that_nobody_measured_is_unmeasured() -> None:
    gap = span("monitoring.gap-recorded", "2026-04-01", "2026-05-01", "load-balancer")
    found = row(LBU, *cgv(), gap, **APRIL)
    assert (found["state"], found["availability"], found["reference_seconds"]) == ("unmeasured", None, "0")


def test_an_open_month_without_measure_so_far_still_runs() -> None:
    gap = span("monitoring.gap-recorded", "2026-05-01", "2026-05-03", "load-balancer")
    assert row(LBU, *cgv(), gap, at="2026-05-03")["state"] == "running"


def test_a_month_partly_beta_is_measured_on_the_other_part() -> None:
    facts = (
        (paris("2026-04-10"), "service.flagged", {"service": "load-balancer", "beta": True}),
        (paris("2026-04-20"), "service.flagged", {"service": "load-balancer", "beta": False}),
        down("load-balancer", *NIGHT),
        down("load-balancer", "2026-04-25 01:00", "2026-04-25 03:00", "o-2"),
    )
    found = row(LBU, *cgv(), *facts, **APRIL)
    assert (found["reference_seconds"], found["counted_seconds"], found["state"]) == ("1728000", "7200", "breached")
    assert [e["rule"] for e in found["exclusions"]] == [f"{CGV}/meas-beta-none"]


def test_resources_blocked_for_an_authority_are_not_down() -> None:
    blocked = (paris("2026-04-16 02:00"), "resources.blocked", {"ground": "authority"})
    found = row(LBU, *cgv(), down("load-balancer", *NIGHT), blocked, **APRIL)
    assert [(e["rule"], e["seconds"]) for e in found["exclusions"]] == [(f"{CGV}/susp-malicious-or-authority", "3600")]
