"""Coming in and going out, the language and the theme, and the files that pages are dressed with."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials
from starlette.responses import RedirectResponse, Response

from adapters.access.browsing import SignInError
from adapters.access.model import Session
from api.console.asking import Sent, onward
from api.console.door import flow_of, keep, secure
from api.console.render import THEMES, asset, assets, page
from api.console.router import Pages
from api.console.session import COOKIE, SECONDS, Sessions
from api.errors import Problem
from api.identity import caller, gate_of
from api.language import language

router = Pages()
FOR_EVER = "public, max-age=31536000, immutable"
SEE_OTHER = 303
YEAR = 31_536_000
Next = Annotated[str, Query(max_length=2_000)]


@router.get("/sign-in")
async def sign_in(request: Request, next: Next = "/") -> Response:  # noqa: A002 - the name in the address
    """The form; whoever comes from a page of theirs goes back to it."""
    ended = request.scope["greffe.console"].get("ended", False)
    return page(request, "sign_in.html", _door(request, onward({"next": next}), ended=ended))


@router.post("/sign-in")
async def enter(request: Request, fields: Sent) -> Response:
    """Opens a session for a key that the gate knows; the attempt stands in the access log either way."""
    credential = fields.get("key", "").strip()
    try:
        await caller(request, HTTPAuthorizationCredentials(scheme="Bearer", credentials=credential))
    except Problem as problem:
        told = problem.body(language(request))
        answer = page(request, "sign_in.html", _door(request, onward(fields), told), told["status"])
        answer.headers.update({name: value for name, value in problem.headers.items() if name == "Retry-After"})
        return answer
    sessions: Sessions = request.app.state.sessions
    answer = RedirectResponse(onward(fields), SEE_OTHER)
    keep(request, answer, COOKIE, sessions.seal(credential), SECONDS)
    return answer


def _door(
    request: Request, target: str, problem: dict[str, Any] | None = None, *, ended: bool = False
) -> dict[str, Any]:
    """What the door shows."""
    flow = flow_of(request)
    return {"onward": target, "problem": problem, "ended": ended, "provider": None if flow is None else flow.name}


@router.post("/sign-out")
async def leave(request: Request, _: Sent) -> Response:
    """Ends the session: of a key in this browser; of the provider for whoever holds it, and then over there too."""
    session: Session | None = request.scope.get("greffe.session")
    if session is None:
        answer: Response = RedirectResponse("/sign-in", SEE_OTHER)
    else:
        await gate_of(request).end_session(session)
        answer = await _away(request, session)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=secure(request))
    return answer


async def _away(request: Request, session: Session) -> Response:
    """Says that the session is over, and leads to where the provider ends its own, if it has such a place."""
    flow, address, down = flow_of(request), None, False
    try:
        address = None if flow is None else await flow.leaving(session)
    except SignInError:
        down = True
    values = {"provider": "" if flow is None else flow.name, "address": address, "down": down}
    answer = page(request, "signed_out.html", values)
    if address is not None:
        answer.headers["Refresh"] = f"0; url={address}"
    return answer


@router.post("/preferences")
async def preferences(request: Request, fields: Sent) -> Response:
    """Keeps the language and the theme in this browser, and goes back."""
    answer = RedirectResponse(onward(fields), SEE_OTHER)
    if fields.get("lang") in {"en", "fr"}:
        keep(request, answer, "lang", fields["lang"], YEAR)
    if fields.get("theme") in THEMES:
        keep(request, answer, "theme", fields["theme"], YEAR)
    return answer


@router.get("/assets/{version}/{name}")
async def file(version: str, name: Annotated[str, Path(max_length=50)]) -> Response:
    """A style sheet, a script or a drawing; its address changes with what it holds."""
    if name not in assets() or asset(name)[2] != version:
        raise Problem("not-found")
    body, kind, _ = asset(name)
    return Response(body, media_type=kind, headers={"Cache-Control": FOR_EVER})
