"""``greffe document``: from files and from a ledger, once, in one sentence where it cannot be."""

import io
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader

from adapters.access.store import open_access
from tests.api.cli.conftest import Greffe
from tests.support.paperwork import AT

MONTH = ("--month", "2026-04", "--at", "2026-05-04T10:00:00+02:00")


def text_of(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)


def test_files_and_a_ledger_of_the_same_facts_give_the_same_figures(
    greffe: Greffe, penalty: str, ledger: str, tmp_path: Path
) -> None:
    mine, kept = tmp_path / "mine.pdf", tmp_path / "kept.pdf"
    status, out, said = greffe("document", "sla-statement", "C-1", penalty, *MONTH, "-o", str(mine), "--lang", "fr")
    assert (status, said) == (0, "")
    assert out == f"{mine} : {mine.stat().st_size} octets, sha256 {sha256(mine.read_bytes()).hexdigest()}\n"
    assert "Relevé de niveaux de service" in text_of(mine)
    assert greffe("ingest", "--file", penalty, "--ledger", ledger)[0] == 0
    words = ("document", "sla-statement", "C-1", "--ledger", ledger, *MONTH, "-o", str(kept))
    assert greffe(*words, "--address", "https://greffe.example")[0] == 0
    assert "Not signed yet" in text_of(kept)
    assert "https://greffe.example/contracts/C-1" in text_of(kept).replace("\n", "")
    with closing(open_access(ledger)) as access:
        (entry,) = [one for one in access.log() if "greffe document" in str(one)]
    assert entry.contract == "C-1"
    assert f"sla-statement sha256 {sha256(kept.read_bytes()).hexdigest()}" in str(entry)


def test_document_is_never_overwritten_nor_left_half_made(greffe: Greffe, penalty: str, tmp_path: Path) -> None:
    there = tmp_path / "there.pdf"
    there.write_text("mine")
    words = ("document", "sla-statement", "C-1", penalty, *MONTH)
    status, _, said = greffe(*words, "-o", str(there))
    assert (status, there.read_text()) == (2, "mine")
    assert "a document is never overwritten" in said
    status, _, said = greffe(*words, "-o", str(tmp_path / "none" / "a.pdf"), "--lang", "fr")
    assert status == 2
    assert "none" in said


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("qualification-loss", "C-1"), (1, "No loss of a qualification")),
        (("qualification-loss", "C-1", "--lang", "fr"), (1, "Aucune perte d'une qualification")),
        (("dispute-dossier", "C-1"), (1, "A dossier needs two sides")),
        (("penalty-claim", "C-9"), (2, "no fact is about contract 'C-9'")),
        (("invoice", "C-1"), (2, "invalid choice: 'invoice'")),
        (("sla-statement", "C-1", "--month", "2026-13"), (2, "'2026-13' is not a month")),
        (("sla-statement", "C-1", "--to", AT), (2, "--to goes with --from")),
        (("sla-statement", "C-1", "--month", "2026-04", "--from", AT), (2, "not allowed with")),
        (("sla-statement", "C-1", "--reading", "nonsense=A"), (2, "nonsense")),
    ],
)
def test_what_cannot_be_drawn_up_is_told_in_a_line(
    greffe: Greffe, penalty: str, tmp_path: Path, words: tuple[str, ...], answer: tuple[int, str]
) -> None:
    kind, contract, *more = words
    out = tmp_path / "out.pdf"
    found = greffe("document", kind, contract, penalty, *more, "-o", str(out))
    assert found[0] == answer[0]
    assert answer[1] in found[2]
    assert "Traceback" not in found[2]
    assert not out.exists()


def test_line_that_cannot_be_read_is_told_and_the_rest_is_drawn_up(
    greffe: Greffe, penalty: str, tmp_path: Path
) -> None:
    with Path(penalty).open("a", encoding="utf-8") as file:
        file.write("not a fact\n")
    out = tmp_path / "out.pdf"
    sides = ("--reading", "maintenance.mode=A", "--against", "maintenance.mode=B")
    status, _, said = greffe("document", "dispute-dossier", "C-1", penalty, *sides, "-o", str(out))
    assert status == 2
    assert "penalty.jsonl" in said
    assert "Dispute dossier" in text_of(out)


def test_address_is_that_of_the_settings(
    greffe: Greffe, penalty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREFFE_SERVER__PUBLIC_ADDRESS", "https://greffe.example")
    out = tmp_path / "out.pdf"
    assert greffe("document", "sla-statement", "C-1", penalty, *MONTH, "-o", str(out))[0] == 0
    assert "https://greffe.example/contracts/C-1" in text_of(out).replace("\n", "")


def test_contract_that_the_ledger_does_not_know_is_refused(
    greffe: Greffe, penalty: str, ledger: str, tmp_path: Path
) -> None:
    assert greffe("ingest", "--file", penalty, "--ledger", ledger)[0] == 0
    found = greffe("document", "sla-statement", "C-9", "--ledger", ledger, "-o", str(tmp_path / "a.pdf"))
    assert found[0] == 2
    assert "no fact of the ledger is about contract 'C-9'" in found[2]
