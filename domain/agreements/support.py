"""Support commitments of an agreement file: ``[support]`` with its clocks, priorities, restrictions and commitments.

A clock that the file does not define is the one that never stops. Each value stands with its clause, and a rule says in
its variants what another reading changes.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from domain.agreements.indicator import Varying, Zones
from domain.agreements.section import Rule, Section, Text
from domain.errors import InvalidDelayError
from domain.time.calendar import ALWAYS, MINUTES_PER_HOUR, Calendar
from domain.time.delay import kept_holidays, parse_delay

CONTINUOUS = "continuous"
"""The name of the clock that runs at all hours of all days."""

HourText = Annotated[str, StringConstraints(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Weekday = Annotated[int, Field(ge=1, le=7)]
TicketKind = Literal["incident", "service-request", "other"]


class Hours(Varying):
    """A clock that runs from ``opens`` to ``closes`` (Paris) on the listed ISO weekdays, 1 being Monday.

    ``holidays`` says whether it also stops on French public holidays.
    """

    name: Text
    opens: HourText
    closes: HourText
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    holidays: bool

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self

    def calendar(self, reading: Callable[[str], str]) -> Calendar:
        """The calendar of the clock under the chosen readings."""
        hours = self.under(reading)
        weekdays = frozenset(day - 1 for day in hours.days)
        calendar = Calendar(weekdays=weekdays, opens=_minutes(hours.opens), closes=_minutes(hours.closes))
        return kept_holidays(calendar, reading) if hours.holidays else calendar


class Level(Rule):
    """A priority as the text defines it; ``severity`` is the number under which tickets name it."""

    name: Text
    severity: Annotated[int, Field(ge=1)]


class Matrix(Rule):
    """The priority for each criticality and impact: ``table.C1.I2 = "P2"``."""

    table: dict[Text, dict[Text, Text]]


class Start(Varying):
    """When the clocks start: the opening ``complete`` with all required information, or the bare ``opening``."""

    when: Literal["complete", "opening"] = "complete"


class Answer(Varying):
    """Which answer is a first response: ``human``, or ``any``, an automatic mail included."""

    counts: Literal["human", "any"] = "human"


class Pause(Varying):
    """The client's own time, taken out of the recovery clock.

    ``deducts``: ``clock-time`` is the part of the wait during which the clock would have run, ``raw`` the whole wait.
    """

    deducts: Literal["clock-time", "raw"] = "clock-time"


class Bound(Varying):
    """Whether reaching the delay exactly is still in time."""

    inclusive: bool = True


class Deployment(Varying):
    """The deployment a client must have for the commitments to apply."""

    zones: Zones


class Restriction(Varying):
    """Commitments for tickets of this kind and service only, ``within`` that service or among ``all`` tickets."""

    service: Text
    kind: TicketKind
    within: Literal["service", "all"] = "service"


class Objective(Section):
    """The share of the tickets, in percent, that must be in time."""

    percent: Annotated[Decimal, Field(gt=0, le=100)]


class Population(Varying):
    """The tickets an objective is measured on: opened in the ``month``, or since the start of the ``contract``."""

    over: Literal["month", "contract"] = "month"


class Commitment(Varying):
    """A first response or a recovery within ``delay`` on ``clock``, for tickets of a kind and priority.

    ``priority`` is left out where every ticket of the kind is meant. ``on_call`` is the clock of a ticket that reached
    the on-call number.
    """

    measures: Literal["first-response", "recovery"]
    kind: TicketKind
    priority: Text | None = None
    delay: Text
    clock: Text
    on_call: Text | None = None
    objective: Objective | None = None

    @field_validator("delay")
    @classmethod
    def _is_counted_by_the_clock(cls, delay: str) -> str:
        try:
            parsed = parse_delay(delay)
        except InvalidDelayError as error:
            raise ValueError(str(error)) from None
        if not all(part.unit in ("minutes", "hours") and part.amount > 0 for part in parsed.parts):
            raise ValueError(f"{delay!r}: a support commitment is counted in minutes or hours of its clock")
        return delay


class Support(Section):
    """Support clocks, priorities, conditions, commitments and their monthly objectives.

    ``no_figure`` is the rule for tickets to which the text promises an answer without a figure.
    """

    start: Start
    answer: Answer
    pause: Pause | None = None
    bound: Bound | None = None
    deployment: Deployment | None = None
    maintenance: Rule | None = None
    restriction: tuple[Restriction, ...] = ()
    no_figure: Rule | None = None
    population: Population | None = None
    clock: tuple[Hours, ...] = ()
    level: tuple[Level, ...] = ()
    matrix: Matrix | None = None
    commitment: Annotated[tuple[Commitment, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_defined(self) -> Self:
        clocks = {CONTINUOUS, *(clock.name for clock in self.clock)}
        priorities = {level.name for level in self.level} | set(_cells(self.matrix))
        for commitment in self.commitment:
            changes: list[dict[str, Any]] = [variant.change for variant in commitment.variant]
            named = {commitment.clock, commitment.on_call, *(c.get(k) for c in changes for k in ("clock", "on_call"))}
            unknown = named - clocks - {None}
            if unknown:
                raise ValueError(f"{commitment.id}: no clock is named {', '.join(sorted(map(str, unknown)))}")
            if commitment.priority is not None and commitment.priority not in priorities:
                raise ValueError(f"{commitment.id}: no priority is named {commitment.priority}")
        if self.population is None and any(commitment.objective for commitment in self.commitment):
            raise ValueError("an objective needs a population")
        return self

    def calendar(self, name: str, reading: Callable[[str], str]) -> Calendar:
        """The calendar of the clock of that name under the chosen readings."""
        return ALWAYS if name == CONTINUOUS else next(c for c in self.clock if c.name == name).calendar(reading)

    def under(self, reading: Callable[[str], str]) -> Self:
        """The section with each of its rules as it reads under the chosen readings."""
        changes: dict[str, Any] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Varying):
                changes[name] = value.under(reading)
            elif isinstance(value, tuple):
                changes[name] = tuple(v.under(reading) if isinstance(v, Varying) else v for v in value)
        return self.model_copy(update=changes)


def _minutes(text: str) -> int:
    """Minutes after 00:00 of an hour such as ``08:30``."""
    hours, minutes = text.split(":")
    return int(hours) * MINUTES_PER_HOUR + int(minutes)


def _cells(matrix: Matrix | None) -> tuple[str, ...]:
    return () if matrix is None else tuple(cell for row in matrix.table.values() for cell in row.values())
