"""Who is told what about which contract, what became of it, and that somebody deals with it."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field, TypeAdapter
from starlette.responses import Response

from adapters.eventstore.store import Store
from adapters.notify.rows import Cursor, Message, NotificationSearch, Told
from api import examples
from api.answering import said
from api.asking import LONGEST, Limit, Text
from api.documented import answers
from api.errors import Problem, unreadable
from api.identity import EVERY, READERS, Caller, Role, allow, reads
from api.parts import Having, Parts
from api.schemas.notifications import Acknowledged, Notifications
from domain.time.instant import Instant, format_instant
from projections.spelling import dump

router = APIRouter(tags=["deadlines"], prefix="/notifications")
TAKERS = (Role.OPERATOR, Role.DESK, Role.CLIENT)
"""Who may say that somebody deals with a matter: the parties, and who runs the ledger. The others judge or counsel."""
ID = r"^[0-9a-f]{32}$"
PLAIN = r"^[^\x00-\x1f\x7f]*$"
LAST = 2**63 - 1
REPEATS = "doubt:"
NOT_SENT = (
    "It was not sent yet: there is nothing to take up.",
    "Elle n'a pas encore été envoyée : il n'y a rien à prendre en charge.",
)
TAKEN_UP = ("It is acknowledged already.", "Elle est déjà prise en charge.")
Reads = Annotated[Caller, Depends(allow(*READERS))]
Takes = Annotated[Caller, Depends(allow(*TAKERS))]
State = Literal["waiting", "taken", "sent", "failed", "withdrawn"]
States = Annotated[list[State] | None, Query(description="Only notifications in this state; may be repeated.")]
Named = Annotated[str | None, Query(min_length=1, max_length=LONGEST, pattern=PLAIN, description="Only of this one.")]
TakenUp = Annotated[bool | None, Query(description="Only those that somebody deals with, or that nobody does.")]
Doubtful = Annotated[
    bool | None,
    Query(description="Only those that are repeated because an earlier message is in doubt, or only the others."),
]
NotificationId = Annotated[str, Path(pattern=ID, description="The notification, as a message names it.")]
_Instant = Annotated[int, Field(ge=-LAST, le=LAST)]
_CURSOR: TypeAdapter[Cursor] = TypeAdapter(tuple[_Instant, _Instant, Annotated[str, Field(pattern=ID)]])


@router.get(
    "",
    summary="Who is told what, about every contract of the caller",
    **answers(Notifications, examples.NOTIFICATIONS),
)
def notifications(
    request: Request,
    parts: Having,
    known: Reads,
    contract: Named = None,
    state: States = None,
    recipient: Named = None,
    acknowledged: TakenUp = None,
    doubtful: Doubtful = None,
    after: Text = None,
    limit: Limit = 100,
) -> Response:
    """What `greffe notify` planned, sent and could not send: the last to be released first."""
    reads(request, [contract or EVERY])
    wanted = NotificationSearch(seen(known, contract), tuple(state or ()), recipient, acknowledged, doubtful)
    rows, following = page_of(parts, wanted, after, limit)
    return said({"notifications": [notification_json(row) for row in rows], "next": following})


@router.post(
    "/{notification}/acknowledge",
    summary="Say that somebody deals with it",
    **answers(Acknowledged, examples.ACKNOWLEDGED, "not-found", "conflict"),
)
def acknowledge(request: Request, notification: NotificationId, parts: Having, known: Takes) -> Response:
    """Ends its escalation, whoever was told of it: of the same deadline with the same date, budget or clock.

    Who said so, and when, stands in the access log. It changes no figure and stops no later threshold.
    """
    at = parts.clock()
    count = take_up(request, parts.store, known, notification, at)
    return said({"notification": notification, "acknowledged": count, "at": format_instant(at)})


def take_up(request: Request, store: Store, known: Caller, notification: str, at: Instant) -> int:
    """Acknowledges a notification; how many were told of it. Raises Problem where it is not there to be taken up."""
    found = store.notification(notification)
    if found is not None:
        reads(request, [found.contract])
    if found is None or not known.sees(found.contract):
        raise Problem("not-found")
    if found.acknowledged is None and found.state != "sent":
        raise Problem("conflict", NOT_SENT)
    count = 0
    if found.acknowledged is None:
        with store.notifying() as outbox:
            count = outbox.acknowledge(notification, at)
    if not count:
        raise Problem("conflict", TAKEN_UP)
    return count


def seen(known: Caller, contract: str | None) -> frozenset[str] | None:
    """The contracts that an answer may speak of; None is every one."""
    if contract is None:
        return known.contracts
    return frozenset({contract}) if known.sees(contract) else frozenset()


def page_of(
    parts: Parts, wanted: NotificationSearch, after: str | None, limit: int
) -> tuple[Sequence[Told], str | None]:
    """A page, and what the next one comes after. Raises Problem for what was not the ``next`` of one."""
    found = parts.store.told(wanted, _cursor(after), limit + 1)
    return found[:limit], dump(list(found[limit - 1].cursor)) if len(found) > limit else None


def notification_json(told: Told) -> dict[str, Any]:
    """A notification as it is told: nothing of where its recipient is reached."""
    one, message = told
    says: dict[str, Any] = json.loads(one.body)
    english, french = says["title"]
    return {
        "id": one.id,
        "contract": one.contract,
        "kind": says["kind"],
        "thing": one.thing,
        "rule": says["id"],
        "title": None if english == french == says["id"] else {"en": english, "fr": french},
        "threshold": one.threshold,
        "passed": format_instant(one.at),
        "due": says["due"],
        "recipient": one.recipient,
        "told_by": one.rule,
        "severity": one.severity,
        "state": one.state,
        "message": None if message is None else _message_json(message),
        "repeats": one.grouped.removeprefix(REPEATS) if one.grouped.startswith(REPEATS) else None,
        "release": format_instant(one.release),
        "sent": None if one.sent is None else format_instant(one.sent),
        "acknowledged": None if one.acknowledged is None else format_instant(one.acknowledged),
    }


def _message_json(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "state": message.state,
        "attempts": message.attempts,
        "error": message.error or None,
    }


def _cursor(after: str | None) -> Cursor | None:
    """Where the last page ended, as its ``next`` says it."""
    if after is None:
        return None
    try:
        return _CURSOR.validate_json(after)
    except ValueError:
        raise unreadable("after", "expected the `next` of a page", "attendu : le `next` d'une page") from None
