"""Articles 13.1 and 25 of the general terms: ceilings of liability by duration, none for persons, 350 EUR for beta."""

from typing import Any

import pytest

from tests.projections.penalties.world import CGV, at, invoices, signed, signed_cloud_temple, world


def liability(start: str, end: str, amount: str = "1234.56", **more: Any) -> Any:
    data = {"liability": "L", "service": "vm", "from": at(start), "to": at(end), "monthly_amount": amount}
    return (at(end), "liability.recorded", data | more)


@pytest.mark.parametrize(
    ("end", "reading", "rule", "amount"),
    [
        ("2026-01-20 00:00", "A", "liability-cap-2x", "2469.12"),
        ("2026-01-20 06:00", "A", "liability-cap-3x", "3703.68"),
        ("2026-01-20 06:00", "B", "liability-cap-2x", "2469.12"),
        ("2026-01-21 00:00", "A", "liability-cap-3x", "3703.68"),
        ("2026-01-21 00:00", "B", "liability-cap-3x", "3703.68"),
        ("2026-01-20 00:00", "C", "liability-cap-2x", "2469.12"),
        ("2026-01-20 06:00", "C", "liability-cap-3x", "3703.68"),
    ],
)
def test_13_1_between_15_and_16_days_gc_050(end: str, reading: str, rule: str, amount: str) -> None:
    found = world(signed(), liability("2026-01-05", end), asked="2026-02-01", readings=[f"liability.gap={reading}"])
    (row,) = found.amounts
    assert (row["rule"], row["amount"], row["clause"]) == (f"{CGV}/{rule}", amount, "13.1")


def test_13_1_calendar_days_touched_are_not_started_days() -> None:
    # 14 days and 12 hours, from noon to midnight the other way round, touch 16 calendar days when they straddle two.
    facts = [signed(), liability("2026-01-05 23:00", "2026-01-20 01:00")]
    started = world(*facts, asked="2026-02-01").amounts[0]
    touched = world(*facts, asked="2026-02-01", readings=["liability.gap=C"]).amounts[0]
    assert (started["days"], started["rule"]) == (15, f"{CGV}/liability-cap-2x")
    assert (touched["days"], touched["rule"]) == (16, f"{CGV}/liability-cap-3x")


def test_13_1_the_month_that_counts() -> None:
    facts = [signed(), *invoices("2025-02", ["600"] * 12), liability("2026-01-05", "2026-01-06", "200")]
    assert world(*facts, asked="2026-02-03").amount("liability-cap-2x")["amount"] == "400"
    average = world(*facts, asked="2026-02-03", readings=["liability.month=B"])
    assert average.amount("liability-cap-2x")["amount"] == "1200"


def test_13_1_an_average_month_needs_an_invoice() -> None:
    facts = [signed(), liability("2026-01-05", "2026-01-06", "200")]
    found = world(*facts, asked="2026-02-03", readings=["liability.month=B"])
    assert found.amount("liability-cap-2x")["amount"] is None
    assert "figure-missing" in found.codes()


def test_13_1_no_ceiling_for_harm_to_persons() -> None:
    found = world(signed(), liability("2026-01-05", "2026-01-06", bodily_harm=True, beta=True), asked="2026-02-01")
    row = found.amount("liability-exclusions")
    assert (row["amount"], row["unlimited"], len(found.amounts)) == (None, True, 1)
    assert found.finding("liability-unlimited").clause == "13.1"


def test_25_a_beta_service_gc_055() -> None:
    found = world(signed(), liability("2026-01-05", "2026-01-06", "2000", beta=True), asked="2026-02-01")
    assert [(row["rule"], row["amount"]) for row in found.amounts] == [(f"{CGV}/liability-beta-350", "350")]


@pytest.mark.parametrize(("beta", "rule"), [(None, "liability-beta-350"), (False, "liability-cap-2x")])
def test_25_a_service_flagged_beta_unless_the_fact_says_otherwise(beta: bool | None, rule: str) -> None:
    flag = (at("2025-12-01"), "service.flagged", {"service": "vm", "beta": True})
    more = {} if beta is None else {"beta": beta}
    found = world(signed(), flag, liability("2026-01-05", "2026-01-06", **more), asked="2026-02-01")
    assert [row["rule"] for row in found.amounts] == [f"{CGV}/{rule}"]


def test_25_a_flag_taken_back_before_the_breach() -> None:
    flags = [
        (at("2025-12-01"), "service.flagged", {"service": "vm", "beta": True}),
        (at("2026-01-01"), "service.flagged", {"service": "vm", "beta": False}),
    ]
    found = world(signed(), *flags, liability("2026-01-05", "2026-01-06"), asked="2026-02-01")
    assert [row["rule"] for row in found.amounts] == [f"{CGV}/liability-cap-2x"]


def test_cloud_temple_limits_no_liability_in_these_texts() -> None:
    assert world(signed_cloud_temple(), liability("2026-01-05", "2026-01-06"), asked="2026-02-01").amounts == []
