"""Run the commands that the guides show, and keep what they print: ``python -m tools.guide [--check]``.

In a page, what stands between ``<!-- run -->`` and ``<!-- end:run -->`` is run in order in a new folder: each ``$``
line of a ``console`` block, its output written under it. ``greffe serve`` runs until the page ends, on a spare
port that the page shows as 8000.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
STARTING = ("docs/getting-started.md", "docs/getting-started.fr.md")
HOW = ("clause-to-rule", "claim-a-penalty", "prepare-a-dispute", "end-a-contract", "add-an-agreement")
PAGES = (*STARTING, *(f"docs/{name}{end}" for name in HOW for end in (".md", ".fr.md")))
SHOWN_PORT = "127.0.0.1:8000"
MARK = "=====next====="
STOP_SECONDS = 20
_RUN = re.compile(r"(?<=<!-- run -->\n).*?(?=<!-- end:run -->)", re.DOTALL)
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```)", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"\bkey-[0-9a-f]{12}\b")
_SERVE = "greffe serve "


def commands(block: str) -> list[str]:
    """The commands of a block; a line that ends in a backslash goes on in the next."""
    found: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif found and found[-1].endswith("\\"):
            found[-1] += f"\n{line}"
    return found


def with_real_output(page: str) -> str:
    """The page with what its commands print now."""
    blocks = [commands(block) for part in _RUN.findall(page) for block in _BLOCK.findall(part)]
    with TemporaryDirectory(prefix="greffe-guide-") as name, _Machine(Path(name)) as machine:
        outputs = iter(machine.run([command for block in blocks for command in block]))

    def block(found: re.Match[str]) -> str:
        return "".join(f"$ {command}\n{next(outputs)}" for command in commands(found.group()))

    return _RUN.sub(lambda part: _BLOCK.sub(block, part.group()), page)


class _Machine:
    """A folder with the examples in it, ``greffe`` on the path, and a server once a command starts one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[str] | None = None
        with socket.socket() as spare:
            spare.bind(("127.0.0.1", 0))
            self._port = f"127.0.0.1:{spare.getsockname()[1]}"
        (folder / "bin").mkdir()
        (folder / "var").mkdir()
        (folder / "examples").symlink_to(ROOT / "examples")
        greffe = folder / "bin" / "greffe"
        greffe.write_text(
            f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m api.cli.main "$@"\n', encoding="utf-8"
        )
        greffe.chmod(0o755)
        self._environ = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "GREFFE_SERVER__PORT": self._port.rpartition(":")[2],
            "GREFFE_TELEMETRY__LOG_LEVEL": "warning",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.communicate(timeout=STOP_SECONDS)

    def run(self, said: list[str]) -> list[str]:
        """What each command prints. They share one shell, but for the server, which comes first."""
        served = [self._serve(command) for command in said if command.startswith(_SERVE)]
        script = "".join(f"{command}\necho {MARK}\n" for command in said[len(served) :])
        done = subprocess.run(  # noqa: S603 - the commands of our own page
            ["/bin/bash", "-c", f"exec 2>&1\n{script}".replace(SHOWN_PORT, self._port)],
            cwd=self._folder,
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return served + _KEY.sub("key-…", done.stdout.replace(self._port, SHOWN_PORT)).split(f"{MARK}\n")[:-1]

    def _serve(self, command: str) -> str:
        self._server = subprocess.Popen(  # noqa: S603 - the command of our own page
            shlex.split(command), cwd=self._folder, env=self._environ, stderr=subprocess.PIPE, text=True
        )
        assert self._server.stderr is not None
        lines: list[str] = []
        for line in self._server.stderr:
            lines.append(line.replace(self._port, SHOWN_PORT))
            if "listening on" in line:
                break
        return "".join(lines)


def stale(pages: Iterable[str] = PAGES) -> list[str]:
    """The pages whose commands print something else now."""
    return [name for name in pages if with_real_output(_read(name)) != _read(name)]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def main() -> int:
    """Rewrite the pages, or with ``--check`` only say which are stale (status 1)."""
    if sys.argv[1:] == ["--check"]:
        wrong = stale()
        for name in wrong:
            print(f"{name} shows another output than its commands print: run python -m tools.guide")
        return 1 if wrong else 0
    for name in PAGES:
        page = with_real_output(_read(name))
        (ROOT / name).write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
