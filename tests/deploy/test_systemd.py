"""The systemd unit of the guides: the same in both languages, with a command and settings that greffe accepts."""

import re
from pathlib import Path

import pytest

from adapters.settings.load import load
from api.cli.main import build_parser

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = ("operations.md", "operations.fr.md")


def unit(guide: str) -> list[tuple[str, str]]:
    """The lines of the unit, but for what is said in a language."""
    (text,) = re.findall(r"^```ini\n(.*?)^```", (DOCS / guide).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return [(name, value) for name, _, value in lines if name != "Description"]


def test_the_unit_is_the_same_in_both_languages() -> None:
    english, french = map(unit, GUIDES)
    assert english == french
    assert ("NoNewPrivileges", "yes") in english


@pytest.mark.parametrize("guide", GUIDES)
def test_the_unit_runs_a_command_that_exists_with_settings_that_hold(guide: str, tmp_path: Path) -> None:
    said = unit(guide)
    (command,) = [value for name, value in said if name == "ExecStart"]
    words = command.removeprefix("/opt/greffe/bin/greffe ").split()
    build_parser(words[0]).parse_args(words)
    (tmp_path / "ledger_password").write_text("drawn", encoding="utf-8")
    (tmp_path / "greffe.toml").write_text(
        '[ledger]\naddress = "postgresql://greffe_ingest@db/greffe"\n', encoding="utf-8"
    )
    environ = dict(value.split("=", 1) for name, value in said if name == "Environment")
    environ = {
        name: value.replace("%d", str(tmp_path)).replace("/etc/greffe", str(tmp_path))
        for name, value in environ.items()
    }
    assert load(environ).settings.ledger.dsn == "postgresql://greffe_ingest:drawn@db/greffe"
