"""A sound, signed ledger on each store, made once, and a fresh copy of it to spoil for each test."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.audit.run import LastAudit, Report, audit
from adapters.evidence.verify import Key
from tests.faults.rows import LATER, Copy, Ran, postgres_copies, sqlite_copies


@dataclass
class Spoilt:
    """A ledger whose rows a test may change."""

    address: str
    ran: Ran
    key: Key

    def audit(self, last: LastAudit | None = None, earlier: tuple[LastAudit, ...] = ()) -> Report:
        """What an audit with the log's key says."""
        return audit(self.address, LATER, keys=[self.key], last=last, earlier=earlier)

    def codes(self) -> list[str]:
        """The codes of what an audit finds, each once."""
        return list(dict.fromkeys(fault.code for fault in self.audit().faults))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Key, Copy]]:
    folder: Path = tmp_path_factory.mktemp("sound")
    if request.param == "sqlite":
        with sqlite_copies(folder) as made:
            yield made
    else:
        with postgres_copies(request.getfixturevalue("postgres"), folder) as made:
            yield made


@pytest.fixture
def spoilt(sound: tuple[Key, Copy]) -> Iterator[Spoilt]:
    key, copy = sound
    with copy() as (address, ran):
        yield Spoilt(address, ran, key)
