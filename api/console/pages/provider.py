"""Signing in with the identity provider: away to it, and back from it with its answer."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from adapters.access.browsing import Begun, SignInError
from api.console.asking import onward
from api.console.door import flow_of, going_on, keep, secure
from api.console.render import page
from api.console.router import Pages
from api.console.session import COOKIE, SECONDS, WAITING, WAITING_SECONDS, Sessions
from api.errors import Problem
from api.identity import gate_of
from api.language import language

router = Pages()
arrivals = Pages()
"""Whoever comes from the provider brings its parameters along, which are not ours to know."""
STATUS = {"state": 400, "issuer": 400, "refused": 502, "down": 503}
SEE_OTHER, FORBIDDEN = 303, 403
PATH = "/sign-in"
Next = Annotated[str, Query(max_length=2_000)]


@router.get("/sign-in/provider")
async def away(request: Request, next: Next = "/") -> Response:  # noqa: A002 - the name in the address
    """Sends the browser to the provider, with what it has to bring back in a cookie."""
    flow, lang, target = flow_of(request), language(request), onward({"next": next})
    if flow is None:
        raise Problem("not-found")
    try:
        begun, address = await flow.begin(lang)
    except SignInError as error:
        return failed(request, error, target)
    sessions: Sessions = request.app.state.sessions
    answer = RedirectResponse(address, SEE_OTHER)
    kept = sessions.seal_waiting({**begun._asdict(), "next": target, "lang": lang})
    answer.set_cookie(WAITING, kept, WAITING_SECONDS, path=PATH, secure=secure(request), httponly=True, samesite="lax")
    return answer


@arrivals.get("/sign-in/back")
async def back(request: Request) -> Response:
    """Opens a session for whom the provider says; the attempt stands in the access log either way.

    The cookie of a session does not come along where another site leads here: the page goes on by itself, so that the
    next request is our own.
    """
    access = request.scope.setdefault("greffe.access", {})
    access |= {"asked": True, "private": True}
    sessions: Sessions = request.app.state.sessions
    flow, gate = flow_of(request), gate_of(request)
    kept = sessions.open_waiting(request.cookies.get(WAITING, ""))
    request = _spoken(request, kept.get("lang"))
    target = onward(kept)
    if flow is None:
        raise Problem("not-found")
    try:
        begun = Begun(kept["state"], kept["nonce"], kept["verifier"]) if kept else None
        session = await flow.finish(begun, request.query_params, gate.now())
        sealed = sessions.seal_session(session)
    except SignInError as error:
        answer = failed(request, error, target)
    else:
        access["caller"] = await gate.identify_session(session)
        answer = going_on(request, target)
        keep(request, answer, COOKIE, sealed, min(SECONDS, max(1, (session.until - session.began) // 1_000_000)))
    answer.delete_cookie(WAITING, path=PATH, httponly=True, samesite="lax", secure=secure(request))
    return answer


def failed(request: Request, error: SignInError, target: str) -> Response:
    """Why nobody was let in, and what can be done."""
    flow = flow_of(request)
    values = {
        "why": error.why,
        "said": error.text(language(request)),
        "onward": target,
        "provider": flow.name if flow else "",
    }
    return page(request, "sign_in_failed.html", values, STATUS.get(error.why, FORBIDDEN))


def _spoken(request: Request, lang: str | None) -> Request:
    """The request in the language in which the sign-in began: the cookie that says it did not come along."""
    if lang is None or "lang" in request.cookies:
        return request
    others = [(name, value) for name, value in request.scope["headers"] if name != b"accept-language"]
    request.scope["headers"] = [*others, (b"accept-language", lang.encode())]
    return Request(request.scope)
