"""Deadlines of one contract and over contracts: what is due, by whom, and what was missed, at an instant."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api import examples
from api.answering import said, tagged
from api.asking import KnownAt, Limit, ReadingWords, Text, When
from api.documented import answers
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.parts import Having
from api.routers.contracts import visible
from api.routers.statements import section_of
from api.schemas.lists import AllDeadlines
from api.schemas.statement import Deadlines
from domain.time.instant import Instant, format_instant, parse_instant
from projections.spelling import dump

router = APIRouter(tags=["deadlines"])
Now = Annotated[
    When | None,
    Query(
        description="The instant at which the deadlines are judged; by default now.",
        openapi_examples={"a date": {"value": "2026-05-04T10:00:00+02:00"}},
    ),
]
State = Annotated[
    list[Literal["pending", "met", "met-late", "missed", "cancelled", "open-ended"]] | None,
    Query(description="Only deadlines in this state; may be repeated."),
]
Owed = Annotated[
    list[Literal["client", "provider", "none"]] | None,
    Query(description="Only what this party owes, `none` for effects; may be repeated."),
]
DueBefore = Annotated[
    When | None,
    Query(
        description="Only what is due before; deadlines without a date are left out.",
        openapi_examples={"a date": {"value": "2026-06-01T00:00:00+02:00"}},
    ),
]
Row = dict[str, Any]


@router.get(
    "/contracts/{contract}/deadlines",
    summary="The deadlines of a contract",
    dependencies=[Depends(reader)],
    **answers(Deadlines, examples.DEADLINES, "not-found", "unknown-reading"),
)
def deadlines(
    request: Request,
    contract: str,
    parts: Having,
    at: Now = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
    state: State = None,
    owed_by: Owed = None,
    due_before: DueBefore = None,
) -> Response:
    """Judged now, unless `at` says when; the rows are those of the statement at that instant."""
    found = section_of(parts, contract, ("deadlines",), (at or parts.clock(), known_at, reading))
    found["deadlines"] = list(_chosen(found["deadlines"], state, owed_by, due_before))
    return tagged(request, dump(found).encode())


@router.get(
    "/deadlines",
    summary="The deadlines of every contract of the caller",
    **answers(AllDeadlines, examples.ALL_DEADLINES),
)
def all_deadlines(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    at: Now = None,
    state: State = None,
    owed_by: Owed = None,
    due_before: DueBefore = None,
    after: Text = None,
    limit: Limit = 100,
) -> Response:
    """By contract, whole contracts to a page. Judged now, unless `at` says when."""
    reads(request, [EVERY])
    moment = at or parts.clock()
    rows: list[Row] = []
    last = None
    for contract in visible(parts, known):
        if after is not None and contract <= after:
            continue
        if len(rows) >= limit:
            return said({"at": format_instant(moment), "deadlines": rows, "next": last})
        whole = json.loads(parts.answers.statement(contract, moment, None, parts.readings))
        found = whole["contracts"].get(contract, {}).get("deadlines", [])
        rows += ({"contract": contract, **row} for row in _chosen(found, state, owed_by, due_before))
        last = contract
    return said({"at": format_instant(moment), "deadlines": rows, "next": None})


def _chosen(
    rows: list[Row], states: list[Any] | None, owed_by: list[Any] | None, due_before: Instant | None
) -> Iterator[Row]:
    for row in rows:
        late = due_before is not None and (row["due"] is None or parse_instant(row["due"]) >= due_before)
        if not late and (not states or row["state"] in states) and (not owed_by or row["owed_by"] in owed_by):
            yield row
