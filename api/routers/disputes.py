"""One figure in words, and what changes between two readings, documents or dates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api import examples
from api.answering import tagged
from api.asking import At, KnownAt, ReadingWords
from api.documented import answers
from api.identity import reader
from api.language import language
from api.parts import Having
from api.schemas.disputes import Comparison, Explanations
from domain.readings import select
from projections.comparison import compared, side_of
from projections.explain.explanation import explain
from projections.explain.path import UnknownFigureError, parse_path
from projections.replay import bases
from projections.spelling import dump
from projections.statement import derive

router = APIRouter(tags=["disputes"], prefix="/contracts/{contract}", dependencies=[Depends(reader)])
Side = Annotated[
    list[str] | None,
    Query(
        description="One side: readings (`maintenance.mode=B`), `at=T`, `known-at=K`, `documents=ID+ID`, joined by "
        "commas or repeated; by default the default readings and the facts as they are.",
        openapi_examples={"a reading": {"value": ["maintenance.mode=B"]}},
    ),
]


@router.get(
    "/explain",
    summary="One figure in words: its clause, its events, its arithmetic",
    **answers(Explanations, examples.EXPLANATIONS, "not-found", "unknown-reading", "unknown-figure"),
)
def explanation(
    request: Request,
    contract: str,
    parts: Having,
    path: Annotated[
        str,
        Query(
            min_length=1,
            max_length=1_000,
            description="Which figure of the statement.",
            openapi_examples={"a penalty": {"value": "penalties.0.payable"}},
        ),
    ],
    at: At = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
) -> Response:
    """Sentences are in the language of `Accept-Language`; `row` is the row as the statement prints it."""
    parse_path(path)
    readings = select(parts.switches, reading or [])
    intake = parts.answers.intake(contract, readings)
    question = parts.answers.question(intake, at, known_at, readings, contract)
    for _, basis, notes in bases(intake, question, parts.catalogue):
        if basis is not None:
            found = explain(basis, derive(basis, notes), path, language(request))
            return tagged(request, dump({"explanations": [one.as_json() for one in found]}).encode())
    raise UnknownFigureError(
        f"no known fact says that contract {contract} was signed by then",
        f"aucun fait connu ne dit que le contrat {contract} était signé à ce moment",
    )


@router.get(
    "/diff",
    summary="The same facts from two sides: only what changes, in euros",
    **answers(Comparison, examples.COMPARISON, "not-found", "unknown-reading", "unknown-document"),
)
def comparison(
    request: Request,
    contract: str,
    parts: Having,
    reading: Side = None,
    against: Side = None,
    at: At = None,
    known_at: KnownAt = None,
) -> Response:
    """The difference in euros is the second side (`against`) less the first (`reading`)."""
    sides = side_of(reading or []), side_of(against or [])
    intake = parts.answers.intake(contract)
    answer = compared(intake, sides, (at, known_at, contract), parts.catalogue, parts.switches)
    return tagged(request, dump(answer).encode())
