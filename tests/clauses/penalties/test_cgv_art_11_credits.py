"""Article 11 of the general terms: an accepted claim is a credit, for a year, on the account it comes from."""

from typing import Any

import pytest

from tests.projections.penalties.world import (
    CGV,
    LBU,
    Row,
    accepted,
    at,
    claim,
    down,
    invoices,
    signed,
    world,
)

CREDIT = "claim-credit-1y"
MONEY = invoices("2025-02", ["9000"] * 14)
GRANTED = [
    signed(),
    *MONEY,
    *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
    claim("c", "2026-03-31", "2026-04-02", LBU, reserves=["r-l"]),
    accepted("c", "2026-04-20", "100.00"),
]


def used(amount: str, on: str, account: str = "acc-1", credit: str = "c") -> Any:
    return (at(on), "credit.used", {"credit": credit, "amount": amount, "account": account})


def credit(*facts: Any, asked: str, readings: tuple[str, ...] = ()) -> Row:
    return world(*GRANTED, *facts, asked=asked, readings=readings).amount(CREDIT)


def test_11_a_credit_lasts_a_year_gc_067() -> None:
    row = credit(asked="2027-04-20 23:59:59")
    assert (row["valid_until"], row["amount"], row["state"]) == ("2027-04-20", "100", "open")
    over = credit(asked="2027-04-21")
    assert (over["amount"], over["state"], over["granted"]) == ("0", "expired", "100")


def test_11_a_credit_granted_on_29_february_gc_067() -> None:
    facts = [
        signed(),
        *down("l", "load-balancer", "2028-01-10 09:00", "2028-01-10 12:00"),
        claim("c", "2028-01-31", "2028-02-02", LBU, reserves=["r-l"]),
        accepted("c", "2028-02-29", "100.00"),
    ]
    assert world(*facts, asked="2028-03-01").amount(CREDIT)["valid_until"] == "2029-02-28"


def test_11_the_year_runs_from_the_grant_or_from_the_claim() -> None:
    assert credit(asked="2026-05-01", readings=("credit.validity=B",))["valid_until"] == "2027-04-02"


def test_11_a_credit_is_used_up() -> None:
    part = credit(used("30", "2026-05-01"), asked="2026-06-01")
    assert (part["amount"], part["used"], part["state"]) == ("70", "30", "open")
    whole = credit(used("30", "2026-05-01"), used("70", "2026-05-02"), asked="2026-06-01")
    assert (whole["amount"], whole["state"]) == ("0", "used")


def test_11_more_than_is_left_is_refused() -> None:
    found = world(*GRANTED, used("130", "2026-05-01"), asked="2026-06-01")
    assert found.amount(CREDIT)["used"] == "100"
    assert found.finding("credit-refused").rule == f"{CGV}/{CREDIT}"


def test_11_a_credit_stays_on_its_account_gc_068() -> None:
    found = world(*GRANTED, used("30", "2026-05-01", account="acc-2"), asked="2026-06-01")
    assert (found.amount(CREDIT)["amount"], found.amount(CREDIT)["used"]) == ("100", "0")
    refused = found.finding("credit-refused")
    assert (refused.rule, refused.clause) == (f"{CGV}/claim-credit-account-bound", "art. 11")


def test_11_a_use_after_the_year_is_refused() -> None:
    found = world(*GRANTED, used("30", "2027-04-21"), asked="2027-04-22")
    assert found.amount(CREDIT)["used"] == "0"
    assert "credit-refused" in found.codes()


def test_11_a_use_before_any_grant_is_refused() -> None:
    found = world(*GRANTED, used("30", "2026-04-19"), asked="2026-05-01")
    assert found.amount(CREDIT)["used"] == "0"
    assert "credit-refused" in found.codes()


def test_11_a_use_that_names_no_claim_draws_on_the_oldest_credit() -> None:
    row = credit(used("30", "2026-05-01", credit="CN-7"), asked="2026-06-01")
    assert row["used"] == "30"


@pytest.mark.parametrize(("reading", "state", "amount"), [("A", "lapsed", "0"), ("B", "paid-out", "70")])
def test_11_what_is_left_when_the_contract_ends(reading: str, state: str, amount: str) -> None:
    ended = (at("2026-06-01"), "contract.ended", {"cause": "convenience", "on": "2026-06-30"})
    facts = (used("30", "2026-05-01"), ended)
    row = credit(*facts, asked="2026-07-01", readings=(f"credit.after_termination={reading}",))
    assert (row["state"], row["amount"]) == (state, amount)
    assert credit(*facts, asked="2026-06-30 23:59")["state"] == "open"


def test_11_a_credit_or_cash() -> None:
    cash = credit(used("30", "2026-05-01"), asked="2027-06-01", readings=("pen.form=B",))
    assert (cash["state"], cash["amount"], cash["valid_until"]) == ("cash", "100", None)


def test_11_a_credit_is_granted_to_the_cent() -> None:
    facts = [
        signed(),
        *invoices("2025-04", ["9002", *["9000"] * 11]),
        *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
        claim("c", "2026-03-31", "2026-04-02", LBU, reserves=["r-l"]),
        accepted("c", "2026-04-20"),
    ]
    half_up = world(*facts, asked="2026-05-01").amount(CREDIT)["granted"]
    cut = world(*facts, asked="2026-05-01", readings=["pen.money_rounding=B"]).amount(CREDIT)["granted"]
    # The exact penalty is 183.3950... EUR.
    assert (half_up, cut) == ("183.4", "183.39")


def test_11_a_rejected_claim_gives_no_credit() -> None:
    rejected = (at("2026-04-21"), "penalty.rejected", {"claim": "c"})
    assert world(*GRANTED, rejected, asked="2026-05-01").amounts_of(CREDIT) == []


def test_11_an_accepted_claim_without_any_amount_is_told() -> None:
    facts = [
        signed(),
        claim("c", "2026-03-31", "2026-04-02", LBU, reserves=[]),
        accepted("c", "2026-04-20"),
    ]
    found = world(*facts, asked="2026-05-01")
    assert found.amounts_of(CREDIT) == []
    assert "figure-missing" in found.codes()
