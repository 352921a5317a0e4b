"""Articles 15.1, 15.3 and 15.4 of the general terms: due dates, late interest, the recovery fee, billed seconds."""

from typing import Any

import pytest

from tests.projections.penalties.world import CGV, World, at, invoice, paid, signed, world


def rate(value: str, on: str) -> Any:
    return (at(on), "rate.recorded", {"rate": "ecb-main-refinancing", "value": value, "from": on})


RATE = rate("2.15", "2025-06-11")


def test_15_3_late_interest_of_30_days_gc_051() -> None:
    facts = [signed(), RATE, invoice("2025-12", "8333.33", "2026-01-02 09:00", due="2026-01-31", vat="10000")]
    found = world(*facts, paid("2025-12", "2026-03-02"), asked="2026-03-03")
    row = found.amount("pay-late-interest")
    assert (row["amount"], row["days"], row["from"], row["to"]) == ("7290/73", 30, "2026-02-01", "2026-03-02")
    assert found.amount("pay-late-40eur")["amount"] == "40"
    assert (row["clause"], row["rule"], row["unit"]) == ("15.3", f"{CGV}/pay-late-interest", "EUR")


def test_15_1_an_invoice_without_a_printed_date_is_due_on_issue_gc_056() -> None:
    facts = [
        signed(),
        RATE,
        invoice("2026-01", "1000", "2026-02-27 09:00", due="", vat="1200"),
        paid("2026-01", "2026-03-10"),
    ]
    row = world(*facts, asked="2026-03-11").amount("pay-late-interest")
    assert (row["days"], row["amount"]) == (11, "8019/1825")


def test_15_1_due_on_issue_or_thirty_days_later() -> None:
    facts = [
        signed(),
        RATE,
        invoice("2026-01", "1000", "2026-02-27 09:00", due="", vat="1200"),
        paid("2026-01", "2026-03-30"),
    ]
    assert world(*facts, asked="2026-04-01").amount("pay-late-interest")["days"] == 31
    later = world(*facts, asked="2026-04-01", readings=["payment.due_date=B"])
    assert later.amount("pay-late-interest")["days"] == 1


@pytest.mark.parametrize(("when", "late"), [("2026-01-31 23:59:59", False), ("2026-02-01", True)])
def test_15_3_late_from_the_day_after(when: str, late: bool) -> None:
    facts = [signed(), RATE, invoice("2025-12", "100", due="2026-01-31", vat="120"), paid("2025-12", when)]
    assert bool(world(*facts, asked="2026-03-01").amounts) is late


def test_15_3_interest_runs_while_unpaid() -> None:
    facts = [signed(), RATE, invoice("2025-12", "100", due="2026-01-31", vat="1000")]
    one = world(*facts, asked="2026-02-01").amount("pay-late-interest")
    two = world(*facts, asked="2026-02-02 23:59").amount("pay-late-interest")
    assert (one["days"], two["days"], two["running"]) == (1, 2, True)
    assert world(*facts, asked="2026-01-31 23:59:59").amounts == []


@pytest.mark.parametrize(
    ("basis", "amount"),
    [
        # 181 late days from 2 March to 29 August at 12.15 %; under C, 121 days of it and 60 at 13 %.
        ("A", "43983/730"),
        ("B", "61.0875"),
        ("C", "45003/730"),
    ],
)
def test_15_3_how_interest_is_counted(basis: str, amount: str) -> None:
    facts = [
        signed(),
        RATE,
        rate("3.00", "2026-07-01"),
        invoice("2026-01", "1000", "2026-03-01 09:00", due="2026-03-01", vat="1000"),
        paid("2026-01", "2026-08-29"),
    ]
    row = world(*facts, asked="2026-09-01", readings=[f"interest.basis={basis}"]).amount("pay-late-interest")
    assert (row["days"], row["amount"]) == (181, amount)


def test_15_3_interest_on_the_amount_with_or_without_vat() -> None:
    facts = [signed(), RATE, invoice("2025-12", "1000", due="2026-01-31", vat="1200"), paid("2025-12", "2026-02-10")]
    including = world(*facts, asked="2026-03-01").amount("pay-late-interest")
    without = world(*facts, asked="2026-03-01", readings=["interest.base_amount=B"]).amount("pay-late-interest")
    assert (including["base"], including["amount"]) == ("1200", "1458/365")
    assert (without["base"], without["amount"]) == ("1000", "243/73")


def test_15_3_a_missing_amount_with_vat_is_told() -> None:
    facts = [signed(), RATE, invoice("2025-12", "1000", due="2026-01-31"), paid("2025-12", "2026-02-10")]
    found = world(*facts, asked="2026-03-01")
    assert found.amount("pay-late-interest")["base"] == "1000"
    assert found.finding("vat-missing").rule == f"{CGV}/pay-late-interest"


def test_15_3_an_unknown_rate_gives_no_amount() -> None:
    facts = [signed(), invoice("2025-12", "1000", due="2026-01-31", vat="1200"), rate("2.15", "2026-02-05")]
    found = world(*facts, asked="2026-03-01")
    assert found.amount("pay-late-interest")["amount"] is None
    assert found.finding("figure-missing").rule == f"{CGV}/pay-late-interest"


def test_15_3_the_recovery_fee_per_invoice_or_per_client() -> None:
    facts = [signed(), RATE, invoice("2025-11", "10", due="2025-12-31"), invoice("2025-12", "10", due="2026-01-31")]
    each = world(*facts, asked="2026-03-01").amounts_of("pay-late-40eur")
    once = world(*facts, asked="2026-03-01", readings=["fee40.unit=B"]).amounts_of("pay-late-40eur")
    assert [(row["invoice"], row["amount"]) for row in each] == [("I-2025-11", "40"), ("I-2025-12", "40")]
    assert [row["invoice"] for row in once] == ["I-2025-11"]


def test_15_3_a_credit_note_is_never_late() -> None:
    assert world(signed(), RATE, invoice("2025-12", "-50", due="2026-01-31"), asked="2026-03-01").amounts == []


def metered(kind: str, month: str, seconds: str) -> Any:
    year, number = map(int, month.split("-"))
    data = {"resource_type": kind, "month": month, "seconds": seconds}
    return (at(f"{year}-{number:02}-28"), "consumption.metered", data)


def billed(found: World) -> list[tuple[str, str]]:
    return [(row["resource_type"], row["amount"]) for row in found.amounts_of("bill-minimum-hour")]


def test_15_4_seconds_are_rounded_up_and_an_hour_is_the_least_gc_052() -> None:
    facts = [
        metered("a", "2026-03", "4203.25"),
        metered("b", "2026-03", "1800"),
        metered("c", "2026-03", "0"),
        metered("d", "2026-03", "3600.01"),
    ]
    found = world(signed(), *facts, asked="2026-04-01")
    assert billed(found) == [("a", "4204"), ("b", "3600"), ("c", "0"), ("d", "3601")]
    assert {row["unit"] for row in found.amounts} == {"seconds"}


def test_15_1_the_least_is_per_type_of_resource_or_per_resource() -> None:
    facts = [metered("a", "2026-03", "1800"), metered("a", "2026-03", "1900.5"), metered("a", "2026-02", "10")]
    assert billed(world(signed(), *facts, asked="2026-04-01")) == [("a", "3600"), ("a", "3701")]
    each = world(signed(), *facts, asked="2026-04-01", readings=["min_billing=B"])
    assert billed(each) == [("a", "3600"), ("a", "7200")]
