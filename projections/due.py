"""The answer to ``greffe due``: one date, and each step that led to it, with the days that did not count."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from domain.errors import InvalidDelayError, InvalidInstantError
from domain.readings import Readings
from domain.time.calendar import Calendar
from domain.time.delay import Delay, Step, TimeRules, compute, parse_delay
from domain.time.instant import FIRST_YEAR, LAST_YEAR, Instant, format_instant, parse_instant, to_paris
from projections.delay_readings import readings_of_unit
from projections.wording import colon, pick, units_word

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHIFT = "shift"
"""The unit of the step that moves a last day off a day that is not worked."""
SHIFTED = ("calendar.holidays", "calendar.solidarity_day")
"""What else clear days rest on where they are shifted past week-ends and holidays."""
SUPPORT = ("calendar.001_holidays",)
"""What else working hours rest on: they are those of a text's support."""
WORDS = {
    "due": ("Due", "Échéance"),
    "last": ("last day", "dernier jour"),
    "last_instant": ("the last instant in time", "dernier instant utile"),
    "too_late": ("from then on it is too late", "ensuite, il est trop tard"),
    "skipped": ("not counted", "non comptés"),
    "readings": ("Read as", "Lectures"),
}


def parse_start(text: str) -> Instant | date:
    """The start of a delay: a date or an instant, of the same years. Raises InvalidInstantError."""
    if not _DATE.fullmatch(text):
        return parse_instant(text)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInstantError(f"{text!r}: {error}", f"« {text} » : n'existe pas au calendrier ({error})") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInstantError(
            f"{text!r}: expected a year between {FIRST_YEAR} and {LAST_YEAR}",
            f"« {text} » : attendu : une année entre {FIRST_YEAR} et {LAST_YEAR}",
        )
    return day


def due_answer(start: str, delay: str, readings: Readings, working_hours: Calendar | None = None) -> dict[str, Any]:
    """The computation as JSON values. ``working_hours`` is the support calendar that working hours are counted in.

    Raises InvalidInstantError or InvalidDelayError, also where the date would leave the calendar.
    """
    parsed = parse_delay(delay)
    due = compute(parse_start(start), parsed, TimeRules.of(readings, working_hours))
    if not FIRST_YEAR <= to_paris(due.due).year <= LAST_YEAR:
        raise InvalidDelayError(
            f"{delay!r} from {start} does not end between the years {FIRST_YEAR} and {LAST_YEAR}",
            f"« {delay} » à compter de {start} ne finit pas entre les années {FIRST_YEAR} et {LAST_YEAR}",
        )
    return {
        "start": start,
        "delay": delay,
        "due": format_instant(due.due),
        "last_day": None if due.last_day is None else due.last_day.isoformat(),
        "readings": {name: readings.get(name) for name in readings_of(parsed, readings)},
        "steps": [step_json(step) for step in due.steps],
    }


def readings_of(delay: Delay, readings: Readings) -> tuple[str, ...]:
    """The parameters that bear on a delay, in the order of its parts."""
    used = dict.fromkeys(name for part in delay.parts for name in readings_of_unit(part.unit))
    if any(part.unit == "working hours" for part in delay.parts):
        used |= dict.fromkeys(SUPPORT)
    if "clear_days.weekend" in used and readings.get("clear_days.weekend") == "B":
        used |= dict.fromkeys(SHIFTED)
    return tuple(used)


def due_text(answer: Mapping[str, Any], lang: str) -> str:
    """The computation in words."""
    lines = list(steps_words(answer["steps"], lang))
    if answer["last_day"] is None:
        why = pick(WORDS["last_instant"], lang)
    else:
        why = f"{pick(WORDS['last'], lang)} {answer['last_day']}, {pick(WORDS['too_late'], lang)}"
    lines.append(f"{pick(WORDS['due'], lang)}{colon(lang)}{answer['due']} ({why})")
    if answer["readings"]:
        chosen = ", ".join(f"{name} = {value}" for name, value in answer["readings"].items())
        lines.append(f"{pick(WORDS['readings'], lang)}{colon(lang)}{chosen}")
    return "\n".join(lines)


def delay_words(delay: str, lang: str) -> str:
    """A delay as its language says it: ``15 jours francs``. Raises InvalidDelayError."""
    parts = parse_delay(delay).parts
    said = [f"{abs(part.amount)} {units_word(part.unit, part.amount, lang)}" for part in parts]
    return " + ".join(said) + (pick((" before", " avant"), lang) if parts[0].amount < 0 else "")


def step_json(step: Step) -> dict[str, Any]:
    """One step of a computation as JSON values; the names of holidays in both languages."""
    return {
        "unit": step.unit,
        "amount": step.amount,
        "from": step.start,
        "to": step.end,
        "skipped": [{"date": day.isoformat(), "en": en, "fr": fr} for day, en, fr in step.skipped],
    }


def steps_words(steps: Iterable[Mapping[str, Any]], lang: str) -> Iterator[str]:
    """Each step as a sentence, with the days it did not count and why."""
    for step in steps:
        skipped = ", ".join(f"{day['date']} {day[lang]}" for day in step["skipped"])
        end = step["to"]
        if step["unit"] == SHIFT:
            yield pick((f"Moved past {skipped}: {end}", f"Reporté au-delà de {skipped} : {end}"), lang)
            continue
        amount = step["amount"]
        span = f"{abs(amount)} {units_word(step['unit'], amount, lang)}"
        if amount < 0:
            head = pick((f"{span} before {step['from']}: {end}", f"{span} avant {step['from']} : {end}"), lang)
        else:
            head = pick((f"From {step['from']}, {span}: {end}", f"À partir de {step['from']}, {span} : {end}"), lang)
        yield f"{head} ({pick(WORDS['skipped'], lang)}{colon(lang)}{skipped})" if skipped else head
