"""One figure: its clause, the document and version in force, its events, its arithmetic, the readings it rests on."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from api.console.downloads import json_file
from api.console.frame import READ, Frame, Framed
from api.console.pages.evidence import proof_of
from api.console.render import page
from api.console.router import Pages
from api.language import Lang, language
from domain.readings import select
from projections import figures
from projections.explain.explanation import explain
from projections.explain.path import UnknownFigureError, parse_path
from projections.replay import bases
from projections.shown import is_instant
from projections.statement import derive
from projections.wording import state_word

router = Pages(dependencies=READ)
MOST = 20
Path = Annotated[str, Query(min_length=1, max_length=2_000)]
Kind = Annotated[str, Query(alias="format", pattern="^(html|json)$")]
MONEY = {"payable", "gross", "credit_note", "amount", "average_monthly_revenue", "granted"}


@router.get("/contracts/{contract}/figure")
def figure(frame: Framed, path: Path, kind: Kind = "html") -> Response:
    """The figure that a path of the statement names, explained in the language of the page."""
    lang = language(frame.request)
    found = explained(frame, path, lang)
    if kind == "json":
        return json_file(f"{frame.contract}-figure", {"explanations": found})
    for one in found:
        one["shown"], one["exact"] = _shown(frame, one, lang)
    for one in found[:MOST]:
        one["proof"] = proof_of(frame.parts.store, [event["event"] for event in one["events"]])
    return page(
        frame.request,
        "figure.html",
        frame.values(_tab(found[0]["section"]), found=found[:MOST]),
    )


def explained(frame: Frame, path: str, lang: Lang) -> list[dict[str, Any]]:
    """The explanations of every figure that a path names, as the API tells them."""
    parse_path(path)
    parts, asked = frame.parts, frame.asked
    readings = select(parts.switches, asked.readings)
    intake = parts.answers.intake(frame.contract, readings)
    at = frame.now if asked.standing and path.startswith("deadlines") else asked.at
    question = parts.answers.question(intake, at, asked.known_at, readings, frame.contract)
    for _, basis, notes in bases(intake, question, parts.catalogue):
        if basis is not None:
            return [one.as_json() for one in explain(basis, derive(basis, notes), path, lang)]
    raise UnknownFigureError(
        f"no known fact says that contract {frame.contract} was signed by then",
        f"aucun fait connu ne dit que le contrat {frame.contract} était signé à ce moment",
    )


def _tab(section: str) -> str:
    named = {"indicators": "service-levels", "support_objectives": "support", "amounts": "penalties"}
    known = {"support", "penalties", "deadlines", "findings"}
    return named.get(section, section if section in known else "overview")


def _shown(frame: Frame, one: Mapping[str, Any], lang: Lang) -> tuple[str, str | None]:
    """(the value as people read it, the exact one where that differs)."""
    row, section, value = one["row"], one["section"], one["value"]
    field = one["figure"].rpartition(".")[2]
    if section == "indicators":
        return figures.measured(row, frame.promises.metric(row["indicator"]), lang), row["availability"] or row.get(
            "value"
        )
    if section in {"penalties", "amounts"} and (field in MONEY or field.isdigit()) and row.get("unit", "EUR") == "EUR":
        amount = value if field in MONEY else row.get("payable", row.get("amount"))
        return figures.money(amount, lang), amount
    if section == "support":
        return figures.lasting(row["elapsed_seconds"], lang), None
    if section == "support_objectives":
        return figures.share(row["ratio"], lang), row["ratio"]
    if section == "deadlines" and is_instant(row["due"]):
        return figures.moment(row["due"], lang), None
    if section == "findings":
        return row["code"], None
    return state_word(section, row, lang) if "state" in row else figures.plain(value, lang), None
