"""Who calls: what every route asks before it answers, and what is kept of the answer.

A route takes one of three dependencies: ``reader`` where it answers about one contract (the path's ``{contract}``),
``allow(...)`` where it is for some roles, ``caller`` where any identified caller may ask. A route whose answer speaks
of contracts that are not in its path says which with ``reads(request, contracts)``. ``Recorded`` then keeps an entry
for each request in the access log, refused ones too, before the first byte of the answer leaves.

401 answers who cannot be identified (RFC 6750), 403 a role that may not, 404 a contract that does not exist or that the
caller may not see: the same answer, reached the same way, so that it does not tell which. 429 answers an address that
failed too often, 503 a request that cannot be recorded.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.access.gate import Gate, ProviderDownError, TooManyAttemptsError, UnidentifiedError
from adapters.access.model import EVERY, READERS, Access, Caller, Role, Session
from api.errors import Problem
from api.language import language
from api.observed import route_of
from domain.errors import LedgerError

__all__ = [
    "EVERY",
    "READERS",
    "Caller",
    "Recorded",
    "Role",
    "addressed",
    "allow",
    "caller",
    "gate_of",
    "reader",
    "reads",
    "renewed",
]

LONGEST = 1_000
"""As many characters of what was asked as the access log keeps."""
PROVIDER_DOWN = ("The identity provider cannot be reached.", "Le fournisseur d'identité est injoignable.")
NAMED = 100
"""As many contracts as the access log names one by one where an answer may be about every one of the caller's."""
REALM = 'Bearer realm="greffe"'
WITHHELD = "…"
NO_CONTRACT = ("There is no such contract for this caller.", "Ce contrat n'existe pas pour ce demandeur.")
TOO_OFTEN = ("This address failed too often to say who calls.", "Trop d'échecs d'identification depuis cette adresse.")

_bearer = HTTPBearer(auto_error=False, description="An API key (greffe_…), or a token of the identity provider.")


def gate_of(request: Request) -> Gate:
    """The gate of the application, set at its start as ``app.state.gate``."""
    gate: Gate = request.app.state.gate
    return gate


async def caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None
) -> Caller:
    """Who calls. 401 where nobody can be identified, 429 where this address failed too often."""
    kept: dict[str, Any] = request.scope.setdefault("greffe.access", {})
    kept["asked"] = True
    session: Session | None = request.scope.get("greffe.session")
    gate = gate_of(request)
    challenge = f'{REALM}, error="invalid_token"' if credentials else REALM
    with _answered(challenge):
        if credentials is None and session is not None:
            known = await gate.identify_session(session)
        else:
            known = await gate.identify(credentials.credentials if credentials else None, _address(request.scope))
    kept["caller"] = known
    return known


async def addressed(
    request: Request, secret: Annotated[str, Path(max_length=200, description="What makes the address secret.")]
) -> Caller:
    """Whose calendar a secret address is. The secret itself is kept nowhere: the access log says the address's id."""
    kept: dict[str, Any] = request.scope.setdefault("greffe.access", {})
    kept["asked"] = True
    kept["secret"] = WITHHELD
    with _answered(REALM):
        known, kept["secret"] = await gate_of(request).identify_feed(secret, _address(request.scope))
    kept["caller"] = known
    return known


@contextmanager
def _answered(challenge: str) -> Iterator[None]:
    """What the gate refuses, as problems."""
    try:
        yield
    except TooManyAttemptsError as error:
        raise Problem("too-many-requests", TOO_OFTEN, headers={"Retry-After": str(error.seconds)}) from None
    except ProviderDownError:
        raise Problem("unavailable", PROVIDER_DOWN) from None
    except UnidentifiedError as error:
        raise Problem("unauthenticated", (str(error), error.french), headers={"WWW-Authenticate": challenge}) from None


async def renewed(request: Request) -> Caller:
    """The caller of a stream, identified again: what was revoked or has ended meanwhile ends the stream by its 401."""
    return await caller(request, await _bearer(request))


Known = Annotated[Caller, Depends(caller)]


def allow(*roles: Role) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets only these roles pass: 403 for another."""

    async def allowed(known: Known) -> Caller:
        _must_be(known, roles)
        return known

    return allowed


async def reader(
    request: Request,
    contract: Annotated[str, Path(description="The contract's id: the subject of its facts.")],
    known: Known,
) -> Caller:
    """Who reads one contract: 403 for a role that reads none, 404 for a contract that is not there or not theirs."""
    _must_be(known, READERS)
    reads(request, [contract])
    directory = gate_of(request).directory
    if not (known.sees(contract) and directory.exists(contract)):
        await asyncio.to_thread(directory.follow)
        known = await renewed(request)
    if not (known.sees(contract) and directory.exists(contract)):
        raise Problem("not-found", NO_CONTRACT)
    return known


def reads(request: Request, contracts: Iterable[str]) -> None:
    """Says which contracts the answer speaks of, for the access log; ``[EVERY]``: any that the caller sees."""
    request.scope.setdefault("greffe.access", {}).setdefault("contracts", set()).update(contracts)


class Recorded:
    """Keeps each answered or refused request in the access log, and only then lets the answer go."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; holds the start of an answer until its entry is on the disk."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept: dict[str, Any] = scope.setdefault("greffe.access", {})
        unrecorded = False

        async def send_recorded(message: Message) -> None:
            nonlocal unrecorded
            if message["type"] == "http.response.start" and "asked" in kept:
                try:
                    await scope["app"].state.gate.journal.record(_entries(scope, kept, message["status"]))
                except LedgerError:
                    unrecorded = True
                    await Problem("unavailable").response(language(HTTPConnection(scope)), scope["path"])(
                        scope, receive, send
                    )
            if not unrecorded:
                await send(message)

        await self._app(scope, receive, send_recorded)


def _must_be(known: Caller, roles: Iterable[Role]) -> None:
    if known.role not in roles:
        raise Problem(
            "forbidden",
            (f"The role {known.role} may not do this.", f"Le rôle {known.role} ne le permet pas."),
            headers={"WWW-Authenticate": f'{REALM}, error="insufficient_scope"'},
        )


def _entries(scope: Scope, kept: dict[str, Any], status: int) -> list[Access]:
    known: Caller | None = kept.get("caller")
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
    if "secret" in kept:
        path = route_of(scope).replace("{secret}", kept["secret"])
    if kept.get("private"):
        query = WITHHELD
    asked = path + (f"?{query}" if query else "")
    contracts = kept.get("contracts") or {scope.get("path_params", {}).get("contract")}
    if EVERY in contracts and known is not None and known.contracts is not None and len(known.contracts) <= NAMED:
        contracts = known.contracts or {None}
    return [
        Access(
            at=scope["app"].state.gate.now(),
            caller=known.id if known else None,
            name=known.name if known else None,
            role=known.role if known else None,
            route=f"{scope['method']} {route_of(scope)}",
            asked=asked[:LONGEST],
            contract=contract and contract.replace("\0", "\ufffd")[:LONGEST],
            address=_address(scope),
            status=status,
        )
        for contract in sorted(contracts, key=str)
    ]


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else "unknown"
