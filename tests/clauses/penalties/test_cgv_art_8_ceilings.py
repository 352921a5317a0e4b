"""Article 8 of the general terms: 30 % of the month's invoice in any event; suspension while payment is late."""

from fractions import Fraction
from typing import Any

import pytest

from tests.projections.penalties.world import (
    CGV,
    LBU,
    NETWORK,
    accepted,
    at,
    claim,
    down,
    invoice,
    invoices,
    paid,
    signed,
    world,
)

CAP = f"{CGV}/pen-cap-30pct"
EXAMPLE = [
    *down("n", "internal-network", "2026-03-10", "2026-03-17 15:57:36"),
    *down("l", "load-balancer", "2026-03-20", "2026-03-20 11:08:42"),
]
TWELVE = [*invoices("2025-03", ["10000"] * 13)]


def test_8_the_ceiling_takes_the_invoice_of_what_was_consumed_or_the_one_issued_gc_057() -> None:
    money = [*invoices("2025-04", ["10400"] * 10), invoice("2026-02", "6000"), invoice("2026-03", "10000")]
    consumed = world(signed(), *money, *EXAMPLE, asked="2026-04-05").penalty("2026-03-31")
    issued = world(signed(), *money, *EXAMPLE, asked="2026-04-05", readings=["cap.which_invoice=B"])
    assert consumed["average_monthly_revenue"] == "10000"
    assert consumed["payable"] == "3000"
    assert issued.penalty("2026-03-31")["payable"] == "1800"


def test_8_an_unknown_invoice_leaves_the_ceiling_pending_gc_058() -> None:
    money = [*invoices("2025-04", ["10000"] * 11), invoice("2026-03", "10000", issued="2026-04-05 09:00")]
    filed = claim("c", "2026-03-31", "2026-04-02", NETWORK, LBU, reserves=["r-n", "r-l"])
    facts = [signed(), *money, *EXAMPLE, filed]
    pending = world(*facts, asked="2026-04-02 12:00").penalty("2026-03-31")
    settled = world(*facts, asked="2026-04-05 12:00").penalty("2026-03-31")
    assert (pending["state"], pending["payable"], pending["caps"]) == ("cap-pending", None, [])
    assert pending["gross"] == settled["gross"]
    assert (settled["state"], settled["payable"]) == ("claimed", "3000")


def two_months(january: str, february: str) -> list[Any]:
    """3000 s in January and 1000 s in February, with an average revenue of 31 536 EUR."""
    rest = 31536 * 12 - int(january) - int(february)
    money = [invoice("2025-12", str(rest)), invoice("2026-01", january), invoice("2026-02", february)]
    return [
        signed(),
        *money,
        *down("j", "internal-network", "2026-01-10 09:00", "2026-01-10 09:50"),
        *down("f", "internal-network", "2026-02-10 09:00", "2026-02-10 09:16:40"),
    ]


def test_8_each_month_caps_its_share_gc_048() -> None:
    row = world(*two_months("20", "100"), asked="2026-03-03").penalty("2026-02-28")
    assert (row["average_monthly_revenue"], row["gross"], row["payable"]) == ("31536", "8.464", "8.116")
    assert row["caps"] == [{"rule": CAP, "amount": "8.116", "clause": "art. 8"}]


@pytest.mark.parametrize(("reading", "payable"), [("A", "8.116"), ("B", "8.464"), ("C", "3")])
def test_8_a_penalty_over_several_months_gc_048(reading: str, payable: str) -> None:
    # Shares 6.348 and 2.116; ceilings 6 and 3: each its own, both together, or the last one.
    facts = two_months("20", "10")
    row = world(*facts, asked="2026-03-03", readings=[f"cap.multi_month={reading}"]).penalty("2026-02-28")
    assert (row["gross"], row["payable"]) == ("8.464", payable)


def test_8_one_unknown_month_is_enough_gc_048() -> None:
    facts = two_months("20", "10")
    known = [fact for fact in facts if fact[2].get("month") != "2026-01"]
    assert world(*known, asked="2026-03-03").penalty("2026-02-28")["state"] == "cap-pending"


def test_8_what_an_older_penalty_took_of_a_month_is_gone() -> None:
    facts = [
        signed(),
        *invoices("2025-02", ["10000"] * 14),
        # A monthly line takes 2870 of January's 3000, the sliding year of the network comes after it in February.
        *down("l", "load-balancer", "2026-01-10", "2026-01-10 22:50:00"),
        *down("n", "internal-network", "2026-01-20", "2026-01-21"),
        claim("c", "2026-01-31", "2026-02-03", LBU, reserves=["r-l"]),
    ]
    found = world(*facts, asked="2026-03-03")
    january, february = found.penalty("2026-01-31"), found.penalty("2026-02-28")
    assert january["state"] == "claimed"
    left = 3000 - Fraction(january["payable"])
    assert 0 < left < Fraction(february["gross"])
    assert Fraction(february["payable"]) == left
    assert february["caps"][0]["rule"] == CAP


def test_8_a_penalty_that_fell_takes_nothing_of_a_month() -> None:
    facts = [
        signed(),
        *invoices("2025-02", ["10000"] * 14),
        *down("l", "load-balancer", "2026-01-10", "2026-01-10 22:50:00"),
        *down("n", "internal-network", "2026-01-20", "2026-01-21"),
    ]
    found = world(*facts, asked="2026-03-03")
    assert found.penalty("2026-01-31")["state"] == "barred"
    assert found.penalty("2026-02-28")["payable"] == found.penalty("2026-02-28")["gross"]


def test_8_the_ceiling_with_or_without_vat() -> None:
    money = [*invoices("2025-04", ["10000"] * 11), invoice("2026-03", "10000", vat="12000")]
    without = world(signed(), *money, *EXAMPLE, asked="2026-04-05").penalty("2026-03-31")
    including = world(signed(), *money, *EXAMPLE, asked="2026-04-05", readings=["cap.vat=B"]).penalty("2026-03-31")
    assert (without["payable"], including["payable"]) == ("3000", including["gross"])
    missing = world(signed(), *TWELVE, *EXAMPLE, asked="2026-04-05", readings=["cap.vat=B"])
    assert missing.penalty("2026-03-31")["state"] == "cap-pending"
    assert missing.finding("vat-missing").rule == CAP


def test_8_the_example_prevails_or_the_ceiling_does() -> None:
    capped = world(signed(), *TWELVE, *EXAMPLE, asked="2026-04-05").penalty("2026-03-31")
    uncapped = world(signed(), *TWELVE, *EXAMPLE, asked="2026-04-05", readings=["cap.example=B"])
    assert capped["payable"] == "3000"
    assert uncapped.penalty("2026-03-31")["payable"] == capped["gross"]


def test_8_no_order_derogates_from_the_ceiling_gc_162() -> None:
    order = {"rule": CAP, "value": "40", "derogation_wording": True, "order": "OF-1"}
    facts = [signed(), *TWELVE, *EXAMPLE, (at("2025-01-01"), "derogation.recorded", order)]
    found = world(*facts, asked="2026-04-05")
    assert found.penalty("2026-03-31")["payable"] == "3000"
    assert found.finding("derogation-refused").rule == CAP


def test_8_other_figures_can_be_derogated_from_with_the_wording() -> None:
    def payable(wording: bool, value: str = "50") -> tuple[str, list[str]]:
        order = {"rule": f"{CGV}/pen-cap-cacm", "value": value, "derogation_wording": wording, "order": "OF-1"}
        facts = [signed(), *TWELVE[:-1], invoice("2026-03", "10000"), *EXAMPLE]
        found = world(*facts, (at("2025-01-01"), "derogation.recorded", order), asked="2026-04-05")
        return found.penalty("2026-03-31")["payable"], found.codes()

    assert payable(True, "20")[0] == "2000"
    assert payable(False, "20") == ("3000", ["derogation-without-effect"])
    assert payable(True, "twenty") == ("3000", ["derogation-without-effect"])


MARCH = [
    signed(),
    *TWELVE[:-2],
    invoice("2026-03", "9000"),
    *down("l", "load-balancer", "2026-03-10", "2026-03-10 03:00"),
]


def late(until: str | None) -> list[Any]:
    """The February invoice was due on 31 March, and paid at some time or not at all."""
    owed = [invoice("2026-02", "9000", due="2026-03-31")]
    return owed if until is None else [*owed, paid("2026-02", until)]


def filed(on: str) -> Any:
    return claim("c", "2026-03-31", on, LBU, reserves=["r-l"])


def test_8_an_order_may_change_the_factor_of_later_periods() -> None:
    order = {"rule": f"{CGV}/pen-formula", "value": "20", "derogation_wording": True, "order": "OF-1"}

    def gross(signed_on: str) -> str:
        facts = [signed(), *TWELVE, *down("l", "load-balancer", "2026-03-10", "2026-03-10 03:00")]
        found = world(*facts, (at(signed_on), "derogation.recorded", order), asked="2026-04-03")
        return str(found.penalty("2026-03-31")["gross"])

    assert Fraction(gross("2026-03-31 23:59")) == 2 * Fraction(gross("2026-04-01"))


def test_8_penalties_sleep_while_payment_is_late() -> None:
    found = world(*MARCH, *late(None), asked="2026-04-03")
    row = found.penalty("2026-03-31")
    assert (row["state"], row["payable"]) == ("suspended", None)
    assert not found.claimable(LBU, "2026-04-01")
    assert world(*MARCH, *late("2026-04-02"), asked="2026-04-03").penalty("2026-03-31")["state"] == "claimable"


def test_8_a_window_wholly_late_is_lost_gc_049() -> None:
    found = world(*MARCH, *late("2026-04-20"), asked="2026-04-21")
    assert found.penalty("2026-03-31")["state"] == "barred"
    assert found.finding("penalty-lost").rule == f"{CGV}/pen-lost-during-suspension"


def test_8_a_claim_after_catching_up_is_admissible_gc_049() -> None:
    found = world(*MARCH, *late("2026-04-04 12:00"), filed("2026-04-05 10:00"), asked="2026-04-08")
    assert found.penalty("2026-03-31")["state"] == "claimed"


def test_8_a_claim_filed_while_late_is_inadmissible() -> None:
    facts = [*MARCH, *late("2026-04-04 12:00"), filed("2026-04-03 10:00")]
    assert world(*facts, asked="2026-04-03 12:00").penalty("2026-03-31")["state"] == "suspended"
    caught_up = world(*facts, asked="2026-04-05")
    assert caught_up.penalty("2026-03-31")["state"] == "claimable"
    assert caught_up.finding("claim-while-late").rule == f"{CGV}/pen-suspended-while-late"
    assert world(*facts, asked="2026-04-08").penalty("2026-03-31")["state"] == "barred"


@pytest.mark.parametrize(
    ("scope", "claim_counts", "outage_counts"), [("A", False, True), ("B", True, False), ("C", False, False)]
)
def test_8_what_lateness_loses(scope: str, claim_counts: bool, outage_counts: bool) -> None:
    readings = [f"penalty.suspension_scope={scope}"]
    claimed_late = [*MARCH, *late("2026-04-04 12:00"), filed("2026-04-03 10:00")]
    claims = world(*claimed_late, asked="2026-04-08", readings=readings).penalty("2026-03-31")["state"]
    assert claims == ("claimed" if claim_counts else "barred")
    during = [*MARCH, invoice("2026-02", "9000", due="2026-03-05"), paid("2026-02", "2026-03-20")]
    outages = world(*during, filed("2026-04-02"), asked="2026-04-08", readings=readings).penalty("2026-03-31")
    assert outages["state"] == ("claimed" if outage_counts else "barred")


def test_8_lateness_that_loses_outages_is_told() -> None:
    during = [*MARCH, invoice("2026-02", "9000", due="2026-03-05"), paid("2026-02", "2026-03-20")]
    found = world(*during, asked="2026-04-03", readings=["penalty.suspension_scope=B"])
    assert found.finding("penalty-lost").rule == f"{CGV}/pen-lost-during-suspension"


def test_8_a_service_interrupted_before_lateness_suspends_nothing() -> None:
    blocked = (at("2026-03-30"), "resources.blocked", {"ground": "payment"})
    facts = [*MARCH, *late(None)]
    assert world(*facts, asked="2026-04-03").penalty("2026-03-31")["state"] == "suspended"
    assert world(*facts, blocked, asked="2026-04-03").penalty("2026-03-31")["state"] == "claimable"


def test_8_an_interruption_that_ends_leaves_the_lateness_and_its_suspension() -> None:
    blocked = (at("2026-03-30"), "resources.blocked", {"ground": "payment"})
    other = (at("2026-03-31"), "resources.unblocked", {"ground": "law"})
    back = (at("2026-04-02"), "resources.unblocked", {"ground": "payment"})
    facts = [*MARCH, *late(None), blocked, other, back]
    assert world(*facts, asked="2026-04-01 23:59").penalty("2026-03-31")["state"] == "cap-pending"
    assert world(*facts, asked="2026-04-02").penalty("2026-03-31")["state"] == "suspended"


def test_8_an_interruption_during_lateness_does_not_wake_the_penalties() -> None:
    blocked = (at("2026-04-02"), "resources.blocked", {"ground": "payment"})
    assert world(*MARCH, *late(None), blocked, asked="2026-04-03").penalty("2026-03-31")["state"] == "suspended"


def test_8_an_accepted_claim_is_not_suspended() -> None:
    facts = [*MARCH, *late("2026-04-04 12:00"), filed("2026-04-05"), accepted("c", "2026-04-06", "100")]
    owed = [invoice("2026-01", "9000", due="2026-04-07")]
    assert world(*facts, *owed, asked="2026-04-20").penalty("2026-03-31")["state"] == "accepted"
