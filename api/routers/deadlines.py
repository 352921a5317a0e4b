"""Deadlines of one contract and over contracts: what is due, by whom, and what was missed, at an instant."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from adapters.eventstore.store import DeadlineCursor, DeadlineSearch
from api import examples
from api.answering import JSON, said, tagged_soon
from api.asking import LONGEST, KnownAt, Limit, ReadingWords, Text, When
from api.documented import answers
from api.errors import unreadable
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.parts import Having, Parts
from api.recent import Recent
from api.routers.contracts import visible
from api.routers.statements import section_of
from api.schemas.lists import AllDeadlines
from api.schemas.statement import Deadlines
from domain.time.instant import Instant, format_instant, parse_instant
from projections.spelling import dump

router = APIRouter(tags=["deadlines"])
Now = Annotated[
    When | None,
    Query(
        description="The instant at which the deadlines are judged; by default now.",
        openapi_examples={"a date": {"value": "2026-05-04T10:00:00+02:00"}},
    ),
]
State = Annotated[
    list[Literal["pending", "met", "met-late", "missed", "cancelled", "open-ended"]] | None,
    Query(description="Only deadlines in this state; may be repeated."),
]
Owed = Annotated[
    Literal["client", "provider", "none"] | None,
    Query(description="Only what this party owes; `none` for effects."),
]
DueBefore = Annotated[
    When | None,
    Query(
        description="Only what is due before; deadlines without a date are left out.",
        openapi_examples={"a date": {"value": "2026-06-01T00:00:00+02:00"}},
    ),
]
Row = dict[str, Any]
MOST_REPLAYED = 20
"""Contracts that one request has replayed, at most."""
LAST = 2**63 - 1
_Whole = Annotated[int, Field(ge=-LAST, le=LAST)]
_Name = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")]
_CURSOR: TypeAdapter[DeadlineCursor] = TypeAdapter(tuple[_Whole, _Name, _Whole])


@router.get(
    "/contracts/{contract}/deadlines",
    summary="The deadlines of a contract",
    dependencies=[Depends(reader)],
    **answers(Deadlines, examples.DEADLINES, "not-found", "unknown-reading"),
)
async def deadlines(
    request: Request,
    contract: str,
    parts: Having,
    at: Now = None,
    known_at: KnownAt = None,
    reading: ReadingWords = None,
    state: State = None,
    owed_by: Owed = None,
    due_before: DueBefore = None,
    rule: Text = None,
) -> Response:
    """As they stand now, unless `at`, `known_at` or `reading` ask for another statement.

    What stands now is kept: `elapsed_seconds` of a duty without a delay is that of when something last changed.
    """
    if at is None and known_at is None and not reading:
        wanted = DeadlineSearch(frozenset({contract}), tuple(state or ()), owed_by, due_before, rule)
        recent: Recent = request.app.state.recent
        return await tagged_soon(request, await recent.of(wanted, partial(_standing, parts, contract, wanted)))

    def replayed() -> bytes:
        found = section_of(parts, contract, ("deadlines",), (at or parts.clock(), known_at, reading))
        found["deadlines"] = list(_chosen(found["deadlines"], state, owed_by, due_before, rule))
        return dump(found).encode()

    return await tagged_soon(request, await run_in_threadpool(replayed))


def _standing(parts: Parts, contract: str, wanted: DeadlineSearch) -> bytes:
    """The answer as it stands, in the order of the statement; ``at`` is when it was read."""
    now = format_instant(parts.clock())
    rows = parts.store.deadlines_of(contract, wanted)
    head = dump({"contract": contract, "at": now, "known_at": now})[:-1]
    return b'%b,"deadlines":[%b]}' % (head.encode(), b",".join(row.body for row in rows))


@router.get(
    "/deadlines",
    summary="The deadlines of every contract of the caller",
    **answers(AllDeadlines, examples.ALL_DEADLINES),
)
async def all_deadlines(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    at: Now = None,
    state: State = None,
    owed_by: Owed = None,
    due_before: DueBefore = None,
    rule: Text = None,
    after: Text = None,
    limit: Limit = 100,
) -> Response:
    """As they stand now, the next due first, those without a date last.

    With `at`, each contract is replayed to that instant: by contract, whole contracts to a page, and no more than
    twenty contracts for one page, so that a page may hold few rows, or none, and still have a `next`.
    """
    reads(request, [EVERY])
    if at is not None:
        chosen = partial(_chosen, states=state, owed_by=owed_by, due_before=due_before, rule=rule)
        return said(await run_in_threadpool(_replayed, parts, known, at, after, limit, chosen))
    wanted = DeadlineSearch(known.contracts, tuple(state or ()), owed_by, due_before, rule)
    recent: Recent = request.app.state.recent
    cursor = _cursor(after)
    page = await recent.of((wanted, cursor, limit), partial(_page, parts, wanted, cursor, limit))
    now = dump(format_instant(parts.clock())).encode()
    return Response(b'{"at":%b,%b}' % (now, page), media_type=JSON)


def _page(parts: Parts, wanted: DeadlineSearch, after: DeadlineCursor | None, limit: int) -> bytes:
    rows = parts.store.deadlines(wanted, after, limit + 1)
    shown = b",".join(b'{"contract":%b,%b' % (dump(row.contract).encode(), row.body[1:]) for row in rows[:limit])
    following = dump(list(rows[limit - 1].cursor)) if len(rows) > limit else None
    return b'"deadlines":[%b],"next":%b' % (shown, dump(following).encode())


def _replayed(
    parts: Parts,
    known: Caller,
    at: Instant,
    after: str | None,
    limit: int,
    chosen: Callable[[list[Row]], Iterator[Row]],
) -> Row:
    rows: list[Row] = []
    last = None
    left = [contract for contract in visible(parts, known) if after is None or contract > after]
    for number, contract in enumerate(left):
        if len(rows) >= limit or number == MOST_REPLAYED:
            return {"at": format_instant(at), "deadlines": rows, "next": last}
        whole = json.loads(parts.answers.statement(contract, at, None, parts.readings))
        found = whole["contracts"].get(contract, {}).get("deadlines", [])
        rows += ({"contract": contract, **row} for row in chosen(found))
        last = contract
    return {"at": format_instant(at), "deadlines": rows, "next": None}


def _cursor(after: str | None) -> DeadlineCursor | None:
    """Where the last page ended, as its ``next`` says it."""
    if after is None:
        return None
    try:
        return _CURSOR.validate_json(after)
    except ValueError:
        raise unreadable("after", "expected the `next` of a page", "attendu : le `next` d'une page") from None


def _chosen(
    rows: list[Row], states: list[Any] | None, owed_by: str | None, due_before: Instant | None, rule: str | None
) -> Iterator[Row]:
    for row in rows:
        late = due_before is not None and (row["due"] is None or parse_instant(row["due"]) >= due_before)
        named = owed_by in (None, row["owed_by"]) and rule in (None, row["rule"])
        if named and not late and (not states or row["state"] in states):
            yield row
