"""Keep what the documentation shows equal to what greffe prints.

A block that opens with ``$ greffe … --help`` holds what the command prints; the readmes show an excerpt of the demo.
Run as ``python -m tools.readme`` to rewrite every block.
"""

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.demo import main as demo

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(
    r"(?<=^```console\n\$ greffe )(?P<words>[^\n]*--help)\n(?P<text>.*?)(?=^```)", re.MULTILINE | re.DOTALL
)


READMES = {"README.md": "en", "README.fr.md": "fr"}
_EXCERPT = re.compile(r"(?<=<!-- excerpt:demo -->\n).*?(?=<!-- end:demo -->)", re.DOTALL)
# The months of the table that tell the most, one for each thing that can become of a penalty.
_SHOWN_MONTHS = ("2022-03", "2022-10", "2023-05", "2024-07", "2025-10", "2026-04")
_SHOWN_LINES = 9


def pages() -> list[Path]:
    """The pages that may show help."""
    return [*(ROOT / name for name in READMES), *sorted((ROOT / "docs").rglob("*.md"))]


def real_help(words: str) -> str:
    """What ``greffe WORDS`` prints on a terminal of 100 columns."""
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "api.cli.main", *words.split()],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def with_real_help(page: str) -> str:
    """The page with the real help in its blocks."""
    return _BLOCK.sub(lambda block: f"{block['words']}\n{real_help(block['words'])}", page)


def shows_help(page: str) -> bool:
    """Whether the page has such a block."""
    return _BLOCK.search(page) is not None


def with_real_excerpt(page: str, language: str) -> str:
    """The page with what the demo prints between its marks: some months, a dispute, an explanation."""
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as printed:
        demo(["--out", folder, "--lang", language])
        parts = [_table(printed.getvalue()), *(_head(Path(folder, name)) for name in ("dispute.txt", "explained.txt"))]
    block = "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts)
    return _EXCERPT.sub(lambda _: f"```text\n{block}\n```\n", page)


def _table(text: str) -> list[str]:
    """The table's two header lines, the chosen months, and the sums at its foot."""
    lines = text.splitlines()
    months = [number for number, line in enumerate(lines) if re.match(r"\d{4}-\d\d ", line)]
    chosen = [lines[number] for number in months if lines[number].startswith(_SHOWN_MONTHS)]
    return [*lines[months[0] - 2 : months[0]], *chosen, "…", *lines[months[-1] + 1 : months[-1] + 4]]


def _head(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    return [*lines[:_SHOWN_LINES], "…"] if len(lines) > _SHOWN_LINES else lines


def main() -> int:
    """Rewrite the blocks and the excerpts."""
    for path in pages():
        page = path.read_text(encoding="utf-8")
        page = with_real_help(page)
        if path.parent == ROOT:
            page = with_real_excerpt(page, READMES[path.name])
        path.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
