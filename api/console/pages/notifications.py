"""Who is told what, what became of it, and the button that says that somebody deals with it."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from adapters.notify.rows import NotificationSearch, Told
from adapters.notify.words import headline
from api.asking import LONGEST
from api.console.asking import Sent, onward
from api.console.downloads import Format, csv_file, json_file
from api.console.render import page
from api.console.router import Pages
from api.identity import EVERY, READERS, Caller, allow, reads
from api.language import Lang, language
from api.parts import Having
from api.routers import notifications as api
from projections.figures import HARD

router = Pages(prefix="/notifications")
SHOWN = 50
SEE_OTHER = 303
TAKERS = tuple(role for role in api.TAKERS if role in READERS)
Takes = Annotated[Caller, Depends(allow(*TAKERS))]
State = Annotated[Literal["open", "waiting", "taken", "sent", "failed", "doubtful", "withdrawn", ""], Query()]
Words = Annotated[str, Query(max_length=LONGEST, pattern=api.PLAIN)]
After = Annotated[str, Query(max_length=LONGEST)]
CHOICES = ("open", "waiting", "taken", "sent", "failed", "doubtful", "withdrawn")
PLACES = {"deadline": "deadlines", "budget": "service-levels", "support": "support"}
"""Which page of a contract shows what was told."""
COLUMNS = (
    "id", "contract", "kind", "rule", "title.en", "title.fr", "threshold", "passed", "due", "recipient", "told_by",
    "severity", "state", "message.state", "message.attempts", "message.error", "repeats", "release", "sent",
    "acknowledged", "thing",
)  # fmt: skip


@router.get("")
def notifications(
    request: Request,
    parts: Having,
    known: api.Reads,
    state: State = "",
    contract: Words = "",
    recipient: Words = "",
    after: After = "",
    format: Format = "html",  # noqa: A002 - the name in the address
) -> Response:
    """The last to be released first; the filters add up."""
    reads(request, [contract or EVERY])
    wanted = NotificationSearch(
        api.seen(known, contract or None),
        () if state in ("", "doubtful") else ("sent",) if state == "open" else (state,),
        recipient or None,
        False if state == "open" else None,
        True if state == "doubtful" else None,
    )
    found, following = api.page_of(parts, wanted, after or None, SHOWN)
    rows = [api.notification_json(one) for one in found]
    if format == "csv":
        return csv_file("notifications", COLUMNS, rows)
    if format == "json":
        return json_file("notifications", {"notifications": rows, "next": following})
    asked = {name: value for name, value in (("contract", contract), ("recipient", recipient)) if value}
    stated = asked | ({"state": state} if state else {})
    lang = language(request)
    values = {
        "rows": [row | _shown(one, stated, lang) for row, one in zip(rows, found, strict=True)],
        "choices": [("", _address(asked)), *((name, _address(asked | {"state": name})) for name in CHOICES)],
        "chosen": state,
        "asked": asked,
        "stated": stated,
        "this": _address(stated | ({"after": after} if after else {})),
        "first": _address(stated) if after else None,
        "following": None if following is None else _address(stated | {"after": following}),
        "takes": known.role in TAKERS,
        "now": parts.clock(),
    }
    return page(request, "notifications.html", values)


@router.post("/{notification}/acknowledge")
async def acknowledge(
    request: Request, parts: Having, known: Takes, notification: api.NotificationId, fields: Sent
) -> Response:
    """Says that somebody deals with it, and goes back to the list."""
    await run_in_threadpool(api.take_up, request, parts.store, known, notification, parts.clock())
    return RedirectResponse(onward(fields), SEE_OTHER)


def _shown(told: Told, stated: dict[str, str], lang: Lang) -> dict[str, Any]:
    """What a row shows beside its fields: its headline, where it leads, and the list of its recipient alone."""
    one = told.notification
    says: dict[str, Any] = json.loads(one.body)
    return {
        "headline": headline(says, lang).replace(" : ", f"{HARD}: "),
        "place": f"/contracts/{quote(one.contract, safe='')}/{PLACES[says['kind']]}",
        "to": _address(stated | {"recipient": one.recipient}),
        "of": _address(stated | {"contract": one.contract}),
    }


def _address(asked: dict[str, str]) -> str:
    return f"/notifications?{urlencode(asked)}" if asked else "/notifications"
