"""What the server says of each request: a span under the caller's trace, a log line, two figures.

The route is said without its values: a path holds the ids of contracts, a query what somebody asked.
"""

import secrets
import time

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.telemetry.logs import bound, logger
from adapters.telemetry.traces import span

REQUESTS = Counter("greffe_http_requests", "Requests, by route and status.", ["method", "route", "status"])
SECONDS = Histogram("greffe_http_seconds", "Time until an answer began, in seconds.", ["route"])
SAFE = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ID_BYTES = 8
UNKNOWN = "unknown"
VERSION = "/v1"
SERVER_ERROR = 500

log = logger("api")


class Observed:
    """Around everything else. Every answer carries ``X-Request-Id``, the id its log line has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and tells how it went when its answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = secrets.token_hex(ID_BYTES)
        method = scope["method"] if scope["method"] in SAFE else UNKNOWN
        started = time.monotonic()
        status = 0

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request
                _tell(method, route_of(scope), status, time.monotonic() - started)
            await send(message)

        with bound(request=request), span("greffe.request", Headers(scope=scope).get("traceparent")) as current:
            try:
                await self._app(scope, receive, heard)
            except Exception:
                log.exception("request failed", method=method, route=route_of(scope))
                raise
            finally:
                if current is not None:
                    said = {"method": method, "route": route_of(scope), "status": status}
                    current.set_attributes({f"greffe.{name}": value for name, value in said.items()})


def route_of(scope: Scope) -> str:
    """The route's path without values; a route of a version says its path within it."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return UNKNOWN
    return f"{VERSION}{route}" if scope["path"].startswith(f"{VERSION}/") and not route.startswith(VERSION) else route


def _tell(method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)
    told = log.error if status >= SERVER_ERROR else log.info
    told("request answered", method=method, route=route, status=status, seconds=round(seconds, 6))
