"""Ceilings on penalties: what is left of a month's allowance, and what a penalty may take of it.

Money is exact, in euros. Penalties are offered oldest period end first; each takes its part of the months it falls in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from domain.agreements.penalty import Cap
from projections.revenue import Invoice, Invoices

PERCENT = 100
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What one ceiling leaves of one penalty: ``amount`` is None while a month's invoice is unknown.

    ``parts`` is how that amount falls on months, ``invoices`` what it was computed from. ``lacks_tax``: an invoice is
    known and its amount including VAT, which the ceiling takes, is not.
    """

    cap: Cap
    amount: Fraction | None
    parts: Mapping[int, Fraction]
    invoices: tuple[Invoice, ...] = ()
    lacks_tax: bool = False


@dataclass(slots=True)
class Allowances:
    """The months' allowances under every ceiling by invoice, and what earlier penalties took of them."""

    invoices: Invoices
    taken: dict[tuple[str, int], Fraction] = field(default_factory=dict)

    def offer(self, cap: Cap, percent: Decimal, shares: Mapping[int, Fraction]) -> Ceiling:
        """What the ceiling leaves of a penalty that falls on months by these shares (euros)."""
        months = sorted(shares)
        if cap.split == "last-month":
            months = months[-1:]
        left: dict[int, Fraction] = {}
        used: list[Invoice] = []
        unknown = lacks_tax = False
        for month in months:
            invoiced, found = self.invoices.of_month(month, cap)
            used.extend(found)
            if invoiced is None:
                unknown = True
                lacks_tax = lacks_tax or bool(found)
                continue
            allowance = invoiced * Fraction(percent) / PERCENT - self.taken.get((cap.id, month), ZERO)
            left[month] = max(allowance, ZERO)
        parts = {m: min(shares[m], left[m]) for m in left} if cap.split == "pro-rata" else left
        amount = None if unknown else sum(parts.values(), ZERO)
        return Ceiling(cap, amount, parts, tuple(used), lacks_tax)

    def take(self, ceiling: Ceiling, paid: Fraction) -> None:
        """Takes what is paid from the months' allowances, in the proportion the ceiling left."""
        whole = sum(ceiling.parts.values(), ZERO)
        if not whole:
            return
        for month, part in ceiling.parts.items():
            key = (ceiling.cap.id, month)
            self.taken[key] = self.taken.get(key, ZERO) + part * paid / whole
