"""The statement of a contract, whole and by section: as it stands, or replayed for any date and reading."""

import json
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api import examples
from api.answering import tagged, tagged_soon
from api.asking import At, KnownAt, ReadingWords
from api.documented import answers
from api.identity import reader
from api.parts import Having, Parts
from api.recent import Recent
from api.schemas import statement as shapes
from domain.readings import select
from domain.time.instant import Instant
from projections.spelling import dump

router = APIRouter(tags=["statements"], prefix="/contracts/{contract}", dependencies=[Depends(reader)])
SECTIONS = {
    "indicators": ("indicators",),
    "support": ("support", "support_objectives"),
    "penalties": ("penalties",),
    "amounts": ("amounts",),
    "qualification": ("qualification",),
    "findings": ("findings",),
}


@router.get(
    "/statement",
    summary="Everything the terms say of the facts, at a date",
    **answers(shapes.Statement, examples.STATEMENT, "not-found", "unknown-reading"),
)
async def statement(
    request: Request,
    contract: str,
    parts: Having,
    at: At = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
) -> Response:
    """The same bytes as `greffe replay --contract … --format json` of the same facts.

    Without parameters: as it stands, at the contract's latest fact, under the default readings.
    """
    if at is None and known_at is None and not reading:
        recent: Recent = request.app.state.recent
        stored = await recent.of(("statement", contract), lambda: _line(parts.store.view(contract)))
        if stored is not None:
            return await tagged_soon(request, stored)
    body = await run_in_threadpool(statement_of, parts, contract, at, known_at, reading)
    return await tagged_soon(request, body + b"\n")


def _line(body: bytes | None) -> bytes | None:
    return None if body is None else body + b"\n"


def statement_of(
    parts: Parts, contract: str, at: Instant | None, known_at: Instant | None, reading: list[str] | None
) -> bytes:
    """The statement's bytes: the stored one where nothing else is asked."""
    readings = select(parts.switches, reading or [])
    if at is None and known_at is None and not reading:
        stored = parts.store.view(contract)
        if stored is not None:
            return stored
    return parts.answers.statement(contract, at, known_at, readings)


def section_of(parts: Parts, contract: str, names: tuple[str, ...], question: tuple[Any, Any, Any]) -> dict[str, Any]:
    """Some lists of the statement, with its dates."""
    whole = json.loads(statement_of(parts, contract, *question))
    part = whole["contracts"].get(contract) or {}
    rows = {name: part.get(name, None if name == "qualification" else []) for name in names}
    return {"contract": contract, "at": whole["at"], "known_at": whole["known_at"], **rows}


def _add(name: str, model: type[shapes.Section], summary: str, example: Any) -> None:
    @router.get(f"/{name}", summary=summary, name=name, **answers(model, example, "not-found", "unknown-reading"))
    def section(
        request: Request,
        contract: str,
        parts: Having,
        at: At = None,
        known_at: KnownAt = None,
        reading: ReadingWords = None,
    ) -> Response:
        """A part of the statement, with the same dates and readings."""
        found = section_of(parts, contract, SECTIONS[name], (at, known_at, reading))
        return tagged(request, dump(found).encode())


_add("indicators", shapes.Indicators, "Service levels, period by period", examples.INDICATORS)
_add("support", shapes.SupportRows, "Support: each ticket's commitments, each month's objectives", examples.SUPPORT)
_add("penalties", shapes.Penalties, "What breaches cost", examples.PENALTIES)
_add("amounts", shapes.Amounts, "Other sums: interest, fees, ceilings, balances", examples.AMOUNTS)
_add("qualification", shapes.QualificationSection, "Whether the service is still qualified", examples.QUALIFICATION)
_add("findings", shapes.Findings, "What a person should look at", examples.FINDINGS)
