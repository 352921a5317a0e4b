"""Which readings bear on a figure: those that its rule, its exclusions and its way of counting rest on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from domain.agreements.deadline import Deadline
from domain.agreements.indicator import Varying
from domain.agreements.section import Rule
from domain.readings import Readings
from projections import periods
from projections.amount_row import AmountRow
from projections.basis import Basis
from projections.cases import readings_in
from projections.deadline_row import DeadlineRow
from projections.delay_readings import readings_used
from projections.explain.downtime import held_windows
from projections.explain.voice import rule_of, say, text_of
from projections.indicator_row import IndicatorRow
from projections.objectives import ObjectiveRow
from projections.penalty_row import PenaltyRow
from projections.rulebook import clear_of
from projections.support import SupportRow

MAINTENANCE = (
    "maintenance.mode",
    "maintenance.two_clear_days",
    "maintenance.overrun",
    "maintenance.2weeks_link",
    "clear_days.effect",
)
FIRST_MINUTES = ("internet.two_minutes", "internet.two_minutes_month_cut", "internet.overlap_incidents")
CLAIMS = ("clear_days.act_window", "clear_days.weekend", "hours.elapsed", "overlap")
"""Readings that bear on claims and reserves without being written in the penalty section."""
SUPPORT = ("calendar.holidays", "calendar.solidarity_day")


@dataclass(frozen=True, slots=True)
class Bearing:
    """One reading: its value, what it means, and whether somebody chose it; else it is the default."""

    parameter: str
    value: str
    meaning: str
    chosen: bool


def bearings(basis: Basis, source: Any, when: int, document: str | None, lang: str) -> tuple[Bearing, ...]:
    """The readings that bear on a figure, chosen ones first, and any other that somebody chose for its section."""
    readings = basis.readings.at(when)
    switches = readings.switches
    section, used = _used(basis, source)
    touching = [
        name
        for name in readings.selected
        if name not in used and (section is None or section in switches[name].touches)
    ]
    named = sorted({*used, *touching} & switches.keys())
    found = [_bearing(readings, name, document, lang) for name in named]
    return tuple(sorted(found, key=lambda one: not one.chosen))


def _bearing(readings: Readings, name: str, document: str | None, lang: str) -> Bearing:
    value = readings.get(name, document)
    words = readings.switches[name].values[value]
    return Bearing(name, value, say(lang, words.en, words.fr), name in readings.selected)


def _used(basis: Basis, source: Any) -> tuple[str | None, set[str]]:
    match source:
        case IndicatorRow():
            return "indicators", set(_of_indicator(basis, source))
        case PenaltyRow():
            return "penalties", set(_of_penalty(basis, source))
        case SupportRow():
            return "support", set(_of_support(basis, source))
        case ObjectiveRow():
            return "support_objectives", set()
        case DeadlineRow():
            return "deadlines", set(_of_deadline(basis, source))
        case AmountRow():
            when = basis.at
            return "amounts", set(_variants([rule_of(basis, source.rule, when)]))
        case _:
            return None, set()


def _of_indicator(basis: Basis, row: IndicatorRow) -> Iterator[str]:
    written = rule_of(basis, row.indicator, row.start)
    yield from _variants([written])
    for taken in row.exclusions:
        yield from _variants([rule_of(basis, taken.rule, row.start)])
    windows = held_windows(basis, row)
    yield from _variants(rule_of(basis, window.rule, row.start) for window in windows)
    if any(w.kind == "maintenance" for w in windows) or any("planned" in e.rule for e in row.exclusions):
        yield from MAINTENANCE
    if row.provisional:
        yield from (name for name in periods.READINGS if name.startswith("year."))
    counting = [piece for piece in row.pieces if piece.counts]
    if any(one.end > other.start for one, other in pairwise(counting)):
        yield "overlap"
    if any(piece.outage.extent == "degraded" for piece in row.pieces):
        yield "sla.degraded_counts"
    if any(isinstance(rule, Varying) and getattr(rule, "first", None) for rule in _rules(basis, row)):
        yield from FIRST_MINUTES


def _rules(basis: Basis, row: IndicatorRow) -> Iterator[Rule]:
    for taken in row.exclusions:
        rule = rule_of(basis, taken.rule, row.start)
        if rule is not None:
            yield rule


def _of_penalty(basis: Basis, row: PenaltyRow) -> Iterator[str]:
    end = row.lines[0].breach.row.end if row.lines else basis.at
    agreement = text_of(basis, row.rule, end - 1)
    if agreement is not None and agreement.penalty is not None and row.state != "no-rule":
        yield from readings_in(agreement.penalty)
        yield from CLAIMS


def _of_support(basis: Basis, row: SupportRow) -> Iterator[str]:
    agreement = text_of(basis, row.commitment, row.opened)
    support = None if agreement is None else agreement.support
    if support is None:
        return
    rule = rule_of(basis, row.commitment, row.opened)
    settling = support.pause if getattr(rule, "measures", "") == "recovery" else support.answer
    yield from _variants([support.start, support.bound, support.deployment, settling, rule])
    named = {getattr(rule, "clock", None), getattr(rule, "on_call", None)}
    for clock in support.clock:
        if clock.name in named:
            yield from _variants([clock])
            if clock.holidays:
                yield from SUPPORT


def _of_deadline(basis: Basis, row: DeadlineRow) -> Iterator[str]:
    rule = rule_of(basis, row.rule, basis.at if row.start is None else row.start)
    if isinstance(rule, Varying):
        delay = getattr(rule, "delay", None) or getattr(rule, "validity", None)
        clear = (rule.clear or clear_of(rule)) if isinstance(rule, Deadline) else "act_window"
        yield from readings_used(rule, delay, clear)


def _variants(rules: Iterable[Rule | None]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, Varying):
            yield from (variant.reading for variant in rule.variant)
