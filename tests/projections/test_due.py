"""The answer of ``greffe due``: a date, each step that led to it, and the readings it rests on."""

import pytest

from adapters.catalogue import load_switches
from domain.errors import GreffeError, InvalidDelayError, InvalidInstantError
from domain.readings import Readings, select
from domain.time.calendar import Calendar
from domain.time.delay import UNITS
from projections.due import due_answer, due_text

HOURS = Calendar(frozenset(range(5)), 8 * 60, 20 * 60, "national")


def readings(*chosen: str) -> Readings:
    return select(load_switches(), chosen)


@pytest.mark.parametrize(
    ("start", "delay", "chosen", "due", "last_day"),
    [
        ("2026-03-31", "5 clear days", [], "2026-04-07T00:00:00+02:00", "2026-04-06"),
        ("2026-03-31", "5 clear days", ["clear_days.act_window=B"], "2026-04-06T00:00:00+02:00", "2026-04-05"),
        ("2026-03-31", "5 clear days", ["clear_days.weekend=B"], "2026-04-08T00:00:00+02:00", "2026-04-07"),
        ("2026-12-18", "15 clear days", [], "2027-01-04T00:00:00+01:00", "2027-01-03"),
        ("2026-03-28T20:00:00+01:00", "48 hours", [], "2026-03-30T21:00:00+02:00", None),
        ("2026-03-28T19:00:00Z", "48 hours", ["hours.elapsed=B"], "2026-03-30T20:00:00+02:00", None),
        ("2028-01-31", "1 month", [], "2028-03-01T00:00:00+01:00", "2028-02-29"),
        ("2026-04-30", "15 working days", ["calendar.working_days=B"], "2026-05-22T00:00:00+02:00", "2026-05-21"),
        ("2026-04-02T15:00:00+02:00", "48 working hours", [], "2026-04-09T15:00:00+02:00", None),
        ("2026-10-15T22:30:00Z", "2 weeks + 1 day", [], "2026-11-01T00:00:00+01:00", "2026-10-31"),
        ("2026-03-02", "-14 days", [], "2026-02-17T00:00:00+01:00", "2026-02-16"),
    ],
)
def test_a_date_is_computed_under_the_readings(
    start: str, delay: str, chosen: list[str], due: str, last_day: str | None
) -> None:
    answer = due_answer(start, delay, readings(*chosen), HOURS)
    assert (answer["start"], answer["delay"]) == (start, delay)
    assert (answer["due"], answer["last_day"]) == (due, last_day)
    assert answer["steps"][-1]["to"] == (last_day or due)


def test_each_step_names_the_holidays_it_skipped_in_both_languages() -> None:
    (step,) = due_answer("2026-12-24", "1 working day", readings())["steps"]
    assert step == {
        "unit": "working days",
        "amount": 1,
        "from": "2026-12-24",
        "to": "2026-12-28",
        "skipped": [
            {"date": "2026-12-25", "en": "Christmas Day", "fr": "Noël"},
            {"date": "2026-12-26", "en": "weekend", "fr": "week-end"},
            {"date": "2026-12-27", "en": "weekend", "fr": "week-end"},
        ],
    }


RESTS_ON = {
    "minutes": {"hours.elapsed"},
    "hours": {"hours.elapsed"},
    "days": {"days.calendar"},
    "weeks": {"days.calendar"},
    "months": {"month_arithmetic"},
    "years": {"month_arithmetic"},
    "clear days": {"clear_days.act_window", "clear_days.weekend"},
    "working days": {"calendar.working_days", "calendar.holidays", "calendar.solidarity_day"},
    "working hours": {
        "calendar.working_hours", "calendar.holidays", "calendar.001_holidays", "calendar.solidarity_day",
    },
}  # fmt: skip


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_the_readings_of_a_unit_are_known_and_named(unit: str) -> None:
    answer = due_answer("2026-03-02", f"2 {unit}", readings(), HOURS)
    assert set(answer["readings"]) == RESTS_ON[unit]
    assert set(answer["readings"]) <= set(load_switches())


def test_shifted_clear_days_rest_on_the_holidays_too() -> None:
    answer = due_answer("2026-03-02", "5 clear days", readings("clear_days.weekend=B"))
    assert answer["readings"]["calendar.holidays"] == "A"
    assert answer["readings"]["calendar.solidarity_day"] == "A"


@pytest.mark.parametrize(
    "start",
    [
        *("", "tomorrow", "2026-02-30", "2026-3-1", "٢٠٢٦-03-02", "2026-03-02T10:00:00", "2026-03-02 ", "20260302"),
        *("0001-01-01", "1911-12-31", "3000-01-01", "9999-12-31"),
    ],
)
def test_a_start_that_is_neither_a_date_nor_an_instant_is_refused(start: str) -> None:
    with pytest.raises(InvalidInstantError):
        due_answer(start, "1 day", readings())


@pytest.mark.parametrize(
    ("start", "delay"),
    [("2999-12-31", "1 day"), ("1912-01-01", "-1 year"), ("2026-03-02", "999999 years"), ("2026-03-02", "1000 years")],
)
def test_an_end_outside_the_years_of_the_ledger_is_refused(start: str, delay: str) -> None:
    with pytest.raises(InvalidDelayError):
        due_answer(start, delay, readings())


def test_working_hours_without_opening_hours_are_refused() -> None:
    with pytest.raises(GreffeError, match="opening hours"):
        due_answer("2026-03-02", "4 working hours", readings())


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["15 working days", "2026-05-27", "2026-05-14 Ascension Day", "calendar.holidays = A"]),
        ("fr", ["15 jours ouvrés", "2026-05-27", "2026-05-14 Ascension", "calendar.holidays = A"]),
    ],
)
def test_the_answer_in_words_says_the_date_the_days_skipped_and_the_readings(lang: str, said: list[str]) -> None:
    words = due_text(due_answer("2026-04-30", "15 working days", readings()), lang)
    assert [part for part in said if part not in words] == []
    assert "2026-05-28T00:00:00+02:00" in words


@pytest.mark.parametrize(("lang", "said"), [("en", "30 days before 2026-07-01"), ("fr", "30 jours avant 2026-07-01")])
def test_a_delay_before_is_said_so(lang: str, said: str) -> None:
    assert said in due_text(due_answer("2026-07-01", "-30 days", readings()), lang)
