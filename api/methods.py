"""HEAD and OPTIONS, the same on every address: HEAD is GET without its body, OPTIONS says what is allowed."""

import re

from fastapi import FastAPI
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_CONTENT = 204


class Methods:
    """Answers HEAD by GET, and OPTIONS by the methods of the address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything else on."""
        method = scope.get("method")
        if method == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, _bodiless(send))
        elif method == "OPTIONS" and (found := allowed(scope["app"], scope["path"])):
            await send({"type": "http.response.start", "status": NO_CONTENT, "headers": [(b"allow", found.encode())]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._app(scope, receive, send)


def allowed(app: FastAPI, path: str) -> str:
    """The methods of an address, as the header Allow lists them; empty where there is no such address."""
    known: list[tuple[re.Pattern[str], set[str]]] | None = getattr(app.state, "methods", None)
    if known is None:
        paths = app.openapi()["paths"]
        known = [
            (compile_path(address)[0], {name.upper() for name in operations}) for address, operations in paths.items()
        ]
        app.state.methods = known
    found = {method for pattern, methods in known if pattern.match(path) for method in methods}
    if not found:
        return ""
    return ", ".join(sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())))


def _bodiless(send: Send) -> Send:
    done = False

    async def head_only(message: Message) -> None:
        nonlocal done
        if message["type"] == "http.response.start":
            await send(message)
        elif not done:
            done = True
            await send({"type": "http.response.body", "body": b""})

    return head_only
