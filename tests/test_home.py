"""The house keeps its rules: pins, licences, decisions, documentation, and no trace of the machine it was built on."""

import ast
import os
import re
import subprocess
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from api.cli.main import COMMANDS
from tools.licences import is_accepted, licences_of, locked_names, offences
from tools.names import OURS, intruders
from tools.readme import pages, shows_help, with_real_help

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("run.txt", "dev.txt", "lock.txt")
READMES = ("README.md", "README.fr.md")
# Each with its first letter in brackets, so that this file does not find itself.
FORBIDDEN = re.compile(
    r"[p]ypi\.org|[p]ythonhosted\.org|[r]epo1?\.maven\.|--(extra-)?[i]ndex-url|/[r]oot/|/[h]ome/[a-z]|/[w]ork/(main|shared)"
)
DATA = (".jsonl", ".csv", ".tsr", ".pdf", ".png", ".svg")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that belongs to the project: git's list, or the tree where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.rstrip("\0").split("\0")
        return tuple(ROOT / name for name in names if (ROOT / name).is_file())
    hidden = (".venv", ".git", "var", "build", "dist")
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and path.relative_to(ROOT).parts[0] not in hidden)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_no_tracked_file_names_a_registry_or_a_path_of_a_machine() -> None:
    own = {ROOT / "Makefile"}  # its lock command tells uv to leave the registry out
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if path.suffix not in DATA and path not in own
        for match in FORBIDDEN.finditer(path.read_text("utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    pins = [block for block in re.split(r"\n(?=\S)", text) if block.strip()]
    assert pins
    for pin in pins:
        assert re.match(r"[a-z0-9._-]+==\S+", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]
    assert "://" not in text


def test_development_pins_agree_with_the_pins_greffe_runs_on() -> None:
    run, dev = ((ROOT / "requirements" / name).read_text("utf-8") for name in REQUIREMENTS[:2])
    pins = set(re.findall(r"^\S+==\S+", run, re.MULTILINE))
    assert pins <= set(re.findall(r"^\S+==\S+", dev, re.MULTILINE))


def test_every_locked_licence_is_accepted() -> None:
    assert offences(locked_names(*REQUIREMENTS)) == []


class Installed(Distribution):
    """A distribution whose metadata is the given text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read_text(self, filename: str) -> str | None:
        return self.text if filename == "METADATA" else None

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        return Path(path)


@pytest.mark.parametrize(
    ("name", "metadata", "accepted"),
    [
        ("some", "License-Expression: MIT OR GPL-2.0-only", True),
        ("some", "License: BSD 2-Clause License", True),
        ("some", "Classifier: License :: OSI Approved :: MIT License", True),
        ("psycopg", "License-Expression: LGPL-3.0-only", True),
        ("some", "License-Expression: LGPL-3.0-only", False),
        ("some", "License-Expression: AGPL-3.0-or-later", False),
        ("some", "License-Expression: GPL-3.0-only", False),
        ("some", "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("some", "Summary: says nothing of its licence", False),
    ],
)
def test_licence_is_accepted_by_name_only(name: str, metadata: str, accepted: bool) -> None:
    assert is_accepted(name, licences_of(Installed(f"Name: {name}\nVersion: 1\n{metadata}\n"))) is accepted


def test_every_locked_package_is_accounted_for() -> None:
    told = set(re.findall(r"[a-z][a-z0-9-]+", (ROOT / "docs" / "dependencies.md").read_text("utf-8")))
    assert [name for name in locked_names(*REQUIREMENTS) if name not in told] == []


def test_intruder_on_a_top_level_name_is_named() -> None:
    assert intruders({"adapters": ["greffe", "adapters"], "domain": ["greffe"]}) == [
        "the top-level name adapters is also owned by adapters: use an environment of its own"
    ]
    assert intruders({name: ["greffe"] for name in OURS}) == []


def test_decisions_are_numbered_without_gaps_indexed_and_name_their_check() -> None:
    folder = ROOT / "docs" / "adr"
    records = sorted(path for path in folder.glob("*.md") if path.name[0].isdigit())
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    index = (folder / "README.md").read_text("utf-8")
    for path in records:
        text = path.read_text("utf-8")
        assert f"({path.name})" in index
        assert text.startswith(f"# {path.name[:4]}: ")
        assert re.search(r"^## Enforced by\n\n\S", text, re.MULTILINE), path.name


def test_no_float_in_the_pure_packages() -> None:
    found = []
    for path in python_files("domain", "projections"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            hint = getattr(node, "annotation", None) or getattr(node, "returns", None)
            typed = isinstance(hint, ast.AST) and re.search(r"\bfloat\b", ast.unparse(hint))
            if literal or call or typed:
                found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '?')}")
    assert found == []


@pytest.mark.parametrize("readme", READMES)
def test_readme_opens_with_the_two_commands_and_lists_every_command(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    opening = text.split("\n## ", 1)[0]
    assert "make demo" in opening
    assert "make test" in opening
    assert set(re.findall(r"^\| `greffe ([a-z]+)", text, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("readme", READMES)
def test_readme_links_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    broken = [link for link in re.findall(r"\]\(([^):#]+)\)", text) if not (ROOT / link).exists()]
    assert broken == []


def test_help_shown_in_the_documentation_is_the_real_one() -> None:
    shown = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in pages()}
    assert shows_help(shown["README.md"])
    assert shows_help(shown["README.fr.md"])
    stale = [name for name, page in shown.items() if with_real_help(page) != page]
    assert stale == [], "python -m tools.readme rewrites the help shown there"
