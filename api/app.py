"""The HTTP API: routes, limits, errors and documentation around the parts it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from adapters.access.browsing import CodeFlow
from adapters.access.gate import Gate
from adapters.evidence.judging import Judge
from api import openapi
from api.answering import PACKING, WORTH_PACKING, Packed
from api.asking import known_parameters
from api.console.browser import Browser
from api.console.pages import provider
from api.console.pages.agreements import Worded
from api.console.routes import DOORS, PAGES, SUBJECTS
from api.console.session import Sessions
from api.console.statements import Reader
from api.errors import add_handlers
from api.identity import Recorded
from api.limits import Bounds, Pace, paced, paced_by_address
from api.methods import Methods
from api.observed import Observed
from api.parts import Parts
from api.recent import Recent
from api.routers import (
    access,
    audits,
    bundles,
    calendar,
    contracts,
    deadlines,
    disputes,
    documents,
    events,
    facts,
    hooks,
    log,
    notifications,
    quarantine,
    service,
    statements,
    stream,
    texts,
)
from api.summaries import Summaries
from api.tail import Tail

VERSION = "1"
NOUNS = (
    *(contracts, statements, bundles, deadlines, calendar, notifications, disputes, documents, facts, events, hooks),
    *(stream, log, quarantine, texts, access, audits),
)


def create_app(parts: Parts, gate: Gate, flow: CodeFlow | None = None) -> FastAPI:
    """The application. ``gate`` says who calls; ``flow`` signs people in with an identity provider."""
    tail = Tail(parts.ledger)
    reader = Reader()
    summaries = Summaries(reader)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def turned() -> None:
            loop.call_soon_threadsafe(tail.turned)
            summaries.warm(parts)

        parts.refresher.start(turned)
        try:
            yield
        finally:
            parts.refresher.stop()

    app = routed()
    app.router.lifespan_context = running
    app.state.parts = parts
    app.state.gate = gate
    app.state.flow = flow
    app.state.packed = Packed()
    app.state.tail = tail
    app.state.recent = Recent(lambda: parts.refresher.turns)
    app.state.pace = Pace(parts.settings.rate, gate.now)
    secret = parts.settings.session_secret
    app.state.sessions = Sessions(None if secret is None else secret.get_secret_value())
    app.state.statements = reader
    app.state.summaries = summaries
    app.state.worded = Worded(parts.switches)
    app.state.judge = Judge()
    app.user_middleware = [
        Middleware(Observed),
        Middleware(Methods),
        Middleware(GZipMiddleware, minimum_size=WORTH_PACKING, compresslevel=PACKING),
        Middleware(Browser),
        Middleware(Bounds, settings=parts.settings),
        Middleware(Recorded),
    ]
    return app


def routed() -> FastAPI:
    """The routes and their documentation, with nothing behind them."""
    app = FastAPI(
        title="Greffe",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    known, pace = Depends(known_parameters), Depends(paced)
    # Each router stands in the application itself: one within another is searched once more for every request. Pages
    # come first, and pass by what is not for them.
    for door in DOORS:
        app.include_router(door.router, dependencies=[known], **PAGES)
    for subject in SUBJECTS:
        app.include_router(subject.router, dependencies=[pace, known], **PAGES)
    app.include_router(provider.arrivals, **PAGES)
    for noun in NOUNS:
        app.include_router(noun.router, prefix="/v1", dependencies=[pace, known])
    app.include_router(calendar.addresses, prefix="/v1", dependencies=[Depends(paced_by_address), known])
    app.include_router(service.router, dependencies=[known])
    add_handlers(app)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app
