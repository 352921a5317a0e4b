"""The evidence bundle of a contract: what the signed log proves of it, as one zip."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.catalogue import agreement_files, readings_file
from adapters.evidence.bundle import Asked, Texts
from adapters.evidence.bundling import bundle_now
from api.asking import At, KnownAt, ReadingWords, When
from api.documented import PROBLEMS
from api.identity import Caller, reader
from api.parts import Having, Parts
from api.routers.facts import OPENERS
from domain.readings import select

router = APIRouter(tags=["evidence"], prefix="/contracts/{contract}", dependencies=[Depends(reader)])
ZIP = "application/zip"
RECEIPT = {
    "required": False,
    "content": {
        "application/json": {
            "schema": {"type": "object", "description": "A receipt of this ledger's log, as it was given."},
            "example": {"v": 1, "log": "greffe/3f2a…", "checkpoint": "greffe/3f2a…\n108\n…"},
        }
    },
}
ANSWER: dict[str, Any] = {
    "response_class": Response,
    "response_model": None,
    "responses": {
        200: {
            "description": "The bundle: docs/bundle-format.md says what is in it.",
            "content": {ZIP: {"schema": {"type": "string", "format": "binary"}, "example": "PK…"}},
        }
    },
}
PROBLEMS_OF_ONE = ["not-found", "unknown-reading", "unknown-figure", "no-bundle"]
Since = Annotated[When | None, Query(alias="from", description="Open the facts that happened then or later.")]
Until = Annotated[When | None, Query(alias="to", description="Open the facts that happened before.")]
Figure = Annotated[
    str | None,
    Query(min_length=1, max_length=1_000, description="Open what this figure of the statement rests on."),
]
Redact = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=200)]] | None,
    Query(description="Withhold the values at paths like this (`data.amount`); `persons`: those of every person."),
]


def asked(
    contract: str,
    parts: Having,
    at: At = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
    from_: Since = None,
    to: Until = None,
    figure: Figure = None,
    redact: Redact = None,
) -> Asked:
    """The question that the parameters ask."""
    return Asked(
        contract=contract,
        readings=select(parts.switches, reading or []),
        at=at,
        known_at=known_at,
        start=from_,
        end=to,
        figure=figure,
        redact=tuple(redact or ()),
    )


Question = Annotated[Asked, Depends(asked)]
Reading = Annotated[Caller, Depends(reader)]


@router.get("/bundle", summary="What the signed log proves", openapi_extra={PROBLEMS: PROBLEMS_OF_ONE}, **ANSWER)
def bundle(parts: Having, question: Question, known: Reading) -> Response:
    """One zip that anybody can verify without this server: the same bytes for the same checkpoint and question.

    `X-Facts-Since-Checkpoint` counts the contract's facts that were recorded since, and are not in it.
    """
    return zipped(parts, question, known)


@router.post(
    "/bundle",
    name="bundle_since",
    summary="What the signed log proves, continued from a receipt",
    openapi_extra={PROBLEMS: [*PROBLEMS_OF_ONE, "malformed"], "requestBody": RECEIPT},
    **ANSWER,
)
async def bundle_since(request: Request, parts: Having, question: Question, known: Reading) -> Response:
    """The same, with the proof that the log continues the one that the receipt in the body was given of."""
    body = await request.body()
    return await run_in_threadpool(zipped, parts, replace(question, receipt=body or None), known)


def zipped(parts: Parts, question: Asked, known: Caller) -> Response:
    """The bundle; the values of persons are withheld from who may not read them."""
    texts = Texts(parts.catalogue, agreement_files(parts.agreements), readings_file())
    made = bundle_now(parts.store, question, texts, opens=known.role in OPENERS)
    headers = {
        "Content-Disposition": 'attachment; filename="bundle.zip"',
        "Cache-Control": "no-store",
        "X-Facts-Since-Checkpoint": str(made.later),
    }
    return Response(made.data, headers=headers, media_type=ZIP)
