"""The command line as a person uses it: words in; exit status, output and errors out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.main import main
from tests.support.story import late_story, penalty_story, support_story, written

Answer = tuple[int, str, str]
Greffe = Callable[..., Answer]


@pytest.fixture
def greffe(capsys: pytest.CaptureFixture[str]) -> Greffe:
    """Runs ``greffe WORDS`` and returns its exit status, what it printed and what it said on stderr."""

    def run(*words: str) -> Answer:
        try:
            status = main(words)
        except SystemExit as error:
            status = int(error.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """The address of a ledger that is not there yet."""
    return str(tmp_path / "var" / "ledger.db")


@pytest.fixture
def penalty(tmp_path: Path) -> str:
    """A file of facts with one breach and its reserve."""
    return written(tmp_path, penalty_story(), "penalty.jsonl")


@pytest.fixture
def support(tmp_path: Path) -> str:
    """A file of facts with one ticket."""
    return written(tmp_path, support_story(), "support.jsonl")


@pytest.fixture
def late(tmp_path: Path) -> str:
    """A file of facts with one invoice paid late."""
    return written(tmp_path, late_story(), "late.jsonl")
