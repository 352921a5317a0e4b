"""A ledger with many facts and ``greffe serve``'s application over it, in a process of its own, for benches of HTTP."""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    """What every bench of HTTP may be asked."""
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--contracts", type=int, default=200)
    parser.add_argument("--ledger", help="one that holds facts is used as it is (default: a new file)")


def fill(address: str, count: int, contracts: int) -> None:
    """Records made facts and brings the views up, in a ledger that holds none yet; says how long it took."""
    import facts

    from adapters.bootstrap import ledger_of, opened, views_of
    from adapters.catalogue import load_catalogue
    from adapters.clock import now
    from adapters.ingest import ingest_file

    with opened(address, create=True) as store:
        held = store.last_position()
        begun = time.perf_counter()
        ledger = ledger_of(store, load_catalogue())
        if not held:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "facts.jsonl")
                facts.write(path, count, contracts)
                with path.open("rb") as stream:
                    ingest_file(ledger, stream, path.name, now)
        recorded = time.perf_counter()
        views_of(ledger, load_catalogue()).tick(now())
        took = f"recorded in {recorded - begun:.0f} s" if not held else "held already"
        print(f"{held or count} facts: {took}, views in {time.perf_counter() - recorded:.0f} s", flush=True)


def serve(address: str, told: Connection) -> None:
    """Serves the ledger, and the same bytes by bare routes; says the address and a key."""
    import uvicorn
    from fastapi import Depends, Request, Response

    from adapters.access.keys import Order, create_key
    from adapters.access.model import Role, Scope
    from adapters.access.store import open_access
    from adapters.clock import now
    from adapters.settings.ledger import LedgerSettings
    from adapters.settings.load import Settings
    from adapters.settings.server import ServerSettings
    from adapters.settings.telemetry import TelemetrySettings
    from adapters.telemetry.logs import start_logs
    from api.identity import reader
    from api.limits import paced
    from api.serving import application, listening

    start_logs(TelemetrySettings(log_level="error"))
    settings = Settings(
        ledger=LedgerSettings(address=address), server=ServerSettings(port=0, rate="100000000/minute", seconds=600)
    )
    bodies: dict[str, bytes] = {}
    with application(settings) as (app, _), listening(settings) as listener:

        @app.post("/bench/{name}")
        async def keep(name: str, request: Request) -> Response:
            bodies[name] = await request.body()
            return Response()

        @app.get("/bench/time")
        async def spent() -> float:
            return time.process_time()

        @app.get("/bench/bare/{name}")
        async def bare(name: str) -> Response:
            return Response(bodies[name], media_type="application/json")

        @app.get("/bench/entered/{contract}/{name}", dependencies=[Depends(paced), Depends(reader)])
        async def entered(name: str) -> Response:
            return Response(bodies[name], media_type="application/json")

        access = open_access(address)
        key = create_key(access, Order("bench", Role.AUDITOR, Scope()), now(), "bench")[1]
        told.send((f"http://127.0.0.1:{listener.getsockname()[1]}", key))
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run([listener])


@contextmanager
def running(address: str) -> Iterator[tuple[str, str]]:
    """(address, an auditor's key) of a server over a ledger."""
    spawned = multiprocessing.get_context("spawn")
    hears, tells = spawned.Pipe(duplex=False)
    server = spawned.Process(target=serve, args=(address, tells), daemon=True)
    server.start()
    try:
        yield hears.recv()
    finally:
        server.terminate()
        server.join()
