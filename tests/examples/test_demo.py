"""The demo runs in both languages, writes its files, and the readmes show what it prints."""

from pathlib import Path

import pytest

from tools.demo import main
from tools.readme import READMES, ROOT, with_real_excerpt

FILES = {
    "C-ALPHA.jsonl",
    "C-ALPHA.statement.json",
    "C-BETA.jsonl",
    "C-BETA.statement.json",
    "dispute.txt",
    "explained.txt",
    "left-out.txt",
}


def test_demo_writes_the_files_it_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == FILES
    told = capsys.readouterr().out
    assert [name for name in sorted(FILES) if f"  {tmp_path / name}" not in told] == []


@pytest.mark.parametrize("readme", READMES)
def test_readme_shows_what_the_demo_prints(readme: str) -> None:
    page = (ROOT / readme).read_text("utf-8")
    assert "```text\n" in page
    assert with_real_excerpt(page, READMES[readme]) == page, "python -m tools.readme rewrites what the readmes show"
