"""A house on each store: what follows holds on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.access import House, house


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger of the test's own."""
    if request.param == "sqlite":
        return str(tmp_path / "greffe.db")
    server = request.getfixturevalue("postgres")
    ledger = str(server.create_ledger())
    request.addfinalizer(lambda: server.drop_ledger(ledger))  # noqa: PT021 - only on this store
    return ledger


@pytest.fixture
def at_home(address: str) -> Iterator[House]:
    """A ledger with three contracts behind its gate."""
    with house(address) as made:
        yield made
