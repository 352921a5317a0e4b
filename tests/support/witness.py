"""A witness as a third party runs it: its own process, its own key and memory in a folder."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.evidence.notes import verifier
from adapters.evidence.verify import Key, parse_key

ROOT = Path(__file__).parents[2]


def greffe(*words: str, lang: str = "en") -> list[str]:
    return [sys.executable, "-m", "api.cli.main", "witness", *words, "--lang", lang]


@contextmanager
def witness(folder: Path, log: Key) -> Iterator[tuple[str, Key]]:
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
