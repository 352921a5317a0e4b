"""What was invoiced, month by month, and the average monthly revenue that penalties rest on.

A month is an ``int``, year x 12 + month - 1, so that months add and subtract; all are Europe/Paris. Amounts are euros,
exact, excluding VAT unless said otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache

from domain.agreements.penalty import Cap, Revenue
from domain.events.billing import InvoiceIssued
from domain.fact import Fact
from domain.time.instant import Instant, paris_date, start_of_day
from projections.basis import Basis

MONTHS_A_YEAR = 12

Invoice = Fact[InvoiceIssued]


def month_of_day(day: date) -> int:
    """The month a date falls in."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def month_of(instant: int) -> int:
    """The Paris month an instant falls in."""
    return month_of_day(paris_date(instant))


@lru_cache(maxsize=4096)
def month_start(month: int) -> Instant:
    """00:00 Paris of the first day of the month."""
    return start_of_day(date(month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, 1))


@lru_cache(maxsize=4096)
def month_named(text: str) -> int:
    """The month written ``YYYY-MM``."""
    return int(text[:4]) * MONTHS_A_YEAR + int(text[5:7]) - 1


def month_text(month: int) -> str:
    """The month as ``YYYY-MM``."""
    return f"{month // MONTHS_A_YEAR:04}-{month % MONTHS_A_YEAR + 1:02}"


@dataclass(frozen=True, slots=True)
class Invoices:
    """The invoices of a contract by the month whose consumption they bill, and by the month they were issued in."""

    consumed: dict[int, tuple[Invoice, ...]]
    issued: dict[int, tuple[Invoice, ...]]
    _totals: dict[int, Fraction] = field(default_factory=dict)

    def total(self, month: int) -> Fraction:
        """What was invoiced for a month, excluding VAT; added up once."""
        known = self._totals.get(month)
        if known is None:
            known = self._totals[month] = _sum(self.consumed.get(month, ()))
        return known

    def of_month(self, month: int, cap: Cap) -> tuple[Fraction | None, tuple[Invoice, ...]]:
        """What a ceiling takes as the month's invoice; None while none is known, or its VAT is not."""
        found = (self.consumed if cap.invoice == "consumed" else self.issued).get(month, ())
        if not found:
            return None, ()
        if cap.vat == "excluded":
            return (self.total(month) if cap.invoice == "consumed" else _sum(found)), found
        with_tax = [fact.data.amount_incl_vat for fact in found]
        known = [amount for amount in with_tax if amount is not None]
        return (sum(map(Fraction, known), Fraction(0)) if len(known) == len(found) else None), found


def _sum(invoices: Iterable[Invoice]) -> Fraction:
    """The sum of invoices, excluding VAT."""
    return sum((Fraction(fact.data.amount) for fact in invoices), Fraction(0))


def invoices_of(basis: Basis) -> Invoices:
    """The contract's own invoices."""
    return _by_month(basis.facts.own(InvoiceIssued))


def _by_month(facts: Iterable[Invoice]) -> Invoices:
    consumed: dict[int, list[Invoice]] = defaultdict(list)
    issued: dict[int, list[Invoice]] = defaultdict(list)
    for fact in facts:
        consumed[month_named(fact.data.month)].append(fact)
        issued[month_of(fact.time)].append(fact)
    return Invoices(
        {month: tuple(found) for month, found in consumed.items()},
        {month: tuple(found) for month, found in issued.items()},
    )


@dataclass(frozen=True, slots=True)
class Average:
    """An average monthly revenue: None while no invoice of the window is known. ``months`` is what it divides by."""

    value: Fraction | None
    months: int
    invoices: tuple[Invoice, ...]
    lacks_other_contracts: bool = False


def average_revenue(basis: Basis, invoices: Invoices, rule: Revenue, month: int) -> Average:
    """The average monthly revenue for a period that ends in ``month``.

    The sum of what was invoiced for the rule's months, over the months since signature in them (a started month
    counts). While nothing is invoiced for the last month it is left out of both.
    """
    last = month if rule.window == "ending" else month - 1
    first = last - rule.months + 1
    since = month_of(basis.terms.signed.time)
    book = invoices
    whole_client = rule.scope == "client" and basis.client_invoices is not None
    if whole_client and basis.client_invoices:
        book = _by_month((*basis.facts.own(InvoiceIssued), *basis.client_invoices))
        since = min(since, *book.consumed)
    if last not in book.consumed:
        last -= 1
        months = rule.months - 1
    else:
        months = rule.months
    if rule.divisor == "history":
        months = last - max(first, since) + 1
    found = tuple(fact for m in range(first, last + 1) for fact in book.consumed.get(m, ()))
    value = None
    if found and months > 0:
        value = sum((book.total(m) for m in range(first, last + 1)), Fraction(0)) / months
    return Average(value, months, found, rule.scope == "client" and not whole_client)
