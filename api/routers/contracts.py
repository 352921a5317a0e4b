"""The contracts a caller may see, and how each stands."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api import examples
from api.answering import said, tagged
from api.asking import Limit, Text
from api.documented import answers
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.parts import Having, Parts
from api.schemas.lists import Contract, Contracts
from api.summaries import Summaries
from projections.spelling import dump

router = APIRouter(tags=["contracts"])
State = Annotated[str | None, Query(pattern="^(in-force|ended|unsigned)$", description="Only contracts in this state.")]


@router.get("/contracts", summary="The contracts of the caller", **answers(Contracts, examples.CONTRACTS))
def contracts(
    request: Request,
    parts: Having,
    known: Annotated[Caller, Depends(allow(*READERS))],
    state: State = None,
    after: Text = None,
    limit: Limit = 50,
) -> Response:
    """Each as it stands in its statement: state, documents, how many breaches, deadlines and findings. By id."""
    reads(request, [EVERY])
    summaries: Summaries = request.app.state.summaries
    names = [name for name in visible(parts, known) if after is None or name > after]
    rows: list[dict[str, Any]] = []
    for first in range(0, len(names), limit):
        for one in summaries.of(parts, names[first : first + limit]):
            row = one.head.as_json(parts.clock())
            if state in (None, row["state"]):
                rows.append(row)
            if len(rows) > limit:
                return said({"contracts": rows[:limit], "next": rows[limit - 1]["contract"]})
    return said({"contracts": rows, "next": None})


@router.get(
    "/contracts/{contract}",
    summary="One contract",
    dependencies=[Depends(reader)],
    **answers(Contract, examples.CONTRACT, "not-found"),
)
def contract(request: Request, contract: str, parts: Having) -> Response:
    """How the contract stands in its statement."""
    summaries: Summaries = request.app.state.summaries
    (found,) = summaries.of(parts, [contract])
    return tagged(request, dump(found.head.as_json(parts.clock())).encode())


def visible(parts: Parts, known: Caller) -> list[str]:
    """The contracts that have a statement and that the caller may see, sorted."""
    return [name for name in parts.store.views() if known.sees(name)]
