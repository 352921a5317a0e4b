"""The French calendar (7.6.2): eleven national holidays, two more in Alsace-Moselle, and Whit Monday."""

from datetime import date, timedelta

import pytest

from domain.time.calendar import Calendar
from domain.time.holidays import LAST_YEAR, holidays_of, whit_monday

NATIONAL = {
    2025: "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25",
    2026: "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
    2027: "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
}


def eleven_dates(year: int) -> list[date]:
    return [date.fromisoformat(f"{year}-{day}") for day in NATIONAL[year].split()]


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian rule (the anonymous computus), written apart from the library."""
    golden, century, rest = year % 19, year // 100, year % 100
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def test_gc_150_national_holidays_of_2025() -> None:
    assert list(holidays_of(2025, "national")) == eleven_dates(2025)
    assert easter(2025) == date(2025, 4, 20)


def test_gc_151_national_holidays_of_2026() -> None:
    assert list(holidays_of(2026, "national")) == eleven_dates(2026)
    assert easter(2026) == date(2026, 4, 5)


def test_gc_152_national_holidays_of_2027() -> None:
    assert list(holidays_of(2027, "national")) == eleven_dates(2027)
    assert easter(2027) == date(2027, 3, 28)


@pytest.mark.parametrize("century", range(1950, 3000, 150))
def test_movable_holidays_follow_easter_in_every_year(century: int) -> None:
    for year in range(century, min(century + 150, 3000)):
        national, sunday = holidays_of(year, "national"), easter(year)
        movable = [sunday + timedelta(days=days) for days in (1, 39, 50)]
        assert set(movable) <= national.keys(), year
        assert whit_monday(year) == movable[-1]
        assert sunday - timedelta(days=2) in holidays_of(year, "alsace-moselle")


@pytest.mark.parametrize("year", [1982, 2006, 2026, 2100, 2101, 2999, LAST_YEAR])
def test_no_year_is_without_its_holidays(year: int) -> None:
    assert len(holidays_of(year, "national")) == 11
    assert len(holidays_of(year, "alsace-moselle")) == 13


def test_two_holidays_on_one_day_are_one_day_off() -> None:
    assert "Ascension" in holidays_of(2008, "national")[date(2008, 5, 1)][1]
    assert len(holidays_of(2008, "national")) == 10


def test_holidays_are_named_in_english_and_in_french() -> None:
    assert holidays_of(2026, "national")[date(2026, 4, 6)] == ("Easter Monday", "Lundi de Pâques")
    for english, french in holidays_of(2026, "alsace-moselle").values():
        assert english
        assert french
        assert english != french


def test_solidarity_day_is_a_holiday_unless_worked() -> None:
    day = date(2026, 5, 25)
    assert Calendar(zone="national").holiday(day) == ("Pentecost Monday", "Lundi de Pentecôte")
    worked = Calendar(zone="national", solidarity_worked=True)
    assert worked.is_working_day(day)
    assert not worked.is_working_day(date(2026, 4, 6)), "Easter Monday stays a holiday"


def test_calendar_without_a_zone_keeps_no_holiday() -> None:
    assert Calendar().holiday(date(2026, 12, 25)) is None
