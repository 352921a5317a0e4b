"""The demo runs in both languages, writes its files, and the readmes show what it prints; its console opens."""

import io
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import httpx
import pytest

from tools.demo import Demo
from tools.pictures import PICTURES, Picture
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


SECONDS, OK = 60, 200
PAGE = {"Accept": "text/html"}
LINES = 6
"""Up to the key, of what the console prints."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demo told in French on a terminal of 80 columns, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    with redirect_stdout(io.StringIO()) as printed:
        demo = Demo(folder, "fr")
        demo.console.width = 80
        demo.run()
    return folder, printed.getvalue()


@contextmanager
def console(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The console over a demo, on a spare port."""
    words = [sys.executable, "-m", "tools.console", "--out", str(folder), "--port", "0", "--lang", "fr"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own tool
        try:
            yield process
        finally:
            process.terminate()


def test_demo_writes_the_files_it_names_and_its_tables_fit_a_narrow_terminal(story: tuple[Path, str]) -> None:
    folder, told = story
    assert {path.name for path in folder.iterdir()} >= FILES
    assert [name for name in sorted(FILES) if f"  {folder / name}" not in told] == []
    rows = [line for line in told.splitlines() if re.match(r"\d{4}-\d\d |mois |accordé |C-(ALPHA|BETA)  \w+-", line)]
    assert len(rows) > 55
    assert [line for line in rows if len(line) > 80 or "…" in line] == []


def is_there(browser: httpx.Client, picture: Picture) -> bool:
    """Whether the page of a picture of the guides answers, with the element that the picture begins at."""
    path, _, place = picture.path.partition("#")
    answer = browser.get(path)
    tag, _, kind = picture.frame.split(",")[0].split()[-1].removesuffix(":target").partition(".")
    known = f'id="{place}"' in answer.text if place else True
    return answer.status_code == OK and known and bool(re.search(rf"<{tag}\b[^>]*\b{kind}\b", answer.text))


def test_console_tells_its_address_shows_what_the_guides_picture_opens_once_and_ends_quietly(
    story: tuple[Path, str],
) -> None:
    with console(story[0]) as process:
        assert process.stdout is not None
        opening = [next(process.stdout) for _ in range(LINES)]
        url, key = re.findall(r"http://\S+/|greffe_\w+", "".join(opening))
        with httpx.Client(base_url=url, headers=PAGE, follow_redirects=True, timeout=SECONDS) as browser:
            first = browser.post("/sign-in", data={"key": key})
            assert all(contract in first.text for contract in ("C-ALPHA", "C-BETA"))
            assert [name for name, picture in PICTURES.items() if not is_there(browser, picture)] == []
        with console(story[0]) as second:
            _, refused = second.communicate(timeout=SECONDS)
            assert (second.returncode, url in refused, "Traceback" in refused) == (1, True, False)
        process.send_signal(signal.SIGINT)
        _, left = process.communicate(timeout=SECONDS)
        assert (process.returncode, left) == (0, "")


@pytest.mark.parametrize("readme", READMES)
def test_readme_shows_what_the_demo_prints(readme: str) -> None:
    page = (ROOT / readme).read_text("utf-8")
    assert "```text\n" in page
    assert with_real_excerpt(page, READMES[readme]) == page, "python -m tools.readme rewrites what the readmes show"
