"""What else is owed: late interest and fees, ceilings of liability, billing minimums, slices of work, credits.

Money is exact euros, other figures are in what ``unit`` says. Nothing is rounded but a credit, which is granted to the
cent.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from domain.agreements.amount import LateFee, LateInterest, MinimumBilling, Slices
from domain.events.billing import ConsumptionMetered, ProfessionalServicesAgreed, RateRecorded
from domain.exact import exact_text
from domain.fact import Fact
from domain.time.instant import paris_date
from projections.amount_row import AmountRow, missing, rules_at
from projections.basis import Basis
from projections.credits import credit_rows
from projections.findings import Finding, refs
from projections.liability import liability_rows
from projections.payment import PaymentDue, payment_due
from projections.penalties import Penalties
from projections.revenue import month_named, month_start

PERCENT = 100
JULY = 7


def amount_rows(basis: Basis, penalties: Penalties) -> tuple[list[AmountRow], list[Finding]]:
    """Every other sum of one contract at ``basis.at``, by rule, then in the order of the facts behind it."""
    findings: list[Finding] = []
    late = [due for due in payment_due(basis) if due.late_from <= basis.at and was_late(due)]
    rows = [
        *_interest(basis, late, findings),
        *_fees(basis, late),
        *liability_rows(basis, findings),
        *_billing(basis),
        *_slices(basis),
        *credit_rows(basis, penalties, findings),
    ]
    rows.sort(key=lambda row: row.rule)
    return rows, findings


def was_late(due: PaymentDue) -> bool:
    """Whether an invoice that has fallen due was paid late, or is unpaid."""
    return due.paid is None or due.paid.time >= due.late_from


def _late_days(basis: Basis, due: PaymentDue) -> tuple[date, date]:
    """The first late day, and the last one: the day of payment, or that of the statement."""
    end = basis.at if due.paid is None else due.paid.time
    return due.due + timedelta(days=1), paris_date(end)


def _interest(basis: Basis, late: Iterable[PaymentDue], findings: list[Finding]) -> Iterator[AmountRow]:
    """Simple interest on every late invoice, each late day counted, the day of payment too (CGV 15.3)."""
    for due in late:
        agreement, found = rules_at(basis, due.issued.time, LateInterest)
        readings = basis.readings.at(due.late_from)
        for written in found:
            assert agreement is not None
            rule = written.under(readings.get)
            first, last = _late_days(basis, due)
            name = agreement.full_id(rule.id)
            owed = due.issued.data.amount
            if rule.base == "incl-vat":
                if due.issued.data.amount_incl_vat is None:
                    findings.append(_without_tax(name, rule.clause, due))
                else:
                    owed = due.issued.data.amount_incl_vat
            spans = rated_days(basis, rule, first, last)
            days = [(until - since).days + 1 for since, until, _ in spans]
            yearly = Fraction(0)
            used: list[Fact[RateRecorded]] = []
            for number, (_, _, rate) in zip(days, spans, strict=True):
                if rate is None:
                    continue
                used.append(rate)
                yearly += (Fraction(rate.data.value) + Fraction(rule.points)) * number
            known = len(used) == len(spans)
            if not known:
                findings.append(missing(name, rule.clause, f"{rule.rate} ({first.isoformat()})", due.facts))
            amount = Fraction(owed) * yearly / PERCENT / rule.year_days if known else None
            details = {
                "invoice": due.invoice,
                "from": first.isoformat(),
                "to": last.isoformat(),
                "days": sum(days),
                "base": exact_text(owed),
                "rates": [exact_text(Fraction(rate.data.value) + Fraction(rule.points)) for rate in used],
                "running": due.paid is None,
            }
            used_readings = basis.readings.differences(readings, sorted({v.reading for v in written.variant}))
            yield AmountRow(
                name, rule.clause, amount, refs((*due.facts, *used)), details=details, readings=used_readings
            )


def rated_days(
    basis: Basis, rule: LateInterest, first: date, last: date
) -> list[tuple[date, date, Fact[RateRecorded] | None]]:
    """The late days cut where another rate applies: (first, last, rate), the rate None while none is recorded."""
    rates = sorted(
        (fact for fact in basis.facts.of(RateRecorded) if fact.data.rate == rule.rate),
        key=lambda fact: (fact.data.from_, *fact.order),
    )

    def in_force(day: date) -> Fact[RateRecorded] | None:
        return next((fact for fact in reversed(rates) if fact.data.from_ <= day), None)

    if rule.fixing == "first-late-day":
        return [(first, last, in_force(first))]
    spans = []
    while first <= last:
        fixing = date(first.year, JULY if first.month >= JULY else 1, 1)
        following = date(first.year, JULY, 1) if first.month < JULY else date(first.year + 1, 1, 1)
        until = min(last, following - timedelta(days=1))
        spans.append((first, until, in_force(fixing)))
        first = following
    return spans


def _fees(basis: Basis, late: Iterable[PaymentDue]) -> Iterator[AmountRow]:
    """The fixed recovery fee, per late invoice or once (CGV 15.3)."""
    charged: set[str] = set()
    for due in sorted(late, key=lambda due: (due.late_from, due.issued.order)):
        agreement, found = rules_at(basis, due.issued.time, LateFee)
        readings = basis.readings.at(due.late_from)
        for written in found:
            assert agreement is not None
            rule = written.under(readings.get)
            name = agreement.full_id(rule.id)
            if rule.per == "client" and name in charged:
                continue
            charged.add(name)
            details = {"invoice": due.invoice, "from": (due.due + timedelta(days=1)).isoformat()}
            used = basis.readings.differences(readings, sorted({v.reading for v in written.variant}))
            yield AmountRow(name, rule.clause, Fraction(rule.amount), refs(due.facts), details=details, readings=used)


def _billing(basis: Basis) -> Iterator[AmountRow]:
    """What is billed of metered seconds, per type of resource and month (CGV 15.1, 15.4)."""
    metered: dict[tuple[str, str], list[Fact[ConsumptionMetered]]] = {}
    for fact in basis.facts.own(ConsumptionMetered):
        metered.setdefault((fact.data.month, fact.data.resource_type), []).append(fact)
    for (month, resource_type), facts in sorted(metered.items()):
        start = month_start(month_named(month))
        agreement, found = rules_at(basis, start, MinimumBilling)
        readings = basis.readings.at(start)
        for written in found:
            assert agreement is not None
            rule = written.under(readings.get)
            used = [Fraction(fact.data.seconds) for fact in facts]
            whole = sum(used, Fraction(0))
            billed = sum(_billed(part, rule.seconds) for part in ([whole] if rule.per == "type" else used))
            yield AmountRow(
                agreement.full_id(rule.id),
                rule.clause,
                Fraction(billed),
                refs(facts),
                unit="seconds",
                details={"resource_type": resource_type, "month": month, "metered": exact_text(whole)},
                readings=basis.readings.differences(readings, sorted({v.reading for v in written.variant})),
            )


def _billed(seconds: Fraction, least: int) -> int:
    """Seconds billed for some use: up to the next second, and ``least`` at least when there was any."""
    return max(-(-seconds.numerator // seconds.denominator), least) if seconds else 0


def _slices(basis: Basis) -> Iterator[AmountRow]:
    """Agreed work, by slices (Cloud Temple 7.6.3)."""
    for fact in basis.facts.own(ProfessionalServicesAgreed):
        agreement, found = rules_at(basis, fact.time, Slices)
        readings = basis.readings.at(fact.time)
        for written in found:
            assert agreement is not None
            rule = written.under(readings.get)
            share = Fraction(fact.data.minutes) / rule.minutes
            if rule.count == "started":
                share = Fraction(-(-share.numerator // share.denominator))
            yield AmountRow(
                agreement.full_id(rule.id),
                rule.clause,
                share,
                (fact.ref,),
                unit=f"slices of {rule.minutes} minutes",
                details={"ticket": fact.data.ticket, "minutes": exact_text(fact.data.minutes)},
                readings=basis.readings.differences(readings, sorted({v.reading for v in written.variant})),
            )


def _without_tax(rule: str, clause: str, due: PaymentDue) -> Finding:
    return Finding(
        "vat-missing",
        rule,
        clause,
        f"Invoice {due.invoice} does not give its amount including VAT: interest was computed without it.",
        f"La facture {due.invoice} ne donne pas son montant TTC : l'intérêt est calculé sur le montant hors taxes.",
        (due.issued.ref,),
    )
