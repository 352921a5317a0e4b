"""``greffe erase``: what it says, in both languages, and with which exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.main import main
from tests.support.arrivals import Event, raw
from tests.support.persons import ALL, hold, released

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def run_one(*words: str) -> tuple[int, str, str]:
        status = main([*words, "--ledger", str(tmp_path / "greffe.db")])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run_one


def ingest(run: Run, folder: Path, *events: Event) -> None:
    path = folder / "facts.jsonl"
    path.write_bytes(b"".join(raw(one) + b"\n" for one in events))
    assert run("ingest", "--file", str(path))[0] == 0


ERASE = ("erase", "--contract", "C-1", "--basis", "request")


def test_it_erases_once_and_says_so(run: Run, tmp_path: Path) -> None:
    ingest(run, tmp_path, *ALL)
    done = (0, "erased: the erasure is recorded and the key is destroyed\n", "")
    assert run(*ERASE, "--person", "p-1") == done
    status, out, _ = run(*ERASE, "--person", "p-1", "--lang", "fr")
    assert (status, out.splitlines()[0]) == (1, "pas effacé : en quarantaine (1)")
    assert "déjà effacée" in out
    assert run(*ERASE, "--fact", "urn:test#e-cert") == done
    assert run("erase", "--pending", "--format", "json") == (0, '{"destroyed":0}\n', "")
    log = [json.loads(line) for line in run("access", "list", "--format", "json")[1].splitlines()]
    told = [(one["asked"], one["status"]) for one in log if one["route"] == "greffe erase"]
    assert told == [("p-1", 0), ("p-1", 1), ("fact:urn:test#e-cert", 0)]


def test_a_hold_blocks_it_until_it_is_released(run: Run, tmp_path: Path) -> None:
    ingest(run, tmp_path, *ALL, hold(2))
    status, out, _ = run(*ERASE, "--person", "p-1", "--format", "json")
    said = json.loads(out)
    assert (status, said["state"]) == (1, "quarantined")
    assert "hold is in force" in said["reason"]
    ingest(run, tmp_path, released(3))
    assert json.loads(run("quarantine", "list", "--format", "json")[1])[0]["status"] == "retried"


def test_a_person_whom_no_fact_names_is_an_error(run: Run, tmp_path: Path) -> None:
    ingest(run, tmp_path, *ALL)
    assert run(*ERASE, "--person", "p-9") == (
        2, "", "greffe: no fact of C-1 holds values of a person 'p-9'\n",
    )  # fmt: skip


def test_the_contract_and_the_basis_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["erase", "--person", "p-1"])
    assert stopped.value.code == 2
    assert "--contract and --basis are required" in capsys.readouterr().err


def test_the_key_store_is_copied_apart_and_what_was_erased_since_is_erased_again(run: Run, tmp_path: Path) -> None:
    ingest(run, tmp_path, *ALL)
    assert run("backup", str(tmp_path / "ledger"))[0] == 0
    assert "is kept elsewhere" in run("backup", str(tmp_path / "ledger" / "persons"), "--persons")[2]
    assert run("backup", str(tmp_path / "persons"), "--persons") == (0, f"{tmp_path}/persons/persons.db\n", "")
    assert [path.name for path in (tmp_path / "ledger").iterdir() if "person" in path.name] == []
    run(*ERASE, "--person", "p-1")
    assert "there is a key store here already" in run("restore", str(tmp_path / "persons"), "--persons")[2]
    (tmp_path / "greffe.db.persons").unlink()
    assert run("restore", str(tmp_path / "persons"), "--persons")[0] == 0
    assert run("erase", "--pending") == (0, "keys destroyed: 1\n", "")


def test_key_store_is_not_copied_from_or_to_where_it_cannot_be(run: Run, tmp_path: Path) -> None:
    assert "there is no key store here to back up" in run("backup", str(tmp_path / "copy"), "--persons")[2]
    (tmp_path / "file").write_text("")
    assert "cannot be copied" in run("backup", str(tmp_path / "file" / "copy"), "--persons")[2]
    assert "no copy of a key store of this kind" in run("restore", str(tmp_path / "file"), "--persons")[2]


@pytest.mark.parametrize("text", [b"\xff", b"greffe-master-key:?", b"greffe-master-key:AAAA", b"another"])
def test_what_is_no_master_key_is_refused(run: Run, tmp_path: Path, text: bytes) -> None:
    key = tmp_path / "greffe.db.persons.key"
    ingest(run, tmp_path, *ALL)
    key.write_bytes(text)
    assert run("audit", "--open")[::2] == (2, f"greffe: {key}: not a master key\n")


def test_master_key_is_rotated_and_the_one_before_kept(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "greffe.db.persons"
    assert run("persons", "rotate") == (2, "", f"greffe: {store}: there is no key store here\n")
    ingest(run, tmp_path, *ALL)
    status, out, _ = run("persons", "rotate", "--lang", "fr")
    assert (status, out.splitlines()[0]) == (0, "clés enveloppées par une nouvelle clé maîtresse : 4")
    said = json.loads(run("persons", "rotate", "--format", "json")[1])
    assert said == {"count": 4, "file": f"{store}.key", "old": f"{store}.key.old"}
    assert "7 open, 0 were erased, 0 are lost" in run("audit", "--open")[1]
    log = [json.loads(line) for line in run("access", "list", "--format", "json")[1].splitlines()]
    assert [one["asked"] for one in log if one["route"] == "greffe persons rotate"] == ["4 keys", "4 keys"]
