"""An explanation: one row of a statement with its rule, its readings, its events and its arithmetic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.agreements.section import Rule
from domain.fact import AnyFact
from domain.time.instant import format_instant
from projections.basis import Basis
from projections.explain.arithmetic import Sentence, indicator_steps, penalty_steps, support_steps
from projections.explain.deadline import deadline_steps
from projections.explain.fact_words import details, phrase, type_of
from projections.explain.path import Path, UnknownFigureError, matching, parse_path, value_at
from projections.indicator_row import IndicatorRow
from projections.penalty_row import PenaltyRow
from projections.statement import Derived
from projections.support import SupportRow


@dataclass(frozen=True, slots=True)
class Explanation:
    """``row`` is the figure as the statement prints it; ``steps`` pairs of sentences; ``facts`` what it rests on."""

    figure: str
    value: Any
    rule: str | None
    terms: Rule | None
    row: Mapping[str, Any]
    steps: tuple[Sentence, ...]
    facts: tuple[AnyFact, ...]
    readings: tuple[tuple[str, str, tuple[str, str]], ...]

    def as_json(self, lang: str) -> dict[str, Any]:
        """The explanation as JSON values, sentences in one language."""
        pick = 1 if lang == "fr" else 0
        return {
            "figure": self.figure,
            "value": self.value,
            "rule": self.rule,
            "title": None if self.terms is None else getattr(self.terms.title, lang),
            "clause": self.row.get("clause"),
            "steps": [step[pick] for step in self.steps],
            "readings": [
                {"parameter": name, "value": value, "meaning": words[pick]} for name, value, words in self.readings
            ],
            "events": [
                {
                    "event": fact.ref,
                    "type": type_of(fact),
                    "what": phrase(fact, lang),
                    "time": format_instant(fact.time),
                    "recorded": format_instant(fact.recorded),
                    "data": details(fact),
                }
                for fact in self.facts
            ],
            "row": dict(self.row),
        }


def explain(basis: Basis, derived: Derived, path_text: str) -> list[Explanation]:
    """The explanation of every row a path names. Raises UnknownFigureError where it names none."""
    path = parse_path(path_text)
    if path.section == "qualification":
        return [_explained(basis, path, path.section, derived.qualification or {}, None)]
    rows = rows_of(derived, path.section)
    printed = [row.as_json() for row in rows]
    numbers = matching(path, printed)
    explained = [_explained(basis, path, f"{path.section}.{n}", printed[n], rows[n]) for n in numbers]
    if path.field is not None and all(path.field.split(".")[0] not in printed[n] for n in numbers):
        raise UnknownFigureError(f"{path.section} rows have no {path.field!r}; they have {', '.join(printed[numbers[0]])}")
    return explained


def rows_of(derived: Derived, section: str) -> Sequence[Any]:
    """The rows of a section of the statement."""
    names = {"support_objectives": "objectives"}
    rows: Sequence[Any] = getattr(derived, names.get(section, section))
    return rows


def _explained(basis: Basis, path: Path, figure: str, row: Mapping[str, Any], source: Any) -> Explanation:
    rule = next((row[name] for name in ("indicator", "commitment", "rule") if row.get(name)), None)
    value = value_at(row, path.field) if path.field is not None else row.get("state")
    return Explanation(
        figure=f"{figure}.{path.field}" if path.field is not None else figure,
        value=value,
        rule=rule,
        terms=_terms(basis, rule),
        row=row,
        steps=tuple(_steps(basis, source, row)),
        facts=_facts(basis, row.get("events", ())),
        readings=_readings(basis, source, row),
    )


def _steps(basis: Basis, source: Any, row: Mapping[str, Any]) -> Iterable[Sentence]:
    match source:
        case IndicatorRow():
            return indicator_steps(source)
        case PenaltyRow():
            return penalty_steps(source)
        case SupportRow():
            return support_steps(source)
        case _ if "due" in row:
            return deadline_steps(basis, row)
        case _ if "message" in row:
            return [(row["message"], row["message_fr"])]
        case _:
            shown = ", ".join(f"{name} = {value}" for name, value in row.items() if isinstance(value, str | int))
            return [(shown, shown)]


def _terms(basis: Basis, rule: str | None) -> Rule | None:
    if rule is None or "/" not in rule:
        return None
    try:
        return basis.catalogue.rule(rule)
    except (KeyError, LookupError):
        return None


def _facts(basis: Basis, wanted: Iterable[str]) -> tuple[AnyFact, ...]:
    names = set(wanted)
    found = [fact for fact in basis.facts.everything() if fact.ref in names] if names else []
    return tuple(sorted(found, key=lambda fact: fact.order))


def _readings(basis: Basis, source: Any, row: Mapping[str, Any]) -> tuple[tuple[str, str, tuple[str, str]], ...]:
    """The readings that this figure used, where they are not the defaults: those of the row and of the question."""
    switches = basis.readings.base.switches
    chosen = {**basis.readings.base.selected, **row.get("readings", {})}
    return tuple((name, value, tuple(switches[name].values[value])) for name, value in chosen.items() if name in switches)
