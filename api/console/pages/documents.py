"""The documents of a contract: what can be drawn up now, why the rest cannot, and each as PDF."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from adapters.documents.drawn import DOSSIER
from api.console.frame import READ, Frame, Framed
from api.console.render import page
from api.console.router import Pages
from api.identity import Caller, reader
from api.language import language
from api.parts import Having
from api.routers import documents as api
from domain.time.instant import paris_date, parse_instant

router = Pages(dependencies=READ)
Known = Annotated[Caller, Depends(reader)]
SHOWN = 24
"""As many periods as the claim offers."""


@router.get("/contracts/{contract}/documents")
def documents(frame: Framed) -> Response:
    """Each kind with what it is for; a form where there is something to choose."""
    asked = frame.asked
    rows = api.documents_of(
        frame.parts, frame.contract, (asked.at, asked.known_at, asked.readings), language(frame.request)
    )
    claims = [row for row in frame.part["penalties"] if row["state"] != "no-rule"]
    values = frame.values(
        "documents",
        rows=[row for row in rows if row["kind"] != DOSSIER],
        month=_last_month(frame),
        claims=claims[::-1][:SHOWN],
    )
    return page(frame.request, "documents.html", values)


@router.get("/contracts/{contract}/documents/{kind}")
def document(
    request: Request, parts: Having, contract: str, kind: api.Kind, known: Known, order: api.Ordered
) -> Response:
    """The PDF, as the API gives it."""
    return api.pdf(request, parts, known, contract, kind, order)


def _last_month(frame: Frame) -> str:
    """The month of the newest period that is over, for the form."""
    now = parse_instant(frame.whole["at"])
    ends = [parse_instant(row["period"]["to"]) for row in frame.part["indicators"]]
    over = max((end for end in ends if end <= now), default=now)
    return f"{paris_date(over - 1):%Y-%m}"
