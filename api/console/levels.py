"""Service levels as a reader looks at them: line by line, month by month, the budget of a period and what is left."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from api.console.rows import Row
from domain.time.instant import MICROSECONDS_PER_SECOND, end_of_day, parse_instant, start_of_day, to_paris
from domain.time.interval import Intervals, clip, total

FULL = 100
STEPS = (0, 600, 3_600, 14_400)
"""Seconds of downtime of a day above which its colour deepens."""
WEEK = 7
STRIP = 12
"""Periods of a line shown at a glance."""


def lines_of(rows: Iterable[Row], at: str) -> list[Row]:
    """Each line once: its periods by their end, the last one that is closed, the one that is open."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["indicator"], row["resource"] or ""), []).append(row)
    now = parse_instant(at)
    lines = []
    for (indicator, resource), periods in sorted(found.items()):
        periods.sort(key=lambda row: parse_instant(row["period"]["to"]))
        closed = [row for row in periods if parse_instant(row["period"]["to"]) <= now]
        running = [row for row in periods if parse_instant(row["period"]["to"]) > now]
        last = closed[-1] if closed else None
        lines.append({
            "indicator": indicator, "resource": resource or None, "clause": periods[-1]["clause"],
            "target": periods[-1]["target"], "last": last, "open": running[0] if running else None,
            "periods": periods, "closed": closed, "promised": any(row["state"] != "no-commitment" for row in periods),
        })  # fmt: skip
    return lines


def shown(line: Row, metric: str) -> Row:
    """What a table of lines shows of one, and no more."""
    last = line["last"]
    return {
        "indicator": line["indicator"],
        "resource": line["resource"],
        "clause": line["clause"],
        "target": line["target"],
        "metric": metric,
        "spent": spent(line["open"] or last),
        "open_breached": line["open"] is not None and line["open"]["state"] == "breached",
        "last": None if last is None else _brief(last),
        "strip": [_brief(row) for row in line["closed"][-STRIP:]],
    }


def _brief(row: Row) -> Row:
    found = {name: row[name] for name in ("state", "availability")}
    return found | {"value": row.get("value"), "period": {"to": row["period"]["to"]}}


def spent(row: Row | None) -> int | None:
    """How much of the downtime that a period allows is consumed, in whole percent cut; None where nothing says."""
    if row is None or row["counted_seconds"] is None or row["allowed_seconds"] is None:
        return None
    allowed = Fraction(row["allowed_seconds"])
    counted = Fraction(row["counted_seconds"])
    if allowed == 0:
        return 0 if counted == 0 else FULL + 1
    return int(counted * FULL / allowed)


def month_of(row: Row) -> str:
    """The month (``2026-05``) in which a period ends."""
    return f"{to_paris(parse_instant(row['period']['to']) - 1):%Y-%m}"


def matrix(rows: Sequence[Row]) -> list[tuple[str, list[Row | None]]]:
    """(year, a row or None for each of its months), newest year first."""
    by_month = {month_of(row): row for row in rows}
    years = sorted({month[:4] for month in by_month}, reverse=True)
    return [(year, [by_month.get(f"{year}-{month:02}") for month in range(1, 13)]) for year in years]


def calendar(down: Intervals, year: int, first: int, last: int) -> dict[str, object]:
    """The days of a year as cells of a drawing: column of the week, row of the weekday, step of the downtime.

    ``down``: instants, half-open. ``first`` and ``last``: what was observed; other days are left blank.
    """
    cells = []
    down_days = 0
    day = date(year, 1, 1)
    start = day - timedelta(days=day.weekday())
    while day.year == year:
        begin, end = start_of_day(day), end_of_day(day)
        if begin < last and end > first:
            seconds = total(clip(down, begin, end)) // MICROSECONDS_PER_SECOND
            column, row = divmod((day - start).days, WEEK)
            step = sum(seconds > step for step in STEPS)
            down_days += seconds > 0
            cells.append({"day": day, "seconds": seconds, "x": column, "y": row, "step": step})
        day += timedelta(days=1)
    months = [(month, (date(year, month, 1) - start).days // WEEK) for month in range(1, 13)]
    return {"cells": cells, "months": months, "down_days": down_days}
