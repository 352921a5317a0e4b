"""New facts and changes of deadlines as they come, as server-sent events."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.cloudevents import encode
from adapters.eventstore.store import DeadlineChange
from api import examples
from api.errors import Problem, unreadable
from api.identity import EVERY, READERS, Caller, allow, reads, renewed
from api.parts import Having
from api.tail import Place, Tail, place_of
from domain.time.instant import format_instant
from projections.spelling import dump

router = APIRouter(tags=["stream"])
PING_SECONDS = 15
RENEW_SECONDS = 30.0
"""How often a stream that tells nothing asks again who listens; before it tells anything, it asks every time."""
RETRY_MS = 3_000
NOT_A_PLACE = ("expected the id of an event of this stream", "attendu : l'identifiant d'un événement de ce flux")


@router.get(
    "/stream",
    summary="New facts and changes of deadlines, as they come",
    response_class=Response,
    responses={
        200: {
            "description": "Server-sent events: `fact` and `deadline`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": examples.STREAM}},
        }
    },
    openapi_extra={"x-problems": ["not-found"]},
)
async def stream(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    contract: Annotated[list[str] | None, Query(description="Only this contract; may be repeated.")] = None,
    last_event_id: Annotated[str | None, Header(description="Where to go on; by default, from now on.")] = None,
) -> Response:
    """Each fact once, in the order it was recorded, then the deadlines that changed: how each stood before and after.

    What time alone changes is told as well, within about a second: a deadline that nobody met becomes missed. The id of
    an event is where to go on: a reader that comes back with `Last-Event-ID` misses nothing and gets nothing twice.
    Changes of deadlines are kept for 30 days; whoever comes back later reads `/v1/deadlines` for how they stand.
    """
    reads(request, contract or [EVERY])
    if any(not known.sees(name) for name in contract or ()):
        raise Problem("not-found")
    tail: Tail = request.app.state.tail
    if tail.listeners >= parts.settings.most_streams:
        raise Problem("unavailable")
    place = await run_in_threadpool(tail.end)
    if last_event_id is not None:
        try:
            place = place_of(last_event_id)
        except ValueError:
            raise unreadable("Last-Event-ID", *NOT_A_PLACE) from None
    told = _told(request, tail, known, place, frozenset(contract or ()))
    return EventSourceResponse(told, ping=PING_SECONDS, headers={"Cache-Control": "no-store"})


async def _told(
    request: Request, tail: Tail, known: Caller, place: Place, only: frozenset[str]
) -> AsyncIterator[ServerSentEvent]:
    tail.listeners += 1
    try:
        yield ServerSentEvent(comment="listening", retry=RETRY_MS)
        async for event in _following(request, tail, known, place, only):
            yield event
    finally:
        tail.listeners -= 1


async def _following(
    request: Request, tail: Tail, known: Caller, place: Place, only: frozenset[str]
) -> AsyncIterator[ServerSentEvent]:
    renewed_at = time.monotonic()

    def told_to(contract: str) -> bool:
        return known.sees(contract) and (not only or contract in only)

    while True:
        if time.monotonic() - renewed_at > RENEW_SECONDS:
            known, renewed_at = await renewed(request), time.monotonic()
        turn = tail.next_turn()
        end = await run_in_threadpool(tail.end)
        page = await run_in_threadpool(tail.facts, place.facts, end.facts)
        changes = await run_in_threadpool(tail.changes, place.deadlines, page[-1][0] if page else end.facts)
        if not page and not changes:
            await turn.wait()
            continue
        known, renewed_at = await renewed(request), time.monotonic()
        for position, fact in page:
            place = Place(position, place.deadlines)
            if told_to(fact.subject):
                said = dump({"position": position, "event": encode(fact)})
                yield ServerSentEvent(said, event="fact", id=str(place))
        for change in changes:
            place = Place(place.facts, change.number)
            if told_to(change.contract):
                yield ServerSentEvent(_said(change), event="deadline", id=str(place))


def _said(change: DeadlineChange) -> str:
    head = dump({"contract": change.contract, "at": format_instant(change.at)})[:-1]
    before, after = ("null" if body is None else body.decode() for body in (change.before, change.after))
    return f'{head},"before":{before},"after":{after}}}'
