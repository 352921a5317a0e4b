"""A real PostgreSQL server for the tests: made in a temporary folder, gone at the end.

It listens on a Unix socket and on a spare loopback port, runs as an unprivileged user (PostgreSQL refuses root),
and does not fsync: what the tests judge is the answers, not the disk.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from adapters.access.store import open_access
from adapters.bootstrap import open_store

START_ATTEMPTS = 5
UNPRIVILEGED = ("postgres", "nobody")
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - not a file, but where there may be memory for files
"""Where a file system in memory may be, and the free bytes it must have: hundreds of databases are made and dropped."""
SUPERUSER = "greffe"


class PostgresUnavailableError(Exception):
    """No server can be started here; the text says why."""


@dataclass
class PostgresServer:
    """A running server. ``host`` is the folder of its Unix socket; TCP is ``127.0.0.1`` on the same ``port``."""

    binaries: Path
    folder: Path
    account: Mapping[str, Any]
    port: int = 0
    user: str = SUPERUSER
    _databases: Iterator[int] = field(default_factory=lambda: count(1))
    _template: str | None = None

    @property
    def host(self) -> str:
        """The folder of the Unix socket, as libpq takes it for a host."""
        return str(self.folder)

    def dsn(self, database: str = "postgres", host: str | None = None) -> str:
        """The connection string of a database; ``host="127.0.0.1"`` goes through TCP."""
        return f"host={host or self.host} port={self.port} user={self.user} dbname={database}"

    def url(self, database: str) -> str:
        """The address of a ledger in a database, through TCP."""
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        """A new empty database; returns its name."""
        name = f"greffe_test_{next(self._databases)}"
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def create_ledger(self) -> str:
        """The address of a new empty ledger, copied from one whose tables were made once."""
        if self._template is None:
            self._template = self.create_database()
            open_store(self.url(self._template)).close()
            open_access(self.url(self._template)).close()
        name = f"greffe_test_{next(self._databases)}"
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(copy.format(sql.Identifier(name), sql.Identifier(self._template)))
        return self.url(name)

    def drop_ledger(self, address: str) -> None:
        """Drop the database of a ledger."""
        self.drop_database(address.rpartition("/")[2])

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement)

    def start(self) -> None:
        """Start on a spare port, or on the same one again. Raises PostgresUnavailableError."""
        ports = [self.port] if self.port else [_spare_port() for _ in range(START_ATTEMPTS)]
        for port in ports:
            options = f"-p {port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
            if not self._run("pg_ctl", "-w", "-t", "60", "-l", str(self._log), "-o", options, "start"):
                self.port = port
                return
        raise PostgresUnavailableError(f"pg_ctl start failed: {self._log.read_text()[-2000:]}")

    def stop(self, mode: str = "fast") -> None:
        """Stop; ``immediate`` is a crash: the next start recovers."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def initialise(self) -> None:
        """Make the cluster. Raises PostgresUnavailableError."""
        failure = self._run(
            "initdb", "--username", self.user, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"
        )
        if failure:
            raise PostgresUnavailableError(f"initdb failed: {failure[-2000:]}")

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of the server's programs on the cluster; returns what it complained of, or an empty string."""
        done = subprocess.run(  # noqa: S603 - the program comes from the PostgreSQL installation, no shell
            [str(self.binaries / program), *arguments],
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C", "PGDATA": str(self.folder / "data")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            text=True,
            check=False,
            **self.account,
        )
        return (done.stderr or f"exit status {done.returncode}") if done.returncode else ""


def _memory() -> Path | None:
    """A folder in memory with room for the server; None where there is none, for the folder of temporary files."""
    try:
        room = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if room >= ROOM and os.access(MEMORY, os.W_OK) else None


@contextmanager
def postgres_server(*, in_memory: bool = False) -> Iterator[PostgresServer]:
    """A server for the length of the block, its files in memory where asked and there is room: never to measure.

    Raises PostgresUnavailableError where none can be started.
    """
    binaries = _find_binaries()
    account = _unprivileged_account()
    folder = Path(tempfile.mkdtemp(prefix="greffe-pg-", dir=_memory() if in_memory else None))
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        server = PostgresServer(binaries, folder, account)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _find_binaries() -> Path:
    """The folder of initdb and pg_ctl: the newest packaged one, else what pg_config or PATH names."""
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _major(path.parent.name), reverse=True
    )
    named = []
    if pg_config := shutil.which("pg_config"):
        done = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        named.append(Path(done.stdout.strip()))
    if initdb := shutil.which("initdb"):
        named.append(Path(initdb).resolve().parent)
    for folder in [*packaged, *named]:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise PostgresUnavailableError(
        "no PostgreSQL server binaries (initdb, pg_ctl) in /usr/lib/postgresql/*/bin, pg_config --bindir or PATH;"
        " on Debian: apt-get install postgresql"
    )


def _major(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def _unprivileged_account() -> dict[str, Any]:
    """The account to run the server as, in subprocess's words; empty unless we are root."""
    if os.geteuid() != 0:
        return {}
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresUnavailableError(f"PostgreSQL does not run as root, and no account named {' or '.join(UNPRIVILEGED)}")


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
