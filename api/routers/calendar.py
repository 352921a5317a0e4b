"""Deadlines as a calendar that ordinary calendar programs open and subscribe to."""

import json
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.access.feeds import create_feed
from adapters.access.model import AccessError
from adapters.access.telling import feed_json
from adapters.calendar import calendar as drawn
from adapters.eventstore.store import DeadlineSearch
from api.answering import said, tagged_soon
from api.documented import PROBLEMS, answers
from api.errors import Problem
from api.identity import EVERY, NO_CONTRACT, READERS, Caller, Role, addressed, allow, gate_of, reads
from api.language import Lang, language
from api.parts import Having, Parts
from api.recent import Recent
from api.routers.deadlines import Owed
from api.schemas.access import Feed, FeedOrder, Feeds, NewFeed
from domain.time.instant import MICROSECONDS_PER_SECOND, paris_date, start_of_day
from projections.titles import titles_of

router = APIRouter(tags=["deadlines"])
addresses = APIRouter(tags=["deadlines"])
"""Routes whose address is the credential."""
Holder = Annotated[Caller, Depends(allow(*READERS, Role.ADMINISTRATOR))]
FeedId = Annotated[str, Path(pattern=r"^feed-[0-9a-f]{12}$", description="The address's id.")]
FEED = {
    "id": "feed-0123456789ab",
    "owner": "key-0123456789ab",
    "state": "active",
    "created": "2026-05-04T10:00:00+02:00",
    "expires": "2026-08-02T10:00:00+02:00",
    "revoked": None,
}
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
BARE = ANSWER | {"openapi_extra": {PROBLEMS: ["unauthenticated", "not-found", "too-large"]}}
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
    return await _answer(request, parts, known, (contract, owed_by, lang or language(request)))


@addresses.get("/calendar/{secret}.ics", name="calendar_of_address", summary="A calendar by its secret address", **BARE)
async def calendar_of_address(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(addressed)],
    contract: Contract = None,
    owed_by: Owed = None,
    lang: Spoken = None,
) -> Response:
    """What the key's holder would get, for programs that cannot send a key. Whoever has the address reads it."""
    return await _answer(request, parts, known, (contract, owed_by, lang or language(request)))


@router.get(
    "/calendar/feeds", name="feeds", summary="Secret addresses of calendars", **answers(Feeds, {"feeds": [FEED]})
)
def feeds(request: Request, known: Holder) -> Response:
    """The caller's own, oldest first, without their secrets; every one for an administrator."""
    gate = gate_of(request)
    at = gate.now()
    return said({"feeds": [feed_json(feed, at) for feed in gate.store.feeds(_owner(known))]})


@router.post(
    "/calendar/feeds",
    name="make_feed",
    summary="Make a secret address of the caller's calendar",
    **answers(NewFeed, FEED | {"path": "/v1/calendar/greffe_….ics"}, "malformed", status=201),
)
def make_feed(request: Request, wanted: FeedOrder, known: Annotated[Caller, Depends(allow(*READERS))]) -> Response:
    """For the holder of an API key. The answer holds the secret; it cannot be had again."""
    gate = gate_of(request)
    at = gate.now()
    try:
        feed, secret = create_feed(gate.store, known.id, at, wanted.days)
    except AccessError as error:
        raise Problem("malformed", (str(error), error.french)) from None
    return said(feed_json(feed, at) | {"path": f"/v1/calendar/{secret}.ics"}, 201, {"Cache-Control": "no-store"})


@router.post(
    "/calendar/feeds/{feed}/revoke",
    name="revoke_feed",
    summary="End a secret address now",
    **answers(Feed, FEED | {"state": "revoked", "revoked": "2026-05-05T10:00:00+02:00"}, "not-found", "conflict"),
)
def revoke_feed(request: Request, feed: FeedId, known: Holder) -> Response:
    """At once on every server. One's own, or any for an administrator; that of another is not there."""
    gate = gate_of(request)
    at = gate.now()
    if feed not in {one.id for one in gate.store.feeds(_owner(known))}:
        raise Problem("not-found")
    try:
        gate.store.revoke_feed(feed, at)
    except AccessError:
        raise Problem("conflict", ("The address is revoked already.", "L'adresse est déjà révoquée.")) from None
    return said(next(feed_json(one, at) for one in gate.store.feeds() if one.id == feed))


def _owner(known: Caller) -> str | None:
    return None if known.role is Role.ADMINISTRATOR else known.id


async def _answer(
    request: Request, parts: Parts, known: Caller, asked: tuple[str | None, str | None, Lang]
) -> Response:
    """The calendar of a caller: of one contract or of every one, of one party or of both, in a language."""
    contract, owed_by, lang = asked
    if contract is None:
        reads(request, [EVERY])
    else:
        reads(request, [contract])
        directory = gate_of(request).directory
        if not directory.is_current():
            await run_in_threadpool(directory.follow)
        if not (known.sees(contract) and directory.exists(contract)):
            raise Problem("not-found", NO_CONTRACT)
    wanted = DeadlineSearch(known.contracts if contract is None else frozenset({contract}), owed_by=owed_by)
    recent: Recent = request.app.state.recent
    body = await recent.of(("calendar", wanted, lang), partial(_drawn, parts, wanted, lang))
    return await tagged_soon(request, body, ICS)


def _drawn(parts: Parts, wanted: DeadlineSearch, lang: Lang) -> bytes:
    since = start_of_day(paris_date(parts.clock() - KEPT))
    rows = parts.store.deadlines(wanted, (since, "", 0), MOST + 1)
    rows = [row for row in rows if row.due is not None]
    if len(rows) > MOST:
        raise Problem("too-large", TOO_MANY)
    revisions = parts.store.revisions({row.contract for row in rows})
    return drawn(((row.contract, json.loads(row.body)) for row in rows), revisions, titles_of(parts.catalogue), lang)
