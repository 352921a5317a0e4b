"""A console over a small ledger, asked as a browser asks."""

from collections.abc import Iterator

import httpx
import pytest

from adapters.access.model import Role
from tests.support.arrivals import outage, signed
from tests.support.server import Api, api

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server with one contract of client-1, on either store."""
    if request.param == "sqlite":
        address = str(tmp_path_factory.mktemp("ledger") / "greffe.db")
    else:
        server = request.getfixturevalue("postgres")
        address = server.create_ledger()
        request.addfinalizer(lambda: server.drop_ledger(address))  # noqa: PT021 - only on this store
    with api(address) as running:
        running.post(signed(), outage("1"))
        running.settle()
        yield running


@pytest.fixture
def visitor(served: Api) -> Iterator[httpx.Client]:
    """A browser that nobody signed in."""
    with httpx.Client(base_url=served.url, headers=PAGE, timeout=60) as client:
        yield client


def signed_in(served: Api, client: httpx.Client, role: Role, **scope: tuple[str, ...]) -> httpx.Response:
    """The answer to the form of the door."""
    return client.post("/sign-in", data={"key": served.secret(role, **scope)})
