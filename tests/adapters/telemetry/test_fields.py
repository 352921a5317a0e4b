"""Every field that the code gives to a log line is on the closed list: what is not would be left out in silence."""

import ast
from pathlib import Path

from adapters.telemetry.logs import FIELDS

ROOT = Path(__file__).resolve().parents[3]
METHODS = ("debug", "info", "warning", "error", "exception", "bound", "bind")
OF_LOGGING = ("exc_info",)


def test_every_field_given_to_a_log_line_is_on_the_list() -> None:
    stray = []
    for path in sorted([*(ROOT / "adapters").rglob("*.py"), *(ROOT / "api").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in METHODS:
                names = [keyword.arg for keyword in node.keywords if keyword.arg is not None]
                stray += [f"{path.name}:{node.lineno} {name}" for name in names if name not in (*FIELDS, *OF_LOGGING)]
    assert stray == []


def test_every_field_is_explained_in_both_languages() -> None:
    assert [name for name, words in FIELDS.items() if not all(words)] == []
