"""Clocks that run only in opening hours: what they show, when they run out, and what stops them."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidDelayError
from domain.time.calendar import ALWAYS, Calendar, advance, elapsed, windows
from domain.time.instant import Instant, end_of_day, paris_date, parse_instant, start_of_day
from domain.time.interval import Interval, union

HOUR = 3_600_000_000
DAY = 24 * HOUR
WORKWEEK = frozenset(range(5))
SUPPORT = Calendar(weekdays=WORKWEEK, opens=8 * 60, closes=20 * 60, zone="national")
MORNING = Calendar(weekdays=frozenset(range(6)), opens=7 * 60 + 30, closes=12 * 60, zone="alsace-moselle")
WHOLE_DAYS = Calendar(weekdays=WORKWEEK, zone="national", solidarity_worked=True)
START = parse_instant("2026-01-01T00:00:00+01:00")

calendars = st.sampled_from([ALWAYS, SUPPORT, MORNING, WHOLE_DAYS])
moments = st.integers(0, 400 * DAY).map(lambda offset: START + offset)
amounts = st.integers(1, 300 * HOUR)
pauses = st.lists(st.tuples(moments, moments), max_size=4).map(union)


def at(text: str) -> Instant:
    return parse_instant(f"2026-{text}")


@settings(deadline=None)
@given(calendars, moments, amounts, pauses)
def test_a_clock_shows_the_amount_when_it_runs_out_and_not_before(
    calendar: Calendar, start: int, amount: int, paused: tuple[Interval, ...]
) -> None:
    due = advance(start, amount, calendar, paused)
    assert elapsed(start, due, calendar, paused) == amount
    assert elapsed(start, due - 1, calendar, paused) == amount - 1


@settings(deadline=None)
@given(calendars, moments, moments, amounts)
def test_a_later_start_never_runs_out_earlier(calendar: Calendar, one: int, other: int, amount: int) -> None:
    first, second = sorted((one, other))
    assert advance(first, amount, calendar) <= advance(second, amount, calendar)


@settings(deadline=None)
@given(calendars, moments, amounts, amounts)
def test_running_twice_is_running_once(calendar: Calendar, start: int, one: int, other: int) -> None:
    assert advance(advance(start, one, calendar), other, calendar) == advance(start, one + other, calendar)


@given(moments, moments)
def test_a_clock_that_never_stops_shows_elapsed_time(start: int, end: int) -> None:
    assert elapsed(start, end, ALWAYS) == max(0, end - start)


def test_an_amount_reached_at_closing_time_is_due_then() -> None:
    opening = at("06-01T08:00:00+02:00")
    assert advance(opening, 12 * HOUR, SUPPORT) == at("06-01T20:00:00+02:00")
    assert advance(opening, 12 * HOUR + 1, SUPPORT) == at("06-02T08:00:00+02:00") + 1


def test_a_clock_started_while_closed_waits_for_the_opening() -> None:
    assert advance(at("06-06T23:00:00+02:00"), HOUR, SUPPORT) == at("06-08T09:00:00+02:00")
    assert elapsed(at("06-05T20:00:00+02:00"), at("06-08T08:00:00+02:00"), SUPPORT) == 0


@pytest.mark.parametrize("calendar", [ALWAYS, SUPPORT])
def test_nothing_to_run_is_due_at_once_even_while_closed(calendar: Calendar) -> None:
    night = at("06-06T23:00:00+02:00")
    assert advance(night, 0, calendar) == night


def test_a_clock_of_every_day_stops_on_the_holidays_it_keeps() -> None:
    eve, daily = at("12-24T23:00:00+01:00"), Calendar(zone="national")
    assert advance(eve, 2 * HOUR, daily) == at("12-26T01:00:00+01:00")
    assert elapsed(eve, at("12-26T01:00:00+01:00"), daily) == 2 * HOUR


def test_a_pause_stops_the_clock_only_while_it_is_open() -> None:
    monday = at("06-01T08:00:00+02:00")
    wait = ((at("06-01T18:00:00+02:00"), at("06-02T10:00:00+02:00")),)
    assert advance(monday, 12 * HOUR, SUPPORT, wait) == at("06-02T12:00:00+02:00")
    assert elapsed(monday, at("06-02T12:00:00+02:00"), SUPPORT, wait) == 12 * HOUR


def test_a_pause_that_starts_when_the_amount_is_reached_changes_nothing() -> None:
    start = at("06-01T08:00:00+02:00")
    due = at("06-01T10:00:00+02:00")
    assert advance(start, 2 * HOUR, SUPPORT, ((due, due + DAY),)) == due


@pytest.mark.parametrize("calendar", [ALWAYS, SUPPORT])
def test_a_pause_of_centuries_is_waited_for(calendar: Calendar) -> None:
    start, end = at("06-01T09:00:00+02:00"), parse_instant("2826-06-01T08:00:00+02:00")
    assert advance(start, HOUR, calendar, ((start, end),)) == end + HOUR


@pytest.mark.parametrize("calendar", [SUPPORT, Calendar(weekdays=frozenset())], ids=["too-long", "never-open"])
def test_a_clock_that_does_not_run_out_is_refused(calendar: Calendar) -> None:
    with pytest.raises(InvalidDelayError, match="hundred years"):
        advance(START, 1_000_000 * HOUR, calendar)


def test_windows_open_once_per_worked_day_from_the_start_on() -> None:
    thursday = at("04-02T15:00:00+02:00")
    opened = list(islice(windows(SUPPORT, thursday), 3))
    assert opened[0] == (thursday, at("04-02T20:00:00+02:00"))
    assert opened[1] == (at("04-03T08:00:00+02:00"), at("04-03T20:00:00+02:00"))
    assert opened[2][0] == at("04-07T08:00:00+02:00"), "the week-end and Easter Monday are closed"


def test_a_window_does_not_hold_its_closing_time() -> None:
    closing = at("04-02T20:00:00+02:00")
    assert next(windows(SUPPORT, closing))[0] == at("04-03T08:00:00+02:00")


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25), (7, 1, 24)])
def test_gc_153_a_day_of_paris_lasts_as_long_as_it_does(month: int, day: int, hours: int) -> None:
    changed = date(2026, month, day)
    assert end_of_day(changed) - start_of_day(changed) == hours * HOUR
    assert elapsed(start_of_day(changed), end_of_day(changed), Calendar(opens=0, closes=24 * 60)) == hours * HOUR


def test_opening_hours_follow_the_clock_of_paris() -> None:
    daily = Calendar(opens=60, closes=4 * 60)
    assert elapsed(at("03-29T00:00:00+01:00"), at("03-30T00:00:00+02:00"), daily) == 2 * HOUR
    assert elapsed(at("10-25T00:00:00+02:00"), at("10-26T00:00:00+01:00"), daily) == 4 * HOUR


@pytest.mark.parametrize("year", [1996, 2024, 2026, 2028, 2037, 2045, 2100])
def test_the_days_of_a_year_follow_one_another_without_gap_or_overlap(year: int) -> None:
    day, hours = date(year, 1, 1), 0
    while day.year == year:
        assert end_of_day(day) == start_of_day(day + timedelta(days=1))
        assert paris_date(start_of_day(day)) == day == paris_date(end_of_day(day) - 1)
        length = (end_of_day(day) - start_of_day(day)) // HOUR
        assert length in (23, 24, 25)
        hours += length
        day += timedelta(days=1)
    assert hours == 24 * (date(year + 1, 1, 1) - date(year, 1, 1)).days


@pytest.mark.parametrize("calendar", [SUPPORT, MORNING, WHOLE_DAYS])
def test_every_window_of_a_year_lies_in_its_own_day(calendar: Calendar) -> None:
    worked = 0
    for opening, closing in windows(calendar, START):
        if opening >= parse_instant("2027-01-01T00:00:00+01:00"):
            break
        assert paris_date(opening) == paris_date(closing - 1)
        assert calendar.is_working_day(paris_date(opening))
        worked += 1
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    assert worked == sum(calendar.is_working_day(day) for day in days)
