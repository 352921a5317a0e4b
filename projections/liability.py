"""Ceilings of liability: how much at most is owed for a breach, by how long it lasted (CGV 13.1, 25)."""

from collections.abc import Iterator
from fractions import Fraction

from domain.agreements.amount import BetaCeiling, LiabilityCap, LiabilityUnlimited
from domain.agreements.model import Agreement
from domain.events.claim import LiabilityRecorded
from domain.events.contract import ServiceFlagged
from domain.exact import exact_text
from domain.fact import Fact
from domain.readings import Readings
from domain.time.instant import MICROSECONDS_PER_SECOND, format_instant, paris_date
from projections.amount_row import AmountRow, missing, rules_at
from projections.basis import Basis
from projections.findings import Finding, refs
from projections.revenue import average_revenue, invoices_of, month_of

DAY = 86_400 * MICROSECONDS_PER_SECOND

LiabilityFact = Fact[LiabilityRecorded]


def liability_rows(basis: Basis, findings: list[Finding]) -> Iterator[AmountRow]:
    """The ceiling for every recorded breach: none for harm to persons, fixed for beta services, else by duration."""
    for fact in basis.facts.own(LiabilityRecorded):
        if fact.data.bodily_harm:
            yield from _unlimited(basis, fact, findings)
        elif _is_beta(basis, fact):
            yield from _beta(basis, fact)
        else:
            yield from _by_duration(basis, fact, findings)


def days_of(fact: LiabilityFact, rule: LiabilityCap) -> int:
    """How many days a breach lasted: started days of 24 h, completed ones, or Paris calendar days touched."""
    span = fact.data.to - fact.data.from_
    match rule.days:
        case "started":
            return -(-span // DAY)
        case "completed":
            return span // DAY
        case "calendar":
            touched = (paris_date(max(fact.data.to - 1, fact.data.from_)) - paris_date(fact.data.from_)).days
            return touched + 1


def _by_duration(basis: Basis, fact: LiabilityFact, findings: list[Finding]) -> Iterator[AmountRow]:
    agreement, found = rules_at(basis, fact.data.from_, LiabilityCap)
    readings = basis.readings.at(fact.data.from_)
    for written in found:
        assert agreement is not None
        rule = written.under(readings.get)
        days = days_of(fact, rule)
        if (rule.at_most_days is not None and days > rule.at_most_days) or (
            rule.at_least_days is not None and days < rule.at_least_days
        ):
            continue
        monthly: Fraction | None = Fraction(fact.data.monthly_amount)
        if rule.month == "average":
            monthly = _average_month(basis, agreement, fact, readings)
        name = agreement.full_id(rule.id)
        if monthly is None:
            findings.append(missing(name, rule.clause, "average monthly revenue", [fact]))
        details = {
            **_about(fact),
            "days": days,
            "monthly_amount": None if monthly is None else exact_text(monthly),
        }
        yield AmountRow(
            name,
            rule.clause,
            None if monthly is None else monthly * Fraction(rule.times),
            refs([fact]),
            details=details,
            readings=basis.readings.differences(readings, sorted({v.reading for v in written.variant})),
        )


def _average_month(basis: Basis, agreement: Agreement, fact: LiabilityFact, readings: Readings) -> Fraction | None:
    """The contract's average month when the breach began: no fact tells services apart over time."""
    if agreement.penalty is None or agreement.penalty.revenue is None:
        return None
    rule = agreement.penalty.revenue.under(readings.get)
    return average_revenue(basis, invoices_of(basis), rule, month_of(fact.data.from_)).value


def _unlimited(basis: Basis, fact: LiabilityFact, findings: list[Finding]) -> Iterator[AmountRow]:
    agreement, found = rules_at(basis, fact.data.from_, LiabilityUnlimited)
    for rule in found:
        assert agreement is not None
        name = agreement.full_id(rule.id)
        findings.append(
            Finding(
                "liability-unlimited",
                name,
                rule.clause,
                f"Liability {fact.data.liability}: harm to persons, no ceiling applies.",
                f"Responsabilité {fact.data.liability} : atteinte aux personnes, aucun plafond ne s'applique.",
                (fact.ref,),
            )
        )
        yield AmountRow(name, rule.clause, None, refs([fact]), details={**_about(fact), "unlimited": True})


def _beta(basis: Basis, fact: LiabilityFact) -> Iterator[AmountRow]:
    agreement, found = rules_at(basis, fact.data.from_, BetaCeiling)
    for rule in found:
        assert agreement is not None
        yield AmountRow(
            agreement.full_id(rule.id), rule.clause, Fraction(rule.amount), refs([fact]), details=_about(fact)
        )


def _is_beta(basis: Basis, fact: LiabilityFact) -> bool:
    """Whether the service was beta when the breach began: as the fact says, else as the service was flagged then."""
    if fact.data.beta is not None:
        return fact.data.beta
    beta = False
    for flag in basis.facts.of(ServiceFlagged):
        if flag.data.service == fact.data.service and flag.time <= fact.data.from_:
            beta = flag.data.beta
    return beta


def _about(fact: LiabilityFact) -> dict[str, str]:
    return {
        "liability": fact.data.liability,
        "service": fact.data.service,
        "from": format_instant(fact.data.from_),
        "to": format_instant(fact.data.to),
    }
