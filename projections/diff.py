"""What changes between two statements over the same facts: rows matched by what they are about, money in euros.

The two sides may differ by readings, by documents or by dates; whatever is equal is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.exact import exact_text

KEYS: Mapping[str, tuple[str, ...]] = {
    "indicators": ("indicator", "resource", "period.from", "period.to"),
    "support": ("ticket", "commitment"),
    "support_objectives": ("commitment", "month"),
    "penalties": ("period_end", "lines.0.indicator"),
    "deadlines": ("rule", "opened_by", "from"),
    "amounts": ("rule", "invoice", "liability", "credit", "period", "resource_type", "ticket", "events"),
    "findings": ("code", "rule", "events"),
}
QUIET = {"readings"}


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: ``before`` and ``after`` hold the fields that changed; None where a side has no such row."""

    section: str
    about: Mapping[str, Any]
    clause: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """The change as ``greffe diff`` prints it."""
        return {
            "section": self.section,
            "about": dict(self.about),
            "clause": self.clause,
            "before": None if self.before is None else dict(self.before),
            "after": None if self.after is None else dict(self.after),
        }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every row that differs between two statements of one contract, section by section."""
    found = [change for section, key in KEYS.items() for change in _section(section, key, before[section], after[section])]
    if before["documents"] != after["documents"]:
        found.insert(0, Change("documents", {}, None, {"documents": before["documents"]}, {"documents": after["documents"]}))
    if before["qualification"] != after["qualification"]:
        found += list(_one("qualification", {}, before["qualification"], after["qualification"]))
    return found


def euros(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The money on each side and the difference: penalties payable (what is null is not counted) and other amounts."""
    totals = [(_payable(side), _amounts(side)) for side in (before, after)]
    (payable_before, amounts_before), (payable_after, amounts_after) = totals
    return {
        "penalties_payable": {
            "before": exact_text(payable_before),
            "after": exact_text(payable_after),
            "difference": exact_text(payable_after - payable_before),
        },
        "amounts": {
            rule: {
                "before": exact_text(amounts_before.get(rule, Fraction(0))),
                "after": exact_text(amounts_after.get(rule, Fraction(0))),
                "difference": exact_text(amounts_after.get(rule, Fraction(0)) - amounts_before.get(rule, Fraction(0))),
            }
            for rule in sorted(amounts_before.keys() | amounts_after.keys())
            if amounts_before.get(rule) != amounts_after.get(rule)
        },
    }


def _payable(statement: Mapping[str, Any]) -> Fraction:
    return sum((Fraction(row["payable"]) for row in statement["penalties"] if row["payable"] is not None), Fraction(0))


def _amounts(statement: Mapping[str, Any]) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for row in statement["amounts"]:
        if row["amount"] is not None:
            sums[row["rule"]] = sums.get(row["rule"], Fraction(0)) + Fraction(row["amount"])
    return sums


def _section(
    section: str, key: Sequence[str], before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    left, right = _indexed(key, before), _indexed(key, after)
    for name in sorted(left.keys() | right.keys(), key=repr):
        one, other = left.get(name), right.get(name)
        if one != other:
            row = one if one is not None else other
            assert row is not None
            yield from _one(section, {path: value for path in key if (value := _at(row, path)) is not None}, one, other)


def _one(
    section: str, about: Mapping[str, Any], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[Change]:
    row = after if after is not None else before
    clause = None if row is None else row.get("clause")
    if before is None or after is None:
        yield Change(section, about, clause, before, after)
        return
    names = [name for name in {**before, **after} if before.get(name) != after.get(name) and name not in QUIET]
    if names:
        yield Change(section, about, clause, {n: before.get(n) for n in names}, {n: after.get(n) for n in names})


def _indexed(key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in rows:
        name = tuple(repr(_at(row, path)) for path in key)
        number = 0
        while (*name, str(number)) in found:
            number += 1
        found[*name, str(number)] = row
    return found


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
