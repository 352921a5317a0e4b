"""Reads the register of obligations, and checks it against the agreement files and the event types."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import tomli

from adapters.catalogue import load_catalogue
from adapters.saying import french_of
from domain.agreements.obligation import Register, parse_register
from domain.errors import InvalidAgreementError
from domain.events.registry import known_topics
from projections.coverage import Coverage, coverage

REGISTER = Path(str(files("domain.agreements"))) / "register"


def expected_rows(folder: Path = REGISTER) -> dict[str, list[str]]:
    """The ids that the register of each document must have, without their document."""
    rows: dict[str, list[str]] = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
    return rows


def load_registers(folder: Path = REGISTER) -> tuple[Register, ...]:
    """The register of each document that ``rows.json`` names. Raises InvalidAgreementError naming file and key."""
    registers = []
    for document in expected_rows(folder):
        path = folder / f"{document}.toml"
        try:
            raw = tomli.loads(path.read_text(encoding="utf-8"))
        except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidAgreementError(f"{path.name}: {error}", f"{path.name} : n'est pas du TOML : {error}") from None
        except OSError as error:
            raise InvalidAgreementError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
        registers.append(parse_register(path.name, raw))
    return tuple(registers)


def coverage_report() -> Coverage:
    """How the shipped register is answered by the shipped agreements."""
    expected: Mapping[str, list[str]] = expected_rows()
    catalogue = load_catalogue()
    agreements = [agreement for document in expected for agreement in catalogue.versions(document)]
    rules = {agreement.full_id(rule) for agreement in agreements for rule in agreement.rules_by_id}
    return coverage(load_registers(), rules, known_topics(), expected)
