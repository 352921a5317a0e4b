"""What was refused, and why: shown, decided again, given up."""

import json
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from adapters.eventstore.store import Held
from api.asking import After, Number
from api.console.asking import Sent
from api.console.downloads import Format, csv_file, json_file
from api.console.render import page
from api.console.router import Pages
from api.errors import Problem
from api.identity import Caller, Role, allow
from api.parts import Having
from api.routers import quarantine as api
from api.schemas.facts import Discarding

router = Pages(prefix="/quarantine")
SHOWN = 50
SEE_OTHER = 303
Lists = Annotated[Caller, Depends(allow(Role.OPERATOR, Role.AUDITOR))]
Decides = Annotated[Caller, Depends(allow(Role.OPERATOR))]
State = Annotated[Literal["waiting", "open", "retried", "discarded", ""], Query()]
COLUMNS = ("number", "status", "reason", "reason_fr", "source", "id", "subject", "type", "origin", "received")


@router.get("")
def entries(
    request: Request,
    parts: Having,
    known: Lists,
    status: State = "open",
    after: After = 0,
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """The entries of one state, oldest first."""
    found = parts.store.quarantine(status or None, after)
    rows = [api.entry_json(entry) for entry in found[:SHOWN]]
    if format == "csv":
        return csv_file("quarantine", COLUMNS, rows)
    if format == "json":
        return json_file("quarantine", {"entries": rows})
    values = {
        "rows": rows,
        "status": status,
        "counts": parts.store.unsettled(),
        "following": rows[-1]["number"] if len(found) > SHOWN else None,
        "decides": known.role is Role.OPERATOR,
    }
    return page(request, "quarantine.html", values)


@router.get("/{number}")
def entry(request: Request, parts: Having, known: Lists, number: Number) -> Response:
    """One entry with what was received."""
    found = parts.store.entry(number)
    if found is None:
        raise Problem("not-found")
    values = {
        "row": api.entry_json(found),
        "body": _readable(found),
        "decides": known.role is Role.OPERATOR and found.status in {"open", "waiting"},
    }
    return page(request, "quarantine_entry.html", values)


@router.post("/{number}/retry")
async def retry(parts: Having, _: Decides, number: Number, __: Sent) -> Response:
    """Decides the entry again, and shows what became of it."""
    await run_in_threadpool(api.retry, number, parts)
    return RedirectResponse(f"/quarantine/{number}", SEE_OTHER)


@router.post("/{number}/discard")
async def discard(parts: Having, _: Decides, number: Number, fields: Sent) -> Response:
    """Gives the entry up; the reason stands in the ledger."""
    try:
        why = Discarding(reason=fields.get("reason", "").strip())
    except ValidationError:
        raise Problem("malformed", ("A reason is needed.", "Il faut un motif.")) from None
    await run_in_threadpool(api.discard, number, why, parts)
    return RedirectResponse(f"/quarantine/{number}", SEE_OTHER)


def _readable(found: Held) -> str:
    """What was received, with its JSON laid out where it is some."""
    text = found.body.decode("utf-8", "backslashreplace")
    try:
        value: Any = json.loads(text)
    except ValueError:
        return text
    return json.dumps(value, indent=2, ensure_ascii=False)
