"""Puts the server together from its settings, runs it, and takes it apart."""

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from limits import parse

from adapters.access.browsing import CodeFlow
from adapters.access.directory import Directory
from adapters.access.gate import Gate
from adapters.access.keys import first_key
from adapters.access.oidc import Oidc
from adapters.access.store import access_path, open_access
from adapters.answers import Answers
from adapters.bootstrap import POSTGRES, ledger_of, opened, views_of
from adapters.catalogue import load_catalogue, load_switches
from adapters.clock import now
from adapters.evidence.receipt import Receipts
from adapters.mappings.load import load_mappings
from adapters.saying import french_of
from adapters.settings.load import Settings
from adapters.telemetry.logs import logger, start_logs
from adapters.telemetry.traces import start_traces
from api.app import create_app
from api.parts import Parts
from api.refresher import Refresher
from domain.errors import GreffeError
from domain.time.instant import Instant

STOP_SECONDS = 10
KEEP_ALIVE_SECONDS = 75


class AddressInUseError(GreffeError):
    """The address of the API cannot be listened on; the message says which and why."""


@contextmanager
def application(settings: Settings, clock: Callable[[], Instant] = now) -> Iterator[tuple[FastAPI, Path | None]]:
    """The application over the ledger that the settings name, and where the first key was written if one was.

    ``clock`` stamps what is recorded and says what is due; keys are judged by the machine's own. The ledger is made if
    there is none. Raises GreffeError where something of it cannot be used.
    """
    address = settings.ledger.dsn
    with ExitStack() as stack:
        store = stack.enter_context(
            opened(
                address,
                create=True,
                connections=settings.ledger.connections,
                wait_seconds=settings.ledger.wait_seconds,
                persons=settings.evidence.key_place(address),
            )
        )
        catalogue = load_catalogue(settings.ledger.agreements)
        ledger = ledger_of(store, catalogue)
        ledger.carry_out(clock())
        views = views_of(ledger, catalogue)
        views.tick(clock())
        access = open_access(address)
        identity = settings.identity
        provider = Oidc(identity) if identity.oidc_issuer else None
        public = settings.server.public_address
        flow = CodeFlow(identity, provider, public) if provider is not None and identity.oidc_client else None
        failures = parse(f"{identity.failures_per_minute}/minute")
        gate = stack.enter_context(closing(Gate(access, Directory(store), now, failures, provider)))
        parts = Parts(
            ledger=ledger,
            catalogue=catalogue,
            switches=load_switches(),
            answers=Answers(ledger, catalogue),
            refresher=Refresher(lambda: views.tick(clock()), settings.server.refresh_seconds),
            settings=settings.server,
            clock=clock,
            agreements=settings.ledger.agreements,
            mappings={mapping.name: mapping for mapping in load_mappings(settings.server.mappings)},
            receipts=Receipts(store),
            evidence=settings.evidence,
        )
        key = None if address.startswith(POSTGRES) else first_key(access, _key_file(address), clock())
        yield create_app(parts, gate, flow), key


def serve(
    settings: Settings, tell: Callable[[str], object] = sys.stderr.write, clock: Callable[[], Instant] = now
) -> None:
    """Serves until it is asked to stop. ``tell`` says once where it listens, and where the first key is."""
    start_logs(settings.telemetry)
    stop_traces = start_traces(settings.telemetry)
    try:
        with application(settings, clock) as (app, key), closing(listening(settings)) as listener:
            host, port = listener.getsockname()[:2]
            if key is not None:
                tell(f"greffe: the first administrator's key is in {key}\n")
            tell(f"greffe: listening on http://{host}:{port}\n")
            logger("api").info("listening", host=host, port=port)
            server = uvicorn.Server(
                uvicorn.Config(
                    app,
                    log_config=None,
                    access_log=False,
                    server_header=False,
                    timeout_keep_alive=KEEP_ALIVE_SECONDS,
                    timeout_graceful_shutdown=STOP_SECONDS,
                )
            )
            server.run([listener])
    finally:
        stop_traces()


def listening(settings: Settings) -> socket.socket:
    """The socket the settings name, listened on. Raises AddressInUseError."""
    host, port = settings.server.host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise AddressInUseError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            f"impossible d'écouter sur {host}:{port} : {french_of(error)}",
        ) from None


def _key_file(address: str) -> Path:
    """``greffe-administrator.key`` beside ``greffe.db``."""
    path = access_path(address)
    return path.with_name(f"{path.stem.removesuffix('-access')}-administrator.key")
