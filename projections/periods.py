"""Measuring periods: which ones a line has, where they start and end, and how long they count.

Instants are microseconds UTC, periods half-open. A month is a Paris month (``period.timezone`` B: a UTC month).
The readings ``period.*``, ``year.*`` and ``sla.mid_period_switch`` are decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from domain.readings import Readings, ReadingTimeline
from domain.time.instant import PARIS, Instant, from_datetime, to_paris
from projections.basis import Basis

READINGS = (
    "period.window",
    "period.timezone",
    "period.dst",
    "period.activation_mid_month",
    "year.length",
    "year.short_history",
    "sla.mid_period_switch",
)

MONTHS = {"month": 1, "quarter": 3, "year": 12, "calendar-year": 12}
"""Months in a period of each kind."""

HOUR = 3_600_000_000
YEAR_B, YEAR_C = 8_760 * HOUR, 8_766 * HOUR
"""The fixed lengths of a year under readings B and C of ``year.length``: parameters of the readings, in no text."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A span in which one text promises one figure; ``end`` is None while it is open."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """One measuring period of a line, in the tenure ``tenure`` (an index).

    ``length`` is the reference time before anything is taken out, in microseconds. ``short`` says that the window is
    shorter than its nominal length. ``month`` is the calendar span that asked for it.
    """

    start: int
    end: int
    length: int
    short: bool
    tenure: int
    month: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """What bounds every period of a contract: its start, its end if known, the date asked, and the readings."""

    start: int
    end: int | None
    at: int
    readings: Readings
    timeline: ReadingTimeline

    @staticmethod
    def of(basis: Basis, readings: Readings) -> "Frame":
        """The frame of a basis under some readings."""
        return Frame(basis.terms.start, basis.terms.end, basis.at, readings, basis.readings)


def month_number(instant: int, utc: bool = False) -> int:
    """Months since year 0 of the calendar month an instant falls in."""
    moment = to_paris(instant).astimezone(UTC) if utc else to_paris(instant)
    return moment.year * 12 + moment.month - 1


@lru_cache(maxsize=8_192)
def month_start(number: int, utc: bool = False) -> Instant:
    """00:00 of the first day of a month, by its number, in Europe/Paris or in UTC."""
    year, month = divmod(number, 12)
    return from_datetime(datetime(year, month + 1, 1, tzinfo=UTC if utc else PARIS))


def periods(kind: str, tenures: Sequence[Tenure], frame: Frame) -> list[Period]:
    """Every period of a line that started by ``frame.at``, by start. A period belongs to one tenure.

    Under ``sla.mid_period_switch`` A each tenure has its own periods, cut where it starts and ends; under B and C a
    period is whole and belongs to the tenure in force at its end or at its start. Whether a period is cut is read as at
    the start of the whole one, so that no part of it is lost where the reading changes within it.
    """
    if kind == "year" and frame.readings.get("period.window") == "C":
        kind = "calendar-year"
    cut = [period for index, tenure in enumerate(tenures) for period in _grid(kind, index, tenure, frame)]
    if _whole(tenures, frame):
        return cut
    whole = [
        (period, frame.timeline.at(period.start).get("sla.mid_period_switch"))
        for period in _grid(kind, 0, Tenure(frame.start, None), frame)
    ]
    if all(mode == "A" for _, mode in whole):
        return cut
    found = []
    for period, mode in whole:
        if mode == "A":
            found += [part for part in cut if period.month[0] <= part.month[0] < period.month[1]]
            continue
        index = _tenure_at(tenures, period.end - 1 if mode == "B" else period.start)
        if index is not None:
            found.append(Period(period.start, period.end, period.length, period.short, index, period.month))
    return sorted(found, key=lambda period: (period.start, period.end))


def _whole(tenures: Sequence[Tenure], frame: Frame) -> bool:
    """Whether one text promises one figure during the whole contract."""
    return len(tenures) == 1 and tenures[0].start <= frame.start and tenures[0].end in (None, frame.end)


def _tenure_at(tenures: Sequence[Tenure], instant: int) -> int | None:
    for index, tenure in enumerate(tenures):
        if tenure.start <= instant and (tenure.end is None or instant < tenure.end):
            return index
    return None


def _grid(kind: str, index: int, tenure: Tenure, frame: Frame) -> list[Period]:
    """The periods of one tenure. A rolling year is judged once a calendar month, the others once each."""
    utc = frame.readings.get("period.timezone") == "B"
    step = 1 if kind == "year" else MONTHS[kind]
    last = min(bound for bound in (tenure.end, frame.end, frame.at + 1) if bound is not None)
    number = month_number(tenure.start, utc)
    number -= number % step
    found = []
    while (opens := month_start(number, utc)) < last:
        closes = month_start(number + step, utc)
        full = month_start(number + step - MONTHS[kind], utc)
        start = max(full, tenure.start)
        end = min(bound for bound in (closes, tenure.end, frame.end) if bound is not None)
        asked = max(opens, tenure.start)
        if start < end and asked <= frame.at:
            short = start > full or end < closes
            found.append(
                Period(start, end, _length(kind, (full, closes), (start, end), frame), short, index, (asked, end))
            )
        number += step
    return found


def _length(kind: str, whole_period: tuple[int, int], actual: tuple[int, int], frame: Frame) -> int:
    """The reference time of a period, in microseconds, before anything is taken out."""
    full, closes = whole_period
    start, end = actual
    yearly = MONTHS[kind] == MONTHS["year"]
    young = start > full and start == frame.start
    whole = "year.short_history" if yearly else "period.activation_mid_month"
    if young and frame.readings.get(whole) == "B":
        start = full
    if yearly and start == full and end == closes:
        fixed = {"B": YEAR_B, "C": YEAR_C}.get(frame.readings.get("year.length"))
        if fixed is not None:
            return fixed
    if frame.readings.get("period.dst") == "B" and frame.readings.get("period.timezone") != "B":
        return end - start + _offset(end) - _offset(start)
    return end - start


@lru_cache(maxsize=8_192)
def _offset(instant: int) -> int:
    offset = to_paris(instant).utcoffset()
    assert offset is not None
    return (offset.days * 86_400 + offset.seconds) * 1_000_000
