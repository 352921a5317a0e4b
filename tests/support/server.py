"""The API as it runs: a real uvicorn server on a spare port, over a real ledger, asked over TCP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from adapters.access.keys import Order, create_key
from adapters.access.model import Role, Scope
from adapters.access.store import AccessStore, open_access
from adapters.bootstrap import POSTGRES
from adapters.clock import now
from adapters.settings.evidence import EvidenceSettings
from adapters.settings.identity import IdentitySettings
from adapters.settings.ledger import LedgerSettings
from adapters.settings.load import Settings
from adapters.settings.server import ServerSettings
from api.refresher import Refresher
from api.serving import application, listening
from domain.time.instant import Instant
from tests.support.arrivals import Event
from tests.support.serving import SECONDS, serving

STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
SCOPES: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.CLIENT: {"clients": ("client-1",)},
    Role.DESK: {"providers": ("outscale",)},
}


@dataclass
class Api:
    """A running server, and the keys to it."""

    url: str
    address: str
    access: AccessStore
    stack: ExitStack
    refresher: Refresher
    _clients: dict[Role, httpx.Client] = field(default_factory=dict)

    def secret(self, role: Role, **scope: tuple[str, ...]) -> str:
        """A new key of a role."""
        order = Order(f"a {role}", role, Scope.of(**(scope or SCOPES.get(role, {}))))
        return create_key(self.access, order, now(), "test")[1]

    def as_(self, role: Role) -> httpx.Client:
        """A client that calls in a role; a client of ``client-1``, a desk of Outscale."""
        if role not in self._clients:
            headers = {"Authorization": f"Bearer {self.secret(role)}"}
            client = httpx.Client(base_url=self.url, headers=headers, timeout=SECONDS)
            self._clients[role] = self.stack.enter_context(client)
        return self._clients[role]

    def get(self, path: str, role: Role = Role.AUDITOR, **more: Any) -> httpx.Response:
        """The answer to a reader who sees every contract."""
        return self.as_(role).get(path, **more)

    def settle(self) -> None:
        """Waits until the statements have taken in what others recorded."""
        assert self.refresher.settle(SECONDS), "the statements are behind"

    def post(self, *events: Event) -> Any:
        """Records events as a batch; what became of each."""
        answer = self.as_(Role.OPERATOR).post("/v1/events", json=events, headers=BATCH)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def api(
    address: str, clock: Callable[[], Instant] = now, identity: IdentitySettings | None = None, **server: Any
) -> Iterator[Api]:
    """A server over the ledger at an address; ``server`` are settings of it."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        settings = Settings(
            ledger=LedgerSettings(address=address),
            identity=identity or IdentitySettings(),
            server=ServerSettings(**({"port": 0, "rate": "1000000/minute"} | server)),
            evidence=EvidenceSettings(persons=f"{folder}/persons" if address.startswith(POSTGRES) else None),
        )
        app, _ = stack.enter_context(application(settings, clock))
        access = open_access(address)
        stack.callback(access.close)
        url = stack.enter_context(serving(app, stack.enter_context(listening(settings))))
        with ExitStack() as clients:
            refresher: Refresher = app.state.parts.refresher
            yield Api(url, address, access, clients, refresher)
