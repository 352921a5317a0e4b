"""Times as tools write them, read in the one format that the mapping declares; nothing is guessed.

What is finer than a microsecond is cut, not rounded: no instant moves into the next one.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from adapters.mappings.refusal import Said
from domain.errors import InvalidInstantError
from domain.events.model import HUGE, shown
from domain.time.instant import FIRST_YEAR, LAST_YEAR, Instant, from_datetime, parse_instant

Format = Literal["iso-8601", "epoch-seconds", "epoch-milliseconds", "local"]
Ambiguous = Literal["refuse", "earlier", "later"]

_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]{1,9}))?"
    r"(?:([Zz])|([+-][0-9]{2})(?::?([0-9]{2}))?)"
)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_MICROSECONDS = {"epoch-seconds": 1_000_000, "epoch-milliseconds": 1_000}


class NotAMomentError(Exception):
    """A value that is no time in the declared format; ``said`` is why, in both languages."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.en)
        self.said = said


def moment(
    value: Any,
    form: Format,
    *,
    zone: ZoneInfo | None = None,
    pattern: str | None = None,
    ambiguous: Ambiguous = "refuse",
    nanoseconds: Any = None,
) -> Instant:
    """The instant that the value states in this format.

    ``zone`` and ``pattern`` (``strptime``) belong to ``local``; ``nanoseconds`` is added to ``epoch-seconds``.
    Raises NotAMomentError.
    """
    if form in _MICROSECONDS:
        return _epoch(value, form, nanoseconds)
    if not isinstance(value, str):
        raise _wrong("a time in a text", "une heure dans un texte", value)
    if form == "iso-8601":
        return _iso(value)
    return _local(value, zone or ZoneInfo("UTC"), pattern, ambiguous)


def _epoch(value: Any, form: str, nanoseconds: Any) -> Instant:
    text = _digits(value)
    if not _NUMBER.fullmatch(text):
        raise _wrong(f"a number ({form})", f"un nombre ({form})", value)
    instant = int(Decimal(text) * _MICROSECONDS[form])
    if nanoseconds is not None:
        more = _digits(nanoseconds)
        if not re.fullmatch(r"[0-9]{1,9}", more):
            raise _wrong("nanoseconds below a second", "des nanosecondes, moins d'une seconde", nanoseconds)
        instant += int(more) // 1_000
    return _within(datetime(1970, 1, 1, tzinfo=UTC), instant, value)


def _digits(value: Any) -> str:
    """A number as a text; empty for what is none, or has more digits than any time."""
    if isinstance(value, str | float):
        return str(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < HUGE else ""


def _within(start: datetime, microseconds: int, value: Any) -> Instant:
    try:
        return _dated(start + timedelta(microseconds=microseconds), value)
    except OverflowError:
        raise _far(value) from None


def _iso(text: str) -> Instant:
    found = _ISO.fullmatch(text)
    if not found:
        raise _wrong("an ISO 8601 date-time with an offset", "une date et une heure ISO 8601 avec décalage", text)
    day, clock, fraction, zulu, hours, minutes = found.groups()
    offset = "Z" if zulu else f"{hours}:{minutes or '00'}"
    decimals = f".{fraction[:6]}" if fraction else ""
    try:
        return parse_instant(f"{day}T{clock}{decimals}{offset}")
    except InvalidInstantError:
        raise _wrong("a date-time that exists", "une date et une heure qui existent", text) from None


def _local(text: str, zone: ZoneInfo, pattern: str | None, ambiguous: Ambiguous) -> Instant:
    try:
        naive = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007 - the zone is declared beside it
    except (ValueError, re.error):
        how, comment = (f"a local time written {pattern}", f"une heure locale écrite {pattern}")
        if not pattern:
            how, comment = "a local ISO 8601 date-time", "une date et une heure locales ISO 8601"
        raise _wrong(how, comment, text) from None
    if naive.tzinfo is not None:
        raise _wrong("a local time, without an offset", "une heure locale, sans décalage", text)
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return _dated(first, text)
    if first.utcoffset() < second.utcoffset():  # type: ignore[operator]  # both are aware
        raise NotAMomentError(
            Said(
                f"{shown(text)} never was in {zone.key}: the clocks went forward over it",
                f"{shown(text)} n'a jamais existé à l'heure de {zone.key} : les horloges l'ont sautée",
            )
        )
    if ambiguous == "refuse":
        raise NotAMomentError(
            Said(
                f"{shown(text)} was twice in {zone.key}, when the clocks went back; say which with ambiguous",
                f"{shown(text)} a existé deux fois à l'heure de {zone.key}, au recul des horloges ; "
                "dites laquelle avec ambiguous",
            )
        )
    return _dated(first if ambiguous == "earlier" else second, text)


def _dated(when: datetime, value: Any) -> Instant:
    if not FIRST_YEAR < when.year < LAST_YEAR:
        raise _far(value)
    return from_datetime(when)


def _far(value: Any) -> NotAMomentError:
    return _wrong(
        f"a time between the years {FIRST_YEAR} and {LAST_YEAR}",
        f"une heure entre les années {FIRST_YEAR} et {LAST_YEAR}",
        value,
    )


def _wrong(expected: str, attendu: str, value: Any) -> NotAMomentError:
    return NotAMomentError(
        Said(f"expected {expected}, got {shown(value)}", f"attendu : {attendu} ; reçu : {shown(value, 'fr')}")
    )
