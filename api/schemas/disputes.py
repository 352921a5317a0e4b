"""Explanations and comparisons."""

from typing import Any

from pydantic import Field

from api.schemas.base import Exact, Json, Shape, When
from api.schemas.lists import Words


class Document(Shape):
    """The text that a figure rests on."""

    id: str
    version: str
    title: str


class Meaning(Shape):
    """How a text is read there."""

    parameter: str
    value: str
    meaning: str
    chosen: bool


class Told(Shape):
    """One fact that the figure rests on."""

    event: str
    type: str
    what: str
    time: When
    recorded: When
    data: Json


class Explanation(Shape):
    """One figure: what it is, which clause says so, how it is reached."""

    contract: str
    section: str
    figure: str
    value: Any
    rule: str | None
    title: str | None
    clause: str | None
    document: Document | None
    steps: list[str]
    readings: list[Meaning]
    events: list[Told]
    row: Json


class Explanations(Shape):
    """Every figure that the path names."""

    explanations: list[Explanation]


class Side(Shape):
    """One side of a comparison."""

    readings: list[str]
    at: When | None
    known_at: When | None
    documents: list[str] | None


class Value(Shape):
    """A value of a reading, and what it means."""

    value: str
    en: str
    fr: str


class ReadBy(Shape):
    """A reading that a side names, as each side has it."""

    parameter: str
    clause: str
    reading: Value
    against: Value


class Money(Shape):
    """Euros on each side, and the difference."""

    before: Exact
    after: Exact
    difference: Exact


class Euros(Shape):
    """The penalties payable, and the other sums that differ, by rule."""

    penalties_payable: Money
    amounts: dict[str, Money]


class Change(Shape):
    """One row that differs; only the fields that changed."""

    section: str
    about: Json
    rule: str | None
    clause: str | None
    before: Json | None
    after: Json | None
    title: Words | None


class Compared(Shape):
    """What changes for one contract."""

    euros: Euros
    changes: list[Change]


class Comparison(Shape):
    """Two sides over the same facts; a contract without a change is left out."""

    reading: Side
    against: Side
    readings: list[ReadBy]
    total: Money
    contracts: dict[str, Compared] = Field(description="By contract; empty where both sides say the same.")
