"""``greffe mappings`` and ``greffe ingest --mapping`` on the command line."""

import io
import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Greffe
from tests.support.mappings import SAMPLES, SMALL, WORKED, edited, message, part

FIRING = str(SAMPLES / "alertmanager-firing.json")
RESOLVED = str(SAMPLES / "alertmanager-resolved.json")
ALERTMANAGER = str(WORKED / "alertmanager.toml")


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def test_list_says_what_each_mapping_was_written_for(greffe: Greffe, mapping: str) -> None:
    assert greffe("mappings", "list", mapping) == (
        0,
        f"{'small':<24} A tool, 1: outage.ended, outage.recorded\n",
        "",
    )
    status, out, _ = greffe("mappings", "list", str(WORKED), "--format", "json")
    assert status == 0
    assert [row["tool"] for row in json.loads(out)][:2] == ["Prometheus Alertmanager", "GLPI"]


def test_lint_exits_1_and_names_file_line_and_key(greffe: Greffe, tmp_path: Path, mapping: str) -> None:
    assert greffe("mappings", "lint", mapping) == (0, "no fault\n", "")
    assert greffe("mappings", "lint", str(WORKED), "--lang", "fr")[:2] == (0, "aucun défaut\n")
    bad = tmp_path / "bad.toml"
    bad.write_text(edited(("message.test", "mesage.test")), encoding="utf-8")
    status, out, _ = greffe("mappings", "lint", str(bad))
    assert (status, out) == (
        1,
        f"{bad}:11: ignore[0].when: 'mesage' is no name here, in mesage.test; did you mean message?\n",
    )
    status, out, _ = greffe("mappings", "lint", str(bad), "--format", "json")
    assert [(one["line"], one["key"]) for one in json.loads(out)] == [(11, "ignore[0].when")]


def test_lint_of_a_file_that_is_not_there_exits_2(greffe: Greffe) -> None:
    status, _, err = greffe("mappings", "lint", "absent.toml")
    assert (status, err) == (2, "greffe: absent.toml: No such file or directory\n")


def test_try_prints_the_events_a_message_makes(greffe: Greffe) -> None:
    status, out, err = greffe("mappings", "try", "--mapping", ALERTMANAGER, FIRING)
    assert (status, err) == (0, "")
    assert out.startswith(f"{FIRING}\n  greffe.outage.recorded.v1  C-2026-0001  2026-03-02T10:14:05.123456+01:00\n")


def test_try_says_why_a_message_is_refused_or_ignored(greffe: Greffe, mapping: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(message(part(component="x")) + b"\n" + message(part(component="laboratory")) + b"\n{\n")
    status, out, _ = greffe("mappings", "try", "--mapping", mapping, str(path))
    assert status == 1
    assert f"{path}:1\n  refused: mapping small, rule[0].each[1].service (part.component): 'x' is not in" in out
    assert f"{path}:2\n  ignored: table service ignores 'laboratory'\n" in out
    assert f"{path}:3\n  refused: is not JSON" in out
    status, out, _ = greffe("mappings", "try", "--mapping", mapping, str(path), "--lang", "fr")
    assert "  refusé: mapping small, rule[0].each[1].service (part.component) : 'x' n'est pas dans la table" in out
    assert "  ignoré: la table service ignore 'laboratory'" in out


def test_try_as_json_prints_facts_that_replay_reads(
    greffe: Greffe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Stdin:
        buffer = io.BytesIO(Path(RESOLVED).read_bytes())

    monkeypatch.setattr("sys.stdin", Stdin())
    status, out, err = greffe("mappings", "try", "--mapping", ALERTMANAGER, "--format", "json", FIRING, "-", FIRING)
    assert (status, err) == (0, "")
    facts = tmp_path / "facts.jsonl"
    facts.write_text(out, encoding="utf-8")
    status, out, err = greffe("replay", str(facts), "--format", "json", "--at", "2026-04-01T00:00:00+02:00")
    assert (status, err) == (0, "")
    assert sorted(json.loads(out)["contracts"]) == ["C-2026-0001", "C-2026-0002"]


def test_try_as_json_keeps_refusals_off_standard_output(greffe: Greffe, mapping: str) -> None:
    status, out, err = greffe("mappings", "try", "--mapping", mapping, "--format", "json", FIRING)
    assert (status, out) == (1, "")
    assert err == f"{FIRING}: mapping: no mapping matches the message (tried: small)\n"


def test_ingest_records_what_the_mapping_makes_of_each_line(greffe: Greffe, mapping: str, tmp_path: Path) -> None:
    ledger = str(tmp_path / "ledger.db")
    path = tmp_path / "messages.jsonl"
    up = message(part(state="up", until="2026-03-02T11:00:00Z"))
    refused = message(part(id="p-9", component="mainframe"))
    path.write_bytes(b"\n".join([message(part()), b"", up, refused, refused, message(part(), test=True)]) + b"\n")
    words = ("ingest", "--file", str(path), "--mapping", mapping, "--ledger", ledger, "--format", "json")
    status, out, _ = greffe(*words)
    assert (status, json.loads(out)) == (0, {"recorded": 2, "duplicates": 2, "waiting": 0, "quarantined": 1})
    assert json.loads(greffe(*words)[1])["recorded"] == 0
    _, out, _ = greffe("quarantine", "list", "--ledger", ledger)
    assert f"{path}:4  mapping small, rule[0].each[1].service (part.component): 'mainframe' is not in" in out
    _, out, _ = greffe("quarantine", "show", "1", "--ledger", ledger, "--lang", "fr")
    assert "'mainframe' n'est pas dans la table service" in out
    assert f"événement : {refused.decode()}" in out


def test_refused_message_comes_in_once_its_mapping_is_put_right(greffe: Greffe, mapping: str, tmp_path: Path) -> None:
    ledger = str(tmp_path / "ledger.db")
    path = tmp_path / "messages.jsonl"
    path.write_bytes(message(part(), part(id="p-2", component="mainframe")) + b"\n" + b"{broken\n")
    greffe("ingest", "--file", str(path), "--mapping", mapping, "--ledger", ledger)
    retry = ("quarantine", "retry", "--ledger", ledger, "--format", "json")
    nothing = {"recorded": 0, "duplicates": 0, "waiting": 0, "quarantined": 2}
    assert json.loads(greffe(*retry)[1]) == nothing
    assert json.loads(greffe(*retry, "--mapping", mapping)[1]) == nothing
    right = tmp_path / "right.toml"
    right.write_text(edited(('web = "load-balancer"', 'web = "load-balancer", mainframe = "vm"')), encoding="utf-8")
    assert json.loads(greffe(*retry, "--mapping", str(right))[1]) == {
        "recorded": 1,
        "duplicates": 1,
        "waiting": 0,
        "quarantined": 1,
    }
    _, out, _ = greffe("quarantine", "list", "--ledger", ledger, "--format", "json")
    assert [one["status"] for one in json.loads(out)] == ["retried", "open"]
    assert greffe("quarantine", "retry", "1", "--ledger", ledger, "--mapping", str(right))[0] == 2


def test_end_of_an_outage_waits_for_its_beginning(greffe: Greffe, tmp_path: Path) -> None:
    ledger, export = str(tmp_path / "ledger.db"), str(WORKED / "zabbix-export.toml")
    problem, _, recovery = (SAMPLES / "zabbix-export-events.ndjson").read_bytes().splitlines()
    counts = []
    for number, body in enumerate((recovery, problem)):
        path = tmp_path / f"{number}.jsonl"
        path.write_bytes(body + b"\n")
        _, out, _ = greffe("ingest", "--file", str(path), "--mapping", export, "--ledger", ledger, "--format", "json")
        counts.append(json.loads(out))
    assert counts[0] == {"recorded": 0, "duplicates": 0, "waiting": 1, "quarantined": 0}
    assert counts[1] == {"recorded": 2, "duplicates": 0, "waiting": 0, "quarantined": 0}


def test_line_longer_than_the_limit_is_held_and_the_next_one_read(greffe: Greffe, mapping: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(message(part(), more="x" * 1_100_000) + b"\n" + message(part()) + b"\n")
    ledger = str(tmp_path / "ledger.db")
    _, out, _ = greffe("ingest", "--file", str(path), "--mapping", mapping, "--ledger", ledger, "--format", "json")
    assert json.loads(out) == {"recorded": 1, "duplicates": 0, "waiting": 0, "quarantined": 1}


def test_ingest_with_a_mapping_that_has_a_fault_records_nothing(greffe: Greffe, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("name = 1\n", encoding="utf-8")
    status, _, err = greffe("ingest", "--file", FIRING, "--mapping", str(bad), "--ledger", str(tmp_path / "l.db"))
    assert status == 2
    assert err.startswith("greffe: bad.toml")
    assert not (tmp_path / "l.db").exists()
