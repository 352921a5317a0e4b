"""What a witness remembers: the newest checkpoint it cosigned for each log, in a SQLite file."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from adapters.evidence.notes import Signer
from adapters.evidence.verify import Checkpoint, Key
from adapters.evidence.witness import Answer, add_checkpoint
from domain.errors import GreffeError

TABLE = "CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)"
WAIT_SECONDS = 10


class WitnessError(GreffeError):
    """The witness cannot remember, so it must not sign; the text says why."""


class Witness:
    """Answers for a folder's worth of memory. Several threads and processes may share the file.

    ``logs`` are the keys by which each known log signs, by its origin.
    """

    def __init__(self, path: Path, logs: Mapping[str, Sequence[Key]], signer: Signer) -> None:
        self._path = path
        self._logs = logs
        self._signer = signer
        with self._writing() as connection:
            connection.execute(TABLE)

    def add_checkpoint(self, request: bytes, now: int) -> Answer:
        """Answers one request at ``now`` (POSIX seconds); what it signs is on the disk before it returns."""
        with self._writing() as connection:
            answer = add_checkpoint(request, self._logs, _seen(connection), self._signer, now)
            if answer.seen is not None:
                connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", answer.seen)
        return answer

    def seen(self) -> Mapping[str, Checkpoint]:
        """The newest checkpoint of each log."""
        with self._writing() as connection:
            return _seen(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise WitnessError(
                f"{self._path}: the witness cannot remember: {error}",
                f"{self._path} : le témoin ne peut pas retenir : {error}",
            ) from None


def _seen(connection: sqlite3.Connection) -> dict[str, Checkpoint]:
    return {row[0]: Checkpoint(*row) for row in connection.execute("SELECT origin, size, root FROM seen")}
