"""The golden cases that are pure time: each date was worked out by hand from the clause its test names."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.time.calendar import Calendar, advance
from domain.time.delay import Clear, Due, TimeRules, compute, parse_delay, time_rules
from domain.time.instant import Instant, format_instant, parse_instant, start_of_day

HOUR = 3_600_000_000
WORKWEEK = frozenset(range(5))


def getter(chosen: dict[str, str]) -> Callable[[str], str]:
    return lambda parameter: chosen.get(parameter, "A")


def rules(hours: Calendar | None = None, /, **chosen: str) -> TimeRules:
    return time_rules(getter({name.replace("__", "."): value for name, value in chosen.items()}), hours)


def run(start: str, delay: str, under: TimeRules | None = None, clear: Clear = "act_window") -> Due:
    begins: Instant | date = parse_instant(start) if "T" in start else date.fromisoformat(start)
    return compute(begins, parse_delay(delay), under or rules(), clear)


def last_day(start: str, delay: str, under: TimeRules | None = None, clear: Clear = "act_window") -> str:
    due = run(start, delay, under, clear)
    assert due.last_day is not None
    assert due.due == start_of_day(due.last_day + timedelta(days=1)), "24:00 of the last day"
    return due.last_day.isoformat()


def instant(start: str, delay: str, under: TimeRules | None = None) -> str:
    due = run(start, delay, under)
    assert due.last_day is None
    return format_instant(due.due)


def support(opens: int, closes: int, **kept: str) -> Calendar:
    """Business hours on weekdays with the holidays of the readings."""
    working = rules(None, **kept).working_days
    return Calendar(WORKWEEK, opens * 60, closes * 60, working.zone, working.solidarity_worked)


def on_clock(start: str, hours: int, calendar: Calendar) -> str:
    return format_instant(advance(parse_instant(start), hours * HOUR, calendar))


def test_gc_006_an_hour_that_spring_skips_is_not_counted() -> None:
    assert parse_instant("2026-03-29T03:30:00+02:00") - parse_instant("2026-03-29T01:30:00+01:00") == HOUR


def test_gc_007_an_hour_that_autumn_repeats_is_counted() -> None:
    assert parse_instant("2026-10-25T02:30:00+01:00") - parse_instant("2026-10-25T02:30:00+02:00") == HOUR


def test_gc_053_last_day_to_dispute_an_invoice() -> None:
    assert last_day("2026-01-31", "30 days") == "2026-03-02"


def test_gc_060_48_hours_across_the_spring_change() -> None:
    assert instant("2026-03-28T20:00:00+01:00", "48 hours") == "2026-03-30T21:00:00+02:00"
    wall = rules(hours__elapsed="B")
    assert instant("2026-03-28T20:00:00+01:00", "48 hours", wall) == "2026-03-30T20:00:00+02:00"


def test_gc_061_48_hours_across_the_autumn_change() -> None:
    assert instant("2026-10-24T20:00:00+02:00", "48 hours") == "2026-10-26T19:00:00+01:00"


def test_gc_063_five_clear_days_over_easter() -> None:
    assert last_day("2026-03-31", "5 clear days") == "2026-04-06"
    assert last_day("2026-03-31", "5 clear days", rules(clear_days__act_window="B")) == "2026-04-05"
    assert last_day("2026-03-31", "5 clear days", rules(clear_days__weekend="B")) == "2026-04-07"
    due = run("2026-03-31", "5 clear days").due
    assert parse_instant("2026-04-06T18:00:00+02:00") < due <= parse_instant("2026-04-07T09:00:00+02:00")


def test_gc_064_a_holiday_is_a_clear_day() -> None:
    assert last_day("2026-04-30", "5 clear days") == "2026-05-06"
    assert last_day("2026-04-30", "5 clear days", rules(clear_days__act_window="B")) == "2026-05-05"


def test_gc_066_five_clear_days_from_a_leap_day() -> None:
    assert last_day("2028-02-29", "5 clear days") == "2028-03-06"


def test_gc_067_a_credit_lives_a_year() -> None:
    assert last_day("2026-04-20", "1 year") == "2027-04-20"
    assert last_day("2028-02-29", "1 year") == "2029-02-28"


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        (support(8, 20), "2026-04-09T15:00:00+02:00"),
        (Calendar(WORKWEEK, 8 * 60, 20 * 60), "2026-04-08T15:00:00+02:00"),
        (support(0, 24), "2026-04-07T15:00:00+02:00"),
        (support(8, 20, calendar__holidays="B"), "2026-04-10T15:00:00+02:00"),
    ],
    ids=["A", "holidays-worked", "24-hours", "alsace-moselle"],
)
def test_gc_073_48_working_hours_over_easter(calendar: Calendar, expected: str) -> None:
    assert on_clock("2026-04-02T15:00:00+02:00", 48, calendar) == expected
    assert instant("2026-04-02T15:00:00+02:00", "48 working hours", rules(calendar)) == expected


def test_gc_074_a_wait_is_deducted_inside_the_hours_only() -> None:
    opened, hours = parse_instant("2026-06-01T08:00:00+02:00"), support(8, 20)
    wait = ((parse_instant("2026-06-01T18:00:00+02:00"), parse_instant("2026-06-02T10:00:00+02:00")),)
    assert format_instant(advance(opened, 48 * HOUR, hours)) == "2026-06-04T20:00:00+02:00"
    assert format_instant(advance(opened, 48 * HOUR, hours, wait)) == "2026-06-05T12:00:00+02:00"


def test_gc_076_whit_monday_is_closed() -> None:
    asked = "2026-05-22T16:30:00+02:00"
    assert on_clock(asked, 4, support(8, 18)) == "2026-05-26T10:30:00+02:00"
    assert on_clock(asked, 4, support(8, 18, calendar__solidarity_day="B")) == "2026-05-25T10:30:00+02:00"
    assert instant(asked, "4 hours") == "2026-05-22T20:30:00+02:00"


def test_gc_077_the_second_day_of_christmas_is_closed_in_alsace_moselle() -> None:
    asked = "2025-12-24T10:00:00+01:00"
    assert on_clock(asked, 24, support(8, 18)) == "2025-12-29T14:00:00+01:00"
    assert on_clock(asked, 24, support(8, 18, calendar__holidays="B")) == "2025-12-30T14:00:00+01:00"


def test_gc_078_ascension_is_closed() -> None:
    assert on_clock("2027-05-03T09:00:00+02:00", 48, support(8, 18)) == "2027-05-10T17:00:00+02:00"


def test_gc_081_a_request_of_friday_evening_goes_on_on_monday() -> None:
    assert on_clock("2026-11-20T17:30:00+01:00", 4, support(8, 18)) == "2026-11-23T11:30:00+01:00"


def test_gc_082_an_hour_on_a_saturday_night() -> None:
    assert instant("2026-08-15T23:30:00+02:00", "1 hour") == "2026-08-16T00:30:00+02:00"
    assert on_clock("2026-08-15T23:30:00+02:00", 1, support(8, 20)) == "2026-08-17T09:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "end"), [("2026-01-31", "2026-02-28"), ("2028-01-31", "2028-02-29"), ("2026-12-31", "2027-01-31")]
)
def test_gc_093_one_month_from_a_month_end(start: str, end: str) -> None:
    assert last_day(start, "1 month") == end


def test_gc_096_a_new_text_enters_into_force_after_30_days() -> None:
    assert last_day("2026-06-01", "30 days") == "2026-07-01"
    assert last_day("2026-07-01", "-30 days") == "2026-06-01"
    assert last_day("2026-06-30", "-30 days") == "2026-05-31", "notified on 1 June, 30 June is too early"


def test_gc_100_termination_takes_effect_after_fifteen_clear_days() -> None:
    due = run("2026-03-02T10:15:00+01:00", "15 clear days", clear="effect")
    assert due.last_day == date(2026, 3, 18)
    assert format_instant(due.due) == "2026-03-19T00:00:00+01:00"
    assert format_instant(start_of_day(due.last_day)) == "2026-03-18T00:00:00+01:00", "the other reading of midnight"


def test_gc_101_an_effect_on_a_sunday_is_not_shifted() -> None:
    shifted = rules(clear_days__weekend="B")
    for under in (rules(), shifted):
        assert last_day("2026-12-18", "15 clear days", under, "effect") == "2027-01-03"
    assert last_day("2026-12-18", "15 clear days", shifted) == "2027-01-04", "a time to act would be"


def test_gc_102_the_example_of_the_contract() -> None:
    due = run("2026-04-17", "15 clear days", clear="effect")
    assert due.last_day == date(2026, 5, 3)
    assert format_instant(due.due) == "2026-05-04T00:00:00+02:00"


def test_gc_103_seven_clear_days_to_remedy_then_ten() -> None:
    assert last_day("2026-04-24", "7 clear days") == "2026-05-02"
    assert last_day("2026-04-24", "7 clear days", rules(clear_days__act_window="B")) == "2026-05-01"
    assert run("2026-04-24", "7 clear days").due == start_of_day(date(2026, 5, 3)), "the first day to terminate"
    assert last_day("2026-05-04", "10 clear days", clear="effect") == "2026-05-15"


def test_gc_104_ten_clear_days_in_a_leap_year() -> None:
    assert last_day("2026-02-18", "10 clear days", clear="effect") == "2026-03-01"
    assert last_day("2028-02-18", "10 clear days", clear="effect") == "2028-02-29"


def test_gc_105_two_hours_across_the_autumn_change() -> None:
    due = instant("2026-10-25T01:30:00+02:00", "2 hours")
    assert due == "2026-10-25T02:30:00+01:00"
    assert parse_instant("2026-10-25T02:40:00+01:00") > parse_instant(due)


def test_gc_108_24_hours_across_the_spring_change() -> None:
    assert instant("2026-03-28T12:00:00+01:00", "24 hours") == "2026-03-29T13:00:00+02:00"


def test_gc_109_two_clear_days_over_the_new_year() -> None:
    assert last_day("2026-12-30T23:59:00+01:00", "2 clear days", clear="effect") == "2027-01-02"


def test_gc_110_an_effect_at_sending_lasts_until_the_end_of_the_holiday() -> None:
    assert format_instant(run("2026-07-14T16:00:00+02:00", "0 days").due) == "2026-07-15T00:00:00+02:00"


def test_gc_120_one_month_to_recover_data_then_fifteen_days() -> None:
    assert last_day("2026-01-31", "1 month") == "2026-02-28"
    assert last_day("2026-02-28", "2 weeks + 1 day") == "2026-03-15"
    assert last_day("2028-01-31", "1 month") == "2028-02-29"
    assert last_day("2028-02-29", "2 weeks + 1 day") == "2028-03-15"


def test_gc_121_deletion_after_an_early_report() -> None:
    assert last_day("2026-02-20", "2 weeks + 1 day") == "2026-03-07"


def test_gc_122_a_silent_client() -> None:
    assert last_day("2026-03-25", "1 month") == "2026-04-25"
    assert last_day("2026-04-30", "15 working days") == "2026-05-27"
    assert last_day("2026-04-30", "15 working days", rules(calendar__working_days="B")) == "2026-05-21"
    assert last_day("2026-05-28", "13 months + -1 day") == "2027-06-27"
    assert last_day("2027-06-27", "2 weeks + 1 day") == "2027-07-12"
    assert last_day("2026-04-25", "2 weeks + 1 day") == "2026-05-10"


def test_gc_123_fifteen_working_days_over_the_new_year() -> None:
    assert last_day("2025-12-19", "15 working days") == "2026-01-13"
    assert last_day("2025-12-19", "15 working days", rules(calendar__holidays="B")) == "2026-01-14"


def test_gc_126_one_month_over_the_new_year() -> None:
    assert last_day("2026-12-31", "1 month") == "2027-01-31"
    assert last_day("2027-01-31", "2 weeks + 1 day") == "2027-02-15"


def test_gc_130_two_weeks_and_one_day() -> None:
    asked = "2026-10-15T14:00:00+02:00"
    assert format_instant(run(asked, "2 weeks + 1 day").due) == "2026-10-31T00:00:00+01:00"
    assert instant(asked, "2 weeks + 1 day", rules(days__calendar="B")) == "2026-10-30T13:00:00+01:00"


def test_gc_131_ninety_days_from_the_closing_of_an_account() -> None:
    assert last_day("2026-11-30", "90 days") == "2027-02-28"
    assert last_day("2027-12-01", "90 days") == "2028-02-29"


def test_gc_132_thirty_days_from_a_deactivation() -> None:
    assert last_day("2026-01-30T10:00:00+01:00", "30 days") == "2026-03-01"


def test_gc_135_how_long_things_are_kept() -> None:
    assert last_day("2026-09-30", "1 year") == "2027-09-30"
    assert last_day("2026-09-30", "10 years") == "2036-09-30"
    assert last_day("2026-09-30", "5 years") == "2031-09-30"
    assert last_day("2026-08-31", "6 months") == "2027-02-28"


def test_gc_140_72_hours_across_the_autumn_change() -> None:
    assert instant("2026-10-23T18:00:00+02:00", "72 hours") == "2026-10-26T17:00:00+01:00"


def test_gc_141_thirty_days_that_end_on_a_sunday() -> None:
    assert last_day("2026-01-30", "30 days") == "2026-03-01"
