"""How much of the server one request and one caller may have: size, time, how many at once, how many a minute.

Size, time and number are judged before anything is decoded or looked up; the rate once it is known who calls.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from limits import parse
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.settings.server import ServerSettings
from api.errors import Problem
from api.identity import Caller, addressed, caller
from api.language import language
from domain.time.instant import Instant

TOO_LARGE = 413
MICROSECONDS = 1_000_000
MOST_COUNTED = 10_000
DROPPED = "/evidence/verify"
"""Where bundles come in, which are longer than events."""
EVENT_STREAM = b"text/event-stream"


class Bounds:
    """Refuses a body that is too long, a request too many at once, and an answer that does not begin in time.

    A request over its time is answered at once; what it had begun runs to its end unheard, and counts until then.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._settings = settings
        self._running = 0
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on within its bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        settings = self._settings
        most = settings.max_bundle_bytes if scope["path"] == DROPPED else settings.max_body_bytes
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            await _refuse(scope, receive, send, Problem("too-large", headers={"Connection": "close"}))
            return
        if self._running >= settings.most_at_once:
            await _refuse(scope, receive, send, Problem("unavailable"))
            return
        read = 0
        started = late = stream = False

        async def bounded_receive() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(TOO_LARGE)
            return message

        async def timely_send(message: Message) -> None:
            nonlocal started, stream
            if late:
                return
            if not started:
                started = True
                timer.cancel()
                stream = (b"content-type", EVENT_STREAM) in [(n, v[: len(EVENT_STREAM)]) for n, v in message["headers"]]
                self._running -= stream  # a stream lasts for hours and does next to nothing
            await send(message)

        def expire() -> None:
            nonlocal late
            late = True
            task = asyncio.ensure_future(_refuse(scope, receive, send, Problem("too-slow")))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

        self._running += 1
        timer = asyncio.get_running_loop().call_later(settings.seconds, expire)
        try:
            await self._app(scope, bounded_receive, timely_send)
        finally:
            timer.cancel()
            self._running -= not stream


async def _refuse(scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
    await problem.response(language(HTTPConnection(scope)), scope["path"])(scope, receive, send)


class Pace:
    """Counts the requests of each caller against a rate such as ``600/minute``; ``now`` is its clock.

    The window slides: of the one before, what it still covers counts. Each process counts its own: counting together
    would be a write in a database for every request.
    """

    def __init__(self, rate: str, now: Callable[[], Instant]) -> None:
        item = parse(rate)
        self._most = item.amount
        self._span = item.get_expiry() * MICROSECONDS
        self._now = now
        self._counts: dict[str, tuple[int, int, int]] = {}

    def check(self, name: str) -> None:
        """Counts one request. Raises Problem when it is one too many."""
        window, elapsed = divmod(self._now(), self._span)
        seen, count, before = self._counts.get(name, (window, 0, 0))
        if seen != window:
            count, before = 0, count if seen == window - 1 else 0
        if before * (self._span - elapsed) + (count + 1) * self._span > self._most * self._span:
            free = self._span if count >= self._most else self._span - (self._most - count - 1) * self._span // before
            wait = -(-(free - elapsed) // MICROSECONDS)
            raise Problem("too-many-requests", headers={"Retry-After": str(max(1, wait))})
        if len(self._counts) >= MOST_COUNTED:
            self._counts = {one: kept for one, kept in self._counts.items() if kept[0] >= window - 1}
        self._counts[name] = (window, count + 1, before)


async def paced(request: Request, known: Annotated[Caller, Depends(caller)]) -> Caller:
    """The caller, counted."""
    pace: Pace = request.app.state.pace
    pace.check(known.id)
    return known


async def paced_by_address(request: Request, known: Annotated[Caller, Depends(addressed)]) -> Caller:
    """The caller whose secret address was asked, counted with the rest of what the caller asks."""
    pace: Pace = request.app.state.pace
    pace.check(known.id)
    return known
