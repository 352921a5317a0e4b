"""Reads the agreement files and the readings: TOML on disk in, models of the domain out."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from pydantic import ValidationError

from domain.errors import InvalidAgreementError
from domain.readings import Switches, parse_switches

if TYPE_CHECKING:
    from domain.agreements.catalogue import Catalogue
    from domain.agreements.model import Agreement

AGREEMENTS = Path(str(files("domain.agreements")))


def read_agreement(path: Path) -> "Agreement":
    """The agreement in the file. Raises InvalidAgreementError naming the file and the key."""
    from domain.agreements.model import Agreement  # noqa: PLC0415 - 100 ms that the readings alone never need

    try:
        return Agreement.model_validate(_read_toml(path))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise InvalidAgreementError(f"{path.name}: {faults}") from None


def load_catalogue(folders: Sequence[Path] = ()) -> "Catalogue":
    """The agreements shipped with greffe and those of the given folders.

    A file is named after its document: ``<document>.toml``, and ``<document>.<version>.toml`` for another text of it.
    """
    from domain.agreements.catalogue import Catalogue  # noqa: PLC0415

    readers: dict[str, list[Callable[[], Agreement]]] = defaultdict(list)
    for folder in (AGREEMENTS, *folders):
        for path in sorted(folder.glob("*.toml")):
            readers[path.name.split(".", 1)[0]].append(partial(read_agreement, path))
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
