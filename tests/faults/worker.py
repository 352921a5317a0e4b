"""Workers that start quickly: forked from a process that has imported greffe already, then killed like any other."""

import os
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from adapters.settings.kafka import KafkaSettings
from tests.support.kafka import WorkerLog, environment_of

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "api.cli.main",
        "api.cli.ingest_command",
        "adapters.kafka.ingest",
        "adapters.eventstore.sqlite",
        "adapters.eventstore.postgres",
        "adapters.mappings.load",
        "adapters.settings.load",
        "adapters.telemetry.logs",
    ]
)


class ForkedWorker:
    """``greffe ingest`` with these words, in a process of its own that says what it does in a file."""

    def __init__(self, ledger: str, settings: KafkaSettings, log: Path, *words: str) -> None:
        self._log = WorkerLog(log)
        log.touch()
        environ = environment_of(ledger, settings)
        self._process = FORKS.Process(target=_work, args=(["ingest", *words], environ, str(log)), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process.pid is not None
        return self._process.pid

    def wait_for_line(self, event: str, times: int = 1) -> dict[str, Any]:
        """The line of its log that says an event for the n-th time."""
        return self._log.wait_for(event, self._process.is_alive, times)

    def stop(self) -> None:
        """Asks it to stop, once it can hear; fails if it did not stop in good order."""
        self.wait_for_line("worker started")
        self._process.terminate()
        self.end()

    def end(self) -> None:
        """Waits for its end; fails if that was not in good order."""
        self._process.join()
        assert self._process.exitcode == 0, self._log.text()

    def kill(self) -> None:
        """``kill -9``."""
        self._process.kill()
        self._process.join()


def _work(words: list[str], environ: dict[str, str], log: str) -> None:
    from api.cli.main import main  # noqa: PLC0415 - imported before the fork

    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update(environ)
    sys.exit(main(words))
