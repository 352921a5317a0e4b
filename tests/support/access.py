"""A small application that asks who calls, over a real ledger and a real access store, and a clock that tests turn."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, Request
from limits import parse

from adapters.access.directory import Directory
from adapters.access.gate import Gate, Provider
from adapters.access.keys import Order, create_key
from adapters.access.model import Role, Scope
from adapters.access.store import AccessStore, open_access
from adapters.bootstrap import ledger_of, open_store, views_of
from adapters.catalogue import load_catalogue
from adapters.eventstore.store import Store
from api.errors import add_handlers
from api.identity import EVERY, Caller, Recorded, allow, caller, reader, reads
from domain.agreements.catalogue import Catalogue
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant
from tests.support.arrivals import NOW, event, received

SECOND = MICROSECONDS_PER_SECOND
DAY = 86_400 * SECOND
OUTSCALE = ("outscale", "outscale-cgv-2019")
CLOUD_TEMPLE = ("cloud-temple", "ct-secure-temple")


class Clock:
    """Tells the time that the test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> Instant:
        return self.at

    def pass_by(self, microseconds: int) -> None:
        self.at = Instant(self.at + microseconds)


@dataclass
class House:
    """A ledger, its access store, its gate, and the application behind it."""

    store: Store
    access: AccessStore
    gate: Gate
    clock: Clock
    app: FastAPI
    runner: asyncio.Runner

    def key(self, role: Role, **scope: Any) -> str:
        """The secret of a new key."""
        order = Order(f"a {role}", role, Scope.of(**scope))
        return create_key(self.access, order, self.clock.at, "test")[1]

    def get(self, path: str, secret: str | None = None) -> httpx.Response:
        """The answer to a request with this credential."""
        return self.ask("GET", path, secret)

    def ask(self, method: str, path: str, secret: str | None = None, **more: Any) -> httpx.Response:
        """The answer of the application, from the address 192.0.2.7."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("192.0.2.7", 40_000))
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            async with httpx.AsyncClient(transport=transport, base_url="http://greffe.example") as client:
                return await client.request(method, path, headers=headers, **more)

        return self.runner.run(asked())

    def sign(self, contract: str, client: str, provider: tuple[str, str] = OUTSCALE) -> None:
        """Signs a contract, and serves its statement."""
        sign(self.store, (contract, client, provider))


def sign(store: Store, *contracts: tuple[str, str, tuple[str, str]]) -> None:
    """Signs contracts, each with its client and its provider, and derives their statements."""
    said = []
    for contract, client, provider in contracts:
        data = {
            "provider": provider[0],
            "client": {"id": client, "name": client.title()},
            "documents": [provider[1]],
            "kind": "on-demand",
        }
        said.append(event(contract, "contract.signed", data, "2026-01-01T00:00:00+01:00", subject=contract))
    catalogue = _catalogue()
    ledger = ledger_of(store, catalogue)
    assert ledger.record(received(*said), NOW).recorded == len(contracts)
    views_of(ledger, catalogue).refresh()


def application() -> FastAPI:
    """Routes of each kind, as thin as can be."""
    app = FastAPI()
    app.add_middleware(Recorded)
    add_handlers(app)

    @app.get("/v1/contracts/{contract}/statement")
    async def statement(contract: str, _: Annotated[Caller, Depends(reader)]) -> dict[str, str]:
        return {"contract": contract}

    @app.get("/v1/contracts")
    async def contracts(known: Annotated[Caller, Depends(caller)]) -> list[str] | None:
        return None if known.contracts is None else sorted(known.contracts)

    @app.post("/v1/events")
    async def events(_: Annotated[Caller, Depends(allow(Role.OPERATOR))]) -> None: ...

    @app.get("/v1/search")
    async def search(request: Request, _: Annotated[Caller, Depends(caller)]) -> None:
        reads(request, ["C-1", "C-2"])

    @app.get("/v1/every")
    async def every(request: Request, _: Annotated[Caller, Depends(caller)]) -> None:
        reads(request, [EVERY])

    return app


@contextmanager
def house(address: str, provider: Provider | None = None, failures: str = "5/minute") -> Iterator[House]:
    """A ledger with three contracts: two of client-1, one with each provider, and one of client-2."""
    store, access, clock = open_store(address), open_access(address), Clock()
    sign(store, ("C-1", "client-1", OUTSCALE), ("C-2", "client-2", OUTSCALE), ("C-3", "client-1", CLOUD_TEMPLE))
    gate = Gate(access, Directory(store), clock, parse(failures), provider)
    app = application()
    app.state.gate = gate
    with asyncio.Runner() as runner:
        yield House(store, access, gate, clock, app, runner)
    gate.close()
    store.close()


@cache
def _catalogue() -> Catalogue:
    return load_catalogue([])
