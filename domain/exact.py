"""Exact numbers as text: decimal when a decimal says it exactly, a reduced fraction otherwise. Nothing is rounded."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

MICROSECONDS_PER_SECOND = 1_000_000


def exact_text(value: Fraction | Decimal | int) -> str:
    """``"5356.8"`` when a finite decimal is exact, else ``"136260/743"``. No exponent, no trailing zeros."""
    number = Fraction(value)
    numerator, denominator = number.numerator, number.denominator
    if denominator == 1:
        return str(numerator)
    twos = fives = 0
    rest = denominator
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{numerator}/{denominator}"
    places = max(twos, fives)
    digits = str(abs(numerator) * 10**places // denominator).rjust(places + 1, "0")
    sign = "-" if numerator < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:].rstrip('0')}"


def ratio_text(value: Fraction) -> str:
    """A reduced fraction of 1: ``"717/718"``, ``"1"``, ``"0"``."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def seconds_text(microseconds: int) -> str:
    """Microseconds as exact seconds: ``"267.6"``."""
    whole, part = divmod(abs(microseconds), MICROSECONDS_PER_SECOND)
    sign = "-" if microseconds < 0 else ""
    return f"{sign}{whole}" if not part else f"{sign}{whole}.{part:06d}".rstrip("0")


known_seconds_text = lru_cache(maxsize=16_384)(seconds_text)
"""As ``seconds_text``, for durations that come back: a delay of the text, the length of a month."""
