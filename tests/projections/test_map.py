"""The page that says which module answers which question names every module, and no other."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "projections"


def test_the_map_names_every_module_and_no_other() -> None:
    named = set(re.findall(r"`([a-z_]+\.py)`", (FOLDER / "README.md").read_text(encoding="utf-8")))
    modules = {path.name for path in FOLDER.glob("*.py")} - {"__init__.py"}
    assert named == modules
