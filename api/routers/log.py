"""The log that proves the ledger: its signed checkpoints, what shows that it only grew, and receipts."""

from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from adapters.eventstore.store import Store
from adapters.evidence.copies import cosigned
from adapters.evidence.receipt import NotSignedError
from adapters.evidence.signed import Signed
from api import examples
from api.answering import said, tagged
from api.asking import After, Limit
from api.documented import answers
from api.errors import Problem, unreadable
from api.identity import caller, reader
from api.parts import Having, Parts
from api.schemas.evidence import Checkpoints, Consistency, Newest, Receipt
from domain.time.instant import format_instant
from projections.spelling import dump

router = APIRouter(tags=["evidence"])
MOST = 2**63 - 1
From = Annotated[int, Query(alias="from", ge=1, le=MOST, description="The size of the smaller log.")]
To = Annotated[int, Query(ge=1, le=MOST, description="The size of the greater log.")]
FactName = Annotated[str | None, Query(max_length=2_000, description="A fact of the contract too, `source#id`.")]
NOT_SIGNED = ("Nothing is signed yet.", "Rien n'est encore signé.")


@router.get(
    "/contracts/{contract}/receipt",
    summary="Where the contract stands in the signed log",
    dependencies=[Depends(reader)],
    **answers(Receipt, examples.RECEIPT, "not-found", "not-signed"),
)
def receipt(request: Request, contract: str, parts: Having, fact: FactName = None) -> Response:
    """At the newest checkpoint. Keep it: no later history of the ledger can leave out what it covers.

    `greffe receipt check` says offline whether it holds, and whether two were of one history.
    """
    return tagged(request, dump(receipt_json(parts, contract, fact)).encode())


def receipt_json(parts: Parts, contract: str, fact: str | None = None) -> dict[str, Any]:
    """The receipt of a contract, or of one of its facts. Raises Problem where it is not signed yet."""
    try:
        return parts.receipts.of(contract, fact)
    except NotSignedError as error:
        raise Problem("not-signed", (error.english, error.french)) from None


@router.get(
    "/log/checkpoint",
    summary="The newest checkpoint of the log",
    dependencies=[Depends(caller)],
    **answers(Newest, examples.NEWEST, "not-signed"),
)
def checkpoint(request: Request, parts: Having) -> Response:
    """With its cosignatures and timestamps, and the keys that sign the log."""
    made = parts.store.checkpoint()
    if made is None:
        raise Problem("not-signed", NOT_SIGNED)
    return tagged(request, dump(newest_json(parts.store, made)).encode())


def newest_json(store: Store, made: Signed) -> dict[str, Any]:
    """The newest checkpoint, who dated it, and the keys that sign the log."""
    timestamps = [
        {"authority": one.authority, "token": b64encode(one.token).decode(), "made": format_instant(one.made)}
        for one in store.timestamps(made.size)
    ]
    keys = [
        {"key": one.key, "since": one.since, "handover": None if one.note is None else one.note.decode()}
        for one in store.signing_keys()
    ]
    return {"log": store.log_origin(), **checkpoint_json(store, made), "timestamps": timestamps, "keys": keys}


@router.get(
    "/log/checkpoints",
    summary="The checkpoints of the log",
    dependencies=[Depends(caller)],
    **answers(Checkpoints, examples.CHECKPOINTS),
)
def checkpoints(parts: Having, after: After = 0, limit: Limit = 100) -> Response:
    """Of more entries than `after`, smallest first."""
    found = parts.store.checkpoints(after, limit + 1)
    rows = [checkpoint_json(parts.store, made) for made in found[:limit]]
    return said({"checkpoints": rows, "next": rows[-1]["size"] if len(found) > limit else None})


@router.get(
    "/log/consistency",
    summary="What shows that the log only grew between two sizes",
    dependencies=[Depends(caller)],
    **answers(Consistency, examples.CONSISTENCY),
)
def consistency(parts: Having, start: From, to: To) -> Response:
    """RFC 6962, between the sizes of any two checkpoints, such as those of two receipts."""
    if to < start:
        raise unreadable("to", "expected no less than from", "attendu : pas moins que from")
    size = parts.store.log_size()
    if to > size:
        raise unreadable("to", f"the log has {size} entries", f"le journal a {size} entrées")
    proof = [one.hex() for one in parts.store.consistency_proof(start, to)]
    return said({"log": parts.store.log_origin(), "from": start, "to": to, "proof": proof})


def checkpoint_json(store: Store, made: Signed) -> dict[str, Any]:
    """A checkpoint, with the note as it is cosigned."""
    return {
        "size": made.size,
        "root": made.root.hex(),
        "note": cosigned(store, made).decode(),
        "made": format_instant(made.made),
    }
