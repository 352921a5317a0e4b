"""What proves the ledger: how long its log is, how far it is signed, by whom it is witnessed, what audits found."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from adapters.eventstore.store import Store
from adapters.evidence.signed import Signed
from api.console.downloads import Format, csv_file, json_file
from api.console.frame import READ
from api.console.render import page
from api.identity import Caller, Role, caller
from api.parts import Having
from api.routers import audits as audits_api
from api.routers import log as api

router = APIRouter()
SHOWN = 20
MOST = 100_000
COLUMNS = ("size", "root", "made", "cosigned_by")
Known = Annotated[Caller, Depends(caller)]


@router.get("/evidence")
def evidence(request: Request, parts: Having, known: Known, format: Format = "html") -> Response:  # noqa: A002
    """The log's size, its newest checkpoint, the latest ones, the keys; audits for who may see them."""
    store = parts.store
    newest = store.checkpoint()
    after = max(0, (0 if newest is None else newest.size) - MOST)
    rows = [_row(store, made) for made in store.checkpoints(after, MOST)]
    if format == "csv":
        return csv_file("checkpoints", COLUMNS, rows)
    if format == "json":
        return json_file("checkpoints", {"log": store.log_origin(), "checkpoints": rows})
    values = {
        "log": store.log_origin(),
        "entries": store.log_size(),
        "newest": None if newest is None else api.newest_json(store, newest),
        "rows": rows[::-1][:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "audits": _audits(request, known),
    }
    return page(request, "evidence.html", values)


@router.get("/contracts/{contract}/receipt", dependencies=READ)
def receipt(contract: str, parts: Having) -> Response:
    """Where the contract stands in the signed log, as a file to keep."""
    return json_file(f"{contract}-receipt", api.receipt_json(parts, contract))


def standing_of(store: Store) -> dict[str, Any]:
    """How far what is recorded is signed, for the proof beside a figure."""
    newest = store.checkpoint()
    return {
        "entries": store.log_size(),
        "signed": 0 if newest is None else newest.size,
        "made": None if newest is None else newest.made,
    }


def _row(store: Store, made: Signed) -> dict[str, Any]:
    """A checkpoint, and who cosigned it by the names in its signature lines."""
    note: str = api.checkpoint_json(store, made)["note"]
    lines = note.partition("\n\n")[2].splitlines()
    names = [line.split(" ")[1] for line in lines if line.startswith("\N{EM DASH} ")]
    origin = store.log_origin()
    return {
        "size": made.size,
        "root": made.root.hex(),
        "made": int(made.made),
        "cosigned_by": sorted({name for name in names if name != origin}),
    }


def _audits(request: Request, known: Caller) -> list[dict[str, Any]] | None:
    if known.role not in {Role.AUDITOR, Role.ADMINISTRATOR}:
        return None
    found: list[dict[str, Any]] = json.loads(bytes(audits_api.audits(request, known, 0, MOST).body))["audits"]
    return found[::-1][:SHOWN]
