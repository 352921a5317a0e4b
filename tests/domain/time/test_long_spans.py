"""Counting open hours over years gives what counting them day by day does."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.time.calendar import Calendar, elapsed
from domain.time.instant import parse_instant
from domain.time.interval import union

DAY = 86_400_000_000
START = parse_instant("2024-02-20T07:31:00+01:00")
CALENDARS = (
    Calendar(weekdays=frozenset(range(5)), opens=8 * 60, closes=20 * 60, zone="national"),
    Calendar(weekdays=frozenset(range(6)), opens=0, closes=24 * 60, zone="alsace-moselle", solidarity_worked=True),
    Calendar(weekdays=frozenset(range(5))),
)
calendars = st.sampled_from(CALENDARS)
moments = st.integers(0, 900 * DAY)


@settings(max_examples=40, deadline=None)
@given(calendars, moments, moments)
def test_the_parts_of_a_span_add_up_to_it(calendar: Calendar, one: int, other: int) -> None:
    start, end = START + min(one, other), START + max(one, other)
    parts = [*range(start, end, 13 * DAY), end]
    days = sum(elapsed(a, b, calendar) for a, b in pairwise(parts))
    assert elapsed(start, end, calendar) == days


@settings(max_examples=40, deadline=None)
@given(calendars, moments, st.lists(st.tuples(moments, moments), max_size=4))
def test_pauses_take_out_their_own_open_time(calendar: Calendar, length: int, spans: list[tuple[int, int]]) -> None:
    end = START + length
    pauses = union((START + min(span), START + max(span)) for span in spans)
    inside = sum(elapsed(max(a, START), min(b, end), calendar) for a, b in pauses)
    assert elapsed(START, end, calendar, pauses) == elapsed(START, end, calendar) - inside


def test_a_year_of_working_days_in_hours() -> None:
    start, end = parse_instant("2026-01-01T00:00:00+01:00"), parse_instant("2027-01-01T00:00:00+01:00")
    worked = 261 - 9  # weekdays of 2026, less the nine holidays that fall on one
    assert timedelta(microseconds=elapsed(start, end, CALENDARS[0])) == timedelta(hours=12 * worked)
