"""The contracts a caller may see, and how each stands."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import stream_id
from api import examples
from api.answering import said, tagged
from api.asking import Limit, Text
from api.documented import answers
from api.identity import EVERY, READERS, Caller, allow, reader, reads
from api.parts import Having, Parts
from api.schemas.lists import Contract, Contracts
from domain.events.contract import ContractEnded, ContractSigned
from domain.time.instant import Instant, end_of_day
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
    rows: list[dict[str, Any]] = []
    for name in visible(parts, known):
        if after is not None and name <= after:
            continue
        if len(rows) == limit:
            return said({"contracts": rows, "next": rows[-1]["contract"]})
        row = summary(parts, name)
        if row is not None and state in (None, row["state"]):
            rows.append(row)
    return said({"contracts": rows, "next": None})


@router.get(
    "/contracts/{contract}",
    summary="One contract",
    dependencies=[Depends(reader)],
    **answers(Contract, examples.CONTRACT, "not-found"),
)
def contract(request: Request, contract: str, parts: Having) -> Response:
    """How the contract stands in its statement."""
    return tagged(request, dump(summary(parts, contract)).encode())


def visible(parts: Parts, known: Caller) -> list[str]:
    """The contracts that have a statement and that the caller may see, sorted."""
    return [name for name in parts.store.views() if known.sees(name)]


def summary(parts: Parts, contract: str) -> dict[str, Any] | None:
    """One line on a contract, from its stored statement."""
    stored = parts.store.view(contract)
    if stored is None:
        return None
    return standing(parts, contract, json.loads(stored))


def standing(parts: Parts, contract: str, whole: dict[str, Any], at: Instant | None = None) -> dict[str, Any]:
    """One line on a contract, from a statement of it; whether it has ended is said of ``at``, by default of now."""
    part = whole["contracts"].get(contract) or {}
    signed, ends = about(parts, contract)
    now = parts.clock() if at is None else at
    states = [row["state"] for row in part.get("deadlines", ())]
    return {
        "contract": contract,
        "provider": None if signed is None else signed.provider,
        "client": None if signed is None else signed.client.name,
        "documents": part.get("documents", []),
        "state": "unsigned" if signed is None else "ended" if ends is not None and ends <= now else "in-force",
        "at": whole["at"],
        "breached": sum(row["state"] == "breached" for row in part.get("indicators", ())),
        "missed": states.count("missed"),
        "pending": states.count("pending"),
        "findings": len(part.get("findings", ())),
    }


def about(parts: Parts, contract: str) -> tuple[ContractSigned | None, Instant | None]:
    """What was signed, and the first instant after the contract; None for what no fact says."""
    facts = [fact_of(state) for state in parts.store.states(stream_id(contract, "contract", ""))]
    signed = next((fact.data for fact in facts if isinstance(fact.data, ContractSigned)), None)
    ends = (end_of_day(fact.data.on) for fact in facts if isinstance(fact.data, ContractEnded))
    return signed, min(ends, default=None)
