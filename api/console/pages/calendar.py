"""The secret addresses of one's calendar: made here and shown once, listed, ended."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request
from starlette.responses import RedirectResponse, Response

from adapters.access.feeds import create_feed, has_addresses
from adapters.access.keys import DEFAULT_DAYS, MOST_DAYS
from adapters.access.model import AccessError
from adapters.access.telling import feed_json
from api.console.asking import Sent
from api.console.downloads import Format, csv_file, json_file
from api.console.render import page
from api.console.router import Pages
from api.errors import Problem
from api.identity import READERS, Caller, allow, gate_of
from api.language import language
from api.parts import Having

router = Pages()
Holder = Annotated[Caller, Depends(allow(*READERS))]
FeedId = Annotated[str, Path(pattern=r"^feed-[0-9a-f]{12}$")]
COLUMNS = ("id", "state", "created", "expires", "revoked")
SEE_OTHER, UNPROCESSABLE = 303, 422
PARTIES = ("client", "provider")


@router.get("/calendar")
def calendar(request: Request, known: Holder, format: Format = "html") -> Response:  # noqa: A002 - in the address
    """One's addresses, and the form that makes another."""
    if format != "html":
        rows = _rows(request, known)
        return csv_file("calendars", COLUMNS, rows) if format == "csv" else json_file("calendars", {"feeds": rows})
    return page(request, "calendar.html", _values(request, known))


@router.post("/calendar")
def make(request: Request, parts: Having, known: Holder, fields: Sent) -> Response:
    """Makes an address and shows it, this once."""
    gate = gate_of(request)
    text = fields.get("days", str(DEFAULT_DAYS))
    try:
        days = int(text) if text.isdecimal() and len(text) < len(str(MOST_DAYS)) + 1 else 0
        feed, secret = create_feed(gate.store, known.id, gate.now(), days)
    except AccessError as error:
        values = _values(request, known, wrong=error.text(language(request)))
        return page(request, "calendar.html", values, UNPROCESSABLE)
    asked = f"?lang={language(request)}"
    if fields.get("owed_by") in PARTIES:
        asked += f"&owed_by={fields['owed_by']}"
    base = parts.settings.public_address or str(request.base_url).rstrip("/")
    values = _values(request, known, made=feed.id, address=f"{base}/v1/calendar/{secret}.ics{asked}")
    return page(request, "calendar.html", values)


@router.post("/calendar/{feed}/revoke")
def revoke(request: Request, feed: FeedId, known: Holder, _: Sent) -> Response:
    """Ends one of one's addresses at once; that of another is not there."""
    gate = gate_of(request)
    if feed not in {one.id for one in gate.store.feeds(known.id)}:
        raise Problem("not-found")
    try:
        gate.store.revoke_feed(feed, gate.now())
    except AccessError as error:
        raise Problem("conflict", (error.english, error.french)) from None
    return RedirectResponse("/calendar", SEE_OTHER)


def _rows(request: Request, known: Caller) -> list[dict[str, Any]]:
    """One's addresses, newest first."""
    gate = gate_of(request)
    at = gate.now()
    return [feed_json(feed, at) for feed in gate.store.feeds(known.id)][::-1]


def _values(request: Request, known: Caller, **more: Any) -> dict[str, Any]:
    return {
        "rows": _rows(request, known),
        "by_key": has_addresses(known.id),
        "days": DEFAULT_DAYS,
        "most": MOST_DAYS,
        "made": None,
        "address": None,
        "wrong": None,
        **more,
    }
