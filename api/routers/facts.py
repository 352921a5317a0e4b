"""The facts themselves, page by page in the order they were recorded."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from adapters.cloudevents import encode
from adapters.eventstore.ledger import DISCARDED
from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Entry, Search, subject_of
from adapters.eventstore.viewing import TAKEN
from api import examples
from api.answering import said, tagged
from api.asking import After, Limit, Position, Text, When
from api.documented import answers
from api.errors import Problem
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.parts import Having, Parts
from api.schemas.facts import Fact, Facts
from projections.spelling import dump

router = APIRouter(tags=["facts"])
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
    conditions: Annotated[Search, Depends(chosen)],
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """In the order they were recorded. `cursor` goes on where the page ends, also later on when there is more."""
    return said(_page(parts, conditions, after, limit, frozenset({contract})))


@router.get(
    "/contracts/{contract}/facts/{position}",
    summary="One fact",
    dependencies=[Depends(reader)],
    **answers(Fact, examples.FACT, "not-found"),
)
def fact(request: Request, contract: str, position: Position, parts: Having) -> Response:
    """The fact as it was recorded."""
    for entry in parts.store.entries(position - 1, 1):
        if entry.position == position and subject_of(entry.stream) == contract and entry.topic != DISCARDED:
            return tagged(request, dump(fact_json(entry)).encode())
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
    return said(_page(parts, conditions, after, limit, subjects))


def _page(parts: Parts, wanted: Search, after: int, limit: int, subjects: frozenset[str] | None) -> dict[str, Any]:
    end = parts.store.position(TAKEN) or 0
    found = parts.store.search(replace(wanted, subjects=subjects), after, limit + 1)
    more = len(found) > limit
    rows = [fact_json(entry) for entry in found[:limit]]
    last = rows[-1]["position"] if rows else after
    return {"facts": rows, "cursor": last if more else max(last, end), "more": more}


def fact_json(entry: Entry) -> dict[str, Any]:
    """A fact of the ledger, and where it stands in it."""
    return {"position": entry.position, "event": encode(fact_of(entry.state))}
