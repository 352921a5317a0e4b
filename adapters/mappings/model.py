"""What a mapping file may say. Every key is checked; an expression is compiled as soon as it is read."""

from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from adapters.mappings.expression import Expression
from adapters.mappings.moment import Ambiguous, Format
from adapters.mappings.refusal import Said, wrong
from domain.events.refusal import suggestion
from domain.events.registry import known_topics

Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Variable = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_][a-z0-9_]*$", max_length=60)]
RESERVED = ("message", "constants")


def _constant(value: Any) -> Any:
    several = value if isinstance(value, list) else [value]
    if not all(isinstance(one, bool | int | str) for one in several):
        raise wrong(
            "expected a text, a whole number, true or false, or a list of these",
            "attendu : un texte, un nombre entier, true ou false, ou une liste de ceux-ci",
        )
    return value


Constant = Annotated[Any, PlainValidator(_constant)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Table(_Strict):
    """Words of the tool and what they mean here. An unknown word is an error, unless ``unknown = "ignore"``."""

    values: dict[str, Constant] = {}
    ignore: list[Text] = []
    unknown: Literal["error", "ignore"] = "error"

    @model_validator(mode="after")
    def _not_both(self) -> "Table":
        for word in self.ignore:
            if word in self.values:
                raise wrong(
                    f"{word!r} is both in values and in ignore", f"« {word} » est à la fois dans values et dans ignore"
                )
        if not self.values and not self.ignore:
            raise wrong("is empty", "est vide")
        return self


class Value(_Strict):
    """How one value is made: an expression or a constant, then a table or a time format.

    In the file, a text alone is an expression. ``optional``: a value that is not there is left out.
    """

    expression: Expression | None = None
    constant: Constant = None
    table: Text | None = None
    format: Format | None = None
    zone: Text | None = None
    pattern: Text | None = None
    ambiguous: Ambiguous = "refuse"
    nanoseconds: Expression | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> "Value":
        if (self.expression is None) == (self.constant is None):
            raise wrong(
                "needs an expression or a constant, and not both",
                "il faut une expression ou une constante, et pas les deux",
            )
        if self.format is not None and self.table is not None:
            raise wrong(
                "has a table and a format: a value is looked up or read as a time",
                "a une table et un format : une valeur se cherche, ou se lit comme une heure",
            )
        if self.format == "local" and self.zone is None:
            raise wrong("a local time needs the zone it is written in", "une heure locale demande son fuseau (zone)")
        local = self.zone is not None or self.pattern is not None or self.ambiguous != "refuse"
        if self.format != "local" and local:
            raise wrong(
                'zone, pattern and ambiguous go with format = "local"',
                "zone, pattern et ambiguous vont avec format = « local »",
            )
        if self.nanoseconds is not None and self.format != "epoch-seconds":
            raise wrong(
                'nanoseconds go with format = "epoch-seconds"', "nanoseconds va avec format = « epoch-seconds »"
            )
        if self.zone is not None and self.clock is None:
            raise wrong(
                f"{self.zone!r} is no zone of the time zone database", f"« {self.zone} » n'est pas un fuseau connu"
            )
        return self

    @cached_property
    def clock(self) -> ZoneInfo | None:
        """The declared zone; None without one, or for one that does not exist."""
        try:
            return ZoneInfo(self.zone) if self.zone else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None

    @property
    def said(self) -> str:
        """The expression or the constant, as the file has it."""
        return self.expression.text if self.expression else repr(self.constant)


def _short(value: Any) -> Any:
    return {"expression": value} if isinstance(value, str) else value


Given = Annotated[Value, BeforeValidator(_short)]


class Step(_Strict):
    """Binds ``name`` to each element of a list in turn, or to the one value that is no list."""

    name: Variable
    value: Given = Field(alias="in")


def _known(topic: str) -> str:
    if topic not in known_topics():
        near, proche = suggestion(topic, known_topics())
        raise wrong(
            f"{topic!r} is not a type this ledger knows{near}",
            f"« {topic} » n'est pas un type que ce registre connaît{proche}",
        )
    return topic


class Event(_Strict):
    """One event made where ``when`` holds (always, without it)."""

    type: Annotated[Text, AfterValidator(_known)]
    when: Expression | None = None
    id: Given
    subject: Given
    time: Given
    correlation: Given | None = None
    data: dict[Text, Given] = {}


class Reasoned(_Strict):
    """A condition, and why: in the words of whoever wrote the file, in French too where ``reason_fr`` says so."""

    when: Expression
    reason: Text
    reason_fr: Text | None = None

    @property
    def said(self) -> Said:
        """The reason in both languages."""
        return Said(self.reason, self.reason_fr or self.reason)


class Rule(_Strict):
    """Applies to a message where ``when`` holds; its events are made for each combination of its steps."""

    when: Expression | None = None
    each: list[Step] = []
    ignore: list[Reasoned] = []
    event: list[Event] = Field(min_length=1)

    @model_validator(mode="after")
    def _names(self) -> "Rule":
        seen = set(RESERVED)
        for step in self.each:
            if step.name in seen:
                raise wrong(f"the name {step.name!r} is taken already", f"le nom « {step.name} » est déjà pris")
            seen.add(step.name)
        return self


class Mapping(_Strict):
    """A whole file: the tool it was written for, how to know its messages, and the events they make.

    ``ignore`` gives nothing, on purpose; ``refuse`` holds a message for a person to see, beside what is made of it.
    """

    name: Name
    tool: Text
    version: Text
    source: Text
    match: Expression
    lines: bool = False
    constants: dict[Variable, Constant] = {}
    table: dict[Text, Table] = {}
    ignore: list[Reasoned] = []
    refuse: list[Reasoned] = []
    rule: list[Rule] = Field(min_length=1)
