"""What the ways in and out share: cookies, and a page that goes on by itself."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from adapters.access.browsing import CodeFlow
from api.console.render import page
from api.parts import Parts

SAFE = ":/%#?=@[]!$&'()*+,;"


def keep(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    """Sets a cookie that no script can read and no other site can send."""
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=secure(request), httponly=True, samesite="strict")


def secure(request: Request) -> bool:
    """Whether a cookie may be sent over https alone: this request came so, or people reach us so through a proxy."""
    parts: Parts = request.app.state.parts
    return request.url.scheme == "https" or parts.settings.public_address.startswith("https:")


def flow_of(request: Request) -> CodeFlow | None:
    """How people sign in with the provider; None where the settings name none."""
    found: CodeFlow | None = request.app.state.flow
    return found


def going_on(request: Request, target: str) -> Response:
    """A page that goes on by itself: the next request is our own, and takes along what no other site can send."""
    answer = page(request, "going_on.html", {"target": target})
    answer.headers["Refresh"] = f"0; url={quote(target, safe=SAFE)}"
    return answer
