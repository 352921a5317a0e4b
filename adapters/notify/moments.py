"""Spans before a date, hours of quiet, hours of digests: when something may be told. Pure.

A local time that a change of the clocks skips is the instant an hour later; one that comes twice is the first.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, from_datetime, to_paris

_SPAN = re.compile(r"(0|[1-9][0-9]{0,3})(m|h|d|w)")
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DAYS = {"d": 1, "w": 7}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = 7
MOST_STEPS = 40


class Span(NamedTuple):
    """A length of time such as ``7d``: minutes, hours, days, weeks."""

    number: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Span | None":
        """The span in a text, None where it is none."""
        found = _SPAN.fullmatch(text)
        return cls(int(found[1]), found[2]) if found else None

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def seconds(self) -> int:
        """Its length; a day is 24 hours here."""
        return self.number * _SECONDS[self.unit]

    @property
    def days(self) -> int | None:
        """Its length in whole days; None where it is counted in hours or minutes."""
        return self.number * _DAYS[self.unit] if self.unit in _DAYS else None

    def before(self, due: Instant, last_day: date | None, morning: time, zone: tzinfo) -> Instant:
        """So long before a date: in days before a whole day, at the hour of ``morning``; else exactly."""
        if last_day is None or self.days is None:
            return Instant(due - self.seconds * MICROSECONDS_PER_SECOND)
        return local(last_day - timedelta(days=self.days), morning, zone)


class Quiet(NamedTuple):
    """Hours in which nobody is disturbed: from ``start`` on some days until ``end``, of the next day if that is before.

    ``passes``: the severities that are told all the same.
    """

    start: time
    end: time
    days: frozenset[int]
    zone: tzinfo
    passes: frozenset[str] = frozenset()

    def end_of(self, at: Instant) -> Instant | None:
        """The end of the quiet at an instant; None where there is none then."""
        today = in_zone(at, self.zone).date()
        for day in (today, today - timedelta(days=1)):
            if day.weekday() in self.days:
                until = day if self.start < self.end else day + timedelta(days=1)
                begin, end = local(day, self.start, self.zone), local(until, self.end, self.zone)
                if begin <= at < end:
                    return end
        return None


class Digest(NamedTuple):
    """When what was gathered is told: on some days at an hour."""

    hour: time
    days: frozenset[int]
    zone: tzinfo

    def following(self, at: Instant) -> Instant:
        """The first at or after an instant."""
        today = in_zone(at, self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(WEEK + 1))
        return next(moment for day in days if day.weekday() in self.days and (moment := self._on(day)) >= at)

    def _on(self, day: date) -> Instant:
        return local(day, self.hour, self.zone)


def released(at: Instant, quiets: Iterable[Quiet]) -> Instant:
    """From when on it may be told what is to be told ``at``: the end of the quiet, and of what follows on it.

    None of the quiets may leave no hour of the week (see ``never``).
    """
    quiets = list(quiets)
    for _ in range(MOST_STEPS):
        ends = [end for quiet in quiets if (end := quiet.end_of(at)) is not None]
        if not ends:
            break
        at = max(ends)
    return at


def never(quiets: Iterable[Quiet]) -> bool:
    """Whether quiets leave no hour of the week."""
    quiets = list(quiets)
    at = released(local(date(2026, 1, 5), time(), UTC), quiets)
    return any(quiet.end_of(at) is not None for quiet in quiets)


def local(day: date, hour: time, zone: tzinfo) -> Instant:
    """The instant of an hour of a day in a zone."""
    return from_datetime(datetime.combine(day, hour, zone).astimezone(UTC))


def in_zone(at: Instant, zone: tzinfo) -> datetime:
    """An instant on the clocks of a zone."""
    return to_paris(at).astimezone(zone)
