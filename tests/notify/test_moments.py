"""When something may be told: spans before a date, quiet hours, hours of digests, also when the clocks change."""

from datetime import UTC, date, time
from zoneinfo import ZoneInfo

import pytest

from adapters.notify.moments import Digest, Quiet, Span, local, never, released
from domain.time.instant import format_instant, parse_instant

PARIS = ZoneInfo("Europe/Paris")
EVERY_DAY = frozenset(range(7))
NIGHT = Quiet(time(20), time(7), EVERY_DAY, PARIS)
WEEKEND = Quiet(time(0), time(0), frozenset({5, 6}), PARIS)


def span(text: str) -> Span:
    found = Span.parse(text)
    assert found is not None
    return found


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "07d", "1y", "1.5h", "7d ", "99999d"])
def test_a_text_that_is_no_span_is_none(text: str) -> None:
    assert Span.parse(text) is None


@pytest.mark.parametrize(
    ("text", "last_day", "expected"),
    [
        ("7d", None, "2026-03-24T10:00:00+01:00"),
        ("2h", None, "2026-03-31T09:00:00+02:00"),
        ("1w", date(2026, 3, 30), "2026-03-23T09:00:00+01:00"),
        ("1d", date(2026, 3, 30), "2026-03-29T09:00:00+02:00"),
        ("0d", date(2026, 3, 30), "2026-03-30T09:00:00+02:00"),
        ("24h", date(2026, 3, 30), "2026-03-30T11:00:00+02:00"),
    ],
)
def test_days_before_a_whole_day_fall_in_the_morning_and_everything_else_is_exact(
    text: str, last_day: date | None, expected: str
) -> None:
    due = parse_instant("2026-03-31T11:00:00+02:00")
    assert format_instant(span(text).before(due, last_day, time(9), PARIS)) == expected


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-06-01T19:59:59+02:00", None),
        ("2026-06-01T20:00:00+02:00", "2026-06-02T07:00:00+02:00"),
        ("2026-06-02T06:59:59+02:00", "2026-06-02T07:00:00+02:00"),
        ("2026-06-02T07:00:00+02:00", None),
        ("2026-03-28T22:00:00+01:00", "2026-03-29T07:00:00+02:00"),
        ("2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_a_night_lasts_until_its_morning_whether_the_clocks_change_in_it_or_not(at: str, until: str | None) -> None:
    end = released(parse_instant(at), [NIGHT])
    assert format_instant(end) == (until or at)


def test_what_comes_on_a_friday_night_waits_for_monday_morning_where_the_weekend_is_quiet() -> None:
    friday = parse_instant("2026-06-05T21:00:00+02:00")
    assert format_instant(released(friday, [NIGHT, WEEKEND])) == "2026-06-08T07:00:00+02:00"


def test_a_quiet_of_another_zone_is_that_of_its_clocks() -> None:
    quiet = Quiet(time(20), time(7), EVERY_DAY, UTC)
    assert format_instant(released(parse_instant("2026-06-02T08:30:00+02:00"), [quiet])) == "2026-06-02T09:00:00+02:00"


def test_quiets_that_leave_no_hour_are_known() -> None:
    halves = [Quiet(time(0), time(12), EVERY_DAY, PARIS), Quiet(time(12), time(0), EVERY_DAY, PARIS)]
    assert never(halves)
    assert not never(halves[:1])
    assert not never([])


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        ("2026-06-01T08:00:00+02:00", EVERY_DAY, "2026-06-01T08:00:00+02:00"),
        ("2026-06-01T08:00:01+02:00", EVERY_DAY, "2026-06-02T08:00:00+02:00"),
        ("2026-06-01T08:00:01+02:00", {0}, "2026-06-08T08:00:00+02:00"),
        ("2026-03-28T09:00:00+01:00", EVERY_DAY, "2026-03-29T08:00:00+02:00"),
        ("2026-10-24T09:00:00+02:00", EVERY_DAY, "2026-10-25T08:00:00+01:00"),
    ],
)
def test_a_digest_goes_at_its_hour_in_paris_in_winter_and_in_summer(
    at: str, days: frozenset[int] | set[int], expected: str
) -> None:
    digest = Digest(time(8), frozenset(days), PARIS)
    assert format_instant(digest.following(parse_instant(at))) == expected


def test_an_hour_that_a_change_of_the_clocks_skips_or_repeats_is_one_instant() -> None:
    assert format_instant(local(date(2026, 3, 29), time(2, 30), PARIS)) == "2026-03-29T03:30:00+02:00"
    assert format_instant(local(date(2026, 10, 25), time(2, 30), PARIS)) == "2026-10-25T02:30:00+02:00"
