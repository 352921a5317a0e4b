"""Which readings a delay rests on, and the stricter date a prudent reader keeps."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from domain.time.delay import Clear, Delay, TimeRules, compute, parse_delay
from domain.time.instant import Instant

if TYPE_CHECKING:
    from domain.agreements.indicator import Varying

_BY_UNIT = {
    "minutes": ("hours.elapsed",),
    "hours": ("hours.elapsed",),
    "days": ("days.calendar",),
    "weeks": ("days.calendar",),
    "months": ("month_arithmetic",),
    "years": ("month_arithmetic",),
    "working days": ("calendar.working_days", "calendar.holidays", "calendar.solidarity_day"),
    "working hours": ("calendar.working_hours", "calendar.holidays", "calendar.solidarity_day"),
}
_CLEAR_DAYS = {
    "act_window": ("clear_days.act_window", "clear_days.weekend"),
    "effect": ("clear_days.effect",),
}


def readings_of_unit(unit: str, clear: Clear = "act_window") -> tuple[str, ...]:
    """The parameters that a count in this unit depends on; ``clear`` says how clear days are counted."""
    return _CLEAR_DAYS[clear] if unit == "clear days" else _BY_UNIT[unit]


def readings_used(rule: "Varying", delay: str | None, clear: Clear = "act_window") -> tuple[str, ...]:
    """The parameters a rule and its delay depend on, sorted."""
    named = {variant.reading for variant in rule.variant}
    for part in () if delay is None else parse_delay(delay).parts:
        named.update(readings_of_unit(part.unit, clear))
    return tuple(sorted(named))


def stricter(start: Instant | date, delay: Delay, rules: TimeRules, due: Instant) -> Instant | None:
    """When a delay in clear days ends if both end days count; None where that is no earlier than ``due``."""
    if all(part.unit != "clear days" for part in delay.parts) or rules.act_window != "A":
        return None
    safe = compute(start, delay, replace(rules, act_window="B", weekend="A")).due
    return safe if safe < due else None
