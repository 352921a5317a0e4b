"""Values of persons on both stores; and where a SQLite ledger keeps nothing of them, whatever file one looks in."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.eventstore.ledger import Ledger
from adapters.eventstore.postgres import PostgresStore
from adapters.eventstore.sqlite import SqliteStore
from adapters.eventstore.store import Store
from adapters.privacy.persons import KeyPlace, beside
from domain.errors import LedgerError
from tests.contracts.persons_contract import PersonsContract, opened
from tests.contracts.store_contract import Opener
from tests.support.arrivals import KNOWN, NOW, ledger, received
from tests.support.persons import ALL, NAME, PERSONS, contact, erased, found_in
from tests.support.postgres import PostgresServer


class TestOnSqlite(PersonsContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Iterator[Opener]:
        stores: list[Store] = []

        def open_one() -> Store:
            stores.append(SqliteStore(tmp_path / "ledger.db"))
            return stores[-1]

        yield open_one
        for store in stores:
            store.close()

    def test_no_file_holds_a_value_before_or_after_an_erasure(self, ledger: Ledger, tmp_path: Path) -> None:
        ledger.record(received(*ALL, b"{", contact(1, name="Another Name")), NOW)
        files = sorted(tmp_path.iterdir())
        assert [path.name for path in files if path.suffix in {".persons", ".key"}] != []
        assert found_in(files) == {}
        ledger.record(received(*(erased(number, person) for number, person in enumerate(PERSONS, 90))), NOW)
        assert found_in(sorted(tmp_path.iterdir())) == {}

    def test_an_unread_value_stands_in_the_ledger_until_its_person_is_erased(
        self, ledger: Ledger, tmp_path: Path
    ) -> None:
        ledger.record(received(contact(1), f'{{"oops": "{NAME}"'.encode()), NOW)
        assert list(found_in(sorted(tmp_path.iterdir())).values()) == [[NAME]]
        ledger.record(received(erased(9)), NOW)
        assert found_in(sorted(tmp_path.iterdir())) == {}

    def test_a_destroyed_key_is_in_no_file(self, ledger: Ledger, tmp_path: Path) -> None:
        ledger.record(received(*ALL), NOW)
        place = tmp_path / "ledger.db.persons"
        with closing(sqlite3.connect(place)) as connection:
            wrapped = dict(connection.execute("SELECT person, wrapped FROM person_key").fetchall())
        assert len(wrapped) == len(PERSONS)
        ledger.record(received(*(erased(number, person) for number, person in enumerate(PERSONS, 90))), NOW)
        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert [person for person, key in wrapped.items() if key in content] == []

    def test_an_erasure_is_heeded_and_done_again_when_the_keys_come_back(self, ledger: Ledger, tmp_path: Path) -> None:
        """As from a backup of the key store that was made before it."""
        ledger.record(received(contact(1)), NOW)
        ledger.store.persons.close()
        shutil.copy(tmp_path / "ledger.db.persons", tmp_path / "copy")
        ledger.record(received(erased(9)), NOW)
        ledger.store.persons.close()
        shutil.copy(tmp_path / "copy", tmp_path / "ledger.db.persons")
        assert opened(ledger) == ["[erased]"] * 3
        assert ledger.carry_out(NOW) == 1
        assert ledger.carry_out(NOW) == 0

    def test_an_erasure_that_cannot_be_carried_out_is_recorded_heeded_and_done_at_the_next_start(
        self, ledger: Ledger, tmp_path: Path
    ) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.store.persons.close()
        master = tmp_path / "ledger.db.persons.key"
        master.rename(tmp_path / "away")
        assert ledger.record(received(erased(9)), NOW).recorded == 1
        assert not ledger.erased_everything
        (tmp_path / "away").rename(master)
        assert Ledger(ledger.store, KNOWN).carry_out(NOW) == 1
        assert opened(ledger) == ["[erased]"] * 3

    def test_another_master_key_is_refused(self, ledger: Ledger, tmp_path: Path) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.store.persons.close()
        other = ledger_with_key(tmp_path / "other.db")
        shutil.copy(other, tmp_path / "ledger.db.persons.key")
        with pytest.raises(LedgerError, match="not the master key that this key store was made with"):
            opened(ledger)

    def test_a_master_key_that_others_may_read_is_refused(self, ledger: Ledger, tmp_path: Path) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.store.persons.close()
        (tmp_path / "ledger.db.persons.key").chmod(0o640)
        with pytest.raises(LedgerError, match="others may read this master key"):
            opened(ledger)


def ledger_with_key(path: Path) -> Path:
    """The master key of another ledger."""
    store = SqliteStore(path)
    ledger(store).record(received(contact(1)), NOW)
    store.close()
    return beside(path).master


class TestOnPostgres(PersonsContract):
    @pytest.fixture
    def open_store(self, postgres: PostgresServer, tmp_path: Path) -> Iterator[Opener]:
        addresses = [postgres.create_ledger(), postgres.url(postgres.create_database())]
        stores: list[Store] = []

        def open_one() -> Store:
            place = KeyPlace(addresses[1], tmp_path / "master.key")
            stores.append(PostgresStore(addresses[0], persons=place))
            return stores[-1]

        yield open_one
        for store in stores:
            store.close()
        for address in addresses:
            postgres.drop_ledger(address)

    def test_a_ledger_without_a_key_store_takes_facts_about_nobody_alone(self, postgres_dsn: str) -> None:
        store = PostgresStore(postgres_dsn)
        try:
            one = ledger(store)
            with pytest.raises(LedgerError, match="GREFFE_EVIDENCE__PERSONS"):
                one.record(received(contact(1)), NOW)
            assert store.entries() == []
        finally:
            store.close()
