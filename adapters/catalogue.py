"""Reads the agreement files and the readings: TOML on disk in, models of the domain out."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli
from pydantic import ValidationError

from domain.agreements.catalogue import Catalogue
from domain.agreements.model import Agreement
from domain.errors import InvalidAgreementError
from domain.readings import Switches, parse_switches

AGREEMENTS = Path(str(files("domain.agreements")))


def read_agreement(*parts: Path) -> Agreement:
    """The agreement in the file. Raises InvalidAgreementError naming the file and the key."""
    raw: dict[str, Any] = {}
    for path in parts:
        for key, value in _read_toml(path).items():
            raw[key] = [*raw.get(key, []), *value] if isinstance(value, list) else value
    try:
        return Agreement.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise InvalidAgreementError(f"{parts[0].name}: {faults}") from None


def load_catalogue(folders: Sequence[Path] = ()) -> Catalogue:
    """The agreements shipped with greffe and those of the given folders (``*.toml``)."""
    readers: dict[str, list[Callable[[], Agreement]]] = defaultdict(list)
    for folder in (AGREEMENTS, *folders):
        by_document: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.glob("*.toml")):
            by_document[path.name.split(".", 1)[0]].append(path)
        for document, paths in by_document.items():
            readers[document].append(partial(read_agreement, *paths))
    return Catalogue({document: tuple(read) for document, read in readers.items()})


@cache
def load_switches() -> Switches:
    """Every reading that can be chosen, with its values and default."""
    return parse_switches(_read_toml(Path(str(files("domain").joinpath("readings.toml")))))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidAgreementError(f"{path.name}: {error}") from None
    except OSError as error:
        raise InvalidAgreementError(f"{path}: {error.strerror}") from None
