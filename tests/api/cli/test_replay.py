"""``greffe replay`` on the command line."""

import json
from pathlib import Path

from api.cli.printing import folded
from tests.api.cli.conftest import Greffe
from tests.support.story import AT


def test_json_is_the_statement(greffe: Greffe, penalty: str) -> None:
    status, out, err = greffe("replay", penalty, "--at", AT, "--format", "json")
    assert (status, err) == (0, "")
    statement = json.loads(out)
    assert statement["at"] == AT
    assert statement["readings"]["maintenance.mode"] == "A"
    assert list(statement["contracts"]) == ["C-1"]


def test_text_is_for_reading_in_both_languages(greffe: Greffe, penalty: str) -> None:
    assert "Penalties\n  periods ended 2026-04-30: payable" in greffe("replay", penalty, "--at", AT)[1]
    assert (
        "Pénalités\n  périodes closes le 2026-04-30 : à payer"
        in greffe("replay", penalty, "--at", AT, "--lang", "fr")[1]
    )


def test_a_bad_line_is_named_and_the_rest_is_processed(greffe: Greffe, penalty: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{\n" + Path(penalty).read_text(encoding="utf-8"), encoding="utf-8")
    status, out, err = greffe("replay", str(bad), "--at", AT)
    assert status == 2
    assert err.startswith(f"{bad}:1: ")
    assert "2026-04-30" in out


def test_an_unknown_contract_is_refused_with_those_there_are(greffe: Greffe, penalty: str) -> None:
    status, out, err = greffe("replay", penalty, "--contract", "C-9")
    assert (status, out) == (2, "")
    assert err == "greffe: no fact is about contract 'C-9'; there is C-1\n"


def test_an_unknown_reading_is_refused_with_the_nearest(greffe: Greffe, penalty: str) -> None:
    status, _, err = greffe("replay", penalty, "--reading", "maintenance.mod=B")
    assert status == 2
    assert "did you mean 'maintenance.mode'" in err


def test_a_file_that_is_not_there_is_named(greffe: Greffe) -> None:
    status, _, err = greffe("replay", "/nowhere.jsonl")
    assert status == 2
    assert "/nowhere.jsonl" in err


def test_a_date_without_offset_is_refused(greffe: Greffe, penalty: str) -> None:
    status, _, err = greffe("replay", penalty, "--at", "2026-01-01")
    assert status == 2
    assert "RFC 3339" in err


def test_a_long_line_is_folded_under_its_indent_and_no_word_is_cut() -> None:
    line = "  " + " ".join(["outscale-cgv-2019/reserve-48h"] * 6)
    lines = folded(line, 80).split("\n")
    assert all(len(one) <= 80 for one in lines)
    assert all(one.startswith("      out") for one in lines[1:])
    assert " ".join("\n".join(lines).split()) == line.strip()
    assert folded("short", 80) == "short"
