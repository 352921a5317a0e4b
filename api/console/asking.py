"""What a form sends: read once, within the page's own session, from our own pages alone."""

from typing import Annotated, NamedTuple
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.formparsers import MultiPartException, MultiPartParser

from api.console.session import Sessions
from api.errors import Problem

FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"
MOST_FILES, MOST_FIELDS = 4, 10
ELSEWHERE = (
    "This form was not sent from a page of this session.",
    "Ce formulaire ne vient pas d'une page de la session.",
)
Fields = dict[str, str]


async def sent(request: Request) -> Fields:
    """The fields of a form, the first of each name. Raises Problem where another site may have sent it."""
    _from_here(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise Problem("unsupported-media-type", (FORM, FORM))
    raw = (await request.body()).decode("utf-8", "replace")
    fields = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
    _of_this_session(request, fields)
    return fields


class Given(NamedTuple):
    """A file that a form brings."""

    name: str
    data: bytes


async def sent_with_files(request: Request) -> tuple[Fields, list[Given]]:
    """As ``sent``, for a form with files, which are held in memory alone. Raises Problem for what is none."""
    _from_here(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != FILES:
        raise Problem("unsupported-media-type", (FILES, FILES))
    parser = MultiPartParser(request.headers, request.stream(), max_files=MOST_FILES, max_fields=MOST_FIELDS)
    parser.spool_max_size = request.app.state.parts.settings.max_bundle_bytes
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Problem("malformed", (error.message, error.message)) from None
    try:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        _of_this_session(request, fields)
        given = [one for _, one in form.multi_items() if not isinstance(one, str)]
        files = [Given(one.filename or "", await one.read()) for one in given]
    finally:
        await form.close()
    return fields, [one for one in files if one.name or one.data]


def _from_here(request: Request) -> None:
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or (origin is not None and origin.partition("://")[2] != request.url.netloc):
        raise Problem("forbidden", ELSEWHERE)


def _of_this_session(request: Request, fields: Fields) -> None:
    session: str | None = request.scope["greffe.console"]["session"]
    sessions: Sessions = request.app.state.sessions
    if session is not None and not sessions.matches(session, fields.get("token", "")):
        raise Problem("forbidden", ELSEWHERE)


Sent = Annotated[Fields, Depends(sent)]
SentWithFiles = Annotated[tuple[Fields, list[Given]], Depends(sent_with_files)]


def onward(fields: Fields) -> str:
    """Where to go next: an address of ours, or the first page."""
    wanted = fields.get("next", "")
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/"
