"""Documents to print, send and keep: what can be drawn up of a contract, and each as PDF."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from adapters.documents.drawn import DOSSIER, Order, drawing_of, drawn, evidence_of
from adapters.documents.pdf import rendered
from api import examples
from api.answering import tagged
from api.asking import LONGEST, At, KnownAt, ReadingWords, When
from api.documented import PROBLEMS, answers
from api.errors import unreadable
from api.identity import Caller, reader
from api.language import Lang, language
from api.parts import Having, Parts
from api.routers.facts import OPENERS
from api.schemas.lists import DrawableDocuments
from domain.readings import select
from domain.time.instant import Instant
from projections.documents.drawing import Asked, NotDrawnError, month_of
from projections.documents.kinds import KINDS
from projections.replay import Question
from projections.spelling import dump

router = APIRouter(tags=["documents"], prefix="/contracts/{contract}", dependencies=[Depends(reader)])
PDF = "application/pdf"
Name = Literal[
    "sla-statement",
    "penalty-claim",
    "formal-notice",
    "qualification-loss",
    "deletion-certificate",
    "dispute-dossier",
]
Kind = Annotated[Name, Path(description="Which document.", openapi_examples={"a month": {"value": "sla-statement"}})]
Month = Annotated[
    str | None,
    Query(
        pattern=r"^[1-9]\d{3}-(0[1-9]|1[0-2])$", description="The calendar month it is about, `YYYY-MM`, Paris time."
    ),
]
Since = Annotated[When | None, Query(alias="from", description="The start of the period it is about.")]
Until = Annotated[When | None, Query(alias="to", description="The end of the period it is about, with `from`.")]
About = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=LONGEST,
        description="Which one: a deletion, a formal notice, a service, the last day of a period.",
    ),
]
By = Annotated[Literal["client", "provider"], Query(description="Who gives formal notice.")]
Against = Annotated[
    list[Annotated[str, Query(max_length=LONGEST)]] | None,
    Query(description="The other side of a dispute, as `against` of `/diff`; `reading` is then the first side."),
]
Spoken = Annotated[
    Lang | None, Query(description="The language of the document; by default as `Accept-Language` asks.")
]
Reading = Annotated[Caller, Depends(reader)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the parameters of a document say."""

    asked: Asked
    at: Instant | None
    known_at: Instant | None
    reading: tuple[str, ...]
    against: tuple[str, ...]
    lang: Lang


def wanted(
    request: Request,
    month: Month = None,
    from_: Since = None,
    to: Until = None,
    about: About = None,
    by: By = "client",
    at: At = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
    against: Against = None,
    lang: Spoken = None,
) -> Wanted:
    """The question that the parameters ask. Raises Problem where they do not go together."""
    start, end = from_, to
    if month is not None:
        if from_ is not None or to is not None:
            raise unreadable("month", "goes without from and to", "va sans from ni to")
        start, end = month_of(month)
    elif to is not None and (from_ is None or to <= from_):
        raise unreadable("to", "expected after from", "attendu : après from")
    asked = Asked(start, end, about, by)
    return Wanted(asked, at, known_at, tuple(reading or ()), tuple(against or ()), lang or language(request))


Ordered = Annotated[Wanted, Depends(wanted)]


@router.get(
    "/documents",
    name="documents",
    summary="The documents that can be drawn up, and why the others cannot",
    **answers(DrawableDocuments, examples.DOCUMENTS, "not-found", "unknown-reading"),
)
def documents(
    request: Request,
    contract: str,
    parts: Having,
    at: At = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
) -> Response:
    """In the language of `Accept-Language`. A dispute dossier needs two sides, which only its own address names."""
    lang = language(request)
    rows = documents_of(parts, contract, (at, known_at, tuple(reading or ())), lang)
    return tagged(request, dump({"contract": contract, "documents": rows}).encode())


@router.get(
    "/documents/{kind}",
    name="document",
    summary="A document as PDF",
    response_class=Response,
    response_model=None,
    responses={
        200: {
            "description": "The PDF, tagged (PDF/UA-1), with its data attached.",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7…"}},
        }
    },
    openapi_extra={PROBLEMS: ["not-found", "unknown-reading", "unknown-document", "no-document"]},
)
def document(request: Request, contract: str, kind: Kind, parts: Having, known: Reading, order: Ordered) -> Response:
    """The same bytes for the same facts, question and language. Values of persons are opened for who may read them."""
    return pdf(request, parts, known, contract, kind, order)


def pdf(request: Request, parts: Parts, known: Caller, contract: str, kind: str, order: Wanted) -> Response:
    """The PDF with its tag, for the API and for the console."""
    dispute = kind == DOSSIER
    readings = select(parts.switches, () if dispute else order.reading)
    intake = parts.answers.intake(contract, readings)
    question = parts.answers.question(intake, order.at, order.known_at, readings, contract)
    made = drawn(
        intake,
        question,
        Order(
            kind,
            order.lang,
            order.asked,
            order.reading if dispute else (),
            order.against,
            parts.settings.public_address,
        ),
        evidence_of(parts.store, contract, opens=known.role in OPENERS),
        catalogue=parts.catalogue,
        switches=parts.switches,
    )
    answer = tagged(request, rendered(made), PDF)
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", f"{contract}-{kind}.{order.lang}.pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{safe}"'
    return answer


def documents_of(
    parts: Parts, contract: str, asked: tuple[Instant | None, Instant | None, tuple[str, ...]], lang: Lang
) -> list[dict[str, Any]]:
    """Each kind, what it is for, and why it cannot be drawn up where it cannot."""
    at, known_at, words = asked
    readings = select(parts.switches, words)
    intake = parts.answers.intake(contract, readings)
    question: Question = parts.answers.question(intake, at, known_at, readings, contract)
    evidence = evidence_of(parts.store, contract, opens=False)
    side = lang == "fr"
    rows = []
    unsigned: NotDrawnError | None = None
    drawing = None
    try:
        drawing = drawing_of(intake, question, Order("", lang), evidence, parts.catalogue)
    except NotDrawnError as error:
        unsigned = error
    for kind in KINDS.values():
        why = None if drawing is None else kind.why_not(drawing)
        said = unsigned.text(lang) if unsigned is not None else None if why is None else why[side]
        rows.append({"kind": kind.name, "title": kind.title[side], "purpose": kind.purpose[side], "why_not": said})
    return rows
