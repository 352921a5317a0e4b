"""Calendars: which days are worked and which hours are open, Europe/Paris, and clocks that run only then.

No hour or weekday is written here: they come from the agreement files and the readings.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from domain.errors import InvalidDelayError
from domain.time.holidays import Zone, holidays_of, whit_monday
from domain.time.instant import (
    MICROSECONDS_PER_SECOND,
    PARIS,
    Instant,
    end_of_day,
    from_datetime,
    paris_date,
    start_of_day,
)
from domain.time.interval import NONE, Interval, Intervals, clip, subtract, total

EVERY_DAY = frozenset(range(7))
ONE_DAY = timedelta(days=1)
FOUR_DAYS = timedelta(days=4)
MINUTES_PER_HOUR = 60
FEW_DAYS = 4 * 86_400 * MICROSECONDS_PER_SECOND
"""Microseconds over which walking day by day is the shortest way."""
DAYS_TO_LOOK = 36_525
"""A hundred years: a clock or a count of working days that needs more has no end."""


class Calendar(NamedTuple):
    """Worked weekdays (Monday is 0), opening and closing in minutes after 00:00 Paris, and the holidays kept.

    ``opens`` and ``closes`` None: the whole day. ``zone`` None: holidays are worked. ``solidarity_worked``: Whit Monday
    is worked although it is a holiday.
    """

    weekdays: frozenset[int] = EVERY_DAY
    opens: int | None = None
    closes: int | None = None
    zone: Zone | None = None
    solidarity_worked: bool = False

    @property
    def always_open(self) -> bool:
        """Whether the clock never stops."""
        return self.opens is None and self.zone is None and self.weekdays == EVERY_DAY

    def holiday(self, day: date) -> tuple[str, str] | None:
        """The (English, French) name of the holiday kept on a day, or None."""
        if self.zone is None:
            return None
        name = holidays_of(day.year, self.zone).get(day)
        if name is not None and self.solidarity_worked and day == whit_monday(day.year):
            return None
        return name

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked."""
        return day.weekday() in self.weekdays and self.holiday(day) is None


ALWAYS = Calendar()


@lru_cache(maxsize=100_000)
def open_hours(calendar: Calendar, day: date) -> Interval | None:
    """The open interval of a day, or None on a day off."""
    if not calendar.is_working_day(day):
        return None
    if calendar.opens is None or calendar.closes is None:
        return start_of_day(day), end_of_day(day)
    return _at(day, calendar.opens), _at(day, calendar.closes)


def windows(calendar: Calendar, start: int) -> Iterator[Interval]:
    """The open intervals from an instant on, one per worked day, for a hundred years."""
    day = paris_date(start)
    for _ in range(DAYS_TO_LOOK):
        hours = open_hours(calendar, day)
        if hours is not None and hours[1] > start:
            yield max(hours[0], start), hours[1]
        day += ONE_DAY


def advance(start: int, amount: int, calendar: Calendar, pauses: Intervals = NONE) -> Instant:
    """The first instant at which ``amount`` microseconds of open, unpaused time have run since ``start``.

    Time that runs out at a closing runs out then, not at the next opening; where nothing is to run, the answer is
    ``start``. Raises InvalidDelayError where the calendar does not open for that long within a hundred years.
    """
    if amount <= 0:
        return Instant(start)
    at, left = start, amount
    for begin, end in pauses:
        if end <= at:
            continue
        run = elapsed(at, begin, calendar)
        if run >= left:
            break
        at, left = end, left - run
    return _reached(at, left, calendar)


def elapsed(start: int, end: int, calendar: Calendar, pauses: Intervals = NONE) -> int:
    """Open, unpaused microseconds between two instants."""
    if end <= start:
        return 0
    if calendar.always_open:
        return total(subtract(((start, end),), pauses)) if pauses else end - start
    spent = _open(calendar, start, end)
    for pause in clip(pauses, start, end):
        spent -= _open(calendar, *pause)
    return spent


@lru_cache(maxsize=10_000)
def open_in_month(calendar: Calendar, first: date) -> int:
    """Open microseconds of the Paris month that begins on a day."""
    return _walked(calendar, start_of_day(first), start_of_day(_next_month(first)))


def _open(calendar: Calendar, start: int, end: int) -> int:
    """Open microseconds between two instants; the whole months within are looked up, so that years cost little."""
    if end - start < FEW_DAYS:
        return _walked(calendar, start, end)
    month, last = _next_month(paris_date(start)), paris_date(end).replace(day=1)
    if month >= last:
        return _walked(calendar, start, end)
    spent = _walked(calendar, start, start_of_day(month)) + _walked(calendar, start_of_day(last), end)
    while month < last:
        spent += open_in_month(calendar, month)
        month = _next_month(month)
    return spent


def _walked(calendar: Calendar, start: int, end: int) -> int:
    """Open microseconds between two instants, day by day."""
    hours = open_hours(calendar, paris_date(start))
    if hours is not None and hours[0] <= start and end <= hours[1]:
        return end - start
    spent = 0
    for opening, closing in windows(calendar, start):
        if opening >= end:
            break
        spent += min(closing, end) - opening
    return spent


def _next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return (day.replace(day=28) + FOUR_DAYS).replace(day=1)


def _reached(start: int, left: int, calendar: Calendar) -> Instant:
    """The instant at which some open time has run, no pause in between."""
    if calendar.always_open:
        return Instant(start + left)
    for opening, closing in windows(calendar, start):
        if closing - opening >= left:
            return Instant(opening + left)
        left -= closing - opening
    raise InvalidDelayError(
        "that much open time does not run out within a hundred years",
        "un tel temps d'ouverture ne s'écoule pas en cent ans",
    )


def _at(day: date, minutes: int) -> Instant:
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if hours == 24:  # noqa: PLR2004 - the end of the day, which is the start of the next
        return end_of_day(day)
    return from_datetime(datetime(day.year, day.month, day.day, hours, rest, tzinfo=PARIS))
