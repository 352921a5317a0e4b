"""The dispute workbench: the same facts from two sides, and only what differs, in euros and in days."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.asking import LONGEST
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ, Frame, Framed, path_of
from api.console.render import page
from api.console.rows import Row
from api.errors import Problem
from domain.readings import Switch
from domain.time.instant import MICROSECONDS_PER_SECOND, parse_instant
from projections.comparison import compared, side_of
from projections.shown import is_instant

router = APIRouter(dependencies=READ)
DAY = 86_400 * MICROSECONDS_PER_SECOND
SHOWN = 100
MONEY = frozenset({"payable", "gross", "credit_note", "amount", "average_monthly_revenue", "granted", "used"})
RATIOS = frozenset({"availability", "ratio"})
SHORT = 3
COLUMNS = ("section", "about", "rule", "clause", "before", "after")
Text = Annotated[str, Query(max_length=LONGEST)]
Letter = Annotated[str, Query(max_length=20)]


@router.get("/contracts/{contract}/dispute")
def dispute(
    frame: Framed,
    parameter: Text = "",
    one: Letter = "",
    other: Letter = "",
    first: Text = "",
    second: Text = "",
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """Two sides: one choice read two ways; or dates, documents, more readings, in the words of ``greffe diff``."""
    parts = frame.parts
    switch = parts.switches.get(parameter)
    if parameter and switch is None:
        parts.switches.check(parameter, "")
    if switch is not None and not one:
        one = _default(frame, switch)
        other = other or next(value for value in switch.values if value != one)
    sides = _side(parameter, one, first), _side(parameter, other, second)
    found: Row | None = None
    if sides[0] != sides[1]:
        found = _compare(frame, sides)
    if format != "html" and found is None:
        raise Problem("invalid-parameter", ("Both sides are the same.", "Les deux côtés sont les mêmes."))
    if found is not None and format == "csv":
        return csv_file(f"{frame.contract}-dispute", COLUMNS, _changes(frame, found))
    if found is not None and format == "json":
        return json_file(f"{frame.contract}-dispute", found)
    changes = [] if found is None else _changes(frame, found)
    values = frame.values(
        "dispute",
        switches=list(parts.switches.values()),
        switch=switch,
        parameter=parameter,
        one=one,
        other=other,
        first=first,
        second=second,
        found=found,
        asked_both=bool(sides[0] or sides[1]),
        changes=[_shown(frame, change) for change in changes[:SHOWN]],
        left=max(0, len(changes) - SHOWN),
        euros=None if found is None else found["contracts"].get(frame.contract, {}).get("euros"),
    )
    return page(frame.request, "dispute.html", values)


def _default(frame: Frame, switch: Switch) -> str:
    """The value taken for this contract when nobody chooses."""
    named = (switch.default_by_document.get(document) for document in frame.part["documents"])
    return next((value for value in named if value is not None), switch.default)


def _side(parameter: str, value: str, more: str) -> list[str]:
    return [word for word in (f"{parameter}={value}" if parameter and value else "", more.strip()) if word]


def _compare(frame: Frame, sides: tuple[list[str], list[str]]) -> Row:
    """What the API's own comparison says."""
    parts, asked = frame.parts, frame.asked
    intake = parts.answers.intake(frame.contract)
    both = side_of(sides[0]), side_of(sides[1])
    return compared(intake, both, (asked.at, asked.known_at, frame.contract), parts.catalogue, parts.switches)


def _changes(frame: Frame, found: Row) -> list[Row]:
    changes: list[Row] = found["contracts"].get(frame.contract, {}).get("changes", [])
    return changes


def _shown(frame: Frame, change: Row) -> Row:
    """A change with its fields side by side, and where the first side's figure is explained."""
    fields = [field for field in _fields(change["before"], change["after"]) if field["name"] != "readings"]
    about = change["about"]
    row = {**about, "period": {"from": about.get("period.from"), "to": about.get("period.to")}}
    named = change["section"] in {"penalties", "indicators", "deadlines", "support"} and change["before"] is not None
    return {
        **change,
        "fields": fields,
        "about": [(name, value) for name, value in about.items() if name not in {"rule", "indicator", "commitment"}],
        "figure": f"{frame.base}/figure{frame.asked.query(path=path_of(change['section'], row))}" if named else None,
        "title": change["title"] or frame.promises.title(change["rule"]),
    }


def _fields(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[Row]:
    for name in {**(before or {}), **(after or {})}:
        one, other = (before or {}).get(name), (after or {}).get(name)
        if one != other and name != "events":
            yield {"name": name, "before": one, "after": other, "kind": _kind(name), "by": _by(name, one, other)}


def _kind(name: str) -> str:
    if name in MONEY:
        return "money"
    return "ratio" if name in RATIOS else "plain"


def _by(name: str, one: Any, other: Any) -> tuple[str, Any] | None:
    """The difference of two values: euros, or days between two instants."""
    if name in MONEY and (one is not None or other is not None):
        return "money", str(Fraction(other or 0) - Fraction(one or 0))
    if is_instant(one) and is_instant(other):
        return "days", str(Fraction(parse_instant(other) - parse_instant(one), DAY))
    return None
