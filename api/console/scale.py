"""The marks below a line of time: round instants of Paris, from years down to minutes, each with its words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile

from api.language import Lang
from domain.time.instant import MICROSECONDS_PER_SECOND, PARIS, Instant, from_datetime, to_paris
from projections.figures import HARD, MONTHS, month

MOST = 9
MINUTE = 60 * MICROSECONDS_PER_SECOND
HOUR, DAY = 60 * MINUTE, 1_440 * MINUTE
MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
DAYS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
YEAR = 12
LONGEST_MONTH = 31 * DAY


def ticks(start: int, end: int, lang: Lang) -> list[tuple[Instant, str]]:
    """(instant, what it says) of at most nine marks within a stretch, half-open."""
    span = end - start
    for minutes in MINUTES:
        if span <= MOST * minutes * MINUTE:
            return [(at, _hour(at, lang)) for at in _minutes(start, end, minutes)]
    for days in DAYS:
        if span <= MOST * days * DAY:
            return [(at, _day(at, lang)) for at in _days(start, end, days)]
    step = next((months for months in MONTH_STEPS if span <= MOST * months * LONGEST_MONTH), MONTH_STEPS[-1])
    return [(at, _month(at, step, lang)) for at in _months(start, end, step)]


def _minutes(start: int, end: int, step: int) -> Iterator[Instant]:
    """The hours of Paris are whole hours of every clock: what is round within an hour is so everywhere."""
    length = step * MINUTE
    if length <= HOUR:
        return (Instant(at) for at in range(-(-start // length) * length, end, length))
    local = to_paris(start)
    first = datetime(local.year, local.month, local.day)  # noqa: DTZ001 - the hours of Paris, given their zone below
    every = (first + timedelta(minutes=step * n) for n in range(2 * MOST + 2 * DAY // length))
    found = (from_datetime(one.replace(tzinfo=PARIS)) for one in every)
    return (at for at in found if start <= at < end)


def _days(start: int, end: int, step: int) -> Iterator[Instant]:
    day = to_paris(start).date()
    if step % 7 == 0:
        day -= timedelta(days=day.weekday())
    every = (from_datetime(_midnight(day + timedelta(days=step * n))) for n in range(2 * MOST + step))
    return (at for at in every if start <= at < end)


def _months(start: int, end: int, step: int) -> Iterator[Instant]:
    local = to_paris(start)
    first = (local.year * 12 + local.month - 1) // step * step
    numbers = (first + step * n for n in range(4 * MOST))
    every = (from_datetime(_midnight(date(number // 12, number % 12 + 1, 1))) for number in numbers)
    return (at for at in takewhile(lambda at: at < end, every) if at >= start)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def _hour(at: int, lang: Lang) -> str:
    local = to_paris(at)
    return _day(at, lang) if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


def _day(at: int, lang: Lang) -> str:
    local = to_paris(at)
    number = "1er" if lang == "fr" and local.day == 1 else str(local.day)
    return f"{number}{HARD}{MONTHS[lang][local.month - 1]}"


def _month(at: int, step: int, lang: Lang) -> str:
    local = to_paris(at)
    return str(local.year) if step % YEAR == 0 else month(local.date(), lang)
