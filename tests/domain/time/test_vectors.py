"""Dates and holidays against data written by others (see ``tests/vectors/README.md``)."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from domain.time.delay import Rounding, add_period
from domain.time.holidays import Zone, holidays_of

VECTORS = Path(__file__).parents[2] / "vectors"


def rows(name: str, delimiter: str = ";") -> list[list[str]]:
    with (VECTORS / name).open(encoding="utf-8") as stream:
        return [[cell.strip() for cell in row] for row in csv.reader(stream, delimiter=delimiter) if row][1:]


def plus(start: str, period: str, rounding: Rounding) -> str:
    years, months, days = map(int, re.findall(r"-?\d+", period))
    return add_period(date.fromisoformat(start), years, months, days, rounding).isoformat()


@pytest.mark.parametrize(("start", "period", "up", "down"), rows("dates-calc/ambiguous_computations.csv"))
def test_a_month_end_that_does_not_exist_is_rounded_as_asked(start: str, period: str, up: str, down: str) -> None:
    assert plus(start, period, "up") == up
    assert plus(start, period, "down") == down


@pytest.mark.parametrize(("start", "period", "end"), rows("dates-calc/exact_computations.csv"))
def test_a_date_that_exists_is_the_same_under_both_roundings(start: str, period: str, end: str) -> None:
    assert plus(start, period, "up") == end
    assert plus(start, period, "down") == end


@pytest.mark.parametrize(("day", "first", "last"), rows("dates-calc/first_last_day_of_month.csv"))
def test_the_first_and_the_last_day_of_a_month(day: str, first: str, last: str) -> None:
    start = date.fromisoformat(day).replace(day=1)
    assert start.isoformat() == first
    following = add_period(start, 0, 1, 0)
    assert add_period(following, 0, 0, -1).isoformat() == last


def test_every_row_of_the_date_vectors_is_run() -> None:
    names = ("ambiguous_computations", "exact_computations", "first_last_day_of_month")
    counts = [len(rows(f"dates-calc/{name}.csv")) for name in names]
    assert counts[:2] == [11, 19]


HOLIDAYS: list[tuple[str, Zone]] = [
    ("holidays-fr/jours_feries_metropole.csv", "national"),
    ("holidays-fr/jours_feries_alsace-moselle.csv", "alsace-moselle"),
]


@pytest.mark.parametrize(("name", "zone"), HOLIDAYS)
def test_the_public_holidays_of_every_published_year(name: str, zone: Zone) -> None:
    published: dict[int, set[date]] = {}
    for day, year, *_ in rows(name, ","):
        published.setdefault(int(year), set()).add(date.fromisoformat(day))
    assert len(published) >= 25
    for year, days in published.items():
        assert set(holidays_of(year, zone)) == days, year


def test_alsace_moselle_adds_good_friday_and_the_26_of_december() -> None:
    added = set(holidays_of(2026, "alsace-moselle")) - set(holidays_of(2026, "national"))
    assert added == {date(2026, 4, 3), date(2026, 12, 26)}
