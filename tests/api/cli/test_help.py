"""``greffe --help``: complete, with examples, and quick because nothing heavy is loaded."""

import re
import subprocess
import sys

import pytest

from api.cli.main import COMMANDS
from tests.api.cli.conftest import Greffe

HEAVY = ("pydantic", "eventsourcing", "rich", "fastapi", "holidays", "psycopg", "kafka")


def test_help_names_every_command_and_the_exit_statuses(greffe: Greffe) -> None:
    status, out, _ = greffe("--help")
    assert status == 0
    assert all(re.search(rf"^    {command}\s", out, re.MULTILINE) for command in COMMANDS)
    assert "examples:" in out
    assert "Exit status: 0 done, 1 the answer is no, 2 bad usage or unreadable input." in out


@pytest.mark.parametrize("command", ["replay", "due", "diff", "explain", "agreements", "import"])
def test_the_help_of_a_command_shows_how_to_use_it(greffe: Greffe, command: str) -> None:
    status, out, _ = greffe(command, "--help")
    assert status == 0
    assert f"  greffe {command} " in out.partition("example")[2]
    assert "--lang {en,fr}" in out or command in ("agreements", "import")


def test_no_command_is_bad_usage(greffe: Greffe) -> None:
    status, out, err = greffe()
    assert (status, out) == (2, "")
    assert "usage: greffe" in err


@pytest.mark.parametrize("words", [["--help"], ["replay", "--help"], ["diff", "--help"], ["explain", "--help"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys\nfrom api.cli.main import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stderr == "[]\n"
