"""Facts in: CloudEvents over HTTP, recorded on the same path as a file or a topic."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.cloudevents import decode_structured
from adapters.eventstore.fates import Fate, record_each
from adapters.eventstore.ledger import Received
from adapters.evidence.notices import is_notice
from adapters.http_events import BATCH, BINARY, STRUCTURED, UnsupportedMediaError, events_in
from api import examples
from api.answering import said
from api.documented import answers
from api.errors import Problem
from api.identity import Caller, Role, allow, reads
from api.language import Lang, language
from api.parts import Having, Parts
from api.schemas.facts import Outcome
from domain.errors import UndecodableEventError
from domain.events.decode import OPTIONAL, REQUIRED
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.time.instant import Instant

router = APIRouter(tags=["facts"])
SETTLE_SECONDS = 5.0
"""How long an answer waits for the statements to take its facts in; they do so later otherwise."""
EVENT = {"$ref": "#/components/schemas/Event"}
DATA = {"type": "object", "description": "`data` alone; the attributes stand in `ce-` headers, percent-encoded."}
HEADERS = [
    {
        "name": f"ce-{name}",
        "in": "header",
        "required": False,
        "description": f"Binary mode: the attribute `{name}` of the event.",
        "schema": {"type": "string"},
    }
    for name in (*REQUIRED[:-1], *OPTIONAL[1:4])
]
BODY = {
    "required": True,
    "content": {
        STRUCTURED: {"schema": EVENT, "example": examples.EVENT},
        BATCH: {"schema": {"type": "array", "items": EVENT}, "example": [examples.EVENT]},
        BINARY: {"schema": DATA, "example": examples.EVENT["data"]},
    },
}


@router.post(
    "/events",
    summary="Record one fact or a batch",
    **answers(
        Outcome,
        examples.OUTCOME,
        "too-large",
        "unsupported-media-type",
        "malformed",
        extra={"requestBody": BODY, "parameters": HEADERS},
    ),
)
async def record(request: Request, parts: Having, known: Annotated[Caller, Depends(allow(Role.OPERATOR))]) -> Response:
    """One transaction: when the answer comes, each event is in the ledger, was there already, or is held with a reason.

    The same event twice is one fact. A body that is not JSON is refused whole; an event that is no fact, or that cannot
    be true, goes to the quarantine, and the others are recorded all the same.
    """
    try:
        bodies = events_in(request.headers.items(), await request.body())
    except UnsupportedMediaError as error:
        raise Problem("unsupported-media-type", (str(error), error.french)) from None
    except UndecodableEventError as error:
        field, english, french = error.field or "body", error.reason, error.french
        raise Problem("malformed", (str(error), error.french), errors=[(field, english, french)]) from None
    most = parts.settings.max_batch
    if len(bodies) > most:
        raise Problem("too-large", (f"The batch has more than {most} events.", f"Le lot a plus de {most} événements."))
    answer = await run_in_threadpool(_record, parts, bodies, f"api:{known.id}", language(request))
    reads(request, answer.pop("subjects"))
    return said(answer)


def _record(parts: Parts, bodies: list[bytes], origin: str, lang: Lang) -> dict[str, Any]:
    now = parts.clock()
    return recorded(parts, [Received(body, origin, _read(body, now)) for body in bodies], now, lang)


def recorded(parts: Parts, batch: list[Received], now: Instant, lang: Lang) -> dict[str, Any]:
    """Records a batch; what became of each event, and the ``subjects`` of the new facts."""
    outcome, fates = record_each(parts.ledger, batch, now)
    if outcome.recorded or outcome.waiting or outcome.quarantined:
        parts.refresher.settle(SETTLE_SECONDS)
    items = [_item(received.fact, fate, lang) for received, fate in zip(batch, fates, strict=True)]
    return {**outcome.counts(), "items": items, "subjects": outcome.subjects}


def _read(body: bytes, now: Instant) -> AnyFact | UndecodableEventError:
    try:
        return decode_structured(body, now)
    except UndecodableEventError as error:
        return error


def _item(fact: AnyFact | UndecodableEventError, fate: Fate, lang: Lang) -> dict[str, Any]:
    held = fate.held
    source, name = (None, None) if isinstance(fact, UndecodableEventError) else (fact.source, fact.id)
    return {
        "source": source,
        "id": name,
        "state": fate.state,
        "entry": None if held is None else held.number,
        "reason": None if held is None else (held.reason_fr if lang == "fr" else held.reason),
        "receipt": _receipt(fact) if fate.state in {"recorded", "duplicate"} else None,
    }


def _receipt(fact: AnyFact | UndecodableEventError) -> str | None:
    """Where the receipt of a legal notice will be."""
    if isinstance(fact, UndecodableEventError) or not is_notice(topic_of(type(fact.data))):
        return None
    return f"/v1/contracts/{quote(fact.subject, safe='')}/receipt?fact={quote(fact.ref, safe='')}"
