"""The facts themselves, page by page in the order they were recorded."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from adapters.cloudevents import encode
from api import examples
from api.answering import said, tagged
from api.asking import After, Limit, Position, Text, When
from api.documented import answers
from api.errors import Problem
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.parts import Having, Parts
from api.schemas.facts import Fact, Facts
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.time.instant import Instant
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
Chosen = dict[str, Any]


def chosen(
    type: Type = None,  # noqa: A002 - the attribute's name on the wire
    from_: Since = None,
    to: Until = None,
    correlation: Text = None,
    source: Text = None,
    id: Text = None,  # noqa: A002 - the attribute's name on the wire
) -> Chosen:
    """The conditions of a search."""
    return {"types": type, "since": from_, "until": to, "correlation": correlation, "source": source, "id": id}


@router.get(
    "/contracts/{contract}/facts",
    summary="The facts of a contract",
    dependencies=[Depends(reader)],
    **answers(Facts, examples.FACTS, "not-found"),
)
def facts(
    contract: str,
    parts: Having,
    conditions: Annotated[Chosen, Depends(chosen)],
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
        for where, found in parts.ledger.positioned_facts(position - 1):
            if where == position == entry.position and found.subject == contract:
                return tagged(request, dump(_json(where, found)).encode())
            break
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
    conditions: Annotated[Chosen, Depends(chosen)],
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


def _page(parts: Parts, conditions: Chosen, after: int, limit: int, subjects: frozenset[str] | None) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    cursor = after
    for position, found in parts.ledger.positioned_facts(after):
        if (subjects is None or found.subject in subjects) and _meets(found, **conditions):
            if len(rows) == limit:
                return {"facts": rows, "cursor": cursor, "more": True}
            rows.append(_json(position, found))
        cursor = position
    return {"facts": rows, "cursor": cursor, "more": False}


def _meets(
    fact: AnyFact, *, types: list[str] | None, since: Instant | None, until: Instant | None,
    correlation: str | None, source: str | None, id: str | None,  # noqa: A002 - the attribute's name
) -> bool:  # fmt: skip
    return (
        (types is None or topic_of(type(fact.data)) in types)
        and (since is None or fact.time >= since)
        and (until is None or fact.time < until)
        and correlation in (None, fact.correlation)
        and source in (None, fact.source)
        and id in (None, fact.id)
    )


def _json(position: int, fact: AnyFact) -> dict[str, Any]:
    return {"position": position, "event": encode(fact)}
