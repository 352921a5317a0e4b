"""Exact figures as people read them: instants in Paris time, durations in hours, amounts with few decimals.

A value that has no short exact form is cut, never rounded, and marked ≈. The exact one is in the JSON output.
"""

from datetime import UTC
from decimal import Decimal
from fractions import Fraction

from domain.errors import InvalidInstantError
from domain.exact import exact_text
from domain.time.instant import MICROSECONDS_PER_SECOND, parse_instant, to_paris
from projections.wording import Pair, pick

CENTS = 2
RATIO_PLACES = 6
SHORT = 12
"""As many characters as an exact fraction may have to be read at a glance."""
DAY, HOUR, MINUTE = 86_400, 3_600, 60
DAYS: Pair = ("d", "j")


def cut(value: Fraction, places: int) -> str:
    """A value with so many decimals at most, towards zero."""
    whole = abs(value.numerator) * 10**places // value.denominator
    text = exact_text(Fraction(whole, 10**places))
    return f"-{text}" if value < 0 and whole else text


def number(value: Fraction | Decimal | int | str, places: int = RATIO_PLACES) -> str:
    """``"5356.8"``, ``"151400/2229 ≈ 67.92"``, ``"≈ 3.141592"``: exact where that is short."""
    exact = Fraction(value)
    text = exact_text(exact)
    if "/" not in text:
        decimals = len(text.partition(".")[2])
        return text if decimals <= max(places, RATIO_PLACES) else f"≈ {cut(exact, places)}"
    return f"{text} ≈ {cut(exact, places)}" if len(text) <= SHORT else f"≈ {cut(exact, places)}"


def money(value: Fraction | Decimal | str, unit: str = "EUR") -> str:
    """An amount with its unit."""
    return f"{number(value, CENTS)} {unit}"


def percent(ratio: Fraction | str) -> str:
    """A fraction of 1 as a percentage: ``"97.9 %"``, ``"≈ 99.596231 %"``."""
    whole = Fraction(ratio) * 100
    exact = exact_text(whole)
    short = "/" not in exact and len(exact.partition(".")[2]) <= RATIO_PLACES
    return f"{exact} %" if short else f"≈ {cut(whole, RATIO_PLACES)} %"


def moment(instant: int | str) -> str:
    """An instant in Paris time, ``2026-03-28 20:00``; seconds where there are some, the offset in the repeated hour."""
    at = to_paris(parse_instant(instant) if isinstance(instant, str) else instant)
    text = f"{at:%Y-%m-%d %H:%M}"
    if at.second or at.microsecond:
        text += f"{at:%S}".join((":", ""))
    if at.microsecond:
        text += f".{at.microsecond:06}".rstrip("0")
    other = at.replace(fold=1 - at.fold)
    return f"{text} {at:%z}" if other.utcoffset() != at.utcoffset() and other.astimezone(UTC) != at else text


def span(start: int, end: int, lang: str) -> str:
    """Two instants as a span; the day is not said twice. French says "du" before it."""
    first, last = moment(start), moment(end)
    if first[:10] == last[:10]:
        return pick((f"{first} to {last[11:]}", f"{first} à {last[11:]}"), lang)
    return pick((f"{first} to {last}", f"{first} au {last}"), lang)


def seconds(value: Fraction | int | str, lang: str) -> str:
    """Exact seconds, and the same in days, hours, minutes: ``"10800 s (3 h)"``."""
    exact = Fraction(value)
    text = f"{number(exact)} s"
    if exact.denominator != 1 or abs(exact) < MINUTE:
        return text
    return f"{text} ({clock(int(exact), lang)})"


def clock(whole: int, lang: str) -> str:
    """Whole seconds as days, hours, minutes and seconds."""
    left = abs(whole)
    parts = []
    for size, name in ((DAY, pick(DAYS, lang)), (HOUR, "h"), (MINUTE, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return ("-" if whole < 0 else "") + " ".join(parts or ["0 s"])


def microseconds(value: Fraction | int, lang: str) -> str:
    """Microseconds as ``seconds`` shows them."""
    return seconds(Fraction(value) / MICROSECONDS_PER_SECOND, lang)


def is_instant(text: object) -> bool:
    """Whether a value of a row is an instant."""
    if not isinstance(text, str) or "T" not in text:
        return False
    try:
        parse_instant(text)
    except InvalidInstantError:
        return False
    return True
