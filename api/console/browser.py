"""Between a browser and the routes: cookies become the headers the routes know, refusals become pages.

Only on the console's own addresses. The API's take no cookie: a page of another site can make nobody's browser call
them. Every answer of the console forbids scripts and styles that are not its own, framing, and any request elsewhere.
"""

import json
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.access.model import Session
from api.console.session import COOKIE, Sessions
from api.errors import MEDIA, Problem
from api.language import language

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOT_OURS = ("/v1", "/health", "/ready", "/metrics", "/problems")
LANGUAGES = ("en", "fr")
UNAUTHENTICATED, FAULT = 401, 500
SEE_OTHER = 303


def ours(path: str) -> bool:
    """Whether an address is one of the console's."""
    return not any(path == other or path.startswith(f"{other}/") for other in NOT_OURS)


class Browser:
    """Around the console's routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on as the routes know it; holds a refusal back to answer a page instead."""
        if scope["type"] != "http" or not ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        _translate(scope)
        pages = "text/html" in Headers(scope=scope).get("accept", "")
        held: Message | None = None
        body = b""
        started = False

        async def dressed(message: Message) -> None:
            nonlocal held, body, started
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "private, no-store")
                if pages and headers.get("content-type") == MEDIA:
                    held = message
                    return
            elif held is not None:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                answer = _page(scope, held, json.loads(body))
                started = True
                await answer(scope, receive, send)
                return
            started = True
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except Exception:
            if pages and not started:
                fault = {"status": FAULT, **Problem("internal").body(language(Request(scope)))}
                await _page(scope, {"headers": []}, fault)(scope, receive, send)
            raise


def _translate(scope: Scope) -> None:
    """The session and the language that the cookies hold, as the headers that say the same."""
    headers = MutableHeaders(scope=scope)
    cookies = _cookies(headers.get("cookie", ""))
    kept: dict[str, Any] = {"session": None, "theme": cookies.get("theme", "auto")}
    if cookies.get("lang") in LANGUAGES:
        headers["accept-language"] = cookies["lang"]
    sealed = cookies.get(COOKIE)
    if sealed is not None and "authorization" not in headers:
        sessions: Sessions = scope["app"].state.sessions
        credential = sessions.open(sealed)
        kept["ended"] = credential is None
        if credential is not None:
            kept["session"] = sealed
        if isinstance(credential, Session):
            scope["greffe.session"] = credential
        elif credential is not None:
            headers["authorization"] = f"Bearer {credential}"
    scope["greffe.console"] = kept


def _cookies(header: str) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _page(scope: Scope, held: Message, problem: dict[str, Any]) -> Response:
    """A refusal as a page; who is not known is asked to sign in, and comes back to where they were."""
    from api.console.render import refusal  # noqa: PLC0415 - templates are read once something is to be shown

    request = Request(scope)
    if problem["status"] == UNAUTHENTICATED and scope["method"] == "GET":
        answer = _asked_in(request)
    else:
        answer = refusal(request, problem)
    answer.headers.update(HEADERS | {"Cache-Control": "private, no-store"})
    retry = Headers(raw=held["headers"]).get("retry-after")
    if retry is not None:
        answer.headers["Retry-After"] = retry
    return answer


def _asked_in(request: Request) -> Response:
    """To the door, or to the provider where its session only ran out; who came from elsewhere is looked at again.

    A link on another site, in a mail for one, brings no session along: the page that follows by itself does.
    """
    from api.console.door import flow_of, going_on  # noqa: PLC0415 - reads the templates

    scope = request.scope
    here = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
    if request.headers.get("sec-fetch-site") == "cross-site" and COOKIE not in request.cookies:
        return going_on(request, here)
    session: Session | None = scope.get("greffe.session")
    over = session is not None and flow_of(request) is not None and session.until <= scope["app"].state.gate.now()
    answer = RedirectResponse(f"/sign-in{'/provider' if over else ''}?next={quote(here, safe='')}", SEE_OTHER)
    if scope["greffe.console"]["session"] is not None:
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer
