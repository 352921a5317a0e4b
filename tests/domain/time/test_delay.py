"""Delays are read, counted and explained as the texts and their readings say."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidDelayError
from domain.time.calendar import Calendar
from domain.time.delay import Delay, Part, TimeRules, add_months, compute, parse_delay, time_rules
from domain.time.instant import Instant, end_of_day, format_instant, paris_date, parse_instant

RULES = TimeRules()
HOURS = Calendar(frozenset(range(5)), 8 * 60, 20 * 60, "national")
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
counts = st.integers(-400, 400)


def reading(parameter: str, letter: str) -> Callable[[str], str]:
    return lambda asked: letter if asked == parameter else "A"


def last_day(start: date, delay: str, rules: TimeRules = RULES) -> date:
    found = compute(start, parse_delay(delay), rules).last_day
    assert found is not None
    return found


def instant(start: str, delay: str, rules: TimeRules) -> str:
    return format_instant(compute(parse_instant(start), parse_delay(delay), rules).due)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("15 clear days", [(15, "clear days")]),
        ("1 clear day", [(1, "clear days")]),
        ("2 weeks + 1 day", [(2, "weeks"), (1, "days")]),
        ("2 weeks+1 day", [(2, "weeks"), (1, "days")]),
        ("  48   Working  Hours ", [(48, "working hours")]),
        ("1 hour + 30 minutes", [(1, "hours"), (30, "minutes")]),
        ("-30 days", [(-30, "days")]),
        ("13 months + -1 day", [(13, "months"), (-1, "days")]),
        ("1 year", [(1, "years")]),
        ("15 working days", [(15, "working days")]),
        ("0 days", [(0, "days")]),
    ],
)
def test_a_delay_is_read(text: str, parts: list[tuple[int, str]]) -> None:
    assert parse_delay(text) == Delay(tuple(Part(amount, unit) for amount, unit in parts))


@pytest.mark.parametrize(
    "text",
    [
        *("", "+", "5", "days", "5 days +", "+ 5 days", "1.5 days", "1/2 day", "five days", "5days", "٥ days"),
        *("- 5 days", "1 week - 1 day", "5 days, 2 hours", "9999999 days", "5 very long days", "1e3 days", "5 days\0"),
    ],
)
def test_a_text_that_is_no_delay_is_refused(text: str) -> None:
    with pytest.raises(InvalidDelayError) as refused:
        parse_delay(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("5 dayz", "days"), ("5 clear dais", "clear days"), ("48 workin hours", "working hours"), ("1 mnth", "months")],
)
def test_an_unknown_unit_is_refused_with_the_nearest(text: str, meant: str) -> None:
    with pytest.raises(InvalidDelayError, match=f"did you mean '{meant}'"):
        parse_delay(text)


def test_hours_are_not_added_to_days() -> None:
    with pytest.raises(InvalidDelayError, match="cannot be added"):
        parse_delay("1 day + 2 hours")


@pytest.mark.parametrize(
    "delay",
    [
        *("999999 years", "-3000 years", "999999 months", "-999999 days", "-999999 weeks"),
        *("99999 working days", "-99999 working days", "999999 working hours"),
    ],
)
def test_a_delay_that_leaves_the_calendar_is_refused(delay: str) -> None:
    with pytest.raises(InvalidDelayError):
        compute(date(2026, 3, 2), parse_delay(delay), TimeRules(working_hours=HOURS))


@pytest.mark.parametrize("delay", ["0 days", "1 day", "1 hour", "1 month", "1 working day", "1 clear day"])
def test_a_delay_from_the_last_day_of_all_is_refused(delay: str) -> None:
    with pytest.raises(InvalidDelayError, match="beyond the years"):
        compute(date(9999, 12, 31), parse_delay(delay), RULES)


def test_working_hours_need_opening_hours_and_run_forward() -> None:
    start = parse_instant("2026-04-02T15:00:00+02:00")
    with pytest.raises(InvalidDelayError, match="opening hours"):
        compute(start, parse_delay("4 working hours"), RULES)
    with pytest.raises(InvalidDelayError, match="forward"):
        compute(start, parse_delay("-4 working hours"), TimeRules(working_hours=HOURS))


@given(days, counts)
def test_days_run_out_at_24_00_of_the_last(start: date, count: int) -> None:
    due = compute(start, parse_delay(f"{count} days"), RULES)
    assert due.last_day == start + timedelta(days=count)
    assert due.due == end_of_day(due.last_day)


@given(days, st.integers(0, 86_399), counts)
@example(date(2026, 3, 29), 7_200, 1)
@example(date(2026, 10, 25), 10_799, 1)
def test_a_day_is_the_same_whenever_it_starts(start: date, second: int, count: int) -> None:
    moment = Instant(end_of_day(start) - 1 - second * 1_000_000)
    delay = parse_delay(f"{count} days")
    assert compute(moment, delay, RULES) == compute(paris_date(moment), delay, RULES)


@settings(deadline=None)
@given(days, st.sampled_from(["days", "clear days", "working days", "weeks", "months", "years"]), st.integers(0, 60))
def test_a_longer_delay_or_a_later_start_never_ends_earlier(start: date, unit: str, count: int) -> None:
    ends = last_day(start, f"{count} {unit}")
    assert ends <= last_day(start, f"{count + 1} {unit}")
    assert ends <= last_day(start + timedelta(days=1), f"{count} {unit}")


def test_a_delay_before_gives_the_latest_day_to_act() -> None:
    due = compute(date(2026, 3, 2), parse_delay("-14 days"), RULES)
    assert due.last_day == date(2026, 2, 16)
    assert format_instant(due.due) == "2026-02-17T00:00:00+01:00"


@settings(deadline=None)
@given(days, st.integers(1, 60))
def test_working_days_back_and_forth_meet_on_a_working_day(start: date, count: int) -> None:
    there = last_day(start, f"{count} working days")
    assert RULES.working_days.is_working_day(there)
    back = last_day(there, f"-{count} working days")
    between = (back + timedelta(days=number) for number in range(1, (start - back).days + 1))
    assert not any(RULES.working_days.is_working_day(day) for day in between)


@pytest.mark.parametrize(("letter", "expected"), [("A", date(2026, 4, 6)), ("B", date(2026, 4, 5))])
def test_clear_days_to_act_and_before_an_effect_have_their_own_readings(letter: str, expected: date) -> None:
    delay, start = parse_delay("5 clear days"), date(2026, 3, 31)
    act = time_rules(reading("clear_days.act_window", letter))
    effect = time_rules(reading("clear_days.effect", letter))
    assert compute(start, delay, act, "act_window").last_day == expected
    assert compute(start, delay, effect, "effect").last_day == expected
    assert compute(start, delay, act, "effect").last_day == date(2026, 4, 6)
    assert compute(start, delay, effect, "act_window").last_day == date(2026, 4, 6)


def test_clear_days_read_as_24_hours_each_end_at_an_instant() -> None:
    rules = time_rules(reading("clear_days.act_window", "C"))
    due = compute(parse_instant("2026-03-27T10:00:00+01:00"), parse_delay("5 clear days"), rules)
    assert due.last_day is None
    assert format_instant(due.due) == "2026-04-01T11:00:00+02:00"


def test_clear_days_shift_past_a_week_end_or_a_holiday_under_that_reading_only() -> None:
    shifting = time_rules(reading("clear_days.weekend", "B"))
    assert last_day(date(2026, 3, 29), "4 clear days", shifting) == date(2026, 4, 3), "Good Friday is worked"
    assert last_day(date(2026, 3, 30), "4 clear days", shifting) == date(2026, 4, 7), "Saturday to Easter Monday"
    assert last_day(date(2026, 3, 30), "5 days", shifting) == date(2026, 4, 4), "days that are not clear stay"
    assert last_day(date(2026, 4, 10), "-5 clear days", shifting) == date(2026, 4, 4), "a latest day before stays"


def test_a_saturday_shifts_clear_days_even_where_it_is_a_working_day() -> None:
    rules = time_rules(lambda name: "B" if name in ("clear_days.weekend", "calendar.working_days") else "A")
    assert last_day(date(2026, 6, 8), "4 clear days", rules) == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("parameter", "value", "delay", "start", "expected"),
    [
        ("month_arithmetic", "B", "1 month", date(2026, 1, 31), date(2026, 3, 2)),
        ("calendar.working_days", "B", "1 working day", date(2026, 6, 5), date(2026, 6, 6)),
        ("calendar.holidays", "B", "1 working day", date(2026, 4, 2), date(2026, 4, 7)),
        ("calendar.solidarity_day", "B", "1 working day", date(2026, 5, 22), date(2026, 5, 25)),
    ],
)
def test_each_reading_of_dates_counts_its_own_way(
    parameter: str, value: str, delay: str, start: date, expected: date
) -> None:
    assert last_day(start, delay, time_rules(reading(parameter, value))) == expected
    assert last_day(start, delay, time_rules(reading(parameter, "A"))) != expected


def test_a_year_is_a_year_even_where_a_month_is_thirty_days() -> None:
    rules = time_rules(reading("month_arithmetic", "B"))
    assert last_day(date(2026, 1, 31), "1 year", rules) == date(2027, 1, 31)


WALL = time_rules(reading("hours.elapsed", "B"))


@pytest.mark.parametrize(
    ("start", "delay", "expected"),
    [
        ("2026-03-28T02:30:00+01:00", "24 hours", "2026-03-29T03:30:00+02:00"),
        ("2026-10-24T02:30:00+02:00", "24 hours", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:30:00+02:00", "24 hours", "2026-10-26T02:30:00+01:00"),
        ("2026-10-25T02:10:00+01:00", "20 minutes", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:10:00+02:00", "20 minutes", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:10:00+01:00", "0 hours", "2026-10-25T02:10:00+01:00"),
        ("2026-10-25T02:30:00+01:00", "3696 hours", "2027-03-28T03:30:00+02:00"),
    ],
    ids=["skipped", "first-of-two", "next-day", "within-the-second", "within-the-first", "nothing", "into-skipped"],
)
def test_hours_read_on_the_clock_of_the_wall(start: str, delay: str, expected: str) -> None:
    assert instant(start, delay, WALL) == expected


def test_hours_from_a_date_run_from_its_24_00() -> None:
    due = compute(date(2026, 3, 28), parse_delay("48 hours"), RULES)
    assert (format_instant(due.due), due.last_day) == ("2026-03-31T01:00:00+02:00", None)


def test_days_read_as_24_hours_each_from_a_date_run_from_its_24_00() -> None:
    due = compute(date(2026, 3, 28), parse_delay("1 week"), time_rules(reading("days.calendar", "B")))
    assert (format_instant(due.due), due.last_day) == ("2026-04-05T01:00:00+02:00", None)


def test_parts_are_applied_in_order() -> None:
    assert last_day(date(2026, 1, 31), "1 month + 1 day") == date(2026, 3, 1)
    assert last_day(date(2026, 1, 31), "1 day + 1 month") == date(2026, 3, 1)
    assert last_day(date(2026, 1, 30), "1 day + 1 month") == date(2026, 2, 28)


def test_each_step_says_where_it_went_and_which_days_did_not_count() -> None:
    (step,) = compute(date(2026, 4, 30), parse_delay("15 working days"), RULES).steps
    assert (step.unit, step.amount, step.start, step.end) == ("working days", 15, "2026-04-30", "2026-05-27")
    holidays = {day: (english, french) for day, english, french in step.skipped if english != "weekend"}
    assert list(holidays) == [date(2026, 5, day) for day in (1, 8, 14, 25)]
    assert holidays[date(2026, 5, 14)] == ("Ascension Day", "Ascension")
    assert all(
        french == "week-end" and day.weekday() in (5, 6)
        for day, english, french in step.skipped
        if english == "weekend"
    )
    assert len(step.skipped) == 12


def test_each_step_of_working_hours_says_which_days_were_closed() -> None:
    start = parse_instant("2026-04-02T15:00:00+02:00")
    (step,) = compute(start, parse_delay("48 working hours"), TimeRules(working_hours=HOURS)).steps
    assert [day for day, _, _ in step.skipped] == [date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)]
    assert step.skipped[-1][1:] == ("Easter Monday", "Lundi de Pâques")


def test_a_shift_is_a_step_of_its_own() -> None:
    rules = time_rules(reading("clear_days.weekend", "B"))
    steps = compute(date(2026, 3, 31), parse_delay("5 clear days"), rules).steps
    assert [(step.unit, step.amount, step.start, step.end) for step in steps] == [
        ("clear days", 5, "2026-03-31", "2026-04-06"),
        ("shift", 1, "2026-04-06", "2026-04-07"),
    ]
    assert steps[1].skipped == ((date(2026, 4, 6), "Easter Monday", "Lundi de Pâques"),)


@given(days, st.integers(-600, 600))
def test_month_arithmetic_keeps_the_day_or_takes_the_rounding_asked(start: date, months: int) -> None:
    down, up = add_months(start, months), add_months(start, months, "up")
    whole = (start.year * 12 + start.month - 1 + months) - (down.year * 12 + down.month - 1)
    assert whole == 0, "rounded down, it stays in the month"
    if down.day == start.day:
        assert up == down
    else:
        assert up == down + timedelta(days=1)
        assert up.day == 1
