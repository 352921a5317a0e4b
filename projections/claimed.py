"""What a bundle claims: the whole statement of a contract, the rows of a period, or those of one figure.

Where facts are withheld, rows that rest on them are left out, and a finding says so: a figure is right or not there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.fact import AnyFact
from domain.time.instant import Instant, end_of_day, parse_instant, start_of_day
from projections.explain.explanation import rows_of
from projections.explain.path import matching, parse_path, value_at
from projections.findings import Finding
from projections.spelling import dump
from projections.statement import SECTIONS, Derived

QUALIFICATION = "qualification"
NAMES = {
    "indicators": ("indicator", "resource", "period.from", "period.to"),
    "support": ("ticket", "commitment", "priority", "from"),
    "support_objectives": ("commitment", "month"),
    "penalties": ("period_end",),
    "deadlines": ("rule", "opened_by", "from", "due"),
    "amounts": ("rule", "events"),
    "findings": ("code", "rule", "events"),
}
"""What tells the rows of a section apart, whatever their figures."""
MOMENTS = ("from", "due", "settled_at")
FIELDS = {"support_objectives": "objectives"}


@dataclass(frozen=True, slots=True)
class Claim:
    """Which rows of a contract's statement a bundle is about, and the names of those that rest on what is withheld.

    ``start`` and ``end`` bound a period, half-open; ``rows`` names those of a figure; with neither, every row is
    claimed. ``withheld`` counts the facts that are not shown whole.
    """

    start: Instant | None = None
    end: Instant | None = None
    rows: Collection[str] | None = None
    left_out: Collection[str] = ()
    withheld: int = 0

    @property
    def restricts(self) -> bool:
        """Whether it is about less than every row of a statement of all the facts."""
        return self != Claim()


def restricted(derived: Derived, claim: Claim, facts: Iterable[AnyFact]) -> Derived:
    """The claimed rows of what was derived from ``facts``, with a finding where facts are withheld."""
    if not claim.restricts:
        return derived
    times = {fact.ref: fact.time for fact in facts}

    def kept(section: str, row: Mapping[str, Any]) -> bool:
        name = name_of(section, row)
        if claim.rows is not None:
            return name in claim.rows and name not in claim.left_out
        return _within(row, claim, times) and name not in claim.left_out

    found = filtered(derived, kept)
    return replace(found, findings=_with_notice(found.findings, claim.withheld)) if claim.withheld else found


def filtered(derived: Derived, kept: Callable[[str, Mapping[str, Any]], bool]) -> Derived:
    """The rows that are kept, in their order."""
    changes: dict[str, Any] = {
        FIELDS.get(section, section): tuple(row for row in rows_of(derived, section) if kept(section, row.as_json()))
        for section in SECTIONS
    }
    state = derived.qualification
    return replace(derived, **changes, qualification=state if state and kept(QUALIFICATION, state) else None)


def rows_named(derived: Derived, path: str) -> list[str]:
    """The names of the rows of a figure. Raises UnknownFigureError where the path names none."""
    parsed = parse_path(path)
    if parsed.section == QUALIFICATION:
        return [QUALIFICATION]
    printed = [row.as_json() for row in rows_of(derived, parsed.section)]
    return [name_of(parsed.section, printed[number]) for number in matching(parsed, printed)]


def differing(whole: Derived, part: Derived) -> list[str]:
    """The names of the rows of one derivation that are not, as they are, among those of another."""
    right = {(name, text) for name, text in _printed(whole)}
    return sorted({name for name, text in _printed(part) if (name, text) not in right})


def missing(whole: Derived, part: Derived) -> list[str]:
    """The names of the rows of ``whole`` that ``part`` lacks, or has otherwise."""
    return differing(part, whole)


def cited(derived: Derived) -> set[str]:
    """``source#id`` of every fact that a row cites."""
    return {ref for _, row in _rows(derived) for ref in _citations(row)}


def name_of(section: str, row: Mapping[str, Any]) -> str:
    """What a row is called whatever its figures: its section and what tells it apart there."""
    if section == QUALIFICATION:
        return QUALIFICATION
    return dump([section, *(value_at(row, name) for name in NAMES[section])])


def _rows(derived: Derived) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for section in SECTIONS:
        for row in rows_of(derived, section):
            yield section, row.as_json()
    if derived.qualification is not None:
        yield QUALIFICATION, derived.qualification


def _printed(derived: Derived) -> Iterable[tuple[str, str]]:
    return [(name_of(section, row), dump(row)) for section, row in _rows(derived)]


def _within(row: Mapping[str, Any], claim: Claim, times: Mapping[str, Instant]) -> bool:
    """Whether a row speaks of the period: by its own span, else by its moments or those of the facts it cites."""
    if claim.start is None and claim.end is None:
        return True
    span = _span(row)
    if span is not None:
        return _meets(claim, *span)
    moments = [_moment(row[name]) for name in MOMENTS if row.get(name)]
    moments += [times[ref] for ref in _citations(row) if ref in times]
    return not moments or any(_meets(claim, moment, Instant(moment + 1)) for moment in moments)


def _moment(text: str) -> Instant:
    """An instant, or the first one of a day."""
    return start_of_day(date.fromisoformat(text)) if len(text) == len("2026-01-31") else parse_instant(text)


def _span(row: Mapping[str, Any]) -> tuple[Instant, Instant] | None:
    if "period" in row:
        return parse_instant(row["period"]["from"]), parse_instant(row["period"]["to"])
    if "month" in row:
        year, month = map(int, row["month"].split("-"))
        following = date(year + month // 12, month % 12 + 1, 1)
        return start_of_day(date(year, month, 1)), start_of_day(following)
    if "period_end" in row:
        day = date.fromisoformat(row["period_end"])
        return start_of_day(day), end_of_day(day)
    return None


def _meets(claim: Claim, start: Instant, end: Instant) -> bool:
    return (claim.end is None or start < claim.end) and (claim.start is None or end > claim.start)


def _citations(row: Mapping[str, Any]) -> list[str]:
    named = [row[name] for name in ("opened_by", "settled_by") if row.get(name)]
    return [*row.get("events", ()), *named]


def _with_notice(findings: tuple[Finding, ...], withheld: int) -> tuple[Finding, ...]:
    notice = Finding(
        "withheld-facts",
        None,
        None,
        f"{withheld} facts are not shown whole; figures that rest on them are left out.",
        f"{withheld} faits ne sont pas montrés entiers ; les chiffres qui en dépendent sont omis.",
    )
    return tuple(sorted([*findings, notice], key=lambda f: (f.rule or "", f.code, f.events, f.message)))
