"""Deadlines as a calendar that ordinary calendar programs open and subscribe to."""

import json
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from adapters.calendar import calendar as drawn
from adapters.eventstore.store import DeadlineSearch
from api.answering import tagged_soon
from api.documented import PROBLEMS
from api.errors import Problem
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.language import Lang, language
from api.parts import Having, Parts
from api.recent import Recent
from api.routers.deadlines import Owed
from domain.time.instant import MICROSECONDS_PER_SECOND, paris_date, start_of_day
from projections.titles import titles_of

router = APIRouter(tags=["deadlines"])
ICS = "text/calendar; charset=utf-8"
KEPT = 366 * 86_400 * MICROSECONDS_PER_SECOND
"""Microseconds for which a deadline stays in the calendar once it is past."""
MOST = 5_000
TOO_MANY = (
    f"More than {MOST} deadlines: ask for one `contract`, or by `owed_by`.",
    f"Plus de {MOST} échéances : demandez un seul `contract`, ou par `owed_by`.",
)
ANSWER: dict[str, Any] = {
    "response_class": Response,
    "response_model": None,
    "responses": {
        200: {
            "description": "The calendar, RFC 5545.",
            "content": {
                "text/calendar": {
                    "schema": {"type": "string"},
                    "example": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…\r\nEND:VCALENDAR\r\n",
                }
            },
        }
    },
    "openapi_extra": {PROBLEMS: ["not-found", "too-large"]},
}
Contract = Annotated[
    str | None, Query(min_length=1, max_length=500, description="Only this contract; by default every one.")
]
Spoken = Annotated[
    Literal["en", "fr"] | None, Query(description="The language of the words; by default as `Accept-Language` asks.")
]


@router.get("/calendar.ics", name="calendar", summary="The deadlines of the caller as a calendar", **ANSWER)
async def calendar(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    contract: Contract = None,
    owed_by: Owed = None,
    lang: Spoken = None,
) -> Response:
    """What is due, and what was due within the last 366 days with what became of it; duties without a date are not.

    An event keeps its `UID`; its `SEQUENCE` grows with what the ledger learns of the contract. Never more than 5,000.
    """
    if contract is None:
        reads(request, [EVERY])
    else:
        await reader(request, contract, known)
    body = await drawn_for(request, parts, known, (contract, owed_by), lang or language(request))
    return await tagged_soon(request, body, ICS)


async def drawn_for(
    request: Request, parts: Parts, known: Caller, asked: tuple[str | None, str | None], lang: Lang
) -> bytes:
    """The calendar of a caller: of one contract or of every one, of one party or of both."""
    contract, owed_by = asked
    wanted = DeadlineSearch(known.contracts if contract is None else frozenset({contract}), owed_by=owed_by)
    recent: Recent = request.app.state.recent
    return await recent.of(("calendar", wanted, lang), partial(_drawn, parts, wanted, lang))


def _drawn(parts: Parts, wanted: DeadlineSearch, lang: Lang) -> bytes:
    since = start_of_day(paris_date(parts.clock() - KEPT))
    rows = parts.store.deadlines(wanted, (since, "", 0), MOST + 1)
    rows = [row for row in rows if row.due is not None]
    if len(rows) > MOST:
        raise Problem("too-large", TOO_MANY)
    revisions = parts.store.revisions({row.contract for row in rows})
    return drawn(((row.contract, json.loads(row.body)) for row in rows), revisions, titles_of(parts.catalogue), lang)
