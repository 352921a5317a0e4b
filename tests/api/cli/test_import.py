"""``greffe import statuspage`` on the command line."""

from pathlib import Path

import pytest

from api.cli.main import main

HISTORY = str(Path(__file__).parents[3] / "examples" / "github-status" / "incidents.jsonl")


def test_facts_go_to_standard_output_and_the_report_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "statuspage", HISTORY, "--contract", "C-1", "--lang", "fr"]) == 0
    printed = capsys.readouterr()
    assert all(line.startswith('{"specversion":"1.0","id":"C-1/') for line in printed.out.splitlines())
    assert printed.err.startswith("819 entrées : ")


def test_facts_go_to_the_file_and_nothing_to_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "facts.jsonl"
    assert main(["import", "statuspage", HISTORY, "--contract", "C-1", "--out", str(out)]) == 0
    assert out.stat().st_size > 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("819 entries: ")
    assert printed.err.endswith("\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["absent.json", "--contract", "C-1"], "absent.json: No such file"),
        ([HISTORY], "contracts: name a contract"),
        ([HISTORY, "--mapping", HISTORY], "incidents.jsonl: "),
    ],
)
def test_refusal_is_one_line_and_status_2(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "statuspage", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
