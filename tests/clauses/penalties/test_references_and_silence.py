"""Where the penalty rule is: by reference under the two conventions, nowhere in the Cloud Temple texts."""

import pytest

from tests.projections.penalties.world import (
    CGV,
    at,
    down,
    invoices,
    outage,
    signed,
    signed_cloud_temple,
    world,
)

MONEY = invoices("2025-04", ["9000"] * 12)
LBU_DOWN = down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00")


@pytest.mark.parametrize("convention", ["outscale-snc-fr", "outscale-snc-en-2023"])
def test_conventions_take_the_penalties_of_the_general_terms(convention: str) -> None:
    found = world(signed(convention, CGV), *MONEY, *LBU_DOWN, asked="2026-04-03")
    row = found.penalty("2026-03-31")
    assert (row["rule"], row["clause"], row["state"]) == (f"{CGV}/pen-formula", "Annex B", "claimable")
    assert row["claim_by"] == "2026-04-07T00:00:00+02:00"


def test_2023_agreement_its_own_target_meets_the_general_formula() -> None:
    row = world(signed("outscale-snc-en-2023", CGV), *MONEY, *LBU_DOWN, asked="2026-04-03").penalty("2026-03-31")
    (line,) = row["lines"]
    # (0.9978 - 740/743) x 10 x 9000, against 99.78 % and not the 99.8 % of annex A.
    assert (line["indicator"], line["target"], line["amount"]) == (
        "outscale-snc-en-2023/sla5-load-balancer-availability",
        "99.78",
        "122886/743",
    )


def test_2023_agreement_appendix_a_read_to_the_letter_holds_no_formula() -> None:
    readings = ["crossref.penalty_annex=B"]
    found = world(signed("outscale-snc-en-2023", CGV), *MONEY, *LBU_DOWN, asked="2026-04-03", readings=readings)
    row = found.penalty("2026-03-31")
    assert (row["state"], row["gross"], row["payable"], row["claim_by"]) == ("no-rule", None, None, None)
    assert found.windows == ()
    # The newer convention names the annex by its title, and the general terms alone refer to nothing.
    for documents in (("outscale-snc-fr", CGV), (CGV,)):
        other = world(signed(*documents), *MONEY, *LBU_DOWN, asked="2026-04-03", readings=readings)
        assert other.penalty("2026-03-31")["state"] == "claimable"


def test_cloud_temple_a_breach_without_a_penalty_rule() -> None:
    facts = [signed_cloud_temple(), outage("o", "compute", "2026-04-21 14:05", "2026-04-21 14:12")]
    found = world(*facts, asked="2026-05-03")
    row = found.penalty("2026-04-30")
    assert (row["state"], row["gross"], row["payable"], row["claim_by"]) == ("no-rule", None, None, None)
    assert [(line["indicator"], line["amount"]) for line in row["lines"]] == [
        ("ct-secure-temple/ic-infra-snc-01-compute", None)
    ]
    assert found.claimable("ct-secure-temple/ic-infra-snc-01-compute", "2026-05-01")
    assert found.finding("no-penalty-rule").clause == "8.1"


def test_cloud_temple_one_zone_bars_the_claim() -> None:
    facts = [signed_cloud_temple(zones=["z1"]), outage("o", "compute", "2026-04-21 14:05", "2026-04-21 14:12")]
    assert not world(*facts, asked="2026-05-03").claimable("ct-secure-temple/ic-infra-snc-01-compute", "2026-05-01")


def test_outscale_missing_zones_bar_the_penalty_and_say_so() -> None:
    facts = [signed(zones=["a"]), *MONEY, *down("v", "vm", "2026-03-10 09:00", "2026-03-10 12:00", resource="vm-1")]
    found = world(*facts, asked="2026-04-03")
    row = found.penalty("2026-03-31")
    assert (row["state"], row["lines"], row["payable"]) == ("barred", [], None)
    assert found.finding("zone-condition").rule == f"{CGV}/sla4-vm-availability"


@pytest.mark.parametrize("document", ["ct-secure-temple", "ct-openiaas-v3"])
def test_cloud_temple_slices_of_half_an_hour_gc_085(document: str) -> None:
    agreed = (at("2026-03-01"), "professional-services.agreed", {"ticket": "T-1", "minutes": "70"})
    started = world(signed_cloud_temple(document), agreed, asked="2026-04-01").amount("sup-not-attributable")
    rata = world(signed_cloud_temple(document), agreed, asked="2026-04-01", readings=["ct.slice30=B"])
    assert (started["amount"], started["rule"]) == ("3", f"{document}/sup-not-attributable")
    assert rata.amount("sup-not-attributable")["amount"] == "7/3"


def test_outscale_no_slices() -> None:
    agreed = (at("2026-03-01"), "professional-services.agreed", {"ticket": "T-1", "minutes": "70"})
    assert world(signed(), agreed, asked="2026-04-01").amounts == []
