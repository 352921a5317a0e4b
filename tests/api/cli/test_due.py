"""``greffe due`` on the command line."""

import json

import pytest

from tests.api.cli.conftest import Greffe


def test_a_date_is_told_step_by_step(greffe: Greffe) -> None:
    status, out, _ = greffe("due", "2026-01-31", "2 weeks + 1 day")
    assert status == 0
    assert out.splitlines() == [
        "From 2026-01-31, 2 weeks: 2026-02-14",
        "From 2026-02-14, 1 day: 2026-02-15",
        "Due: 2026-02-16T00:00:00+01:00 (last day 2026-02-15, from then on it is too late)",
        "Read as: days.calendar = A",
    ]


def test_french_names_holidays_and_sets_its_colons(greffe: Greffe) -> None:
    out = greffe("due", "2026-04-30", "1 working day", "--lang", "fr")[1]
    assert "À partir de 2026-04-30, 1 jour ouvré : 2026-05-04 (non comptés : 2026-05-01 Fête du Travail" in out
    assert "Échéance : 2026-05-05T00:00:00+02:00 (dernier jour 2026-05-04, ensuite, il est trop tard)" in out


def test_a_last_day_that_is_shifted_is_told(greffe: Greffe) -> None:
    out = greffe("due", "2026-04-28", "2 clear days", "--reading", "clear_days.weekend=B", "--lang", "fr")[1]
    assert "Reporté au-delà de 2026-05-01 Fête du Travail, 2026-05-02 week-end, 2026-05-03 week-end : 2026-05-04" in out


@pytest.mark.parametrize(
    ("delay", "due"),
    [
        ("90 minutes", "2026-03-28T21:30:00+01:00"),
        ("48 hours", "2026-03-30T21:00:00+02:00"),
        ("1 day", "2026-03-30T00:00:00+02:00"),
        ("5 clear days", "2026-04-04T00:00:00+02:00"),
        ("1 working day", "2026-03-31T00:00:00+02:00"),
        ("1 week", "2026-04-05T00:00:00+02:00"),
        ("1 month", "2026-04-29T00:00:00+02:00"),
        ("1 year", "2027-03-29T00:00:00+02:00"),
    ],
)
def test_every_unit_is_counted(greffe: Greffe, delay: str, due: str) -> None:
    status, out, _ = greffe("due", "2026-03-28T20:00:00+01:00", delay, "--format", "json")
    assert status == 0
    assert json.loads(out)["due"] == due


def test_working_hours_are_those_of_a_text(greffe: Greffe) -> None:
    status, out, _ = greffe("due", "2026-04-02T15:00:00+02:00", "4 working hours", "--format", "json")
    assert status == 0
    assert json.loads(out)["due"] == "2026-04-02T19:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "delay", "words"),
    [
        ("2026-13-01", "1 day", "2026-13-01"),
        ("2026-01-01T00:00:00", "1 hour", "offset"),
        ("2026-01-01", "1 fortnight", "unknown unit 'fortnight'"),
        ("2026-01-01", "one day", "is not a delay"),
        ("2026-01-01", "1 day + 1 hour", "cannot be added"),
        ("2026-01-01", "999999 years", ""),
    ],
)
def test_what_is_no_date_or_delay_is_refused_in_one_line(greffe: Greffe, start: str, delay: str, words: str) -> None:
    status, out, err = greffe("due", start, delay)
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
