"""When each invoice is due, when it was paid, and over which time the client was late in paying.

Due dates are Paris dates; an invoice is late from 00:00 of the day after. Intervals are half-open, in microseconds.
"""

from dataclasses import dataclass
from datetime import date

from domain.agreements.model import Agreement
from domain.agreements.penalty import Payment
from domain.events.billing import InvoiceIssued, InvoicePaid
from domain.events.termination import ResourcesBlocked, ResourcesUnblocked
from domain.fact import AnyFact, Fact
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant, end_of_day, paris_date
from domain.time.interval import Intervals, union
from projections.basis import Basis


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """One invoice under a text that says when invoices are due: ``due`` is the last day in time."""

    invoice: str
    issued: Fact[InvoiceIssued]
    due: date
    paid: Fact[InvoicePaid] | None
    agreement: Agreement
    terms: Payment

    @property
    def late_from(self) -> Instant:
        """The first instant at which the invoice, if unpaid, is late."""
        return end_of_day(self.due)

    def late_at(self, instant: int) -> bool:
        """Whether the invoice is late at an instant."""
        return self.late_from <= instant and (self.paid is None or instant < self.paid.time)

    @property
    def facts(self) -> tuple[AnyFact, ...]:
        """The invoice and its payment."""
        return (self.issued,) if self.paid is None else (self.issued, self.paid)


def payment_due(basis: Basis) -> tuple[PaymentDue, ...]:
    """Every invoice whose governing text says when invoices are due, in the order of issue.

    The printed date, else the text's delay from the issue date (``payment.due_date``). A credit note is not due.
    """
    paid: dict[str, Fact[InvoicePaid]] = {}
    for payment in basis.facts.own(InvoicePaid):
        paid.setdefault(payment.data.invoice, payment)
    found: list[PaymentDue] = []
    for issued in basis.facts.own(InvoiceIssued):
        agreement = _terms_at(basis, issued.time) if issued.data.amount > 0 else None
        if agreement is None or agreement.payment is None:
            continue
        readings = basis.readings.at(issued.time)
        terms = agreement.payment.under(readings.get)
        due = issued.data.due_on if terms.printed else None
        if due is None:
            computed = compute(paris_date(issued.time), parse_delay(terms.delay), TimeRules.of(readings))
            due = computed.last_day or paris_date(computed.due - 1)
        found.append(PaymentDue(issued.data.invoice, issued, due, paid.get(issued.data.invoice), agreement, terms))
    return tuple(found)


def late_intervals(basis: Basis, dues: tuple[PaymentDue, ...]) -> Intervals:
    """When the client was late on at least one invoice. What is still unpaid runs past ``basis.at``."""
    beyond = basis.at + 1
    return union(
        tuple(
            (due.late_from, beyond if due.paid is None else due.paid.time)
            for due in dues
            if due.late_from <= basis.at and (due.paid is None or due.late_from < due.paid.time)
        )
    )


def suspended_intervals(basis: Basis, dues: tuple[PaymentDue, ...]) -> Intervals:
    """When the penalty system sleeps: the client is late and the service goes on (CGV art. 8).

    It falls asleep at the first instant of lateness at which the service is not interrupted, and wakes when every
    invoice due is paid. A client whose resources were blocked through the whole lateness is not suspended.
    """
    late = late_intervals(basis, dues)
    blocks = _blocked(basis)
    asleep = []
    for start, end in late:
        begin = start
        for blocked_from, blocked_to in blocks:
            if blocked_from <= begin < blocked_to:
                begin = blocked_to
        if begin < end:
            asleep.append((begin, end))
    return tuple(asleep)


def _blocked(basis: Basis) -> Intervals:
    """When the client's resources were blocked, on any ground."""
    ends = [(fact.time, fact.data.ground) for fact in basis.facts.own(ResourcesUnblocked)]
    spans = []
    for fact in basis.facts.own(ResourcesBlocked):
        end = min(
            (time for time, ground in ends if ground == fact.data.ground and time >= fact.time), default=basis.at + 1
        )
        if fact.time < end:
            spans.append((fact.time, end))
    return union(tuple(spans))


def _terms_at(basis: Basis, instant: int) -> Agreement | None:
    """The prevailing text with payment terms at an instant (at the signature, for what came before it)."""
    texts = basis.terms.governing(max(instant, basis.terms.start))
    return next((text for text in texts if text.payment is not None), None)
