"""Delays: ``"15 clear days"``, ``"2 weeks + 1 day"``, ``"-30 days"``, and the instant at which they run out.

Delays in days and longer are counted in Paris dates and run out at 24:00 of ``last_day``; delays in minutes and hours
are durations: ``due`` is the last instant in time and there is no last day. Which way of counting applies where the
texts are silent is a reading: see ``TimeRules``.
"""

import difflib
import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol

from domain.errors import InvalidDelayError
from domain.time.calendar import DAYS_TO_LOOK, ONE_DAY, Calendar, advance
from domain.time.instant import (
    MICROSECONDS_PER_SECOND,
    PARIS,
    Instant,
    end_of_day,
    format_instant,
    from_datetime,
    paris_date,
    to_paris,
)

Get = Callable[[str], str]
Clear = Literal["act_window", "effect"]
Rounding = Literal["down", "up"]
Skipped = tuple[tuple[date, str, str], ...]
"""Days that did not count, each with the reason in English and in French."""

MINUTE = 60 * MICROSECONDS_PER_SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAYS_PER_WEEK = 7
DAYS_PER_MONTH_READING_B = 30
"""Reading ``month_arithmetic`` B: a month is thirty days."""
MONTHS_PER_YEAR = 12
MONDAY_TO_FRIDAY = frozenset(range(5))
MONDAY_TO_SATURDAY = frozenset(range(6))
CLOCK_UNITS = frozenset({"minutes", "hours", "working hours"})
UNITS = ("minutes", "hours", "days", "clear days", "working days", "working hours", "weeks", "months", "years")
_PART = re.compile(r"\s*(-?[0-9]{1,6})\s+([a-z]+(?:\s+[a-z]+)?)\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """A whole number of units; negative means before."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Delay:
    """A sum of parts, applied in order."""

    parts: tuple[Part, ...]

    @property
    def by_clock(self) -> bool:
        """Whether it is counted in minutes or hours rather than in dates."""
        return all(part.unit in CLOCK_UNITS for part in self.parts)


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a computation: from where to where, and the days that did not count."""

    unit: str
    amount: int
    start: str
    end: str
    skipped: Skipped = ()


@dataclass(frozen=True, slots=True)
class Due:
    """``due`` and, for delays in dates, the ``last_day`` whose 24:00 Paris it is."""

    due: Instant
    last_day: date | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class TimeRules:
    """How time is counted: the readings that bear on it, and the calendars of working days and hours."""

    days: str = "A"
    hours: str = "A"
    months: str = "A"
    act_window: str = "A"
    effect: str = "A"
    weekend: str = "A"
    working_days: Calendar = field(default_factory=lambda: Calendar(weekdays=MONDAY_TO_FRIDAY, zone="national"))
    working_hours: Calendar | None = None

    @staticmethod
    def of(readings: "HasGet", working_hours: Calendar | None = None) -> "TimeRules":
        """The rules under some readings; ``working_hours`` is the support calendar of the text, if it has one."""
        return time_rules(readings.get, working_hours)


class HasGet(Protocol):
    """Anything that answers a reading by its parameter."""

    def get(self, parameter: str, /) -> str:
        """The value chosen for a parameter."""


def time_rules(get: Get, working_hours: Calendar | None = None) -> TimeRules:
    """The rules of time under the readings that ``get`` answers."""
    return TimeRules(
        days=get("days.calendar"),
        hours=get("hours.elapsed"),
        months=get("month_arithmetic"),
        act_window=get("clear_days.act_window"),
        effect=get("clear_days.effect"),
        weekend=get("clear_days.weekend"),
        working_days=kept_holidays(
            Calendar(weekdays=MONDAY_TO_SATURDAY if get("calendar.working_days") == "B" else MONDAY_TO_FRIDAY), get
        ),
        working_hours=working_hours,
    )


def kept_holidays(calendar: Calendar, get: Get) -> Calendar:
    """The calendar with the French holidays that the readings keep."""
    return calendar._replace(
        zone="alsace-moselle" if get("calendar.holidays") == "B" else "national",
        solidarity_worked=get("calendar.solidarity_day") == "B",
    )


def parse_delay(text: str) -> Delay:
    """The delay a text says. Raises InvalidDelayError, naming the nearest unit."""
    parts = tuple(_part(piece, text) for piece in text.lower().split("+"))
    delay = Delay(parts)
    clock = [part.unit in CLOCK_UNITS for part in parts]
    if any(clock) and not all(clock):
        raise InvalidDelayError(
            f"{text!r}: hours and minutes cannot be added to days, weeks, months or years",
            f"« {text} » : des heures et des minutes ne s'ajoutent pas à des jours, des semaines, des mois ou des"
            " années",
        )
    return delay


def compute(start: Instant | date, delay: Delay, rules: TimeRules, clear: Clear = "act_window") -> Due:
    """When the delay that starts at an instant or on a Paris date runs out; counted in hours, a date is its 24:00.

    ``clear`` says which reading of clear days applies: a time to act, or a minimum interval before an effect. Parts are
    applied in order. Raises InvalidDelayError where the delay leaves the calendar.
    """
    try:
        return _computed(start, delay, rules, clear)
    except (OverflowError, ValueError) as error:
        raise InvalidDelayError(
            "the delay ends beyond the years of the calendar", "le délai finit hors des années du calendrier"
        ) from error


def _computed(start: Instant | date, delay: Delay, rules: TimeRules, clear: Clear) -> Due:
    if delay.by_clock:
        return _by_clock(start, delay, rules)
    if _counts_hours(delay, rules, clear):
        return _days_as_hours(start, delay)
    day = start if isinstance(start, date) else paris_date(start)
    steps: list[Step] = []
    for part in delay.parts:
        end, skipped = _dates(day, part, rules, clear)
        steps.append(Step(part.unit, part.amount, day.isoformat(), end.isoformat(), skipped))
        day = end
    if rules.weekend == "B" and clear == "act_window" and _any_clear_days_ahead(delay):
        day, shifted = _next_working(day, rules.working_days._replace(weekdays=MONDAY_TO_FRIDAY))
        if shifted:
            steps.append(Step("shift", len(shifted), shifted[0][0].isoformat(), day.isoformat(), shifted))
    return Due(end_of_day(day), day, tuple(steps))


def add_months(day: date, months: int, rounding: Rounding = "down") -> date:
    """The same day number some months later; where there is none, the month's last day, or the next month's first."""
    return add_period(day, 0, months, 0, rounding)


def add_period(day: date, years: int, months: int, days: int, rounding: Rounding = "down") -> date:
    """A date plus years and months, then days. ``rounding`` says what a day that does not exist becomes."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + years * MONTHS_PER_YEAR + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    last = monthrange(year, month + 1)[1]
    if day.day <= last:
        moved = date(year, month + 1, day.day)
    elif rounding == "down":
        moved = date(year, month + 1, last)
    else:
        moved = date(year, month + 1, last) + timedelta(days=1)
    return moved + timedelta(days=days)


def _part(piece: str, text: str) -> Part:
    match = _PART.fullmatch(piece)
    if match is None:
        raise InvalidDelayError(
            f'{text!r} is not a delay; expected such as "15 clear days" or "2 weeks + 1 day"',
            f"« {text} » n'est pas un délai ; attendu, par exemple : « 15 clear days » ou « 2 weeks + 1 day »",
        )
    amount, unit = int(match[1]), " ".join(match[2].split())
    plural = unit if unit.endswith("s") else f"{unit}s"
    if plural not in UNITS:
        near = difflib.get_close_matches(plural, UNITS, n=1, cutoff=0)
        raise InvalidDelayError(
            f"{text!r}: unknown unit {unit!r}; did you mean {near[0]!r}? units: {', '.join(UNITS)}",
            f"« {text} » : unité inconnue « {unit} » ; vouliez-vous dire « {near[0]} » ? unités : {', '.join(UNITS)}",
        )
    return Part(amount, plural)


def _by_clock(start: Instant | date, delay: Delay, rules: TimeRules) -> Due:
    at = start if isinstance(start, Instant) else end_of_day(start)
    steps: list[Step] = []
    for part in delay.parts:
        end = _clock_end(at, part, rules)
        hours = rules.working_hours if part.unit == "working hours" else None
        skipped = () if hours is None else _days_off(paris_date(at), paris_date(end), hours)
        steps.append(Step(part.unit, part.amount, format_instant(at), format_instant(end), skipped))
        at = end
    return Due(at, None, tuple(steps))


def _clock_end(at: Instant, part: Part, rules: TimeRules) -> Instant:
    if part.unit == "working hours":
        if rules.working_hours is None:
            raise InvalidDelayError(
                "working hours need a calendar of opening hours, and no text gives one here",
                "des heures ouvrées demandent un calendrier d'ouverture, et aucun texte n'en donne ici",
            )
        if part.amount < 0:
            raise InvalidDelayError(
                "working hours can only be counted forward", "des heures ouvrées ne se comptent que vers l'avant"
            )
        return advance(at, part.amount * HOUR, rules.working_hours)
    span = part.amount * (HOUR if part.unit == "hours" else MINUTE)
    if rules.hours == "B":
        return _wall_clock(at, timedelta(microseconds=span))
    return Instant(at + span)


def _wall_clock(at: Instant, span: timedelta) -> Instant:
    """The same reading of a Paris clock later (``hours.elapsed`` B).

    Of an hour that comes twice it is the first, unless the count starts in the second. An hour that does not come is
    read on the clock of before the change.
    """
    start = to_paris(at)
    local = start.replace(tzinfo=None) + span
    return from_datetime(local.replace(tzinfo=PARIS, fold=start.fold if local.date() == start.date() else 0))


def _counts_hours(delay: Delay, rules: TimeRules, clear: Clear) -> bool:
    units = {part.unit for part in delay.parts}
    if units <= {"days", "weeks"}:
        return rules.days == "B"
    return units == {"clear days"} and (rules.act_window if clear == "act_window" else rules.effect) == "C"


def _any_clear_days_ahead(delay: Delay) -> bool:
    """Whether it counts clear days forward; a latest day before something is never moved closer to it."""
    return any(part.unit == "clear days" and part.amount >= 0 for part in delay.parts)


def _days_as_hours(start: Instant | date, delay: Delay) -> Due:
    """Readings that count a day as 24 hours from the instant; a date starts at its 24:00."""
    at = start if isinstance(start, Instant) else end_of_day(start)
    steps: list[Step] = []
    for part in delay.parts:
        days = part.amount * (DAYS_PER_WEEK if part.unit == "weeks" else 1)
        end = Instant(at + days * DAY)
        steps.append(Step(part.unit, part.amount, format_instant(at), format_instant(end)))
        at = end
    return Due(at, None, tuple(steps))


def _dates(day: date, part: Part, rules: TimeRules, clear: Clear) -> tuple[date, Skipped]:
    match part.unit:
        case "days":
            return day + timedelta(days=part.amount), ()
        case "weeks":
            return day + timedelta(weeks=part.amount), ()
        case "clear days":
            reading = rules.act_window if clear == "act_window" else rules.effect
            beyond = 1 if reading == "A" else 0
            sign = -1 if part.amount < 0 else 1
            return day + timedelta(days=part.amount + sign * beyond), ()
        case "months" | "years":
            months = part.amount * (MONTHS_PER_YEAR if part.unit == "years" else 1)
            if rules.months == "B" and part.unit == "months":
                return day + timedelta(days=months * DAYS_PER_MONTH_READING_B), ()
            return add_months(day, months), ()
        case _:
            return _working(day, part.amount, rules.working_days)


def _working(day: date, amount: int, calendar: Calendar) -> tuple[date, Skipped]:
    step = timedelta(days=-1 if amount < 0 else 1)
    left = abs(amount)
    skipped: list[tuple[date, str, str]] = []
    for _ in range(DAYS_TO_LOOK):
        if not left:
            return day, tuple(skipped)
        day += step
        if calendar.is_working_day(day):
            left -= 1
        else:
            skipped.append(_skipped(day, calendar))
    raise InvalidDelayError(
        f"{amount} working days do not end within a hundred years",
        f"{amount} jours ouvrés ne finissent pas en cent ans",
    )


def _next_working(day: date, calendar: Calendar) -> tuple[date, Skipped]:
    last = day
    while not calendar.is_working_day(last):
        last += ONE_DAY
    return last, _days_off(day, last, calendar)


def _days_off(day: date, until: date, calendar: Calendar) -> Skipped:
    """The days that are not worked from a day on and before another."""
    days = (day + timedelta(days=number) for number in range((until - day).days))
    return tuple(_skipped(day, calendar) for day in days if not calendar.is_working_day(day))


def _skipped(day: date, calendar: Calendar) -> tuple[date, str, str]:
    holiday = calendar.holiday(day)
    if holiday is not None:
        return day, *holiday
    return day, "weekend", "week-end"
