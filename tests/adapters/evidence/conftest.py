"""One signed ledger, and the bundle of its contract, for all the tests of evidence."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from adapters.evidence.verify import Key
from tests.support.bundles import Ledger, bundle_of, checkpointed, events, ledger_at, log_signer, record
from tests.support.histories import Histories, histories


class Made(NamedTuple):
    """A ledger, its newest checkpoint, the log's key, and a bundle of everything about its contract."""

    ledger: Ledger
    note: bytes
    key: Key
    data: bytes

    def bundle(self, *words: str, **more: object) -> bytes:
        """Another bundle of the same."""
        return bundle_of(self.ledger.store, self.note, *words, **more)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with ledger_at(tmp_path_factory.mktemp("signed")) as ledger:
        record(ledger, events())
        note = checkpointed(ledger.store)
        yield Made(ledger, note, log_signer(ledger.store.log_origin()).key, bundle_of(ledger.store, note))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Histories]:
    with histories(tmp_path_factory.mktemp("histories")) as made:
        yield made
