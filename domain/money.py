"""Euros rounded to the cent: only a credit note or a payment is ever rounded, never what a text promises."""

from fractions import Fraction

CENTS = 100


def to_cents(amount: Fraction, *, truncated: bool = False) -> Fraction:
    """The amount in euros to the cent: half up away from zero, or cut off when ``truncated``."""
    hundredths = abs(amount) * CENTS
    whole = hundredths.numerator // hundredths.denominator
    if not truncated and (hundredths - whole) * 2 >= 1:
        whole += 1
    return Fraction(-whole if amount < 0 else whole, CENTS)
