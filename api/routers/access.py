"""Keys and grants, for the administrator; who read what, for the auditor."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from adapters.access.acts import grant
from adapters.access.keys import DAY, Order, create_key
from adapters.access.model import AccessError, Grant, Role, Scope
from adapters.access.telling import access_json, grant_json, key_json
from api.answering import said
from api.asking import After, Limit, Number, When
from api.documented import answers
from api.errors import Problem
from api.identity import Caller, allow, gate_of, reads
from api.schemas import access as shapes
from domain.time.instant import Instant

router = APIRouter(tags=["access"])
Lists = Depends(allow(Role.ADMINISTRATOR, Role.AUDITOR))
Administrator = Annotated[Caller, Depends(allow(Role.ADMINISTRATOR))]
Auditor = Depends(allow(Role.AUDITOR))
KeyId = Annotated[str, Path(pattern=r"^key-[0-9a-f]{12}$", description="The key's id.")]
Named = Annotated[
    str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", description="Only of this one.")
]
Since = Annotated[When | None, Query(description="Only entries from then on.")]

_AT, _END = "2026-05-04T10:00:00+02:00", "2026-08-02T10:00:00+02:00"
KEY = {
    "id": "key-0123456789ab",
    "name": "billing reports",
    "role": "desk",
    "providers": ["outscale"],
    "clients": None,
    "contracts": None,
    "state": "active",
    "created": _AT,
    "created_by": "key-ba9876543210",
    "expires": _END,
    "revoked": None,
    "last_used": None,
}
GRANT = {
    "number": 3,
    "caller": "oidc:counsel-7",
    "contract": "C-2026-0042",
    "until": _END,
    "state": "active",
    "created": _AT,
    "created_by": "key-ba9876543210",
    "revoked": None,
}
ENTRY = {
    "number": 17,
    "at": _AT,
    "caller": "key-0123456789ab",
    "name": "billing reports",
    "role": "desk",
    "route": "GET /v1/contracts/{contract}/statement",
    "asked": "/v1/contracts/C-2026-0042/statement",
    "contract": "C-2026-0042",
    "address": "192.0.2.7",
    "status": 200,
}


@router.get("/keys", summary="Every API key", dependencies=[Lists], **answers(shapes.Keys, {"keys": [KEY]}))
def keys(request: Request) -> Response:
    """Oldest first, with its state and its last use; no secret is kept."""
    gate = gate_of(request)
    at = gate.now()
    return said({"keys": [key_json(key, at) for key in gate.store.every_key()]})


@router.post(
    "/keys",
    summary="Make an API key",
    **answers(shapes.NewKey, KEY | {"secret": "greffe_…"}, "malformed", status=201),
)
def make_key(request: Request, wanted: shapes.KeyOrder, known: Administrator) -> Response:
    """The answer holds the secret; it cannot be had again."""
    gate = gate_of(request)
    at = gate.now()
    scope = Scope.of(wanted.providers, wanted.clients, wanted.contracts)
    order = Order(wanted.name, wanted.role, scope, Instant(at + wanted.days * DAY))
    try:
        key, secret = create_key(gate.store, order, at, known.id)
    except AccessError as error:
        raise _refused(error) from None
    return said(key_json(key, at) | {"secret": secret}, 201, {"Cache-Control": "no-store"})


@router.post(
    "/keys/{key}/revoke",
    summary="End an API key now",
    **answers(shapes.Key, KEY | {"state": "revoked", "revoked": _AT}, "not-found", "conflict"),
)
def revoke_key(request: Request, key: KeyId, _: Administrator) -> Response:
    """At once on this server; within a second on the others."""
    gate = gate_of(request)
    at = gate.now()
    if key not in {one.id for one in gate.store.every_key()}:
        raise Problem("not-found")
    try:
        gate.store.revoke_key(key, at)
    except AccessError:
        raise Problem("conflict", ("The key is revoked already.", "La clé est déjà révoquée.")) from None
    gate.forget()
    return said(next(key_json(one, at) for one in gate.store.every_key() if one.id == key))


@router.get("/grants", summary="Every grant", dependencies=[Lists], **answers(shapes.Grants, {"grants": [GRANT]}))
def grants(request: Request, caller: Named = None) -> Response:
    """Oldest first, with its state."""
    gate = gate_of(request)
    at = gate.now()
    return said({"grants": [grant_json(one, at) for one in gate.store.grants(caller)]})


@router.post(
    "/grants",
    summary="Let a counsel see a contract until an instant",
    **answers(shapes.Grant, GRANT, "malformed", status=201),
)
def make_grant(request: Request, wanted: shapes.GrantOrder, known: Administrator) -> Response:
    """Whether the contract exists is not said: an administrator does not read contracts."""
    gate = gate_of(request)
    at = gate.now()
    reads(request, [wanted.contract])
    try:
        made = grant(gate.store, Grant(0, wanted.caller, wanted.contract, wanted.until, at, known.id))
    except AccessError as error:
        raise _refused(error) from None
    gate.forget()
    return said(grant_json(made, at), 201)


@router.post(
    "/grants/{number}/revoke",
    summary="End a grant now",
    **answers(shapes.Grant, GRANT | {"state": "revoked", "revoked": _AT}, "not-found", "conflict"),
)
def revoke_grant(request: Request, number: Number, _: Administrator) -> Response:
    """At once on this server; within a second on the others."""
    gate = gate_of(request)
    at = gate.now()
    if number not in {one.number for one in gate.store.grants()}:
        raise Problem("not-found")
    try:
        gate.store.revoke_grant(number, at)
    except AccessError:
        detail = ("The grant is revoked already.", "L'autorisation est déjà révoquée.")
        raise Problem("conflict", detail) from None
    gate.forget()
    return said(next(grant_json(one, at) for one in gate.store.grants() if one.number == number))


@router.get(
    "/access",
    summary="Who read what",
    dependencies=[Auditor],
    **answers(shapes.AccessLog, {"entries": [ENTRY], "next": None}),
)
def access(
    request: Request,
    contract: Named = None,
    caller: Named = None,
    since: Since = None,
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """Every read and every refusal, oldest first. Of a contract: also what may have shown any (`*`)."""
    found = gate_of(request).store.log(contract, caller, since, after, limit + 1)
    rows = [access_json(entry) for entry in found[:limit]]
    return said({"entries": rows, "next": rows[-1]["number"] if len(found) > limit else None})


def _refused(error: AccessError) -> Problem:
    return Problem("malformed", (str(error), error.french))
