"""The server the tests start is real, isolated, and comes back after a crash."""

import psycopg
import pytest

from tests.support.postgres import PostgresServer, postgres_server


def test_server_answers_on_socket_and_on_loopback(postgres: PostgresServer) -> None:
    for host in (postgres.host, "127.0.0.1"):
        with psycopg.connect(postgres.dsn(host=host)) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (postgres.user,)


def test_each_database_starts_empty(postgres: PostgresServer) -> None:
    first, second = postgres.create_database(), postgres.create_database()
    with psycopg.connect(postgres.dsn(first)) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    with psycopg.connect(postgres.dsn(second)) as connection:
        assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)


@pytest.mark.usefixtures("postgres")
def test_committed_rows_survive_a_crash_of_the_server() -> None:
    with postgres_server() as server:
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (1)")
        server.stop("immediate")
        server.start()
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
