"""The facts themselves, page by page in the order they were recorded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic_core import from_json
from starlette.responses import Response

from adapters.cloudevents import encode
from adapters.eventstore.ledger import DISCARDED
from adapters.eventstore.store import Entry, Search, subject_of
from adapters.eventstore.viewing import TAKEN
from adapters.privacy.opening import Opening, closed
from api import examples
from api.answering import said, tagged
from api.asking import After, Limit, Position, Text, When
from api.documented import answers
from api.errors import Problem
from api.identity import EVERY, READERS, Caller, Role, allow, reader, reads
from api.parts import Having, Parts
from api.schemas.facts import Fact, Facts
from domain.events.decode import decode
from domain.time.instant import parse_instant
from projections.spelling import dump

router = APIRouter(tags=["facts"])
OPENERS = frozenset({Role.DESK, Role.CLIENT, Role.COUNSEL})
"""Who reads the values of persons: the parties to a contract and who counsels them. An auditor judges without them."""
Reading = Annotated[Caller, Depends(reader)]
Type = Annotated[
    list[str] | None,
    Query(
        description="Only facts of this type; may be repeated.",
        openapi_examples={"outages": {"value": ["greffe.outage.recorded.v1"]}},
    ),
]
Since = Annotated[When | None, Query(alias="from", description="Only facts that happened then or later.")]
Until = Annotated[When | None, Query(alias="to", description="Only facts that happened before.")]
RecordedSince = Annotated[When | None, Query(description="Only facts that the ledger came to know then or later.")]
RecordedUntil = Annotated[When | None, Query(description="Only facts that the ledger came to know before.")]


def chosen(
    type: Type = None,  # noqa: A002 - the attribute's name on the wire
    from_: Since = None,
    to: Until = None,
    recorded_from: RecordedSince = None,
    recorded_to: RecordedUntil = None,
    correlation: Text = None,
) -> Search:
    """The conditions of a search, but for who may be seen."""
    return Search(
        types=type or (),
        since=from_,
        until=to,
        recorded_since=recorded_from,
        recorded_until=recorded_to,
        correlation=correlation,
    )


@router.get(
    "/contracts/{contract}/facts",
    summary="The facts of a contract",
    dependencies=[Depends(reader)],
    **answers(Facts, examples.FACTS, "not-found"),
)
def facts(
    contract: str,
    parts: Having,
    known: Reading,
    conditions: Annotated[Search, Depends(chosen)],
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """In the order they were recorded. `cursor` goes on where the page ends, also later on when there is more."""
    return said(_page(parts, known, replace(conditions, subjects=frozenset({contract})), after, limit))


@router.get(
    "/contracts/{contract}/facts/{position}",
    summary="One fact",
    dependencies=[Depends(reader)],
    **answers(Fact, examples.FACT, "not-found"),
)
def fact(request: Request, contract: str, position: Position, parts: Having, known: Reading) -> Response:
    """The fact as it was recorded; values of persons are opened for who may read them."""
    for entry in parts.store.entries(position - 1, 1):
        if entry.position == position and subject_of(entry.stream) == contract and entry.topic != DISCARDED:
            (row,) = facts_json(parts, [entry], known)
            return tagged(request, dump(row).encode())
    raise Problem("not-found")


@router.get(
    "/facts",
    summary="The facts of every contract of the caller",
    **answers(Facts, examples.FACTS),
)
def all_facts(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    conditions: Annotated[Search, Depends(chosen)],
    subject: Text = None,
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """Over contracts, in the order they were recorded. Facts about a provider are for who may see every contract."""
    reads(request, [EVERY])
    subjects = known.contracts
    if subject is not None:
        subjects = frozenset({subject}) if known.sees(subject) else frozenset()
    return said(_page(parts, known, replace(conditions, subjects=subjects), after, limit))


def _page(parts: Parts, known: Caller, wanted: Search, after: int, limit: int) -> dict[str, Any]:
    end = parts.store.position(TAKEN) or 0
    found = parts.store.search(wanted, after, limit + 1)
    more = len(found) > limit
    rows = facts_json(parts, found[:limit], known)
    last = rows[-1]["position"] if rows else after
    return {"facts": rows, "cursor": last if more else max(last, end), "more": more}


def facts_json(parts: Parts, entries: Sequence[Entry], known: Caller) -> list[dict[str, Any]]:
    """Facts as they are told to a caller: values of persons opened for who may read them, once for the whole page."""
    kept = [from_json(entry.state) for entry in entries]
    events = Opening(parts.store).events(kept) if known.role in OPENERS else [closed(one["event"]) for one in kept]
    return [
        {"position": entry.position, "event": encode(decode(event, parse_instant(one["recorded"])))}
        for entry, one, event in zip(entries, kept, events, strict=True)
    ]
