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
    name = server.create_database()
    request.addfinalizer(lambda: server.drop_database(name))  # noqa: PT021 - only on this store
    return f"postgresql://{server.user}@127.0.0.1:{server.port}/{name}"


@pytest.fixture
def at_home(address: str) -> Iterator[House]:
    """A ledger with three contracts behind its gate."""
    with house(address) as made:
        yield made
