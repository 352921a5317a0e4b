"""Accents and signs reach the reader whatever letters the machine says it has, and never end in a traceback."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.cli.conftest import Greffe
from tests.support.arrivals import raw, signed
from tests.support.story import AT

ROOT = Path(__file__).parents[3]
ASCII = {"PYTHONIOENCODING": "ascii"}
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A machine without any locale, and Python told not to make up for it."""
LATIN = {"PYTHONIOENCODING": "iso-8859-1"}
"""Has é and lacks ≈."""


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "api.cli.main", *words]


def piped(environment: dict[str, str], *words: str) -> str:
    """What ``greffe`` sends into a pipe, read as UTF-8."""
    done = subprocess.run(  # noqa: S603
        command(*words), cwd=ROOT, capture_output=True, check=False, env={"PATH": "", "LC_ALL": "C", **environment}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


@pytest.mark.parametrize("environment", [ASCII, BARE, LATIN], ids=["ascii", "bare", "latin"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_statement_in_a_file_is_utf8_on_every_machine(
    greffe: Greffe, penalty: str, environment: dict[str, str], form: str
) -> None:
    words = ("replay", penalty, "--at", AT, "--lang", "fr", "--format", form)
    said = piped(environment, *words)
    assert said == greffe(*words)[1]
    assert form == "json" or "Pénalités" in said


@pytest.mark.parametrize("environment", [ASCII, BARE], ids=["ascii", "bare"])
def test_an_explanation_in_a_file_is_utf8(greffe: Greffe, penalty: str, environment: dict[str, str]) -> None:
    words = ("explain", penalty, "--at", AT, "penalties.0.payable", "--lang", "fr")
    said = piped(environment, *words)
    assert said == greffe(*words)[1]
    assert "≈ 1233.54 EUR (réclamable)" in said


def test_a_refusal_in_french_is_listed_on_a_machine_that_has_ascii_only(greffe: Greffe, tmp_path: Path) -> None:
    path, ledger = tmp_path / "facts.jsonl", str(tmp_path / "ledger.db")
    path.write_bytes(raw(signed()).replace(b"contract.signed", b"contrat.sign\xc3\xa9") + b"\n")
    greffe("ingest", "--file", str(path), "--ledger", ledger)
    said = piped(ASCII, "quarantine", "list", "--lang", "fr", "--ledger", ledger)
    assert said == greffe("quarantine", "list", "--lang", "fr", "--ledger", ledger)[1]
    assert "contrat.signé" in said


@pytest.mark.parametrize(
    ("environment", "shown"),
    [(ASCII, b"r?clamable"), (LATIN, "? 1233.54 EUR (réclamable)".encode("latin-1")), ({}, "≈ 1233.54 EUR".encode())],
    ids=["ascii", "latin", "utf-8"],
)
def test_a_terminal_shows_a_question_mark_for_what_its_letters_lack(
    penalty: str, environment: dict[str, str], shown: bytes
) -> None:
    words = command("explain", penalty, "--at", AT, "penalties.0.payable", "--lang", "fr")
    ours, theirs = pty.openpty()
    reads = {"PATH": "", "LC_ALL": "C.UTF-8", "COLUMNS": "200", **environment}
    with subprocess.Popen(words, cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, env=reads) as running:  # noqa: S603
        os.close(theirs)
        screen = b""
        while part := _read(ours):
            screen += part
        os.close(ours)
        assert running.wait() == 0
    assert shown in screen


def _read(terminal: int) -> bytes:
    """What is on the screen next; nothing once the program has left."""
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody writes any more
        return b""
