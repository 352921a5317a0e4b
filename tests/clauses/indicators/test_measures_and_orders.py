"""Worked cases of what is measured rather than timed, and of special orders; dates are Paris time."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.readings import select
from domain.time.delay import compute, parse_delay, time_rules
from domain.time.instant import format_instant, parse_instant
from tests.projections.indicators.world import CGV, CT, EN, LBU, cgv, paris, row, temple


def stored_and_lost(things: str, stored: str, lost: str) -> list:  # type: ignore[type-arg]
    year = {"from": paris("2026-01-01"), "to": paris("2027-01-01"), "service": "object"}
    return [
        (paris("2027-01-01"), "measure.recorded", {"measure": f"{things}-{kind}", "value": value, **year})
        for kind, value in (("stored", stored), ("lost", lost))
    ]


@pytest.mark.parametrize(
    ("contract", "line", "stored", "lost", "state"),
    [
        (cgv(), f"{CGV}/sla1-object-durability", "100000000000", "1", "breached"),
        (temple(), f"{CT}/ic-infra-snc-10-1-object-durability", "1000000000", "1", "met"),
        (temple(), f"{CT}/ic-infra-snc-10-1-object-durability", "1000000000", "2", "breached"),
    ],
)
def test_gc_023_objects_lost_in_the_year(contract: tuple, line: str, stored: str, lost: str, state: str) -> None:  # type: ignore[type-arg]
    found = row(line, *contract, *stored_and_lost("objects", stored, lost), at="2027-01-02", to="2027-01-01")
    assert found["state"] == state
    assert Fraction(found["value"]) == 1 - Fraction(lost) / Fraction(stored)


def test_gc_024_snapshot_durability_is_acquired_after_24_elapsed_hours() -> None:
    line = next(i for i in load_catalogue().agreement(EN).indicator if i.id == "sla7-snapshot-durability")
    delay = next(basis for basis in line.basis if basis.name == "acquired_after").values["A"]
    taken = parse_instant("2026-03-28T09:00:00+01:00")
    rules = time_rules(select(load_switches(), []).get)
    assert format_instant(compute(taken, parse_delay(delay), rules).due) == "2026-03-29T10:00:00+02:00"


@pytest.mark.parametrize(("reached", "state"), [(38_880, "met"), (38_879, "breached")])
def test_gc_025_guaranteed_iops_nine_tenths_of_the_time(reached: int, state: str) -> None:
    start = datetime.fromisoformat("2026-04-01T00:00:00+02:00")
    cut = start + timedelta(minutes=reached)
    end = start + timedelta(minutes=43_200)
    shares = [
        (
            to.isoformat(),
            "measure.recorded",
            {
                "measure": "iops-share",
                "service": "volume",
                "value": value,
                "from": since.isoformat(),
                "to": to.isoformat(),
            },
        )
        for since, to, value in ((start, cut, "100"), (cut, end, "0"))
    ]
    found = row(f"{CGV}/sla2-iops-share", *cgv(), *shares, at="2026-05-02", to="2026-05-01")
    assert found["state"] == state
    assert Fraction(found["value"]) == Fraction(reached * 100, 43_200)


@pytest.mark.parametrize(("wording", "target"), [(True, "99.95"), (False, "99.8")])
def test_gc_160_special_conditions_need_the_wording(wording: bool, target: str) -> None:
    order = (
        paris("2024-01-01"),
        "derogation.recorded",
        {"indicator": LBU, "target": "99.95", "derogation_wording": wording, "order": "bc-1"},
    )
    assert row(LBU, *cgv(), order, at="2026-05-02", to="2026-05-01")["target"] == target


def test_gc_163_a_loss_caused_by_the_client_is_read_with_the_french_twin() -> None:
    line = f"{EN}/sla6-object-durability"
    assert row(line, *cgv(EN, CGV), at="2026-05-02")["basis"]["losses_caused_by_the_client"] == "left out"
    read = row(line, *cgv(EN, CGV), at="2026-05-02", readings=["language=B"])
    assert read["basis"]["losses_caused_by_the_client"] == "counted"
