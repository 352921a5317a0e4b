"""Reads the agreement files and the readings: TOML on disk in, models of the domain out."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from pydantic import ValidationError

from adapters.saying import french_of
from domain.errors import InvalidAgreementError
from domain.readings import Switches, parse_switches

if TYPE_CHECKING:
    from domain.agreements.catalogue import Catalogue
    from domain.agreements.model import Agreement

AGREEMENTS = Path(str(files("domain.agreements")))
READINGS = Path(str(files("domain").joinpath("readings.toml")))


def read_agreement(path: Path) -> "Agreement":
    """The agreement in the file. Raises InvalidAgreementError naming the file and the key."""
    return _agreement(path.name, _read(path))


@cache
def _read_shipped(path: Path) -> "Agreement":
    """An agreement that comes with the program, and stays as it is while the program runs: read once."""
    return read_agreement(path)


def load_catalogue(folders: Sequence[Path] = ()) -> "Catalogue":
    """The agreements shipped with greffe and those of the given folders.

    A file is named after its document: ``<document>.toml``, and ``<document>.<version>.toml`` for another text of it.
    """
    from domain.agreements.catalogue import Catalogue  # noqa: PLC0415

    readers: dict[str, list[Callable[[], Agreement]]] = defaultdict(list)
    for folder in (AGREEMENTS, *folders):
        for path in sorted(folder.glob("*.toml")):
            read = _read_shipped if folder is AGREEMENTS else read_agreement
            readers[path.name.split(".", 1)[0]].append(partial(read, path))
    return Catalogue({document: tuple(read) for document, read in readers.items()})


def agreement_files(folders: Sequence[Path] = ()) -> dict[str, list[bytes]]:
    """The texts of the agreement files by their document, in the order of ``load_catalogue``."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for folder in (AGREEMENTS, *folders):
        for path in sorted(folder.glob("*.toml")):
            found[path.name.split(".", 1)[0]].append(path.read_bytes())
    return dict(found)


def catalogue_of(files: Mapping[str, bytes]) -> "Catalogue":
    """The agreements in texts by their file names, as ``load_catalogue`` reads a folder of them."""
    from domain.agreements.catalogue import Catalogue  # noqa: PLC0415

    readers: dict[str, list[Callable[[], Agreement]]] = defaultdict(list)
    for name in sorted(files):
        readers[name.split(".", 1)[0]].append(partial(_agreement, name, files[name]))
    return Catalogue({document: tuple(read) for document, read in readers.items()})


def readings_file() -> bytes:
    """The file of the readings that can be chosen."""
    return READINGS.read_bytes()


def switches_of(text: bytes) -> Switches:
    """The readings of such a file. Raises InvalidAgreementError."""
    return parse_switches(_parsed("readings.toml", text))


@cache
def load_switches() -> Switches:
    """Every reading that can be chosen, with its values and default."""
    return parse_switches(_parsed(READINGS.name, _read(READINGS)))


def _agreement(name: str, text: bytes) -> "Agreement":
    from domain.agreements.model import Agreement  # noqa: PLC0415 - 100 ms that the readings alone never need

    try:
        return Agreement.model_validate(_parsed(name, text))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise InvalidAgreementError(f"{name}: {faults}", f"{name} : {faults}") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidAgreementError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None


def _parsed(name: str, text: bytes) -> dict[str, Any]:
    try:
        return tomli.loads(text.decode(), parse_float=Decimal)
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidAgreementError(f"{name}: {error}", f"{name} : n'est pas du TOML : {error}") from None
