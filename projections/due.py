"""The answer to ``greffe due``: one date, and each step that led to it, with the days that did not count."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.errors import InvalidInstantError
from domain.readings import Readings
from domain.time.calendar import Calendar
from domain.time.delay import Step, TimeRules, compute, parse_delay
from domain.time.instant import Instant, format_instant, parse_instant

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
USED: Mapping[str, tuple[str, ...]] = {
    "minutes": ("hours.elapsed",),
    "hours": ("hours.elapsed",),
    "days": ("days.calendar",),
    "weeks": ("days.calendar",),
    "months": ("month_arithmetic",),
    "years": ("month_arithmetic",),
    "clear days": ("clear_days.act_window", "clear_days.weekend"),
    "working days": ("calendar.working_days", "calendar.holidays", "calendar.solidarity_day"),
    "working hours": (
        "calendar.working_hours",
        "calendar.holidays",
        "calendar.001_holidays",
        "calendar.solidarity_day",
    ),
}
WORDS = {
    "en": {"from": "From", "plus": "plus", "gives": "gives", "skipped": "not counted", "due": "Due", "last": "last day",
           "last_instant": "the last instant in time", "too_late": "too late from then on", "shift": "shifted past"},
    "fr": {"from": "Du", "plus": "plus", "gives": "donne", "skipped": "non comptés", "due": "Échéance ", "last": "dernier jour",
           "last_instant": "dernier instant utile", "too_late": "trop tard à partir de là", "shift": "reporté au-delà de"},
}
UNITS_FR = {
    "minutes": "minutes", "hours": "heures", "days": "jours", "clear days": "jours francs", "working days": "jours ouvrés",
    "working hours": "heures ouvrées", "weeks": "semaines", "months": "mois", "years": "ans",
}


def parse_start(text: str) -> Instant | date:
    """The start of a delay: a date or an instant. Raises InvalidInstantError."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise InvalidInstantError(f"{text!r}: {error}") from None
    return parse_instant(text)


def due_answer(start: str, delay: str, readings: Readings, working_hours: Calendar | None = None) -> dict[str, Any]:
    """The computation as JSON values. ``working_hours`` is the support calendar that working hours are counted in."""
    parsed = parse_delay(delay)
    due = compute(parse_start(start), parsed, TimeRules.of(readings, working_hours))
    used = dict.fromkeys(name for part in parsed.parts for name in USED[part.unit])
    return {
        "start": start,
        "delay": delay,
        "due": format_instant(due.due),
        "last_day": None if due.last_day is None else due.last_day.isoformat(),
        "readings": {name: readings.get(name) for name in used},
        "steps": [_step(step) for step in due.steps],
    }


def due_text(answer: Mapping[str, Any], lang: str) -> str:
    """The computation in words."""
    words = WORDS[lang]
    lines = [_said(step, words, lang) for step in answer["steps"]]
    if answer["last_day"] is None:
        lines.append(f"{words['due']}: {answer['due']} ({words['last_instant']})")
    else:
        lines.append(f"{words['due']}: {answer['due']} ({words['last']} {answer['last_day']}, {words['too_late']})")
    if answer["readings"]:
        lines.append(", ".join(f"{name} = {value}" for name, value in answer["readings"].items()))
    return "\n".join(lines)


def _step(step: Step) -> dict[str, Any]:
    return {
        "unit": step.unit,
        "amount": step.amount,
        "from": step.start,
        "to": step.end,
        "skipped": [{"date": day.isoformat(), "en": en, "fr": fr} for day, en, fr in step.skipped],
    }


def _said(step: Mapping[str, Any], words: Mapping[str, str], lang: str) -> str:
    skipped = _days(step["skipped"], lang)
    if step["unit"] == "shift":
        return f"{words['shift']} {skipped}: {step['to']}"
    unit = UNITS_FR[step["unit"]] if lang == "fr" else step["unit"]
    head = f"{words['from']} {step['from']}, {words['plus']} {step['amount']} {unit} {words['gives']} {step['to']}"
    return f"{head} ({words['skipped']}: {skipped})" if skipped else head


def _days(skipped: Sequence[Mapping[str, str]], lang: str) -> str:
    return ", ".join(f"{day['date']} {day[lang]}" for day in skipped)

