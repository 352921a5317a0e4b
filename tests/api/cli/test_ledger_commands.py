"""``greffe ingest``, ``greffe quarantine`` and ``greffe rebuild`` on the command line."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import opened as opened_ledger
from adapters.eventstore.store import NEVER, Derivation
from api.cli.main import main
from tests.api.cli.conftest import Greffe
from tests.support.arrivals import Event, answered, opened, outage, raw, reserve, signed


@pytest.fixture
def greffe(greffe: Greffe, ledger: str) -> Greffe:
    return lambda *words: greffe(*words, "--ledger", ledger)


@pytest.fixture
def facts(tmp_path: Path) -> Callable[..., str]:
    def write(*events: Event | bytes, name: str = "facts.jsonl") -> str:
        path = tmp_path / name
        path.write_bytes(b"".join((one if isinstance(one, bytes) else raw(one)) + b"\n" for one in events))
        return str(path)

    return write


def said(out: str) -> Any:
    return json.loads(out)


def test_ingest_counts_what_it_did(greffe: Greffe, facts: Callable[..., str]) -> None:
    path = facts(signed(), outage(1), outage(1), outage(2), answered(3), b"{")
    expected = {"recorded": 2, "duplicates": 1, "waiting": 1, "quarantined": 2}
    status, out, err = greffe("ingest", "--file", path, "--format", "json")
    assert (status, said(out), err) == (0, expected, "")
    status, out, _ = greffe("ingest", "--file", path, "--format", "json")
    assert (status, said(out)) == (0, {"recorded": 0, "duplicates": 6, "waiting": 0, "quarantined": 0})


def test_ingest_speaks_english_and_french(greffe: Greffe, facts: Callable[..., str]) -> None:
    path = facts(signed(), outage(1))
    _, out, _ = greffe("ingest", "--file", path)
    assert out.splitlines()[:2] == ["recorded: 2", "known already: 0"]
    _, out, _ = greffe("ingest", "--file", path, "--lang", "fr")
    assert out.splitlines()[:2] == ["enregistrés: 0", "déjà connus: 2"]


def test_ingest_takes_several_files_and_standard_input(
    greffe: Greffe, facts: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin:
        buffer = io.BytesIO(raw(outage(1)))

    monkeypatch.setattr("sys.stdin", Stdin())
    first, second = facts(signed(), name="a.jsonl"), facts(reserve(2), name="b.jsonl")
    status, out, _ = greffe("ingest", "--file", first, "--file", second, "--file", "-", "--format", "json")
    assert (status, said(out)["recorded"]) == (0, 3)


def test_ingest_shows_the_statement_at_once(greffe: Greffe, facts: Callable[..., str], ledger: str) -> None:
    greffe("ingest", "--file", facts(signed(), outage(1)))
    with opened_ledger(ledger) as store:
        assert store.views() == ["C-1"]
        assert b"urn:test#e-1" in (store.view("C-1") or b"")


def test_quarantine_list_names_each_entry_and_its_reason(greffe: Greffe, facts: Callable[..., str]) -> None:
    assert greffe("ingest", "--file", facts(signed()))[0] == 0
    assert greffe("quarantine", "list") == (0, "the quarantine is empty\n", "")
    assert greffe("quarantine", "list", "--lang", "fr")[1] == "la quarantaine est vide\n"
    path = facts(outage(1), outage(2), answered(3), b'{"broken')
    greffe("ingest", "--file", path)
    _, out, _ = greffe("quarantine", "list")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert sorted(lines) == ["1", "2", "3"]
    whole = "\n".join(lines.values())
    assert "open        urn:test#e-2  The id 'o-1' already names another outage." in whole
    assert "waiting     urn:test#e-3  No ticket 't-1' is known yet" in whole
    assert f"{path}:4  is not JSON" in whole
    _, out, _ = greffe("quarantine", "list", "--lang", "fr", "--status", "waiting")
    assert "en attente" in out
    assert "Aucun ticket « t-1 » n'est encore connu" in out
    _, out, _ = greffe("quarantine", "list", "--format", "json", "--status", "open")
    assert [(one["id"], one["status"]) for one in said(out)] == [("e-2", "open"), (None, "open")]
    assert said(out)[0]["reason_fr"].startswith("L'identifiant « o-1 »")


def test_quarantine_show_prints_what_was_received(greffe: Greffe, facts: Callable[..., str]) -> None:
    greffe("ingest", "--file", facts(signed(), b'{"a": "\x1b[31m\xff"'))
    status, out, _ = greffe("quarantine", "show", "1")
    assert status == 0
    assert "\x1b" not in out, "a terminal obeys nothing that was received"
    assert 'event: {"a": "\\x1b[31m\\xff"' in out
    _, out, _ = greffe("quarantine", "show", "1", "--lang", "fr")
    assert "raison : n'est pas un texte en UTF-8" in out
    _, out, _ = greffe("quarantine", "show", "1", "--format", "json")
    assert said(out)["origin"].endswith("facts.jsonl:2")
    status, out, err = greffe("quarantine", "show", "7")
    assert (status, out, err) == (2, "", "greffe: the quarantine has no entry 7\n")


def test_quarantine_retry_lets_in_what_an_added_agreement_makes_known(
    greffe: Greffe, facts: Callable[..., str], tmp_path: Path
) -> None:
    agreements = Path(__file__).parents[3] / "examples" / "agreements"
    contract = signed(subject="C-9")
    contract["data"] |= {"provider": "nimbus", "documents": ["nimbus-cloud-2026"]}
    greffe("ingest", "--file", facts(contract, answered(1)))
    assert greffe("quarantine", "retry", "--format", "json")[1] == (
        '{"recorded":0,"duplicates":0,"waiting":1,"quarantined":1}\n'
    )
    _, out, _ = greffe("quarantine", "retry", "1", "--agreements", str(agreements))
    assert out.splitlines()[0] == "recorded: 1"
    assert greffe("quarantine", "retry", "1") == (2, "", "greffe: entry 1 is retried already\n")
    _, out, _ = greffe("quarantine", "retry", "--lang", "fr")
    assert "en attente de leur partenaire: 1" in out
    assert tmp_path.exists()


def test_quarantine_discard_is_recorded_and_changes_the_statement(
    greffe: Greffe, facts: Callable[..., str], ledger: str
) -> None:
    greffe("ingest", "--file", facts(signed(), outage(1), outage(2), opened(3)))
    with opened_ledger(ledger) as store:
        assert b"refused-fact" in (store.view("C-1") or b"")
        before = len(store.entries())
    assert greffe("quarantine", "discard", "1", "--reason", "entered twice") == (0, "entry 1 discarded\n", "")
    with opened_ledger(ledger) as store:
        assert b"refused-fact" not in (store.view("C-1") or b"")
        assert len(store.entries()) == before + 1
        assert b"entered twice" in store.entries()[-1].state
    status, _, err = greffe("quarantine", "discard", "1", "--reason", "again")
    assert (status, err) == (2, "greffe: entry 1 is discarded already\n")
    assert said(greffe("quarantine", "list", "--format", "json")[1])[0]["status"] == "discarded"


def test_quarantine_discard_speaks_french_and_json(greffe: Greffe, facts: Callable[..., str]) -> None:
    greffe("ingest", "--file", facts(b"{", b"["))
    assert greffe("quarantine", "discard", "1", "--reason", "x", "--lang", "fr")[1] == "entrée 1 abandonnée\n"
    assert greffe("quarantine", "discard", "2", "--reason", "x", "--format", "json")[1] == '{"discarded":2}\n'


def test_rebuild_gives_the_live_statements_again(greffe: Greffe, facts: Callable[..., str], ledger: str) -> None:
    greffe("ingest", "--file", facts(signed(), outage(1), signed("s2", subject="C-2"), outage(2)))
    with opened_ledger(ledger) as store:
        live = {contract: store.view(contract) for contract in store.views()}
    assert greffe("rebuild") == (0, "2 contracts derived, 0 statements changed\n", "")
    assert greffe("rebuild", "--lang", "fr")[1] == "2 contrats dérivés, 0 relevés changés\n"
    assert said(greffe("rebuild", "--format", "json")[1]) == {"contracts": 2, "changed": []}
    with opened_ledger(ledger) as store:
        assert {contract: store.view(contract) for contract in store.views()} == live


def test_rebuild_names_the_statements_that_came_out_different(
    greffe: Greffe, facts: Callable[..., str], ledger: str
) -> None:
    greffe("ingest", "--file", facts(signed(), signed("s2", subject="C-2")))
    with opened_ledger(ledger) as store, store.viewing() as viewing:
        tampered = Derivation("C-2", 1, b"tampered", (), NEVER)
        assert viewing.show(viewing.tracked("generation") or 0, [tampered]) == 1
    assert greffe("rebuild") == (0, "2 contracts derived, 1 statements changed\n  C-2\n", "")
    with opened_ledger(ledger) as store:
        assert store.view("C-2") != b"tampered"


@pytest.mark.parametrize(
    "words", [("quarantine", "list"), ("quarantine", "retry"), ("quarantine", "show", "1"), ("rebuild",)]
)
def test_a_ledger_that_does_not_exist_is_not_made_by_asking(
    greffe: Greffe, ledger: str, words: tuple[str, ...]
) -> None:
    status, out, err = greffe(*words)
    assert (status, out) == (2, "")
    assert err == f"greffe: {ledger}: there is no ledger here; greffe ingest makes one\n"
    assert not Path(ledger).exists()


@pytest.mark.parametrize("address", ["mysql://x/y", "postgresql://127.0.0.1:1/none", "/dev/null/x/ledger.db"])
def test_a_ledger_that_cannot_be_opened_is_one_line(
    facts: Callable[..., str], capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["ingest", "--file", facts(signed()), "--ledger", address]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("greffe: ")
    assert printed.err.count("\n") == 1
