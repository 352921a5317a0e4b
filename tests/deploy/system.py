"""The services of docker-compose.yml as processes of this machine: the same commands, the same variables."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.support.postgres import PostgresServer
from tools.broker import Broker
from tools.secrets import draw

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
STOP_SECONDS = 60


class System:
    """The services, over a PostgreSQL and a Kafka of this machine, whose names and paths stand for the containers'."""

    def __init__(self, folder: Path, postgres: PostgresServer, broker: Broker) -> None:
        self.folder = folder
        self.database = postgres.create_database()
        self._postgres = postgres
        self._here = {
            "postgres:5432/greffe": f"127.0.0.1:{postgres.port}/{self.database}",
            "kafka:9094": broker.bootstrap,
            "/run/secrets": str(folder / "secrets"),
            "/var/lib/greffe": str(folder),
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - what a container listens on, taken out
        }
        draw(folder / "secrets")

    def make_roles(self) -> None:
        """What the PostgreSQL image does at its first start."""
        self._run(
            ["sh", str(ROOT / COMPOSE["services"]["postgres"]["volumes"][1].split(":")[0] / Path("10-roles.sh"))],
            {
                "PGHOST": self._postgres.host,
                "PGPORT": str(self._postgres.port),
                "POSTGRES_USER": self._postgres.user,
                "POSTGRES_DB": self.database,
                "SECRETS": str(self.folder / "secrets"),
            },
        )

    def environ(self, service: str, **more: str) -> dict[str, str]:
        """The variables of a service, as they are said on this machine."""
        found = dict(COMPOSE["services"][service]["environment"]) | more
        for there, here in self._here.items():
            found = {name: value.replace(there, here) for name, value in found.items()}
        return found

    def run(self, service: str, *words: str, **more: str) -> str:
        """What a service prints that runs to its end; or one of ``greffe``'s commands, run within a service."""
        command = list(words) or COMPOSE["services"][service]["command"]
        return self._run([sys.executable, "-m", "api.cli.main", *command], self.environ(service, **more))

    @contextmanager
    def running(self, service: str, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """A service that lasts, stopped as the engine stops it. Its lines are on ``stderr``."""
        command = [sys.executable, "-m", "api.cli.main", *COMPOSE["services"][service]["command"], *words]
        process = subprocess.Popen(  # noqa: S603 - our own command line
            command, cwd=ROOT, env=_here(self.environ(service, **more)), stderr=subprocess.PIPE, text=True
        )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=STOP_SECONDS)
        assert process.returncode in (0, -signal.SIGTERM)

    def _run(self, command: list[str], environ: Mapping[str, str]) -> str:
        done = subprocess.run(  # noqa: S603 - our own scripts and command line
            command, cwd=ROOT, env=_here(environ), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _here(environ: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", **environ}


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """The next line of a process that has these words."""
    assert process.stderr is not None
    heard = []
    for line in process.stderr:
        heard.append(line)
        if words in line:
            return line
    raise AssertionError("".join(heard))
