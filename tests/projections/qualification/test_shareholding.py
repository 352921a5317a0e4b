"""Art. 13.4: holders outside the Union, each alone and all together, by capital and by votes."""

from typing import Any

import pytest

from projections.shareholding import shareholding_findings
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, basis_of, signed

AT = "2026-02-05T12:00:00+01:00"
SECURE = signed(CLOUD_TEMPLE)


def held(holder: str, capital: str, votes: str | None = None, *, eu: bool = False, **changes: Any) -> Happening:
    data = {"holder": holder, "seat_country": "US", "eu": eu, "capital": capital, "votes": votes or capital}
    time, subject = changes.get("time", "2026-01-15T09:00:00+01:00"), changes.get("subject", "provider:cloud-temple")
    return time, "shareholding.recorded", data, subject


def rules(*happenings: Happening, contract: Happening = SECURE, readings: tuple[str, ...] = ()) -> list[str]:
    found = shareholding_findings(basis_of(contract, *happenings, at=AT, readings=readings))
    return [str(one.rule).partition("/")[2] for one in found]


def shares(*percents: str) -> list[Happening]:
    return [held(f"holder-{number}", percent) for number, percent in enumerate(percents)]


@pytest.mark.parametrize(
    ("percents", "expected"),
    [
        (["24.00", "15.00"], []),
        (["24.01"], ["qual-capital-24"]),
        (["20", "20"], ["qual-capital-39"]),
        (["24.000000000000000001"], ["qual-capital-24"]),
        (["24", "15", "0.01"], ["qual-capital-39"]),
        (["30", "30"], ["qual-capital-24", "qual-capital-24", "qual-capital-39"]),
    ],
)
def test_gc_094_limits_alone_and_together(percents: list[str], expected: list[str]) -> None:
    assert rules(*shares(*percents)) == expected
    open_iaas = signed(CLOUD_TEMPLE, "ct-openiaas-v3")
    assert rules(*shares(*percents), contract=open_iaas) == expected


@pytest.mark.parametrize(("reading", "expected"), [("A", []), ("B", ["qual-capital-24", "qual-capital-39"])])
def test_capital_equal_the_limit_itself(reading: str, expected: list[str]) -> None:
    assert rules(*shares("24", "15"), readings=(f"ct.capital_equal={reading}",)) == expected


def test_13_4_votes_count_as_capital_does() -> None:
    assert rules(held("a", "1", "25")) == ["qual-capital-24"]
    assert rules(held("a", "1", "20"), held("b", "20", "1"), held("c", "19", "1")) == ["qual-capital-39"]


def test_13_4_the_latest_record_of_a_holder_counts() -> None:
    sold = held("a", "3", time="2026-01-20T09:00:00+01:00", subject="C-1")
    assert rules(held("a", "30")) == ["qual-capital-24"]
    assert rules(held("a", "30"), sold) == []


def test_13_4_holders_in_the_union_are_free() -> None:
    assert rules(held("a", "80", eu=True)) == []


def test_13_4_the_provider_is_no_holder_but_its_seat_must_be_in_the_union() -> None:
    assert rules(held("cloud-temple", "100", eu=True)) == []
    assert rules(held("cloud-temple", "100")) == ["qual-eu-seat"]


def test_a_text_without_limits_finds_nothing() -> None:
    contract = signed(OUTSCALE, "outscale-snc-fr", "outscale-cgv-2019")
    assert rules(held("a", "99", subject="provider:outscale"), contract=contract) == []


def test_13_4_the_message_names_the_measure_and_the_records() -> None:
    basis = basis_of(SECURE, held("a", "1", "25.5"), at=AT)
    (found,) = shareholding_findings(basis)
    assert found.message == "a: 25.5 % of the votes, over the limit of 24 %."
    assert found.message_fr == "a : 25.5 % des droits de vote, au-delà de la limite de 24 %."
    assert (found.clause, found.events) == ("13.4", ("urn:test#e-002",))
