"""Where the client runs, and what that bars: starred lines, proof, new zones, several outages."""

from typing import Any

from tests.projections.indicators.world import CGV, COMPUTE, INTERNET, VM, cgv, down, measured, paris, temple

OUTAGE = ("2026-04-16 01:00", "2026-04-16 03:00")
PROVIDER = "provider:outscale"


def declared(on: str, *zones: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return paris(on), "deployment.declared", {"zones": list(zones), **more}


def breached(line: str, *facts: Any) -> Any:
    rows, _ = measured(*facts, at="2026-05-03")
    return next(r for r in rows if r.indicator == line and r.state == "breached")


def alone(**changes: Any) -> Any:
    """A client of the general terms who signed with these zones and declared nothing since."""
    return cgv(**changes)[0]


def test_every_zone_is_required_at_the_start_of_the_outage() -> None:
    late = declared("2026-04-16 02:00", "a", "b", "c")
    assert not breached(INTERNET, alone(zones=["a", "b"]), late, down("internet", *OUTAGE)).zone_ok
    early = declared("2026-04-16 01:00", "a", "b", "c")
    assert breached(INTERNET, alone(zones=["a", "b"]), early, down("internet", *OUTAGE)).zone_ok


def test_a_machine_also_needs_the_proof_of_equivalent_resources() -> None:
    outage = down("vm", *OUTAGE)
    assert not breached(VM, alone(), outage).zone_ok
    assert breached(INTERNET, alone(), down("internet", *OUTAGE)).zone_ok


def test_the_proof_may_come_after_the_outage() -> None:
    proof = declared("2026-04-20", "a", "b", "c", equivalent_resources_proven=True)
    assert breached(VM, alone(), proof, down("vm", *OUTAGE)).zone_ok


def test_a_declaration_for_the_resource_wins_over_the_general_one() -> None:
    facts = (*cgv(), declared("2026-01-01", "a", service="vm", resource="vm-1"))
    assert not breached(VM, *facts, down("vm", *OUTAGE, resource="vm-1")).zone_ok
    assert breached(VM, *facts, down("vm", *OUTAGE, resource="vm-2")).zone_ok


def test_a_declaration_for_another_service_says_nothing_of_this_one() -> None:
    facts = (*cgv(), declared("2026-01-01", "a", service="volume"))
    assert breached(VM, *facts, down("vm", *OUTAGE)).zone_ok


def test_a_zone_that_cannot_be_ordered_is_required_of_nobody() -> None:
    facts = cgv(region_zones=["a", "b"], zones=["a", "b"])
    opened = (paris("2026-03-01"), "region.zone-opened", {"region": "r", "zone": "d", "orderable": False}, PROVIDER)
    assert breached(INTERNET, facts[0], opened, down("internet", *OUTAGE)).zone_ok


def test_a_zone_of_another_region_is_required_of_nobody() -> None:
    facts = cgv(region_zones=["a", "b"], zones=["a", "b"])
    opened = (paris("2026-03-01"), "region.zone-opened", {"region": "s", "zone": "d", "orderable": True}, PROVIDER)
    assert breached(INTERNET, facts[0], opened, down("internet", *OUTAGE)).zone_ok


def test_the_contracts_own_list_of_zones_replaces_what_was_known() -> None:
    facts = (*cgv(), declared("2026-01-01", "a", "b", region_zones=["a", "b"]))
    assert breached(INTERNET, *facts, down("internet", *OUTAGE)).zone_ok


def test_unknown_zones_meet_no_condition() -> None:
    contract = alone(zones=None, region_zones=None)
    data = {name: value for name, value in contract[2].items() if value is not None}
    assert not breached(INTERNET, (*contract[:2], data), down("internet", *OUTAGE)).zone_ok


def test_two_zones_must_be_of_the_region_at_cloud_temple() -> None:
    outage = down("compute", *OUTAGE)
    assert breached(COMPUTE, *temple(), outage).zone_ok
    assert not breached(COMPUTE, *temple(zones=["a"]), outage).zone_ok
    assert not breached(COMPUTE, *temple(zones=["a", "elsewhere"]), outage).zone_ok


def test_outages_before_the_deployment_was_complete_cannot_be_claimed_and_the_others_can() -> None:
    facts = (
        alone(zones=["a"]),
        declared("2026-04-10", "a", "b", "c", equivalent_resources_proven=True),
        down("vm", "2026-04-05 01:00", "2026-04-05 03:00"),
        down("vm", *OUTAGE, "o-2"),
    )
    found = breached(VM, *facts)
    assert (found.zone_ok, found.barred) == (True, frozenset({"o-1"}))


def test_what_is_left_must_still_be_a_breach() -> None:
    facts = (
        alone(zones=["a"]),
        declared("2026-04-10", "a", "b", "c", equivalent_resources_proven=True),
        down("vm", "2026-04-05 01:00", "2026-04-05 03:00"),
        down("vm", "2026-04-16 01:00", "2026-04-16 01:10", "o-2"),
    )
    assert not breached(VM, *facts).zone_ok


def test_lines_without_a_star_need_no_zone() -> None:
    line = f"{CGV}/sla8-load-balancer-availability"
    assert breached(line, alone(zones=["a"]), down("load-balancer", *OUTAGE)).zone_ok
