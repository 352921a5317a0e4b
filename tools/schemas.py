"""Write docs/schema/*.json, docs/asyncapi.json and docs/openapi.json: ``python -m tools.schemas [--check]``."""

import sys
from pathlib import Path

from adapters.schemas import SCHEMA_FOLDER
from adapters.schemas import generate as schemas
from api import openapi
from api.app import routed

DOCS = Path(__file__).resolve().parent.parent / "docs"


def generate() -> dict[str, str]:
    """Every file, as its path below ``docs/`` and its text: those of the events, and the API's document."""
    return {**schemas(), openapi.FILE: openapi.text(routed())}


def stale(folder: Path = DOCS) -> list[str]:
    """The files that are missing, differ from the models, or describe a type that is no more."""
    files = generate()
    wrong = [path for path, text in files.items() if _read(folder / path) != text]
    described = (f"{SCHEMA_FOLDER}/{path.name}" for path in (folder / SCHEMA_FOLDER).glob("*.json"))
    return sorted([*wrong, *(path for path in described if path not in files)])


def write(folder: Path = DOCS) -> None:
    """Write every file, and remove those of types that are no more."""
    files = generate()
    (folder / SCHEMA_FOLDER).mkdir(parents=True, exist_ok=True)
    for path in stale(folder):
        if path in files:
            (folder / path).write_text(files[path], encoding="utf-8")
        else:
            (folder / path).unlink()


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def main() -> int:
    """Write, or with ``--check`` only say what is stale (status 1)."""
    if sys.argv[1:] != ["--check"]:
        write()
        return 0
    wrong = stale()
    for path in wrong:
        print(f"docs/{path} does not match the models: run python -m tools.schemas")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
