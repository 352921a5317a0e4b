"""What was refused, and why: list, show, decide again, give up."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from adapters.eventstore.store import Held, Status
from api import examples
from api.answering import said
from api.asking import After, Limit, Number
from api.documented import answers
from api.errors import Problem
from api.identity import Role, allow
from api.parts import Having, Parts
from api.routers.events import SETTLE_SECONDS
from api.schemas.facts import Counts, Discarded, Discarding, Entries, WholeEntry

router = APIRouter(tags=["quarantine"], prefix="/quarantine")
Lists = Depends(allow(Role.OPERATOR, Role.AUDITOR))
Decides = Depends(allow(Role.OPERATOR))
Statuses = Annotated[
    Status | None, Query(description="Only entries in this state; open and waiting ones are not settled.")
]


@router.get("", summary="What is held back", dependencies=[Lists], **answers(Entries, examples.ENTRIES))
def entries(parts: Having, status: Statuses = None, after: After = 0, limit: Limit = 100) -> Response:
    """Oldest first."""
    found = parts.store.quarantine(status, after)
    rows = [entry_json(entry) for entry in found[:limit]]
    return said({"entries": rows, "next": rows[-1]["number"] if len(found) > limit else None})


@router.get(
    "/{number}", summary="One entry whole", dependencies=[Lists], **answers(WholeEntry, examples.ENTRY, "not-found")
)
def entry(number: Number, parts: Having) -> Response:
    """With what was received."""
    found = _held(parts, number)
    return said(entry_json(found) | {"event": found.body.decode("utf-8", "backslashreplace")})


@router.post(
    "/retry", summary="Decide every open entry again", dependencies=[Decides], **answers(Counts, examples.COUNTS)
)
def retry_all(parts: Having) -> Response:
    """What comes in now is recorded; the others stay, with their reason of today."""
    return _retried(parts, None)


@router.post(
    "/{number}/retry",
    summary="Decide one entry again",
    dependencies=[Decides],
    **answers(Counts, examples.COUNTS, "not-found", "conflict"),
)
def retry(number: Number, parts: Having) -> Response:
    """Recorded if it comes in now; otherwise it stays, with its reason of today."""
    _unsettled(parts, number)
    return _retried(parts, [number])


@router.post(
    "/{number}/discard",
    summary="Give an entry up for good",
    dependencies=[Decides],
    **answers(Discarded, {"discarded": 12}, "not-found", "conflict", "malformed"),
)
def discard(number: Number, said_why: Discarding, parts: Having) -> Response:
    """The decision is itself an event of the ledger; the entry stays readable."""
    _unsettled(parts, number)
    parts.ledger.discard(number, said_why.reason, parts.clock())
    parts.refresher.settle(SETTLE_SECONDS)
    return said({"discarded": number})


def entry_json(held: Held) -> dict[str, Any]:
    """An entry as ``greffe quarantine list`` prints it."""
    return {
        "number": held.number,
        "status": held.status,
        "reason": held.reason,
        "reason_fr": held.reason_fr,
        "source": held.source,
        "id": held.fact_id,
        "subject": held.subject,
        "type": held.type,
        "origin": held.origin,
        "received": held.received,
    }


def _retried(parts: Parts, numbers: list[int] | None) -> Response:
    outcome = parts.ledger.retry(numbers, parts.clock())
    parts.refresher.settle(SETTLE_SECONDS)
    return said(outcome.counts())


def _held(parts: Parts, number: int) -> Held:
    found = parts.store.entry(number)
    if found is None:
        raise Problem("not-found")
    return found


def _unsettled(parts: Parts, number: int) -> None:
    status = _held(parts, number).status
    if status in ("retried", "discarded"):
        words = {"retried": "reprise", "discarded": "abandonnée"}
        detail = (f"Entry {number} is {status} already.", f"L'entrée {number} est déjà {words[status]}.")
        raise Problem("conflict", detail)
