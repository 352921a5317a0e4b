"""A short story in which one reading decides one figure, and what the figure is under each of its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from adapters.catalogue import load_catalogue, load_switches
from domain.agreements.catalogue import Catalogue
from domain.readings import select
from domain.time.instant import parse_instant
from projections.intake import Intake
from projections.replay import Question, replay
from tests.projections.penalties.world import at
from tests.support.dossier import CONTRACT, facts

Story = tuple[Any, ...]
NEVER_PRINTED = ("qualification", "findings")
"""Parts of a statement that are no rows: they carry no ``readings`` of their own."""


@dataclass(frozen=True)
class Scenario:
    """Facts, a date, and the figures of the statement that a reading decides.

    ``where`` picks the rows of a ``section``, ``show`` the fields told of each, and ``found`` gives what they are under
    every value of the reading; a name with dots or a number reaches inside a field. ``starts`` is the Paris time at
    which the period of the figure, or what triggers it, begins: the reading chosen by then governs it. ``late`` is a
    time that is too late to choose it (a second after ``starts`` unless said otherwise). ``beside`` are readings
    that the story takes for granted; ``usual`` is the default of its document, where that is not the switch's.
    """

    parameter: str
    story: Story
    asked: str
    section: str
    where: Mapping[str, Any]
    show: str | tuple[str, ...]
    found: Mapping[str, list[Any]]
    starts: str
    late: str | None = None
    usual: str | None = None
    beside: tuple[str, ...] = ()
    agreements: tuple[Path, ...] = ()
    extra: Story = field(default=())

    @cached_property
    def told(self) -> Intake:
        """The facts of the story, decoded once."""
        intake = Intake()
        for fact in facts(*self.story, *self.extra):
            intake.add(fact)
        return intake

    def statement(self, *readings: str) -> dict[str, Any]:
        """The statement of the contract under some readings."""
        known = self.told.latest_recorded
        assert known is not None
        chosen = select(load_switches(), [*self.beside, *readings])
        question = Question(parse_instant(at(self.asked)), known, chosen, CONTRACT)
        return dict(replay(self.told, question, catalogue(self.agreements)))[CONTRACT].as_json()

    def rows(self, *readings: str) -> list[dict[str, Any]]:
        """The rows the scenario is about, under some readings."""
        return self._picked(self.statement(*readings)[self.section])

    def figures(self, *readings: str) -> list[Any]:
        """The figures of those rows, under some readings."""
        return [self.shown(row) for row in self.rows(*readings)]

    def figures_in(self, section: Any) -> list[Any]:
        """The figures of those rows, in a statement that was already printed."""
        return [self.shown(row) for row in self._picked(section)]

    def _picked(self, section: Any) -> list[dict[str, Any]]:
        every = [section] if isinstance(section, dict) else section
        return [row for row in every if all(reach(row, name) == value for name, value in self.where.items())]

    def shown(self, row: dict[str, Any]) -> Any:
        """The figures of one row."""
        return reach(row, self.show) if isinstance(self.show, str) else tuple(reach(row, name) for name in self.show)

    def with_choice(self, value: str, time: str, parameter: str | None = None) -> "Scenario":
        """The same story in which the parties chose a value from a time on."""
        data = {"parameter": parameter or self.parameter, "value": value, "reason": "agreed by both parties"}
        return replace(self, extra=(*self.extra, (at(time), "reading.selected", data)))


def ruled(  # noqa: PLR0917 - told in the order it happens
    section: str,
    parameter: str,
    rule: str,
    story: Story,
    asked: str,
    show: str | tuple[str, ...],
    found: Mapping[str, list[Any]],
    starts: str,
    **more: Any,
) -> Scenario:
    """The rows of a section under one rule."""
    return Scenario(parameter, story, asked, section, {"rule": rule}, show, found, starts, **more)


@cache
def catalogue(folders: tuple[Path, ...]) -> Catalogue:
    """The agreements, read once for all the scenarios."""
    return load_catalogue(folders)


def reach(row: Any, name: str) -> Any:
    """``period.to`` or ``lines.0.amount`` of a row; None where there is no such thing."""
    for step in name.split("."):
        if isinstance(row, list):
            row = row[int(step)] if step.isdigit() and int(step) < len(row) else None
        else:
            row = row.get(step) if isinstance(row, dict) else None
    return row
