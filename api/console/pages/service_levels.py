"""Service levels: every line of a contract, and one line day by day and period by period."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from api.asking import LONGEST
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ, Frame, Framed
from api.console.levels import calendar, matrix, spent
from api.console.render import page
from api.console.router import Pages
from api.errors import Problem
from domain.readings import select
from domain.time.instant import parse_instant, to_paris
from domain.time.interval import Intervals, clip, union
from projections.replay import bases
from projections.statement import derive

router = Pages(dependencies=READ)
COLUMNS = (
    "indicator", "resource", "period.from", "period.to", "target", "availability", "value", "state",
    "reference_seconds", "unavailable_seconds", "excluded_seconds", "counted_seconds", "allowed_seconds",
    "claimable", "clause", "events",
)  # fmt: skip
Id = Annotated[str, Query(min_length=1, max_length=LONGEST)]
Resource = Annotated[str, Query(max_length=LONGEST)]
Year = Annotated[int | None, Query(ge=1912, le=2999)]


@router.get("/contracts/{contract}/service-levels")
def service_levels(frame: Framed, format: Format = "html") -> Response:  # noqa: A002 - the name in the address
    """Every line: what is promised, how the last closed period went, what is left of the open one."""
    rows = frame.part["indicators"]
    if format == "csv":
        return csv_file(f"{frame.contract}-service-levels", COLUMNS, rows)
    if format == "json":
        return json_file(f"{frame.contract}-service-levels", {"contract": frame.contract, "indicators": rows})
    promised = [line for line in frame.lines if line["promised"]]
    silent = [line for line in frame.lines if not line["promised"]]
    return page(frame.request, "levels.html", frame.values("service-levels", lines=promised, silent=silent))


@router.get("/contracts/{contract}/service-levels/line")
def one_line(
    frame: Framed,
    indicator: Id,
    resource: Resource = "",
    year: Year = None,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """One line: the days of a year, the months of every year, each period with its budget."""
    found = [line for line in frame.lines if line["indicator"] == indicator and resource in ("", line["resource"])]
    if not found:
        raise Problem("not-found")
    line = found[0]
    if format == "csv":
        return csv_file(f"{frame.contract}-{indicator}", COLUMNS, line["periods"])
    if format == "json":
        return json_file(f"{frame.contract}-{indicator}", {"contract": frame.contract, "indicators": line["periods"]})
    line = line | {"periods": [row | {"spent": spent(row)} for row in line["periods"]]}
    first = parse_instant(line["periods"][0]["period"]["from"])
    last = min(parse_instant(line["periods"][-1]["period"]["to"]), parse_instant(frame.whole["at"]))
    years = list(range(to_paris(first).year, to_paris(last).year + 1))
    shown = years[-1] if year is None or year not in years else year
    timed = any(row["counted_seconds"] is not None for row in line["periods"])
    down = _down(frame, indicator, line["resource"]) if timed else ()
    values = frame.values(
        "service-levels",
        line=line,
        matrix=matrix(line["periods"]),
        years=years,
        year=shown,
        days=calendar(down, shown, first, last) if timed else None,
    )
    return page(frame.request, "line.html", values)


def _down(frame: Frame, indicator: str, resource: str | None) -> Intervals:
    """The downtime that the line counts, as the derivation itself has it: every outage less what the text excludes."""
    parts, asked = frame.parts, frame.asked
    readings = select(parts.switches, asked.readings)
    intake = parts.answers.intake(frame.contract, readings)
    question = parts.answers.question(intake, asked.at, asked.known_at, readings, frame.contract)
    for _, basis, notes in bases(intake, question, parts.catalogue):
        if basis is not None:
            rows = [
                row
                for row in derive(basis, notes).indicators
                if row.indicator == indicator and row.resource == resource
            ]
            return union(
                span for row in rows for piece in row.pieces for span in clip(piece.counted, row.start, row.end)
            )
    return ()
