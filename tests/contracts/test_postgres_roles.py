"""Each role of a PostgreSQL ledger may do its work and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from adapters import bootstrap
from adapters.access.model import Access, AccessError
from adapters.access.store import open_access
from adapters.access.tables import METADATA
from adapters.catalogue import load_catalogue
from adapters.eventstore import postgres_tables
from adapters.eventstore.ledger import NOTIFIED, note_sent
from adapters.eventstore.postgres import PostgresStore
from adapters.eventstore.schema import FIRST, VERSION
from adapters.notify.rows import NotificationSearch
from adapters.privacy.persons import of_file
from api.cli.main import main
from domain.errors import LedgerError
from domain.time.instant import Instant
from tests.contracts.outbox_contract import notification
from tests.support.arrivals import NOW, ledger, outage, received, reserve, signed
from tests.support.persons import NAME, contact, erased
from tests.support.postgres import PostgresServer
from tests.support.proving import log_key, sign

LOGINS = {
    "migrator": "greffe_owner",
    "worker": "greffe_ingest",
    "web": "greffe_api",
    "auditor": "greffe_reader",
    "signer": "greffe_sign",
    "notifier": "greffe_notify",
}
LEDGER_TABLES = ("stored_events", "fact_key", "held", "tracked_position", "statement_view", "fact_index")


class House:
    """A database with the ledger's roles, and somebody who logs in as each."""

    def __init__(self, server: PostgresServer, database: str) -> None:
        self.server, self.database = server, database
        self.owner = self.address(server.user)

    def address(self, login: str) -> str:
        return f"postgresql://{login}@127.0.0.1:{self.server.port}/{self.database}"


@contextmanager
def housed(postgres: PostgresServer) -> Iterator[House]:
    """A house of its own, gone at the end of the block."""
    house = House(postgres, postgres.create_ledger().rpartition("/")[2])
    assert main(["migrate", "--roles", "--ledger", house.owner]) == 0
    with psycopg.connect(house.owner) as connection:
        for login, role in LOGINS.items():
            connection.execute(f"DROP ROLE IF EXISTS {login}".encode())
            connection.execute(f"CREATE ROLE {login} LOGIN IN ROLE {role}".encode())
    yield house
    postgres.drop_database(house.database)


@pytest.fixture
def house(postgres: PostgresServer) -> Iterator[House]:
    with housed(postgres) as made:
        yield made


@pytest.fixture(scope="module")
def standing(postgres: PostgresServer) -> Iterator[House]:
    """One for every test that must leave it as it was."""
    with housed(postgres) as made:
        yield made


def refused(address: str, statement: str) -> bool:
    """Whether the server refuses a statement for want of rights; any other failure is a failure of the test."""
    with psycopg.connect(address) as connection:
        try:
            connection.execute(statement.encode())
        except InsufficientPrivilege:
            return True
        connection.rollback()
    return False


@pytest.mark.parametrize("login", ["worker", "web"])
def test_a_worker_takes_facts_in_holds_others_and_keeps_views(house: House, login: str) -> None:
    store = PostgresStore(house.address(login))
    one = ledger(store)
    assert one.record(received(signed(), outage(1), reserve(2, "none")), NOW, {"kafka:0": 3}).recorded == 2
    assert one.record(received(outage(1)), NOW).duplicates == 1
    (entry,) = store.quarantine()
    one.discard(entry.number, "sent by mistake", NOW)
    catalogue = load_catalogue()
    views = bootstrap.views_of(bootstrap.ledger_of(store, catalogue), catalogue)
    views.refresh()
    views.rebuild()
    assert store.views() == ["C-1"]
    store.close()


@pytest.mark.parametrize("login", ["worker", "web", "auditor"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = ''",
        "DELETE FROM stored_events",
        "TRUNCATE stored_events",
        "DROP TABLE stored_events",
        "ALTER TABLE stored_events ADD COLUMN more int",
        "CREATE INDEX mine ON stored_events (topic)",
        "ALTER SEQUENCE stored_events_notification_id_seq RESTART",
        "DELETE FROM held",
        "DELETE FROM fact_key",
        "DELETE FROM tracked_position",
        "UPDATE ledger_version SET version_num = '9999'",
        "CREATE TABLE mine (n int)",
        "SET ROLE greffe_owner",
    ],
)
def test_no_worker_changes_or_deletes_what_was_recorded(standing: House, login: str, statement: str) -> None:
    assert refused(standing.address(login), statement)


@pytest.mark.parametrize("table", [table.name for table in METADATA.sorted_tables])
def test_only_the_api_sees_keys_grants_and_the_access_log(standing: House, table: str) -> None:
    for login, expected in {"worker": True, "auditor": True, "web": False}.items():
        assert refused(standing.address(login), f"SELECT * FROM {table}") is expected  # noqa: S608


@pytest.mark.parametrize("login", ["worker", "web"])
def test_a_worker_seals_erases_and_cleans_what_could_not_be_read(house: House, login: str, tmp_path: Path) -> None:
    store = PostgresStore(house.address(login), persons=of_file(tmp_path / "persons"))
    one = ledger(store)
    assert one.record(received(contact(1), f"{{{NAME}".encode()), NOW).recorded == 1
    assert one.record(received(erased(2)), NOW).recorded == 1
    (entry,) = store.quarantine()
    assert entry.body == b"{[erased]"
    assert one.erased_everything
    store.close()


@pytest.mark.parametrize("statement", ["DELETE FROM access_log", "UPDATE access_log SET route = ''"])
def test_the_api_adds_to_the_access_log_and_cannot_change_it(house: House, statement: str) -> None:
    assert refused(house.address("web"), statement)
    access = open_access(house.address("web"))
    assert access.every_key() == []
    access.record([Access(NOW, None, None, None, "GET /", "/", "C-1", None, 401)])
    assert [entry.contract for entry in access.log()] == ["C-1"]
    with pytest.raises(AccessError):
        access.revoke_key("none", NOW)
    access.close()


def test_a_reader_reads_and_writes_nothing(house: House) -> None:
    writer = PostgresStore(house.address("worker"))
    ledger(writer).record(received(signed()), NOW)
    reader = PostgresStore(house.address("auditor"))
    assert len(reader.entries()) == 1
    for table in LEDGER_TABLES:
        assert refused(house.address("auditor"), f"DELETE FROM {table}")  # noqa: S608
    with pytest.raises(LedgerError, match="permission denied for function ledger_lock"):
        ledger(reader).record(received(outage(1)), NOW)
    reader.close()
    writer.close()


def test_a_notifier_keeps_its_outbox_and_says_in_the_log_what_it_sent_and_changes_no_fact(house: House) -> None:
    writer = PostgresStore(house.address("worker"))
    ledger(writer).record(received(signed()), NOW)
    store = PostgresStore(house.address("notifier"))
    assert store.views() == []
    assert note_sent(store, lambda _: {"m-1": {"message": "m-1"}}, NOW) == 1
    with store.notifying() as outbox:
        outbox.track("notify:since:rule", NOW)
        assert outbox.gather(NOW) == 0
    assert [one.topic for one in writer.entries_of("")] == [NOTIFIED]
    for table in LEDGER_TABLES:
        assert refused(house.address("notifier"), f"DELETE FROM {table}")  # noqa: S608
    assert refused(house.address("notifier"), "UPDATE stored_events SET state = ''")
    assert refused(house.address("notifier"), "SELECT * FROM access_key")
    assert refused(house.address("worker"), "SELECT * FROM notification")
    store.close()
    writer.close()


def test_the_api_reads_the_outbox_acknowledges_and_changes_nothing_else_of_it(house: House) -> None:
    notifier = PostgresStore(house.address("notifier"))
    with notifier.notifying() as outbox:
        outbox.plan([notification("a")])
        outbox.gather(NOW)
        ((message, _),) = outbox.claim(NOW, Instant(NOW + 1), "one", 1)
        outbox.hand_over(message.id, "one", Instant(NOW + 1))
        outbox.sent(message.id, "one", NOW)
    store = PostgresStore(house.address("web"))
    (told,) = store.told(NotificationSearch())
    assert told.message is not None
    with store.notifying() as outbox:
        assert outbox.acknowledge("a", NOW) == 1
    for statement in (
        "UPDATE notification SET state = 'waiting'",
        "DELETE FROM notification",
        "INSERT INTO notification SELECT * FROM notification",
        "UPDATE notification_message SET state = 'ready'",
    ):
        assert refused(house.address("web"), statement), statement
    store.close()
    notifier.close()


def test_somebody_without_a_role_sees_nothing(house: House) -> None:
    with psycopg.connect(house.owner) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(LedgerError, match="permission denied"):
        PostgresStore(house.address("stranger"))


def test_the_owner_migrates_what_it_then_owns_and_workers_keep_their_rights(house: House) -> None:
    """From the first version, in a database given to the owner: the tables made later are the owner's as well."""
    name = house.server.create_database()
    mine = House(house.server, name)
    with psycopg.connect(mine.owner) as connection:
        connection.execute("GRANT CREATE, USAGE ON SCHEMA public TO greffe_owner")
        connection.execute("SET ROLE greffe_owner")
    postgres_tables.migrate({"conninfo": mine.owner, "options": "-c role=greffe_owner"}, FIRST)
    with pytest.raises(LedgerError, match="permission denied"):
        PostgresStore(mine.address("worker"))
    assert bootstrap.migrate(mine.address("migrator")) == (FIRST, VERSION)
    with psycopg.connect(mine.owner) as connection:
        owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert owners == [("greffe_owner",)]
    store = PostgresStore(mine.address("worker"))
    assert ledger(store).record(received(signed()), NOW).recorded == 1
    store.close()
    house.server.drop_database(name)


def test_a_worker_does_not_migrate(house: House, postgres: PostgresServer) -> None:
    name = postgres.create_database()
    mine = House(postgres, name)
    with pytest.raises(LedgerError, match="this role may not make one: run greffe migrate"):
        PostgresStore(mine.address("worker"))
    assert house.database != name
    postgres.drop_database(name)


def test_the_tables_of_access_are_those_that_the_program_would_make(house: House) -> None:
    with psycopg.connect(house.owner) as connection:
        for table in METADATA.sorted_tables:
            found = connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table.name,)
            ).fetchall()
            assert {row[0] for row in found} == set(table.columns.keys())


def test_roles_are_for_postgres_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--roles", "--ledger", "/nowhere/ledger.db"]) == 2
    assert "roles are for a ledger in PostgreSQL" in capsys.readouterr().err


def test_the_signer_signs_without_reading_a_fact_and_nobody_else_can(house: House, tmp_path: Path) -> None:
    worker = PostgresStore(house.address("worker"))
    ledger(worker).record(received(signed(), outage(1)), NOW)
    signer = PostgresStore(house.address("signer"))
    path, _ = log_key(signer, tmp_path)
    assert sign(signer, path) == 3
    assert worker.checkpoint() == signer.checkpoint()
    for table in ("stored_events", "held", "statement_view", "access_key"):
        assert refused(house.address("signer"), f"TABLE {table}")
    for statement in (
        "UPDATE proof_leaf SET idx = 7",
        "DELETE FROM proof_checkpoint",
        "UPDATE proof_head SET tseq = 1",
    ):
        assert refused(house.address("signer"), statement)
    for login in ("worker", "web", "auditor"):
        assert refused(house.address(login), "INSERT INTO proof_checkpoint VALUES (9, '', '', 0)")
        assert refused(house.address(login), "INSERT INTO proof_key VALUES (9, '', 0, NULL, 0)")
    for store in (worker, signer):
        store.close()
