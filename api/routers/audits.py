"""What audits of the ledger found, for the auditor; that they were made, for the administrator."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from adapters.access.model import Audit, Role
from api.answering import said
from api.asking import After, Limit
from api.documented import answers
from api.identity import Caller, allow, gate_of
from api.schemas import audits as shapes
from domain.time.instant import format_instant

router = APIRouter(tags=["audits"])
Known = Annotated[Caller, Depends(allow(Role.AUDITOR, Role.ADMINISTRATOR))]
AUDIT = {
    "number": 12,
    "at": "2026-05-04T03:00:00+02:00",
    "caller": "local:greffe",
    "kind": "full",
    "since": 0,
    "size": 1_000,
    "root": "9f" * 32,
    "leaves": 1_000,
    "events": 990,
    "checkpoints": 10,
    "signed": 998,
    "signatures": "verified",
    "faults": 1,
    "found": [
        {
            "code": "event",
            "leaf": 17,
            "stream": "C-2026-0042|outage|o-1",
            "version": 1,
            "said": {
                "en": "the stored event is not the one recorded, or its leaf was changed: pc (what its fields and its"
                " seed give)",
                "fr": "l'événement n'est pas celui qui fut enregistré, ou sa feuille a été changée : pc (ce que donnent"
                " ses champs et sa graine)",
            },
        }
    ],
}


@router.get("/audits", summary="What audits found", **answers(shapes.Audits, {"audits": [AUDIT], "next": None}))
def audits(request: Request, known: Known, after: After = 0, limit: Limit = 100) -> Response:
    """Oldest first. What is wrong names events, and so contracts: the administrator is told how much, not what."""
    found = gate_of(request).store.audits(after, limit + 1)
    rows = [_json(audit, known.role) for audit in found[:limit]]
    return said({"audits": rows, "next": rows[-1]["number"] if len(found) > limit else None})


def _json(audit: Audit, role: Role) -> dict[str, Any]:
    report = json.loads(audit.report)
    names = ("kind", "since", "size", "root", "leaves", "events", "checkpoints", "signed", "signatures", "faults")
    return {
        "number": audit.number,
        "at": format_instant(audit.at),
        "caller": audit.caller,
        **{name: report[name] for name in names},
        "found": report["found"] if role is Role.AUDITOR else None,
    }
