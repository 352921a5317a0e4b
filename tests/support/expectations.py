"""What a scenario expects of an answer: rows of a statement picked by their fields, compared as exact values.

Two strings that are both decimals or fractions compare as rationals, two that are both instants as instants,
everything else as it is written. In ``where``, null also matches a field that is not there.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

NUMBER = re.compile(r"[+-]?\d+(?:\.\d+|/\d+)?")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
STEP = re.compile(r"\[([^=\]]+)=([^\]]*)\]|([^.\[\]]+)")
MISSING = object()


def same(expected: object, found: object) -> bool:
    """Whether two values of an answer say the same."""
    if isinstance(expected, str) and isinstance(found, str):
        if NUMBER.fullmatch(expected) and NUMBER.fullmatch(found):
            return Fraction(expected) == Fraction(found)
        if INSTANT.fullmatch(expected) and INSTANT.fullmatch(found):
            return datetime.fromisoformat(expected) == datetime.fromisoformat(found)
    return type(expected) is type(found) and expected == found


def at_path(row: object, path: str) -> Any:
    """The value at a dotted path: ``lines[indicator=x/y].amount``, ``caps.0.rule``; MISSING where there is none."""
    value: Any = row
    for key, wanted, name in STEP.findall(path):
        if key:
            picked = [item for item in value if same(wanted, item.get(key))]
            value = picked[0] if len(picked) == 1 else MISSING
        elif isinstance(value, list):
            value = value[int(name)] if int(name) < len(value) else MISSING
        else:
            value = value.get(name, MISSING)
        if value is MISSING:
            return MISSING
    return value


def unlike(row: object, wanted: Mapping[str, object]) -> dict[str, object]:
    """The fields of a row, or of an answer, that are not as expected, with what they are."""
    found = {path: at_path(row, path) for path in wanted}
    return {path: value for path, value in found.items() if not same(wanted[path], value)}


def surprises(expected: Mapping[str, Any], statement: Mapping[str, Any]) -> Iterator[str]:
    """What is not as one expectation says: its matching rows ``has`` values, are ``absent``, or a ``count``."""
    where: Mapping[str, object] = expected.get("where", {})
    rows = [row for row in statement["contracts"][expected["contract"]][expected["in"]] if _matches(row, where)]
    label = f"{expected['contract']} {expected['in']} {dict(where)}"
    if expected.get("absent"):
        if rows:
            yield f"{label}: not expected, found {rows[0]}"
    elif "count" in expected:
        if len(rows) != expected["count"]:
            yield f"{label}: {expected['count']} expected, {len(rows)} found"
    elif not rows:
        yield f"{label}: no such row"
    for row in rows if "has" in expected else ():
        wrong = unlike(row, expected["has"])
        if wrong:
            yield f"{label}: {wrong}"


def _matches(row: object, where: Mapping[str, object]) -> bool:
    return all(value is MISSING and where[path] is None for path, value in unlike(row, where).items())
