"""What a form sends: read once, within the page's own session, from our own pages alone."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from api.console.session import Sessions
from api.errors import Problem

FORM = "application/x-www-form-urlencoded"
ELSEWHERE = (
    "This form was not sent from a page of this session.",
    "Ce formulaire ne vient pas d'une page de la session.",
)
Fields = dict[str, str]


async def sent(request: Request) -> Fields:
    """The fields of a form, the first of each name. Raises Problem where another site may have sent it."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or (origin is not None and origin.partition("://")[2] != request.url.netloc):
        raise Problem("forbidden", ELSEWHERE)
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise Problem("unsupported-media-type", (FORM, FORM))
    raw = (await request.body()).decode("utf-8", "replace")
    fields = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
    session: str | None = request.scope["greffe.console"]["session"]
    sessions: Sessions = request.app.state.sessions
    if session is not None and not sessions.matches(session, fields.get("token", "")):
        raise Problem("forbidden", ELSEWHERE)
    return fields


Sent = Annotated[Fields, Depends(sent)]


def onward(fields: Fields) -> str:
    """Where to go next: an address of ours, or the first page."""
    wanted = fields.get("next", "")
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/"
