"""``greffe audit`` on the command line."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.api.cli.conftest import Greffe


@pytest.fixture
def greffe(greffe: Greffe, ledger: str, penalty: str, support: str, tmp_path: Path) -> Greffe:
    """Over a ledger whose log was signed twice, and grew since."""
    sign = ("sign", "once", "--ledger", ledger, "--key", str(tmp_path / "sign.key"))
    assert greffe("ingest", "--file", penalty, "--ledger", ledger)[0] == 0
    assert greffe(*("init" if word == "once" else word for word in sign))[0] == 0
    assert greffe(*sign)[0] == 0
    (tmp_path / "more.jsonl").write_text(Path(support).read_text("utf-8").replace("C-1", "C-2"), "utf-8")
    assert greffe("ingest", "--file", str(tmp_path / "more.jsonl"), "--ledger", ledger)[0] in {0, 1}
    return lambda *words: greffe(*words, "--ledger", ledger)


def key_of(greffe: Greffe, tmp_path: Path) -> str:
    said = json.loads(greffe("sign", "status", "--key", str(tmp_path / "sign.key"), "--format", "json")[1])
    return str(said["keys"][0]["key"])


def spoil(ledger: str, statement: str) -> None:
    connection = sqlite3.connect(ledger)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_sound_ledger_is_said_to_be_sound_and_what_was_not_looked_at(greffe: Greffe, tmp_path: Path) -> None:
    status, said, _ = greffe("audit")
    assert status == 0
    assert "Everything is as the log says." in said
    assert "Whose signatures they are was not looked at: no --key was given." in said
    status, said, _ = greffe("audit", "--key", key_of(greffe, tmp_path), "--lang", "fr")
    assert status == 0
    assert "Leurs signatures sont celles des clés données." in said
    status, said, _ = greffe("audit", "--since-last", "--format", "json")
    assert (status, json.loads(said)["kind"]) == (0, "since")
    assert "Not looked at: the" in greffe("audit", "--since-last")[1]


def test_changed_row_is_named_and_the_exit_status_is_1(greffe: Greffe, ledger: str) -> None:
    spoil(
        ledger, "UPDATE stored_events SET topic = 'x' WHERE originator_id = 'C-1|outage|o-1' AND originator_version = 1"
    )
    status, said, _ = greffe("audit")
    assert status == 1
    assert "Not as the log says (1):" in said
    assert ", event C-1|outage|o-1 1: the stored event is not the one recorded" in said
    assert "type (its type)" in said


def test_every_audit_is_kept_and_noted_in_the_access_log(greffe: Greffe, ledger: str) -> None:
    greffe("audit")
    spoil(ledger, "DELETE FROM stored_events WHERE originator_id = 'C-1|outage|o-1' AND originator_version = 2")
    greffe("audit")
    entries = [json.loads(line) for line in greffe("access", "list", "--format", "json")[1].splitlines()]
    audits = [(entry["route"], entry["status"]) for entry in entries if entry["route"] == "greffe audit"]
    assert audits == [("greffe audit", 0), ("greffe audit", 1)]
    told = [json.loads(line) for line in greffe("trail")[1].splitlines()]
    assert [line["faults"] for line in told if line["source"] == "audits"] == [0, 1]


def test_full_audit_finds_again_the_root_of_the_last(greffe: Greffe, ledger: str) -> None:
    assert greffe("audit")[0] == 0
    spoil(ledger, "UPDATE proof_leaf SET hash = zeroblob(32) WHERE idx = (SELECT max(idx) FROM proof_leaf)")
    said = greffe("audit")[1]
    assert "an earlier audit found another root" in said


@pytest.mark.parametrize("words", [("--key", "nonsense"), ("--key", "")])
def test_key_that_is_none_is_refused(greffe: Greffe, words: tuple[str, ...]) -> None:
    status, printed, said = greffe("audit", *words)
    assert (status, printed) == (2, "")
    assert said.startswith("greffe: --key: malformed key")


def test_ledger_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from api.cli.main import main  # noqa: PLC0415 - the fixture of this file is over a ledger that is there

    assert main(["audit", "--ledger", str(tmp_path / "none.db")]) == 2
    assert "there is no ledger here" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_sealed_values_are_opened_only_when_asked_and_told_to_nobody(greffe: Greffe, ledger: str) -> None:
    assert "Not looked at: whether sealed values of persons still open (--open)." in greffe("audit")[1]
    status, said, _ = greffe("audit", "--open")
    assert status == 0
    assert "Sealed values of persons: 3 open, 0 were erased, 0 are lost." in said
    Path(f"{ledger}.persons").rename(f"{ledger}.gone")
    status, said, _ = greffe("audit", "--open", "--format", "json")
    assert (status, json.loads(said)["values"]) == (1, {"opened": 0, "erased": 0, "lost": 3})
    assert "camille" not in said.lower()
    assert greffe("audit")[0] == 0
