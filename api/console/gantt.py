"""The phases of the end of a contract, as bars on a line of time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from api.console.rows import Row
from domain.agreements.catalogue import Catalogue
from domain.errors import UnknownDocumentError
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant, start_of_day, to_paris

DAY = 86_400 * MICROSECONDS_PER_SECOND
WIDTH, LABELS, ROW, TOP = 960, 280, 28, 24
NARROWEST = 6
NOUNS = ("termination", "reversibility", "deletion")
SIGNS = ("contract.ended", "contract.term-reached")
MOST_TICKS = 8
HORIZON = 400 * DAY
"""How far the line of time goes: what lasts longer runs off its end."""


def ending(catalogue: Catalogue, rule: str) -> bool:
    """Whether a deadline belongs to the end of a contract: by what its text says opens it."""
    try:
        opened = getattr(catalogue.rule(rule), "opened_by", None)
    except (KeyError, UnknownDocumentError):
        return False
    if opened is None:
        return False
    events = (opened.event, *opened.also)
    return opened.trigger in {"agreement-ended", "reversibility-over"} or any(
        event in SIGNS or event.partition(".")[0] in NOUNS for event in events
    )


def chart(rows: Sequence[Row], now: Instant) -> dict[str, Any] | None:
    """Bars from the opening to the end of the delay, marks where it was done; None where nothing has a date."""
    spans = [(_start(row), _end(row)) for row in rows]
    instants = [instant for span in spans for instant in span if instant is not None]
    if not instants:
        return None
    first = min(instants) - 2 * DAY
    last = min(max(instants) + 2 * DAY, first + HORIZON)
    scale = (WIDTH - LABELS) / (last - first)

    def x(instant: int) -> float:
        return round(LABELS + (min(instant, last) - first) * scale, 1)

    bars = []
    for number, (row, (start, end)) in enumerate(zip(rows, spans, strict=True)):
        begin = start if start is not None else end
        if begin is None or end is None:
            continue
        done = row["settled_at"]
        bars.append({
            "row": row, "y": TOP + number * ROW, "x": x(begin), "width": max(NARROWEST, round(x(end) - x(begin), 1)),
            "beyond": end > last, "done": None if done is None else x(parse_instant(done)),
        })  # fmt: skip
    return {
        "bars": bars, "width": WIDTH, "height": TOP + len(rows) * ROW + 8, "left": LABELS,
        "ticks": [(x(start_of_day(day)), day) for day in _ticks(to_paris(first).date(), to_paris(last).date())],
        "now": x(now) if first <= now <= last else None,
    }  # fmt: skip


def _start(row: Row) -> int | None:
    return None if row["from"] is None else parse_instant(row["from"])


def _end(row: Row) -> int | None:
    end = row["due"] or row["settled_at"] or row["from"]
    return None if end is None else parse_instant(end)


def _ticks(first: date, last: date) -> list[date]:
    """The first days of months; the Mondays where the line is short."""
    if (last - first).days <= MOST_TICKS * 7:
        return [
            day for n in range((last - first).days) if (day := date.fromordinal(first.toordinal() + n)).weekday() == 0
        ]
    found = []
    year, month = first.year, first.month
    while (day := date(year, month, 1)) <= last:
        if day >= first:
            found.append(day)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months of a year
    step = -(-len(found) // MOST_TICKS)
    return found[:: max(1, step)]
