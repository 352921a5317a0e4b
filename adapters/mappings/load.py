"""Reads mapping files. A file with a fault is not used at all: what it maps goes into a ledger for good."""

from collections.abc import Sequence
from pathlib import Path

from adapters.mappings.lint import lint
from adapters.mappings.model import Mapping
from domain.errors import InvalidMappingError


def load_mapping(path: Path) -> Mapping:
    """The mapping in the file. Raises InvalidMappingError naming the file, the line and the key; OSError."""
    mapping, faults = lint(path.read_bytes(), path.name)
    if mapping is None or faults:
        more = f" (and {len(faults) - 1} more: greffe mappings lint {path})" if len(faults) > 1 else ""
        encore = f" (et {len(faults) - 1} de plus : greffe mappings lint {path})" if len(faults) > 1 else ""
        raise InvalidMappingError(f"{faults[0].text('en')}{more}", f"{faults[0].text('fr')}{encore}")
    return mapping


def load_mappings(paths: Sequence[Path]) -> tuple[Mapping, ...]:
    """The mappings of files and folders (``*.toml``). Raises as ``load_mapping``; also for two of one name."""
    mappings: dict[str, Mapping] = {}
    for path in mapping_files(paths):
        mapping = load_mapping(path)
        if mapping.name in mappings:
            raise InvalidMappingError(
                f"{path.name}: name: another file is the mapping {mapping.name} already",
                f"{path.name} : name : un autre fichier est déjà le mapping {mapping.name}",
            )
        mappings[mapping.name] = mapping
    return tuple(mappings.values())


def mapping_files(paths: Sequence[Path]) -> list[Path]:
    """The files, and the ``*.toml`` of the folders. Raises InvalidMappingError for a folder that has none."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not inside:
            raise InvalidMappingError(
                f"{path}: no mapping (*.toml) in this folder", f"{path} : aucun mapping (*.toml) dans ce dossier"
            )
        found += inside
    return found
