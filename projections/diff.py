"""What changes between two statements over the same facts: rows matched by what they are about, money in euros.

The two sides may differ by readings, by documents or by dates; whatever is equal is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.exact import exact_text

Row = Mapping[str, Any]
Names = tuple[str, ...]

ABOUT: Mapping[str, tuple[Names, ...]] = {
    "penalties": (("period_end", "rule"), ("period_end",)),
    "amounts": (("rule", "invoice", "liability", "credit", "ticket", "resource_type", "month"),),
    "indicators": (
        ("indicator", "resource", "period.from", "period.to"),
        ("indicator", "resource", "period.to"),
    ),
    "deadlines": (("rule", "opened_by", "from"), ("rule", "opened_by")),
    "support": (("ticket", "commitment"),),
    "support_objectives": (("commitment", "month"),),
    "findings": (("code", "rule", "events"), ("code", "rule", "message")),
}
"""What tells the rows of a section apart: first all of it, then less for the rows that found no partner."""
SHOWN: Mapping[str, Names] = {
    "penalties": ("period_end", "rule"),
    "amounts": ("rule", "invoice", "liability", "credit", "ticket", "resource_type", "month"),
    "indicators": ("indicator", "resource", "period.from", "period.to"),
    "deadlines": ("rule", "opened_by", "from"),
    "support": ("ticket", "commitment"),
    "support_objectives": ("commitment", "month"),
    "findings": ("code", "rule"),
}
EUROS = "EUR"
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: ``before`` and ``after`` hold the fields that changed; None where a side has no such row.

    ``rule`` and ``clause`` are those of the row; ``section`` the part of the statement it stands in.
    """

    section: str
    about: Row
    rule: str | None
    clause: str | None
    before: Row | None
    after: Row | None

    def as_json(self) -> dict[str, Any]:
        """The change as ``greffe diff`` prints it."""
        return {
            "section": self.section,
            "about": dict(self.about),
            "rule": self.rule,
            "clause": self.clause,
            "before": None if self.before is None else dict(self.before),
            "after": None if self.after is None else dict(self.after),
        }


def changes(before: Row, after: Row) -> list[Change]:
    """Every row that differs between two statements of one contract, section by section, money first."""
    found = []
    if before["documents"] != after["documents"]:
        found += list(_one("documents", {}, {"documents": before["documents"]}, {"documents": after["documents"]}))
    for section in ABOUT:
        found += list(_section(section, before[section], after[section]))
    if before["qualification"] != after["qualification"]:
        found += list(_one("qualification", {}, before["qualification"], after["qualification"]))
    return found


def euros(before: Row, after: Row) -> dict[str, Any]:
    """The money on each side and the difference (second less first), as exact text.

    Penalties payable (what is null is not counted), and the other amounts in euros that differ, by rule.
    """
    sums = _amounts(before), _amounts(after)
    rules = sorted(sums[0].keys() | sums[1].keys())
    return {
        "penalties_payable": _money(_payable(before), _payable(after)),
        "amounts": {
            rule: _money(sums[0].get(rule, ZERO), sums[1].get(rule, ZERO))
            for rule in rules
            if sums[0].get(rule, ZERO) != sums[1].get(rule, ZERO)
        },
    }


def total(parts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The sum of several (before, after, difference), as exact text."""
    return _money(sum((Fraction(p["before"]) for p in parts), ZERO), sum((Fraction(p["after"]) for p in parts), ZERO))


def _money(before: Fraction, after: Fraction) -> dict[str, str]:
    return {"before": exact_text(before), "after": exact_text(after), "difference": exact_text(after - before)}


def _payable(statement: Row) -> Fraction:
    return sum((Fraction(row["payable"]) for row in statement["penalties"] if row["payable"] is not None), ZERO)


def _amounts(statement: Row) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for row in statement["amounts"]:
        if row["amount"] is not None and row.get("unit", EUROS) == EUROS:
            sums[row["rule"]] = sums.get(row["rule"], ZERO) + Fraction(row["amount"])
    return sums


def _section(section: str, before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    """The rows that differ, by what they are about."""
    pairs, lost, new = _paired(section, before, after)
    entries: list[tuple[Row | None, Row | None]] = [(one, other) for one, other in pairs if one != other]
    entries += [(None, other) for other in new]
    entries += [(one, None) for one in lost]
    abouts = [(_about(section, other if other is not None else one), one, other) for one, other in entries]
    for about, one, other in sorted(abouts, key=lambda entry: [str(entry[0].get(name, "")) for name in SHOWN[section]]):
        yield from _one(section, about, one, other)


def _about(section: str, row: Row | None) -> Row:
    assert row is not None
    return {name: value for name in SHOWN[section] if (value := _at(row, name)) is not None}


def _paired(
    section: str, before: Sequence[Row], after: Sequence[Row]
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """The rows of the two sides that are about the same thing, and those without a partner."""
    pairs: list[tuple[Row, Row]] = []
    lost, new = list(before), list(after)
    for names in ABOUT[section]:
        waiting: dict[tuple[str, ...], list[Row]] = {}
        for row in lost:
            waiting.setdefault(_key(row, names), []).append(row)
        left = []
        for row in new:
            partners = waiting.get(_key(row, names))
            if partners:
                pairs.append((partners.pop(0), row))
            else:
                left.append(row)
        paired = {id(one) for one, _ in pairs}
        lost, new = [row for row in lost if id(row) not in paired], left
    return pairs, lost, new


def _one(section: str, about: Row, before: Row | None, after: Row | None) -> Iterator[Change]:
    row = after if after is not None else before
    assert row is not None
    rule = next((row[name] for name in ("rule", "indicator", "commitment") if row.get(name)), None)
    clause = row.get("clause")
    if before is None or after is None:
        yield Change(section, about, rule, clause, before, after)
        return
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if names:
        one, other = {n: before.get(n) for n in names}, {n: after.get(n) for n in names}
        yield Change(section, about, rule, clause, one, other)


def _key(row: Row, names: Names) -> tuple[str, ...]:
    return tuple(repr(_at(row, name)) for name in names)


def _at(row: Row, path: str) -> Any:
    value: Any = row
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
