"""What every event model is made of: the ``@event`` class decorator and the field types of the public wire format.

An event's data is a frozen, slotted, keyword-only dataclass whose fields are validated when it is built, from JSON or
from Python alike. Money, percentages and measured values are exact: they travel as decimal **strings**, because a JSON
number may already have been rounded by the sender's software. Instants carry an offset, dates are Paris dates.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar, cast, dataclass_transform

from pydantic import ConfigDict, Field, PlainSerializer, PlainValidator, Strict, StringConstraints, WithJsonSchema
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from domain.time.instant import Instant

CONFIG = ConfigDict(extra="forbid", defer_build=True, validate_by_alias=True, validate_by_name=True)
MAX_ID = 200
MAX_TEXT = 10_000
SHOWN = 60
HUGE = 10**18
FIRST_YEAR, LAST_YEAR = 1912, 2999

Model = TypeVar("Model")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(model: type[Model]) -> type[Model]:
    """Make the class a frozen, slotted, keyword-only pydantic dataclass that refuses unknown fields.

    The validator is built on first use, so that importing a module of events stays cheap.
    """
    return cast("type[Model]", dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)(model))


def shown(value: object, language: str = "en") -> str:
    """The value as a person may read it in a message, cut short: a sender's megabyte is not worth repeating."""
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN else f"{value[:SHOWN]}…")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    words = _WORDS[language]
    if isinstance(value, int):
        return f"{words['number']} {value}" if abs(value) < HUGE else words["huge"]
    if isinstance(value, float):
        return f"{words['number']} {value}"
    return words["object"] if isinstance(value, dict) else words["list"]


_WORDS = {
    "en": {"number": "the number", "huge": "a huge number", "object": "an object", "list": "a list"},
    "fr": {"number": "le nombre", "huge": "un nombre énorme", "object": "un objet", "list": "une liste"},
}


def _wrong(expected: str, attendu: str, value: object) -> PydanticCustomError:
    reason, french = f"expected {expected}, got {shown(value)}", f"attendu : {attendu} ; reçu : {shown(value, 'fr')}"
    return PydanticCustomError("wire", "{reason}", {"reason": reason, "french": french})


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_EXACT = ('an exact decimal in a string, such as "10000.00"', "un décimal exact dans un texte, comme « 10000.00 »")
_ROUNDED = ("(a JSON number may be rounded)", "(un nombre JSON a pu être arrondi)")
_DECIMAL = re.compile(r"-?[0-9]{1,24}(?:\.[0-9]{1,18})?")


def _date(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise _wrong("a date that exists", "une date qui existe", value) from None
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        raise _wrong(
            f"a date between the years {FIRST_YEAR} and {LAST_YEAR}",
            f"une date entre les années {FIRST_YEAR} et {LAST_YEAR}",
            value,
        )
    raise _wrong('a date "YYYY-MM-DD"', "une date « AAAA-MM-JJ »", value)


def _month(value: Any) -> str:
    if isinstance(value, str) and _MONTH.fullmatch(value) and FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        return value
    raise _wrong('a month "YYYY-MM"', "un mois « AAAA-MM »", value)


def exact_decimal(value: Any) -> Decimal:
    """The decimal written in a string such as ``"10000.00"``. Refuses a JSON number: it may have been rounded."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _wrong(f"{_EXACT[0]} {_ROUNDED[0]}", f"{_EXACT[1]} {_ROUNDED[1]}", value)
    raise _wrong(*_EXACT, value)


def _positive(value: Any) -> Decimal:
    number = exact_decimal(value)
    if number < 0:
        raise _wrong("a value that is not negative", "une valeur non négative", value)
    return number


def _percentage(value: Any) -> Decimal:
    number = _positive(value)
    if number > 100:  # noqa: PLR2004 - the whole, not a figure of a contract
        raise _wrong("a percentage of at most 100", "un pourcentage de 100 au plus", value)
    return number


def _quantity(value: Any) -> Decimal:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < HUGE
    return Decimal(value) if whole else _positive(value)


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _decimal_type(check: Callable[[Any], Decimal], sign: str) -> Any:
    schema = {"type": "string", "pattern": rf"^{sign}[0-9]{{1,24}}(\.[0-9]{{1,18}})?$"}
    return PlainValidator(check), PlainSerializer(_plain), WithJsonSchema(schema)


_SIGNED = _decimal_type(exact_decimal, "-?")
_UNSIGNED = _decimal_type(_positive, "")
_PERCENT = _decimal_type(_percentage, "")

_LINE = r"^[^\x00-\x1f\x7f]*$"
_PROSE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Id = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MAX_ID, pattern=_LINE)]
"""An id or a name chosen by the sender: 1 to 200 characters, none of them a control character."""
Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MAX_TEXT, pattern=_PROSE)]
"""Free text; of the control characters only tabs and line ends."""
Flag = Annotated[bool, Strict()]
"""true or false, nothing that merely looks like it."""
Count = Annotated[int, Strict(), Field(ge=0)]
"""A whole number of things, never negative."""
Severity = Annotated[int, Strict(), Field(ge=1, le=3)]
"""1 (blocking) to 3."""
Day = Annotated[
    date,
    PlainValidator(_date),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A calendar date, Europe/Paris."""
Month = Annotated[
    str,
    PlainValidator(_month),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}),
]
"""A calendar month, Europe/Paris."""
Money = Annotated[Decimal, *_SIGNED]
"""Euros, exact; negative on a credit note."""
Amount = Annotated[Decimal, *_UNSIGNED]
"""Euros, exact, never negative."""
Rate = Annotated[Decimal, *_SIGNED]
"""Percent a year, exact; a central bank's rate may be negative."""
Percent = Annotated[Decimal, *_PERCENT]
"""Percent, exact, 0 to 100."""
Measure = Annotated[Decimal, *_UNSIGNED]
"""A measured value, exact, never negative; its unit is said by the field."""
Quantity = Annotated[
    Decimal,
    PlainValidator(_quantity),
    PlainSerializer(_plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,24}(\.[0-9]{1,18})?$"},
                {"type": "integer", "minimum": 0, "exclusiveMaximum": HUGE},
            ]
        }
    ),
]
"""A quantity of time, never negative: a decimal string, or a whole JSON number (exact as well)."""

Party = Literal["client", "provider"]
Impact = Literal["I1", "I2", "I3"]
Criticality = Literal["C1", "C2", "C3"]
Cause = Literal["provider", "client", "third-party", "force-majeure", "security-protection"]
Extent = Literal["total", "degraded"]
Channel = Literal["registered-letter", "email", "console", "sms", "phone", "letter"]
Scope = Literal["instances", "volumes", "snapshots", "objects", "backups", "technical-data", "all"]

Moment = TypeVar("Moment", Instant, date)


def not_before(later_name: str, later: Moment | None, earlier_name: str, earlier: Moment | None) -> None:
    """Refuse an end that comes before its start, naming the field of the end. Equal moments are an empty interval."""
    if later is not None and earlier is not None and later < earlier:
        raise impossible(later_name, f"must not be before {earlier_name}", f"ne doit pas précéder {earlier_name}")


def impossible(field: str, reason: str, french: str) -> PydanticCustomError:
    """The refusal of fields that cannot be true together, laid at one field's door."""
    return PydanticCustomError("impossible", "{reason}", {"field": field, "reason": reason, "french": french})
