"""Keep the help shown in the documentation equal to the real one.

A block that opens with ``$ greffe … --help`` holds what the command prints. Run as ``python -m tools.readme`` to
rewrite every block.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(
    r"(?<=^```console\n\$ greffe )(?P<words>[^\n]*--help)\n(?P<text>.*?)(?=^```)", re.MULTILINE | re.DOTALL
)


def pages() -> list[Path]:
    """The pages that may show help."""
    return [ROOT / "README.md", ROOT / "README.fr.md", *sorted((ROOT / "docs").rglob("*.md"))]


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


def main() -> int:
    """Rewrite the blocks."""
    for path in pages():
        page = path.read_text(encoding="utf-8")
        path.write_text(with_real_help(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
