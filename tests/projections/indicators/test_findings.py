"""What the findings about service levels say, when, and with which events."""

from typing import Any

from projections.findings import CODES, Finding
from tests.projections.indicators.world import (
    CGV,
    CT,
    EN,
    FR,
    INTERNET,
    LBU,
    announced,
    cgv,
    down,
    finding,
    measured,
    paris,
    performed,
    span,
    temple,
)

NIGHT = ("2026-04-16 01:00", "2026-04-16 03:00")


def findings(*facts: Any, at: str = "2026-05-03", readings: tuple[str, ...] = ()) -> list[Finding]:
    found = measured(*facts, at=at, readings=readings)[1]
    assert {f.code for f in found} <= set(CODES)
    assert all(f.message and f.message_fr and f.message != f.message_fr for f in found)
    return found


def codes(*facts: Any, **asked: Any) -> list[str]:
    return [f.code for f in findings(*facts, **asked)]


def test_a_quiet_contract_has_nothing_to_say() -> None:
    assert findings(*cgv()) == []
    assert findings(*temple()) == []


def test_downtime_judged_by_one_of_two_figures() -> None:
    found = finding(findings(*cgv(EN, CGV), down("load-balancer", *NIGHT)), "conflicting-figures")
    assert (found.rule, found.events) == ("conflict.lbu_9978_998", ("urn:test#e-003",))
    assert "99.78" in found.message
    assert "99.8" in found.message


def test_no_conflict_where_nothing_was_down_or_one_text_applies() -> None:
    assert "conflicting-figures" not in codes(*cgv(EN, CGV), down("metadata", *NIGHT))
    assert "conflicting-figures" not in codes(*cgv(FR, CGV), down("load-balancer", *NIGHT))


def test_a_switch_of_table_names_both_texts_and_the_signature() -> None:
    switched = (paris("2026-04-15"), "contract.document-signed", {"document": FR, "replaces": EN})
    found = finding(findings(*cgv(EN, CGV), switched), "terms-switched")
    assert (found.rule, found.events) == (f"{FR}/sla-by-reference", ("urn:test#e-003",))
    assert EN in found.message
    assert CGV in found.message


def test_maintenance_announced_too_late() -> None:
    facts = (announced(*NIGHT, "load-balancer", told="2026-04-15"), performed(*NIGHT))
    found = finding(findings(*cgv(), *facts), "maintenance-notice-short")
    assert (found.rule, found.clause) == (f"{CGV}/meas-planned-maintenance", "art. 11")
    assert found.events == ("urn:test#e-003",)


def test_a_maintenance_that_overran_while_something_was_down() -> None:
    window = announced(*NIGHT, "load-balancer", told="2026-04-01")
    facts = (window, performed("2026-04-16 01:00", "2026-04-16 05:00"))
    assert "maintenance-overrun" not in codes(*cgv(), *facts)
    outage = down("load-balancer", "2026-04-16 04:00", "2026-04-16 04:30")
    assert finding(findings(*cgv(), *facts, outage), "maintenance-overrun").events == (
        "urn:test#e-003",
        "urn:test#e-004",
    )


def test_a_claimed_cause_has_no_effect_until_it_is_established() -> None:
    outage = down("load-balancer", *NIGHT, cause="force-majeure")
    found = finding(findings(*cgv(), outage), "cause-not-established")
    assert found.rule == f"{CGV}/meas-force-majeure"
    established = (paris("2026-04-20"), "outage.cause-established", {"outage": "o-1", "cause": "force-majeure"})
    assert "cause-not-established" not in codes(*cgv(), outage, established)
    assert "cause-not-established" not in codes(*cgv(), down("load-balancer", *NIGHT, cause="third-party"))


def test_a_degradation_that_does_not_count() -> None:
    outage = down("load-balancer", *NIGHT, extent="degraded")
    assert finding(findings(*cgv(FR, CGV), outage), "degraded-not-counted").events == ("urn:test#e-003",)
    assert "degraded-not-counted" not in codes(*cgv(FR, CGV), outage, readings=("sla.degraded_counts=A",))


def test_time_that_nobody_measured() -> None:
    gap = span("monitoring.gap-recorded", *NIGHT, "load-balancer")
    assert finding(findings(*cgv(), gap), "unmeasured-time").rule == LBU


def test_a_breach_over_less_than_a_year() -> None:
    outage = down("internet", *NIGHT)
    assert finding(findings(*cgv(on="2026-04-01"), outage), "provisional-breach").rule == INTERNET
    assert "provisional-breach" not in codes(*cgv(), outage)


def test_downtime_of_a_beta_service() -> None:
    flag = (paris("2026-01-01"), "service.flagged", {"service": "load-balancer", "beta": True})
    found = finding(findings(*cgv(), flag, down("load-balancer", *NIGHT)), "beta-no-commitment")
    assert (found.rule, found.events) == (f"{CGV}/meas-beta-none", ("urn:test#e-003", "urn:test#e-004"))


def test_a_service_that_no_document_covers() -> None:
    found = finding(findings(*cgv(), down("console", *NIGHT)), "not-covered")
    assert (found.rule, found.clause, found.events) == (None, None, ("urn:test#e-003",))


def test_a_new_zone_is_announced_until_the_client_is_in_it() -> None:
    opened = (
        paris("2026-04-10"),
        "region.zone-opened",
        {"region": "r", "zone": "d", "orderable": True},
        "provider:outscale",
    )
    moved = (paris("2026-04-20"), "deployment.declared", {"zones": ["a", "b", "c", "d"]})
    found = finding(findings(*cgv(), opened), "zone-opened")
    assert (found.rule, found.events) == (f"{CGV}/meas-az-condition", ("urn:test#e-003",))
    assert "zone-opened" not in codes(*cgv(), opened, moved)
    shut = (*opened[:2], {**opened[2], "orderable": False}, opened[3])
    assert "zone-opened" not in codes(*cgv(), shut)


def test_a_starred_breach_where_nobody_knows_the_zones() -> None:
    contract = temple(zones=None, region_zones=None)[0]
    data = {name: value for name, value in contract[2].items() if value is not None}
    found = finding(findings((contract[0], contract[1], data), down("compute", *NIGHT)), "zones-unknown")
    assert found.rule == f"{CT}/meas-az-two"


def test_an_order_form_without_the_wording() -> None:
    order = (
        paris("2024-01-01"),
        "derogation.recorded",
        {"indicator": LBU, "target": "99.95", "derogation_wording": False, "order": "bc-1"},
    )
    found = finding(findings(*cgv(), order), "derogation-without-effect")
    assert (found.rule, found.events) == (f"{CGV}/meas-special-conditions-derogate", ("urn:test#e-003",))


def test_the_date_of_a_switch_is_in_the_message() -> None:
    switched = (paris("2026-04-15 09:00"), "contract.document-signed", {"document": FR, "replaces": EN})
    found = finding(findings(*cgv(EN, CGV), switched), "terms-switched")
    assert paris("2026-04-15 09:00") in found.message
