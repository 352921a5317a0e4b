"""A running API, over each of the two stores."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer
from tests.support.server import Api, api


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a ledger that the tests of one module share."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield str(tmp_path_factory.mktemp("ledger") / "greffe.db")
            return
        server: PostgresServer = request.getfixturevalue("postgres")
        ledger = server.create_ledger()
        stack.callback(server.drop_ledger, ledger)
        yield ledger


@pytest.fixture(scope="module")
def served(address: str) -> Iterator[Api]:
    """The API over it."""
    with api(address) as running:
        yield running


@pytest.fixture
def ledger_file(tmp_path: Path) -> str:
    """The address of a new SQLite ledger."""
    return str(tmp_path / "greffe.db")
