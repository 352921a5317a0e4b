"""New facts and changes of deadlines as they come, as server-sent events."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.cloudevents import encode
from api import examples
from api.errors import Problem, unreadable
from api.identity import EVERY, READERS, Caller, allow, reads, renewed
from api.parts import Having, Parts
from api.tail import Place, Tail, place_of
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
    """Each fact once, in the order it was recorded, then the deadlines it opened, settled or moved.

    The id of an event is where to go on: a reader that comes back with `Last-Event-ID` misses nothing and gets no fact
    twice. A change of a deadline may come again after a break; it says how the deadline stood before and after.
    """
    reads(request, contract or [EVERY])
    if any(not known.sees(name) for name in contract or ()):
        raise Problem("not-found")
    tail: Tail = request.app.state.tail
    if tail.listeners >= parts.settings.most_streams:
        raise Problem("unavailable")
    end = await run_in_threadpool(lambda: tail.end)
    place = Place(end, end)
    if last_event_id is not None:
        try:
            place = place_of(last_event_id)
        except ValueError:
            raise unreadable("Last-Event-ID", *NOT_A_PLACE) from None
    told = _told(request, parts, tail, known, place, frozenset(contract or ()))
    return EventSourceResponse(told, ping=PING_SECONDS, headers={"Cache-Control": "no-store"})


async def _told(
    request: Request, parts: Parts, tail: Tail, known: Caller, place: Place, only: frozenset[str]
) -> AsyncIterator[ServerSentEvent]:
    tail.listeners += 1
    try:
        yield ServerSentEvent(comment="listening", retry=RETRY_MS)
        async for event in _following(request, parts, tail, known, place, only):
            yield event
    finally:
        tail.listeners -= 1


async def _following(
    request: Request, parts: Parts, tail: Tail, known: Caller, place: Place, only: frozenset[str]
) -> AsyncIterator[ServerSentEvent]:
    renewed_at = time.monotonic()
    while True:
        if time.monotonic() - renewed_at > RENEW_SECONDS:
            known, renewed_at = await renewed(request), time.monotonic()
        end = await run_in_threadpool(lambda: tail.end)
        page = await run_in_threadpool(tail.facts, place.facts, end)
        if not page:
            await tail.wait()
            continue
        known, renewed_at = await renewed(request), time.monotonic()
        for position, fact in page:
            place = Place(position, place.deadlines)
            if known.sees(fact.subject) and (not only or fact.subject in only):
                said = dump({"position": position, "event": encode(fact)})
                yield ServerSentEvent(said, event="fact", id=str(place))
        mine = await run_in_threadpool(parts.store.views)
        mine = [name for name in mine if known.sees(name) and (not only or name in only)]
        touched = tail.touched((fact for _, fact in page), mine)
        changes = await run_in_threadpool(tail.changes, touched, *reversed(place))
        for number, change in enumerate(changes, 1):
            told = Place(place.facts, place.facts if number == len(changes) else place.deadlines)
            yield ServerSentEvent(dump(change), event="deadline", id=str(told))
        place = Place(place.facts, place.facts)
