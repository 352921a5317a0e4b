"""An instant is read from RFC 3339 exactly, the same the first time and every time after."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInstantError
from domain.time.instant import Instant, end_of_day, format_instant, from_datetime, paris_date, parse_instant

MOMENTS = st.datetimes(datetime(1912, 1, 2), datetime(2998, 12, 31))  # noqa: DTZ001 - the offset is drawn apart
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(MOMENTS, OFFSETS)
def test_instant_is_the_exact_number_of_microseconds(moment: datetime, offset: timezone) -> None:
    text = moment.replace(tzinfo=offset).isoformat()
    expected = (moment.replace(tzinfo=offset) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_instant(text) == expected
    assert parse_instant(text) == expected, "the second reading looks its parts up"


@given(MOMENTS, MOMENTS, OFFSETS)
def test_instant_made_of_parts_seen_before_is_exact(one: datetime, other: datetime, offset: timezone) -> None:
    first, second = (moment.replace(microsecond=0, tzinfo=offset).isoformat() for moment in (one, other))
    parse_instant(first)
    parse_instant(second)
    mixed = first[:10] + second[10:]
    assert parse_instant(mixed) == from_datetime(datetime.fromisoformat(mixed))


@given(MOMENTS, OFFSETS)
def test_instant_is_written_so_that_it_reads_the_same(moment: datetime, offset: timezone) -> None:
    instant = from_datetime(moment.replace(tzinfo=offset))
    assert parse_instant(format_instant(instant)) == instant


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2999-12-31T22:59:59.999999Z", "2999-12-31T23:59:59.999999+01:00"),
        ("3000-01-01T00:30:00+02:00", "2999-12-31T23:30:00+01:00"),
        ("1911-12-31T23:30:00-01:00", "1912-01-01T00:30:00+00:00"),
    ],
)
def test_instant_at_the_bounds_can_be_read_again_as_it_is_written(text: str, written: str) -> None:
    assert format_instant(parse_instant(text)) == written
    assert parse_instant(written) == parse_instant(text)


@pytest.mark.parametrize(
    "text", ["2999-12-31T23:00:00Z", "3000-01-01T00:00:00+01:00", "1911-12-31T23:59:59Z", "2999-12-30T23:30:00-23:59"]
)
def test_instant_beyond_the_bounds_in_paris_is_refused_whatever_its_offset(text: str) -> None:
    parse_instant(f"{text[:10]}T00:00:00+23:59" if text[0] != "1" else f"1912-01-02{text[10:]}")
    with pytest.raises(InvalidInstantError, match="expected a year between 1912 and 2999"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["2026-01-14t09:00:00z", "2026-01-14T10:00:00+01:00", "2026-01-14T08:00:00.0-01:00"])
def test_instant_may_be_written_in_several_ways(text: str) -> None:
    assert parse_instant(text) == parse_instant("2026-01-14T09:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-14T10:00:00",
        "2026-01-14",
        "2026-01-14 10:00:00+01:00",
        "2026-01-14T10:00+01:00",
        "2026-01-14T10:00:00,5+01:00",
        "2026-01-14T10:00:00.1234567+01:00",
        "2026-01-14T10:00:00+0100",
        "2026-01-14T10:00:00+01:60",
        "2026-01-14T24:00:00+01:00",
        "2026-02-29T10:00:00+01:00",
        "2026-W03-3T10:00:00+01:00",
        "1911-12-31T10:00:00+01:00",
        "3000-01-01T10:00:00+01:00",
        " 2026-01-14T10:00:00+01:00",
        "2026-01-14T10:00:00+01:00\n",
        "٢٠٢٦-01-14T10:00:00+01:00",
        "",
        1768381200,
        1768381200.0,
        True,
        None,
        [],
        {},
        b"2026-01-14T10:00:00+01:00",
    ],
)
def test_instant_anything_else_is_refused_every_time(text: object) -> None:
    parse_instant("2026-01-14T10:00:00+01:00")
    for _ in range(2):
        with pytest.raises(InvalidInstantError):
            parse_instant(text)


def test_instant_refusal_does_not_repeat_a_megabyte() -> None:
    with pytest.raises(InvalidInstantError) as caught:
        parse_instant("x" * 1_000_000)
    assert len(str(caught.value)) < 200


def test_instant_without_an_offset_is_none() -> None:
    with pytest.raises(InvalidInstantError, match="has no offset"):
        from_datetime(datetime(2026, 1, 14))  # noqa: DTZ001 - that is what is refused


def test_instant_shows_itself_in_paris() -> None:
    assert repr(Instant(0)) == "Instant(1970-01-01T01:00:00+01:00)"


def test_day_of_paris_ends_when_the_next_begins() -> None:
    """The day on which the clocks go forward has 23 hours."""
    spring = paris_date(parse_instant("2026-03-29T12:00:00Z"))
    assert end_of_day(spring) == parse_instant("2026-03-30T00:00:00+02:00")
    assert end_of_day(spring) - end_of_day(spring - timedelta(days=1)) == 23 * 3600 * 1_000_000
