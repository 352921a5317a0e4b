"""Readings: named switches with their alternatives, where a text is silent or contradicts another.

A statement always says which readings it used; a dispute is a difference between two sets of readings over the same
facts.
A question that has one answer only is settled: it can be cited, it cannot be chosen.
"""

import difflib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from domain.agreements.section import Section, Text, Words
from domain.errors import InvalidAgreementError, UnknownReadingError

PREFIX = "interp."
"""Longer spelling of a parameter, accepted wherever one is named."""

Part = Literal[
    "indicators", "support", "support_objectives", "penalties", "deadlines",
    "amounts", "qualification", "findings", "retention", "wording",
]  # fmt: skip
"""What a reading can change: a list of the statement, how long data are kept, or the sense of words alone."""


class Switch(Section):
    """One choice: its values, what each means, the default (per document where texts differ) and the reason for it."""

    parameter: Text
    clause: Text
    values: Annotated[dict[str, Words], Field(min_length=2)]
    default: Text
    default_by_document: Annotated[dict[str, str], Field(default_factory=dict)]
    touches: Annotated[tuple[Part, ...], Field(min_length=1)]
    why: Words

    @model_validator(mode="after")
    def _defaults_are_values(self) -> Self:
        unknown = {self.default, *self.default_by_document.values()} - self.values.keys()
        if unknown:
            raise ValueError(f"{self.parameter}: the default {', '.join(sorted(unknown))} is none of its values")
        return self


class Settled(Section):
    """A question of the texts that has one answer: what it is about, and the rule that is followed."""

    id: Text
    clause: Text
    rule: Text
    text: Words


class _Readings(Section):
    """The whole file."""

    switch: tuple[Switch, ...]
    settled: tuple[Settled, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [*(row.parameter for row in self.switch), *(row.id for row in self.settled)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")
        return self


class Switches(Mapping[str, Switch]):
    """Every switch by its parameter, in parameter order; ``settled`` are the questions that are not up for choice."""

    __slots__ = ("_switches", "settled")

    def __init__(self, switches: Iterable[Switch], settled: Iterable[Settled] = ()) -> None:
        self._switches = {switch.parameter: switch for switch in sorted(switches, key=lambda s: s.parameter)}
        self.settled: Mapping[str, Settled] = MappingProxyType({row.id: row for row in settled})

    def __getitem__(self, parameter: str) -> Switch:
        return self._switches[parameter]

    def __iter__(self) -> Iterator[str]:
        return iter(self._switches)

    def __len__(self) -> int:
        return len(self._switches)

    def check(self, parameter: str, value: str) -> None:
        """Raises UnknownReadingError, naming the nearest, unless the parameter can be given that value."""
        switch = self._switches.get(parameter)
        if switch is None:
            raise self.unknown(parameter)
        if value not in switch.values:
            near = value.upper()
            hint = f"; did you mean {near!r}?" if near in switch.values else ""
            indice = f" ; vouliez-vous dire « {near} » ?" if near in switch.values else ""
            raise UnknownReadingError(
                f"{parameter} has no reading {value!r}; it has {', '.join(switch.values)}{hint}",
                f"{parameter} n'a pas de lecture « {value} » ; il y a {', '.join(switch.values)}{indice}",
            )

    def unknown(self, parameter: str) -> UnknownReadingError:
        """What refuses a parameter: settled, or unknown with the nearest one."""
        if parameter in self.settled:
            rule = self.settled[parameter].rule
            return UnknownReadingError(
                f"{parameter} has only one reading, it cannot be chosen: {rule}",
                f"{parameter} n'a qu'une lecture, elle ne se choisit pas : {rule}",
            )
        near = difflib.get_close_matches(parameter, self._switches, n=1, cutoff=0)
        return UnknownReadingError(
            f"unknown reading {parameter!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
            f"lecture inconnue : « {parameter} »" + (f" ; vouliez-vous dire « {near[0]} » ?" if near else ""),
        )


def parse_switches(raw: Mapping[str, Any]) -> Switches:
    """The switches of a readings file, already read. Raises InvalidAgreementError naming the key."""
    try:
        read = _Readings.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise InvalidAgreementError(f"readings: {faults}", f"lectures : {faults}") from None
    return Switches(read.switch, read.settled)


class Readings:
    """The value of every switch: the selected one, else the default. Immutable; ``get`` is a look-up."""

    __slots__ = ("_by_document", "_values", "selected", "switches")

    def __init__(self, switches: Switches, selected: Mapping[str, str] | None = None) -> None:
        """``selected`` must hold known parameters and values: `select` and `with_selected` check them."""
        chosen = dict(sorted((selected or {}).items()))
        self.switches = switches
        self.selected: Mapping[str, str] = MappingProxyType(chosen)
        self._values = {name: chosen.get(name, switch.default) for name, switch in switches.items()}
        self._by_document = {
            (name, document): value
            for name, switch in switches.items()
            if name not in chosen
            for document, value in switch.default_by_document.items()
        }

    def get(self, parameter: str, document: str | None = None) -> str:
        """The value of a parameter: the one selected, else the default (of that document, where it has its own)."""
        try:
            value = self._values[parameter]
        except KeyError:
            raise self.switches.unknown(parameter) from None
        return value if document is None else self._by_document.get((parameter, document), value)

    def all(self, document: str | None = None) -> dict[str, str]:
        """Every parameter and its value (as that document has it), in parameter order."""
        return {name: self.get(name, document) for name in self._values}

    def with_selected(self, chosen: Mapping[str, str]) -> "Readings":
        """These readings with other values on top. Raises UnknownReadingError, naming the nearest."""
        for parameter, value in chosen.items():
            self.switches.check(parameter, value)
        return Readings(self.switches, {**self.selected, **chosen})

    def differs_from(self, other: "Readings") -> dict[str, str]:
        """The parameters read otherwise than the other does, for some document at least, with the value here."""
        return {name: value for name, value in self._values.items() if self.reads_otherwise(other, name)}

    def reads_otherwise(self, other: "Readings", parameter: str) -> bool:
        """Whether a parameter is read otherwise here than there, for some document at least."""
        documents = self.switches[parameter].default_by_document
        return any(self.get(parameter, name) != other.get(parameter, name) for name in (None, *documents))


def select(switches: Switches, words: Iterable[str]) -> Readings:
    """The readings chosen by words such as ``maintenance.mode=B``. Raises UnknownReadingError, naming the nearest."""
    chosen: dict[str, str] = {}
    for word in words:
        parameter, equals, value = word.partition("=")
        if not equals:
            raise UnknownReadingError(
                f"expected PARAM=VALUE, got {word!r}", f"attendu : PARAM=VALEUR ; reçu : « {word} »"
            )
        name, letter = parameter.strip().removeprefix(PREFIX), value.strip()
        switches.check(name, letter)
        if chosen.setdefault(name, letter) != letter:
            raise UnknownReadingError(
                f"{name} is given two readings, {chosen[name]} and {letter}",
                f"{name} reçoit deux lectures, {chosen[name]} et {letter}",
            )
    return Readings(switches, chosen)


class ReadingTimeline:
    """The readings over time: those of the question, and below them the ones selected by facts from an instant on.

    ``selections`` are (instant in microseconds UTC, parameter, value); of two at one instant the later in the list
    wins. One that names no known parameter or value is left out: whoever admits the fact reports it.
    """

    __slots__ = ("_at", "_starts", "base")

    def __init__(self, base: Readings, selections: Iterable[tuple[int, str, str]] = ()) -> None:
        self.base = base
        self._starts: list[int] = []
        self._at = [base]
        chosen: dict[str, str] = {}
        for instant, parameter, value in sorted(selections, key=itemgetter(0)):
            switch = base.switches.get(parameter)
            if switch is None or value not in switch.values or parameter in base.selected:
                continue
            chosen[parameter] = value
            readings = Readings(base.switches, {**chosen, **base.selected})
            if self._starts and self._starts[-1] == instant:
                self._at[-1] = readings
            else:
                self._starts.append(instant)
                self._at.append(readings)

    @property
    def constant(self) -> bool:
        """Whether no fact selected another reading: the same readings govern at every instant."""
        return not self._starts

    def at(self, instant: int) -> Readings:
        """The readings that govern a figure whose period or trigger starts at an instant."""
        return self._at[bisect_right(self._starts, instant)] if self._starts else self.base

    def differences(self, readings: Readings, parameters: Iterable[str]) -> dict[str, str]:
        """The values, among the parameters a figure used, that differ from the question's."""
        if readings is self.base:
            return {}
        return {name: readings.get(name) for name in parameters if readings.reads_otherwise(self.base, name)}
