"""An explanation: one row of a statement with its rule, its readings, its events and its arithmetic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.agreements.model import Agreement
from domain.fact import AnyFact
from domain.time.instant import format_instant
from projections.amount_row import AmountRow
from projections.basis import Basis
from projections.deadline_row import DeadlineRow
from projections.explain.bearing import Bearing, bearings
from projections.explain.clocks import objective_steps, support_steps
from projections.explain.deadline import deadline_steps
from projections.explain.downtime import indicator_steps
from projections.explain.fact_words import details, phrase, type_of
from projections.explain.path import UnknownFigureError, matching, parse_path, value_at
from projections.explain.penalty import penalty_steps
from projections.explain.standing import qualification_steps
from projections.explain.sums import amount_steps
from projections.explain.voice import in_lang, rule_of, say, text_of
from projections.findings import CODES, Finding
from projections.indicator_row import IndicatorRow
from projections.objectives import ObjectiveRow
from projections.penalty_row import PenaltyRow
from projections.statement import Derived
from projections.support import SupportRow

NAMED_BY = ("indicator", "commitment", "rule")
"""The field of a row that names its rule, one per kind of row."""
MAIN = {
    "indicators": "availability",
    "support": "state",
    "support_objectives": "ratio",
    "penalties": "payable",
    "deadlines": "due",
    "amounts": "amount",
    "findings": "code",
    "qualification": "state",
}
"""The field explained where the path names a row and none of its fields."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """``row`` is the figure as the statement prints it; ``steps`` sentences; ``facts`` what it rests on."""

    contract: str
    section: str
    figure: str
    value: Any
    rule: str | None
    title: str | None
    text: Agreement | None
    row: Mapping[str, Any]
    steps: tuple[str, ...]
    facts: tuple[AnyFact, ...]
    readings: tuple[Bearing, ...]
    lang: str

    def as_json(self) -> dict[str, Any]:
        """The explanation as JSON values, sentences in its language; ``row`` is exact."""
        text = self.text
        return {
            "contract": self.contract,
            "section": self.section,
            "figure": self.figure,
            "value": self.value,
            "rule": self.rule,
            "title": self.title,
            "clause": self.row.get("clause"),
            "document": None
            if text is None
            else {"id": text.id, "version": text.version, "title": in_lang(text, self.lang)},
            "steps": list(self.steps),
            "readings": [
                {"parameter": one.parameter, "value": one.value, "meaning": one.meaning, "chosen": one.chosen}
                for one in self.readings
            ],
            "events": [
                {
                    "event": fact.ref,
                    "type": type_of(fact),
                    "what": phrase(fact, self.lang),
                    "time": format_instant(fact.time),
                    "recorded": format_instant(fact.recorded),
                    "data": details(fact),
                }
                for fact in self.facts
            ],
            "row": dict(self.row),
        }


def explain(basis: Basis, derived: Derived, path_text: str, lang: str = "en") -> list[Explanation]:
    """The explanation of every row a path names. Raises UnknownFigureError where it names none."""
    path = parse_path(path_text)
    if path.section == "qualification":
        rows: Sequence[Any] = [derived.qualification or {}]
        printed: list[Mapping[str, Any]] = [derived.qualification or {}]
        numbers = [0]
    else:
        rows = rows_of(derived, path.section)
        printed = [row.as_json() for row in rows]
        numbers = matching(path, printed)
    if path.field is not None:
        first = path.field.split(".")[0]
        if all(first not in printed[number] for number in numbers):
            has = ", ".join(printed[numbers[0]])
            raise UnknownFigureError(
                f"{path.section} rows have no {path.field!r}; they have {has}",
                f"les lignes de {path.section} n'ont pas de champ « {path.field} » ; elles ont {has}",
            )
    found = []
    for number in numbers:
        where = path.section if path.section == "qualification" else f"{path.section}.{number}"
        found.append(
            _explained(basis, derived, rows[number], printed[number], where=where, field=path.field, lang=lang)
        )
    return found


def rows_of(derived: Derived, section: str) -> Sequence[Any]:
    """The rows of a section of the statement."""
    names = {"support_objectives": "objectives"}
    rows: Sequence[Any] = getattr(derived, names.get(section, section))
    return rows


def _explained(
    basis: Basis, derived: Derived, source: Any, row: Mapping[str, Any], *, where: str, field: str | None, lang: str
) -> Explanation:
    section = where.partition(".")[0]
    rule = next((row[name] for name in NAMED_BY if row.get(name)), None)
    when = _when(basis, source)
    named = None if rule is None else rule_of(basis, rule, when)
    text = None if rule is None else text_of(basis, rule, when)
    main = MAIN[section] if row.get(MAIN[section]) is not None else "value" if row.get("value") else "state"
    return Explanation(
        contract=basis.contract,
        section=section,
        figure=f"{where}.{field}" if field is not None else where,
        value=value_at(row, field or main),
        rule=rule,
        title=None if named is None else in_lang(named, lang),
        text=text,
        row=row,
        steps=tuple(_steps(basis, derived, source, row, lang)),
        facts=_facts(basis, row.get("events", ())),
        readings=bearings(basis, source, when, None if text is None else text.id, lang),
        lang=lang,
    )


def _when(basis: Basis, source: Any) -> int:
    """The instant whose texts and readings govern a row."""
    match source:
        case IndicatorRow():
            return source.start
        case PenaltyRow():
            return source.lines[0].breach.row.end - 1 if source.lines else basis.at
        case SupportRow():
            return source.opened
        case DeadlineRow():
            return basis.at if source.start is None else source.start
        case _:
            return basis.at


def _steps(basis: Basis, derived: Derived, source: Any, row: Mapping[str, Any], lang: str) -> Iterable[str]:
    match source:
        case IndicatorRow():
            return indicator_steps(basis, source, lang)
        case PenaltyRow():
            return penalty_steps(basis, derived, source, lang)
        case SupportRow():
            return support_steps(basis, source, lang)
        case ObjectiveRow():
            return objective_steps(basis, derived, source, lang)
        case DeadlineRow():
            return deadline_steps(basis, source, lang)
        case AmountRow():
            return amount_steps(basis, source, lang)
        case Finding():
            return _finding(source, lang)
        case _:
            return qualification_steps(basis, row, lang)


def _finding(source: Finding, lang: str) -> Iterator[str]:
    yield say(lang, source.message, source.message_fr)
    if lang == "en" and source.code in CODES:
        yield f"{source.code}: {CODES[source.code]}"


def _facts(basis: Basis, wanted: Iterable[str]) -> tuple[AnyFact, ...]:
    names = set(wanted)
    found = [fact for fact in basis.facts.everything() if fact.ref in names] if names else []
    return tuple(sorted(found, key=lambda fact: fact.order))
