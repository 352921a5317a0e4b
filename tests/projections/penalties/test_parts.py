"""The small parts that penalties are made of: cents, months, ceilings, windows of a period cut short."""

from decimal import Decimal
from fractions import Fraction

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.agreements.penalty import Cap, Penalty
from domain.agreements.section import Words
from domain.money import to_cents
from projections.caps import Allowances
from projections.cases import readings_in
from projections.revenue import Invoices, month_named, month_of, month_start, month_text
from tests.projections.penalties.world import (
    CGV,
    at,
    claim,
    down,
    instant,
    invoices,
    signed,
    world,
)


@pytest.mark.parametrize(
    ("amount", "half_up", "cut"),
    [("1.005", "1.01", "1"), ("1.0049", "1", "1"), ("-1.005", "-1.01", "-1"), ("0", "0", "0"), ("2/3", "0.67", "0.66")],
)
def test_cents(amount: str, half_up: str, cut: str) -> None:
    assert to_cents(Fraction(amount)) == Fraction(half_up)
    assert to_cents(Fraction(amount), truncated=True) == Fraction(cut)


def test_months_are_paris_months() -> None:
    assert month_of(instant("2026-03-31 23:59:59")) == month_named("2026-03")
    assert month_of(instant("2026-04-01")) == month_named("2026-04")
    assert month_start(month_named("2026-12") + 1) == instant("2027-01-01")
    assert month_text(month_named("2026-12") + 1) == "2027-01"


def test_a_ceiling_below_what_was_taken_leaves_nothing() -> None:
    cap = Cap(id="c", clause="1", title=Words(fr="c", en="c"), base="month-invoices", percent=Decimal(30))
    march = month_named("2026-03")
    book = world(signed(), *invoices("2026-03", ["100"]), asked="2026-05-01")
    assert book.penalties == []
    allowances = Allowances(Invoices({}, {}))
    assert allowances.offer(cap, Decimal(30), {march: Fraction(5)}).amount is None


def test_a_formula_without_a_revenue_rule_is_refused() -> None:
    rule = {"kind": "formula", "id": "f", "clause": "1", "title": {"fr": "f", "en": "f"}, "factor": 10}
    with pytest.raises(ValueError, match="average revenue"):
        Penalty.model_validate({"rule": [rule]})


def test_every_reading_named_by_the_penalty_sections_exists() -> None:
    catalogue, known = load_catalogue([]), set(load_switches())
    named: set[str] = set()
    for document in catalogue.documents:
        agreement = catalogue.agreement(document)
        named |= readings_in(agreement.penalty) | readings_in(agreement.payment) | readings_in(agreement.amount)
    assert named <= known
    assert {"cap.multi_month", "reserve.anchor", "payment.due_date", "interest.basis", "ct.slice30"} <= named


def test_the_last_period_of_a_contract_ends_with_it() -> None:
    facts = [
        signed(),
        *invoices("2025-04", ["9000"] * 12),
        *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
        (at("2026-03-01"), "contract.ended", {"cause": "convenience", "on": "2026-03-20"}),
    ]
    found = world(*facts, asked="2026-03-22")
    assert found.penalty("2026-03-20")["claim_by"] == "2026-03-27T00:00:00+01:00"


def test_a_convention_signed_in_the_month_splits_the_penalty() -> None:
    facts = [
        signed("outscale-snc-en-2023", CGV),
        *invoices("2025-07", ["9000"] * 12),
        (
            at("2026-06-15"),
            "contract.document-signed",
            {"document": "outscale-snc-fr", "replaces": "outscale-snc-en-2023"},
        ),
        *down("a", "load-balancer", "2026-06-10 09:00", "2026-06-10 12:00"),
        *down("b", "load-balancer", "2026-06-20 09:00", "2026-06-20 12:00"),
    ]
    found = world(*facts, asked="2026-07-03")
    assert [row["period_end"] for row in found.penalties] == ["2026-06-14", "2026-06-30"]
    assert [row["lines"][0]["indicator"] for row in found.penalties] == [
        "outscale-snc-en-2023/sla5-load-balancer-availability",
        f"{CGV}/sla8-load-balancer-availability",
    ]
    # The first window closed on 20 June; the second runs to 6 July.
    assert [row["state"] for row in found.penalties] == ["barred", "claimable"]


def test_a_claim_for_a_day_on_which_nothing_ended_is_told() -> None:
    facts = [signed(), *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00")]
    stray = claim("c", "2026-03-30", "2026-04-02", reserves=["r-l"])
    found = world(*facts, stray, asked="2026-04-03")
    assert found.penalty("2026-03-31")["state"] == "cap-pending"
    assert "2026-03-30" in found.finding("claim-line-not-breached").message


def test_events_are_in_the_order_of_time() -> None:
    facts = [
        signed(),
        *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
        claim("c", "2026-03-31", "2026-04-02", reserves=["r-l"]),
        *invoices("2026-02", ["9000", "9000"]),
    ]
    events = world(*facts, asked="2026-04-03").penalty("2026-03-31")["events"]
    # February's invoice on 2 March, the outage and its reserve, the claim on 2 April at 00:00, March's invoice.
    assert events == [f"urn:test#e-00{number}" for number in (5, 2, 3, 4, 6)]
