"""A witness with its own key and memory in a folder: in a process as a third party runs it, or in a thread."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.evidence.keyfile import make, read
from adapters.evidence.notes import verifier
from adapters.evidence.verify import COSIGNATURE, Key, parse_key
from adapters.evidence.witnessed import Witness
from api.witness import application
from tests.support.serving import serving

ROOT = Path(__file__).parents[2]


def greffe(*words: str, lang: str = "en") -> list[str]:
    return [sys.executable, "-m", "api.cli.main", "witness", *words, "--lang", lang]


@contextmanager
def witness(folder: Path, log: Key) -> Iterator[tuple[str, Key]]:
    """A witness in this process: (where it answers, its key). It remembers in ``folder``."""
    key = folder / "witness.key"
    signer = read(key) if key.exists() else make(key, "counsel.example", COSIGNATURE)
    app = application(Witness(folder / "seen.db", {log.name: [log]}, signer))
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(app, listener) as url:
        yield url, signer.key


@contextmanager
def witness_process(folder: Path, log: Key) -> Iterator[tuple[str, Key]]:
    """A witness in a process of its own: (where it answers, its key). It remembers in ``folder``."""
    key = folder / "witness.key"
    if not key.exists():
        subprocess.run(greffe("new-key", "--name", "counsel.example", "--key", str(key)), cwd=ROOT, check=True)  # noqa: S603 - our own
    words = ["run", "--key", str(key), "--state", str(folder / "seen.db"), "--log", verifier(log), "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own command
        greffe(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        try:
            url = running.stderr.readline().partition(" answers at ")[2].partition(";")[0]
            yield url, parse_key(running.stdout.readline().strip())
        finally:
            running.terminate()
