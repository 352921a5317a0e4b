"""Coming in and going out, the language and the theme, and the files that pages are dressed with."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials
from starlette.responses import RedirectResponse, Response

from api.console.asking import Sent, onward
from api.console.render import THEMES, asset, assets, page
from api.console.session import COOKIE, SECONDS, Sessions
from api.errors import Problem
from api.identity import caller
from api.language import language

router = APIRouter()
FOR_EVER = "public, max-age=31536000, immutable"
SEE_OTHER = 303
YEAR = 31_536_000
Next = Annotated[str, Query(max_length=2_000)]


@router.get("/sign-in")
async def sign_in(request: Request, next: Next = "/") -> Response:  # noqa: A002 - the name in the address
    """The form; whoever comes from a page of theirs goes back to it."""
    ended = request.scope["greffe.console"].get("ended", False)
    return page(request, "sign_in.html", {"onward": onward({"next": next}), "problem": None, "ended": ended})


@router.post("/sign-in")
async def enter(request: Request, fields: Sent) -> Response:
    """Opens a session for a key that the gate knows; the attempt stands in the access log either way."""
    credential = fields.get("key", "").strip()
    try:
        await caller(request, HTTPAuthorizationCredentials(scheme="Bearer", credentials=credential))
    except Problem as problem:
        told = problem.body(language(request))
        values = {"onward": onward(fields), "problem": told, "ended": False}
        answer = page(request, "sign_in.html", values, told["status"])
        answer.headers.update({name: value for name, value in problem.headers.items() if name == "Retry-After"})
        return answer
    sessions: Sessions = request.app.state.sessions
    answer = RedirectResponse(onward(fields), SEE_OTHER)
    _keep(request, answer, COOKIE, sessions.seal(credential), SECONDS)
    return answer


@router.post("/sign-out")
async def leave(request: Request, _: Sent) -> Response:
    """Ends the session in this browser."""
    answer = RedirectResponse("/sign-in", SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=_secure(request))
    return answer


@router.post("/preferences")
async def preferences(request: Request, fields: Sent) -> Response:
    """Keeps the language and the theme in this browser, and goes back."""
    answer = RedirectResponse(onward(fields), SEE_OTHER)
    if fields.get("lang") in {"en", "fr"}:
        _keep(request, answer, "lang", fields["lang"], YEAR)
    if fields.get("theme") in THEMES:
        _keep(request, answer, "theme", fields["theme"], YEAR)
    return answer


@router.get("/assets/{version}/{name}")
async def file(version: str, name: Annotated[str, Path(max_length=50)]) -> Response:
    """A style sheet, a script or a drawing; its address changes with what it holds."""
    if name not in assets() or asset(name)[2] != version:
        raise Problem("not-found")
    body, kind, _ = asset(name)
    return Response(body, media_type=kind, headers={"Cache-Control": FOR_EVER})


def _keep(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=_secure(request), httponly=True, samesite="strict")


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
