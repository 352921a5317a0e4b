"""Where a figure stands in a statement: ``indicators[indicator=x/y][period.from=T].availability``."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import GreffeError
from projections.statement import SECTIONS

MOST = 8
"""As many values as an error names."""
_STEP = re.compile(r"\[([^=\]]+)=([^\]]*)\]|([^.\[\]]+)|\.")


class UnknownFigureError(GreffeError):
    """A path that names no figure of the statement; the message names what there is."""


@dataclass(frozen=True, slots=True)
class Path:
    """A section, conditions on its rows or the number of one, and the field asked for, if any."""

    section: str
    where: tuple[tuple[str, str], ...]
    number: int | None
    field: str | None


def parse_path(text: str) -> Path:
    """The path a text says. Raises UnknownFigureError where the section is not one of the statement."""
    section, where, names = "", [], []
    position = 0
    for match in _STEP.finditer(text):
        if match.start() != position:
            break
        position = match.end()
        if match[1]:
            where.append((match[1], match[2]))
        elif match[3] and not section:
            section = match[3]
        elif match[3]:
            names.append(match[3])
    known = (*SECTIONS, "qualification")
    if section not in known:
        near = difflib.get_close_matches(section, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        indice = f" ; vouliez-vous dire « {near[0]} » ?" if near else ""
        raise UnknownFigureError(
            f"{text!r} is not a figure; a path starts with one of {', '.join(known)}{hint}",
            f"« {text} » n'est pas un chiffre ; un chemin commence par l'un de {', '.join(known)}{indice}",
        )
    if position != len(text):
        raise UnknownFigureError(
            f"{text!r}: cannot read {text[position:]!r}; expected [field=value], .number or .field",
            f"« {text} » : « {text[position:]} » est illisible ; attendu : [champ=valeur], .numéro ou .champ",
        )
    number = int(names.pop(0)) if names and names[0].isdigit() else None
    return Path(section, tuple(where), number, ".".join(names) or None)


def matching(path: Path, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The numbers of the rows that a path names. Raises UnknownFigureError when there is none."""
    if path.number is not None:
        found = [path.number] if path.number < len(rows) else []
    else:
        found = [
            i for i, row in enumerate(rows) if all(_same(value_at(row, name), wanted) for name, wanted in path.where)
        ]
    if not found:
        raise UnknownFigureError(*_nothing(path, rows))
    return found


def value_at(row: Mapping[str, Any], name: str) -> Any:
    """The value at a dotted name of a row."""
    value: Any = row
    for step in name.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _same(value: Any, wanted: str) -> bool:
    if value is None:
        return wanted in {"", "null"}
    if isinstance(value, bool):
        return wanted == str(value).lower()
    return str(value) == wanted


def _nothing(path: Path, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Why a path names no row: what there is instead, at the first condition that no row meets."""
    if not rows:
        return f"{path.section} has no row in this statement", f"{path.section} n'a aucune ligne dans ce relevé"
    if path.number is not None:
        return (
            f"{path.section} has {len(rows)} row(s), numbered from 0; there is no {path.number}",
            f"{path.section} a {len(rows)} ligne(s), numérotées de 0 ; il n'y a pas de {path.number}",
        )
    left = rows
    for name, wanted in path.where:
        kept = [row for row in left if _same(value_at(row, name), wanted)]
        if not kept:
            return _choices(path.section, name, wanted, left)
        left = kept
    raise AssertionError("some row meets every condition")


def _choices(section: str, name: str, wanted: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    values = sorted({str(value) for row in rows if (value := value_at(row, name)) is not None})
    if not values:
        has = ", ".join(rows[0])
        return (
            f"{section} rows have no {name!r}; they have {has}",
            f"les lignes de {section} n'ont pas de champ « {name} » ; elles ont {has}",
        )
    near = difflib.get_close_matches(wanted, values, n=MOST) or values
    shown, more = ", ".join(near[:MOST]), len(values) > MOST
    return (
        f"no row of {section} has {name}={wanted}; there is {shown}" + (f" … ({len(values)} in all)" if more else ""),
        f"aucune ligne de {section} n'a {name}={wanted} ; il y a {shown}"
        + (f" … ({len(values)} en tout)" if more else ""),
    )
