"""Instants: exact points in time, held as integer microseconds since 1970-01-01T00:00:00Z.

An ``Instant`` is an ``int``, so comparing, sorting and subtracting are exact and cheap; differences are
microseconds. Text is RFC 3339 with a mandatory offset on the way in, Europe/Paris on the way out.
A day is a Paris day: ``start_of_day(d)`` is 00:00 Paris of ``d`` and ``end_of_day(d)`` its 24:00.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from domain.errors import InvalidInstantError

PARIS = ZoneInfo("Europe/Paris")
MICROSECONDS_PER_SECOND = 1_000_000
_HOUR = 3_600 * MICROSECONDS_PER_SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:]{8}(?:\.[0-9]{1,6})?(?:[Zz]|[+-][0-9]{2}:[0-5][0-9])")
FIRST_YEAR, LAST_YEAR = 1912, 2999  # until 1911 the offset of Paris was no whole number of minutes
_SHOWN = 60

# The bounds are instants, and Paris time as every instant is written: what is written can be read again.
_FIRST, _END = (
    (datetime(year, 1, 1, tzinfo=PARIS) - _EPOCH) // timedelta(microseconds=1) for year in (FIRST_YEAR, LAST_YEAR + 1)
)
_FIRST_SURE, _LAST_SURE = f"{FIRST_YEAR}-01-03", f"{LAST_YEAR}-12-29"
"""Between these days every time is within the bounds, whatever its offset."""

# A million facts name the same few days, minutes, and seconds with an offset: each part is checked once, then looked
# up. Only parts of texts that passed every check enter; an entry is its part of the sum, in microseconds.
_DAYS: dict[str, int] = {}
_MINUTES: dict[str, int] = {}
_SECONDS: dict[str, int] = {}
_MOST_PARTS = 100_000


class Instant(int):
    """Microseconds since the Unix epoch (UTC). Validated by pydantic from an RFC 3339 text with an offset."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The instant as RFC 3339 text, for error messages and test output."""
        return f"Instant({format_instant(self)})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(format_instant)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": "date-time"}


def _validated(value: Any) -> Instant:
    if type(value) is Instant:
        return value
    try:
        return parse_instant(value)
    except InvalidInstantError as error:
        raise PydanticCustomError("instant", "{reason}", {"reason": str(error)}) from None


def parse_instant(text: object) -> Instant:
    """The instant written as RFC 3339 with an offset and at most six decimals, between the years 1912 and 2999.

    Raises InvalidInstantError for anything else: a number, a naive time, a finer fraction.
    """
    try:
        return Instant(_DAYS[text[:10]] + _MINUTES[text[10:16]] + _SECONDS[text[16:]])  # type: ignore[index]
    except (KeyError, TypeError):
        return _parse_unseen(text)


def _parse_unseen(text: object) -> Instant:
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        shown = repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…") if isinstance(text, str) else _kind(text)
        raise InvalidInstantError(
            f"expected an RFC 3339 date-time with an offset (2026-01-31T18:00:00+01:00), got {shown}",
            f"attendu : une date et une heure RFC 3339 avec leur décalage (2026-01-31T18:00:00+01:00) ; reçu : {shown}",
        )
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise InvalidInstantError(f"{text!r}: {error}", f"« {text} » : n'existe pas au calendrier ({error})") from None
    instant = from_datetime(moment)
    if not _FIRST <= instant < _END:
        raise InvalidInstantError(
            f"{text!r}: expected a year between {FIRST_YEAR} and {LAST_YEAR}",
            f"« {text} » : attendu : une année entre {FIRST_YEAR} et {LAST_YEAR}",
        )
    if text[19] != "." and len(_DAYS) + len(_SECONDS) < _MOST_PARTS and _FIRST_SURE <= text[:10] <= _LAST_SURE:
        minute = from_datetime(moment.replace(second=0, tzinfo=UTC))
        day = from_datetime(moment.replace(hour=0, minute=0, second=0, tzinfo=UTC))
        _DAYS[text[:10]], _MINUTES[text[10:16]], _SECONDS[text[16:]] = day, minute - day, instant - minute
    return instant


def _kind(value: object) -> str:
    """A value that is no text, in words: a number may have thousands of digits, and is not worth repeating."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return {int: "a number", float: "a number", dict: "an object", list: "a list"}.get(type(value), repr(value))


def from_datetime(moment: datetime) -> Instant:
    """The instant of an aware datetime. Raises InvalidInstantError for a naive one."""
    if moment.tzinfo is None:
        raise InvalidInstantError(
            f"{moment.isoformat()} has no offset", f"{moment.isoformat()} n'a pas de décalage horaire"
        )
    span = moment - _EPOCH
    return Instant((span.days * 86_400 + span.seconds) * MICROSECONDS_PER_SECOND + span.microseconds)


@lru_cache(maxsize=65_536)
def to_paris(instant: int) -> datetime:
    """The instant as an aware datetime in Europe/Paris."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(PARIS)


def format_instant(instant: int) -> str:
    """RFC 3339 in Europe/Paris, seconds precision, with as many decimals as needed."""
    hour, rest = divmod(instant, _HOUR)
    head, offset, _ = _paris_hour(hour)
    seconds, microseconds = divmod(rest, MICROSECONDS_PER_SECOND)
    fraction = f".{microseconds:06}".rstrip("0") if microseconds else ""
    return f"{head}{_past_the_hour(seconds)}{fraction}{offset}"


@lru_cache(maxsize=3_600)
def _past_the_hour(seconds: int) -> str:
    return f":{seconds // 60:02}:{seconds % 60:02}"


def paris_date(instant: int) -> date:
    """The Paris calendar date the instant falls on."""
    return _paris_hour(instant // _HOUR)[2]


@lru_cache(maxsize=262_144)
def _paris_hour(hour: int) -> tuple[str, str, date]:
    """What the instants of one hour since the epoch share: date and hour as text, offset, Paris date.

    Paris has kept whole hours from Greenwich since 1911, and changes its offset on the hour.
    """
    moment = to_paris(hour * _HOUR)
    text = moment.isoformat(timespec="minutes")
    return text[:13], text[16:], moment.date()


@lru_cache(maxsize=65_536)
def start_of_day(day: date) -> Instant:
    """00:00 Europe/Paris of the day."""
    return from_datetime(datetime(day.year, day.month, day.day, tzinfo=PARIS))


def end_of_day(day: date) -> Instant:
    """24:00 Europe/Paris of the day, which is 00:00 of the next: the first instant that is too late."""
    return start_of_day(day + timedelta(days=1))
