"""A process holds a bounded number of connections, says when all are taken, and survives a restart of the server."""

from collections.abc import Iterator

import psycopg
import pytest

from adapters.eventstore.postgres import PostgresStore
from domain.errors import LedgerError
from tests.support.arrivals import NOW, ledger, opened, received
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture
def server(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """A server of the test's own, which it may stop."""
    assert postgres.port, "none is tried where none can be started"
    with postgres_server() as server:
        yield server


def test_connections_are_bounded_and_their_lack_is_said(postgres_dsn: str) -> None:
    store = PostgresStore(postgres_dsn, connections=2, wait_seconds=0.1)
    with store.writing():
        assert store.entries() == [], "a second one reads beside it"
        with (
            store.viewing(),
            pytest.raises(LedgerError, match=r"all 2 connections of this process were in use for 0\.1"),
        ):
            store.entries()
    assert store.entries() == []
    with psycopg.connect(postgres_dsn) as connection:
        count = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
    assert count == (3,), "and the one that counts"
    store.close()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_between_two_batches_is_not_noticed(server: PostgresServer, mode: str) -> None:
    store = PostgresStore(server.dsn())
    one = ledger(store)
    one.record(received(opened(1, "t-1")), NOW)
    assert len(store.entries()) == 1
    server.stop(mode)
    server.start()
    assert len(store.entries()) == 1
    assert one.record(received(opened(1, "t-1"), opened(2, "t-2")), NOW).counts()["recorded"] == 1
    store.close()


def test_while_the_server_is_away_it_is_said_and_nothing_is_lost_or_doubled_when_it_is_back(
    server: PostgresServer,
) -> None:
    store = PostgresStore(server.dsn(), wait_seconds=0.5)
    one = ledger(store)
    one.record(received(opened(1, "t-1")), NOW)
    server.stop("immediate")
    for _ in range(3):
        with pytest.raises(LedgerError, match="the PostgreSQL ledger cannot be used"):
            one.record(received(opened(2, "t-2")), NOW)
    server.start()
    outcome = None
    for _ in range(20):  # the first request after the return may still meet an attempt that began before it
        try:
            outcome = one.record(received(opened(1, "t-1"), opened(2, "t-2")), NOW)
        except LedgerError:
            continue
        break
    assert outcome is not None
    assert (outcome.recorded, outcome.duplicates) == (1, 1)
    assert len(store.entries()) == 2
    store.close()


def test_a_transaction_cut_by_a_crash_leaves_no_trace(server: PostgresServer) -> None:
    store = PostgresStore(server.dsn())

    def cut() -> None:
        with store.writing() as writing:
            writing.remember([("k", b"content")])
            server.stop("immediate")
            writing.track("kafka:0", 1)

    with pytest.raises(LedgerError, match="the PostgreSQL ledger cannot be used"):
        cut()
    server.start()
    assert store.position("kafka:0") is None
    with store.writing() as writing:
        assert writing.contents(["k"]) == {}
    store.close()
