"""The dispute workbench: the same facts from two sides, and only what differs, in euros and in days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from starlette.responses import Response

from adapters.access.model import Dispute
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ, Frame, Framed, path_of
from api.console.render import page
from api.console.router import Pages
from api.console.rows import Row
from api.console.sides import Asked, fields, fixed, parameter_of, spoken
from api.console.statements import EMPTY, Question
from api.errors import Problem
from api.identity import Caller, gate_of, reader
from api.language import language
from domain.exact import exact_text
from domain.readings import Switch
from domain.time.instant import MICROSECONDS_PER_SECOND, parse_instant
from projections.comparison import Common, Side, both, told
from projections.shown import is_instant
from projections.spelling import dump

router = Pages(dependencies=READ)
DAY = 86_400 * MICROSECONDS_PER_SECOND
SHOWN = 60
MONEY = frozenset({"payable", "gross", "credit_note", "amount", "average_monthly_revenue", "granted", "used"})
RATIOS = frozenset({"availability", "ratio"})
TELLING = frozenset({"state", "payable", "amount", "availability", "target", "due", "ratio", "message", "documents"})
"""What is shown of a row that only one side has; the rest is in the files."""
COLUMNS = ("section", "about", "rule", "clause", "before", "after")
SAME = ("Both sides are the same.", "Les deux côtés sont les mêmes.")
Known = Annotated[Caller, Depends(reader)]
Sides = tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs for one contract, the totals of each side, and the sides with their dates written out."""

    found: Row
    totals: list[Row]
    fixed: Sides
    digest: str


@router.get("/contracts/{contract}/dispute")
def dispute(frame: Framed, known: Known, asked: Annotated[Asked, Depends()], format: Format = "html") -> Response:  # noqa: A002
    """Two sides: one choice read two ways; or dates, documents, more readings."""
    parts = frame.parts
    switch = parts.switches.get(asked.parameter)
    if asked.parameter and switch is None:
        parts.switches.check(asked.parameter, "")
    one, other = asked.letters
    if switch is not None and not one:
        one = _default(frame, switch)
        other = other or next(value for value in switch.values if value != one)
    return workbench(frame, known, asked.sides((one, other)), asked.parameter, format)


def workbench(
    frame: Frame, known: Caller, sides: Sides, parameter: str, kind: str, saved: Dispute | None = None
) -> Response:
    """The page of two sides, or what differs between them as a file."""
    parts = frame.parts
    parameter = parameter or parameter_of(sides)
    compared = compare(frame, sides) if sides[0] != sides[1] else None
    if kind != "html":
        if compared is None:
            raise Problem("invalid-parameter", SAME)
        if kind == "csv":
            return csv_file(f"{frame.contract}-dispute", COLUMNS, _changes(frame, compared.found))
        return json_file(f"{frame.contract}-dispute", compared.found)
    changes = [] if compared is None else _changes(frame, compared.found)
    values = frame.values(
        "dispute",
        switches=list(parts.switches.values()),
        switch=parts.switches.get(parameter),
        parameter=parameter,
        documents=[parts.catalogue.agreement(name) for name in parts.catalogue.documents],
        sides=[fields(side, parameter) for side in sides],
        compared=compared,
        asked_both=bool(sides[0].spoken() or sides[1].spoken()),
        kept_as=None if compared is None else [spoken(side) for side in compared.fixed],
        changes=[_shown(frame, change) for change in changes[:SHOWN]],
        left=max(0, len(changes) - SHOWN),
        euros=None if compared is None else compared.found["contracts"].get(frame.contract, {}).get("euros"),
        dossier=None if compared is None else _dossier(frame, compared.fixed),
        bundles=() if compared is None else [_bundle(frame, side) for side in compared.fixed],
        saved=saved,
        mine=saved is not None and saved.owner == known.id,
        moved=saved is not None and compared is not None and compared.digest != saved.digest,
        disputes=gate_of(frame.request).store.disputes(known.id, frame.contract),
        me=known.id,
    )
    return page(frame.request, "dispute.html", values)


def _dossier(frame: Frame, sides: Sides) -> str:
    """Where the dossier of two sides is drawn up."""
    one, other = sides
    pairs = [("reading", word) for word in one.spoken()] + [("against", word) for word in other.spoken()]
    return f"{frame.base}/documents/dispute-dossier?{urlencode(pairs)}&lang={language(frame.request)}"


def _bundle(frame: Frame, side: Side) -> str:
    """Where the evidence of one side is exported: at its dates, under its readings."""
    return f"{frame.base}/bundle{Question(side.at, side.known_at, side.words).query()}"


def compare(frame: Frame, sides: Sides) -> Compared:
    """What the API's own comparison says, of this contract."""
    parts, asked = frame.parts, frame.asked
    intake = parts.answers.intake(frame.contract)
    common: Common = asked.at, asked.known_at, frame.contract
    said = both(intake, sides, common, parts.catalogue, parts.switches)
    found = told(sides, said, parts.catalogue, parts.switches)
    one, other = (fixed(side, common, intake) for side in sides)
    digest = sha256(dump(found["contracts"]).encode()).hexdigest()
    before, after = (totals_of(side.get(frame.contract) or EMPTY) for side in said)
    totals = [{"name": name, "before": before[name], "after": after[name]} for name in before]
    return Compared(found, totals, (one, other), digest)


def totals_of(part: Row) -> dict[str, str]:
    """What a side comes to: money as exact euros, the rest as numbers of rows."""
    counted = {
        "breached": sum(row["state"] == "breached" for row in part["indicators"]),
        "late": sum(row["state"] == "missed" for row in part["support"]),
        "missed": sum(row["state"] == "missed" for row in part["deadlines"]),
        "findings": len(part["findings"]),
    }
    gross, payable = (_sum(part["penalties"], field) for field in ("gross", "payable"))
    other = _sum([row for row in part["amounts"] if row.get("unit", "EUR") == "EUR"], "amount")
    return {"gross": gross, "payable": payable, "amounts": other} | {name: str(n) for name, n in counted.items()}


def _sum(rows: list[Row], field: str) -> str:
    return exact_text(sum((Fraction(row[field]) for row in rows if row[field] is not None), Fraction(0)))


def _default(frame: Frame, switch: Switch) -> str:
    """The value taken for this contract when nobody chooses."""
    named = (switch.default_by_document.get(document) for document in frame.part["documents"])
    return next((value for value in named if value is not None), switch.default)


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
        shown = name in TELLING if before is None or after is None else name != "events"
        if one != other and shown:
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
