"""What the lines of one penalty are worth together: amounts, average revenue, ceilings and what is payable."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.agreements.model import Agreement
from domain.agreements.penalty import Formula, Penalty, Tiers
from domain.fact import AnyFact
from domain.readings import Readings
from projections import penalty_findings as say
from projections.basis import Basis
from projections.caps import PERCENT, Allowances, Ceiling
from projections.claims import last_day
from projections.findings import Finding
from projections.penalty_lines import ZERO, Line, shares_by_month, worth
from projections.penalty_row import BindingCap
from projections.penalty_terms import Derogations
from projections.revenue import Average, Invoices, average_revenue, month_of, month_of_day


@dataclass(frozen=True, slots=True)
class Priced:
    """The lines with their amounts, and what limits them. ``payable`` is None while a base or a ceiling is unknown."""

    lines: tuple[Line, ...]
    gross: Fraction | None
    average: Fraction | None
    binding: tuple[BindingCap, ...]
    payable: Fraction | None
    ceilings: tuple[Ceiling, ...]
    facts: tuple[AnyFact, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Pricing:
    """What prices are made of for one text: its rules, the invoices, the derogations and what ceilings have left."""

    basis: Basis
    agreement: Agreement
    penalty: Penalty
    invoices: Invoices
    derogations: Derogations
    allowances: Allowances

    def price(self, lines: Sequence[Line], end: int, readings: Readings) -> Priced:
        """The worth of the lines of periods that end at ``end``, before and after ceilings."""
        facts: list[AnyFact] = []
        findings: list[Finding] = []
        average = self._average(end, readings, facts, findings)
        priced = tuple(self._priced(self._derogated(line, end, facts), average, facts) for line in lines)
        amounts = [line.amount for line in priced if line.amount is not None]
        gross = sum(amounts, ZERO) if len(amounts) == len(priced) else None
        shares = shares_by_month(priced)
        limits: list[tuple[str, str, Fraction | None]] = []
        ceilings: list[Ceiling] = []
        for written in self.penalty.cap:
            cap = written.under(readings.get)
            if not cap.applies:
                continue
            rule = self.agreement.full_id(cap.id)
            percent, set_by = self.derogations.figure(rule, cap.percent, end)
            facts.extend(set_by)
            if cap.base == "average-revenue":
                value = None if average is None else average * Fraction(percent) / PERCENT
                limits.append((rule, cap.clause, value))
                continue
            ceiling = self.allowances.offer(cap, percent, shares)
            facts.extend(ceiling.invoices)
            if ceiling.lacks_tax:
                findings.append(say.tax_unknown(self.agreement, cap, ceiling.invoices))
            ceilings.append(ceiling)
            limits.append((rule, cap.clause, ceiling.amount))
        known = [value for _, _, value in limits if value is not None]
        payable = min([gross, *known]) if gross is not None and len(known) == len(limits) else None
        binding = tuple(
            BindingCap(rule, clause, value)
            for rule, clause, value in limits
            if value is not None and value == payable and gross is not None and value < gross
        )
        return Priced(priced, gross, average, binding, payable, tuple(ceilings), tuple(facts), tuple(findings))

    def _average(self, end: int, readings: Readings, facts: list[AnyFact], findings: list[Finding]) -> Fraction | None:
        if self.penalty.revenue is None:
            return None
        rule = self.penalty.revenue.under(readings.get)
        average: Average = average_revenue(self.basis, self.invoices, rule, month_of_day(last_day(end, readings)))
        facts.extend(average.invoices)
        if average.lacks_other_contracts:
            findings.append(say.only_this_contract(self.agreement, rule))
        return average.value

    def _derogated(self, line: Line, end: int, facts: list[AnyFact]) -> Line:
        """The line under the factor that special conditions set, if they do."""
        rule = line.breach.rule
        if not isinstance(rule, Formula):
            return line
        factor, set_by = self.derogations.figure(self.agreement.full_id(rule.id), rule.factor, end)
        facts.extend(set_by)
        if not set_by:
            return line
        return replace(line, breach=replace(line.breach, rule=rule.model_copy(update={"factor": factor})))

    def _priced(self, line: Line, average: Fraction | None, facts: list[AnyFact]) -> Line:
        invoiced = self._invoiced(line, facts) if isinstance(line.breach.rule, Tiers) else None
        return replace(line, amount=worth(line, average, invoiced))

    def _invoiced(self, line: Line, facts: list[AnyFact]) -> Fraction | None:
        """What was invoiced for the months of the line's period; None while one of them is unknown."""
        row = line.breach.row
        span = range(month_of(row.start), month_of(row.end - 1) + 1)
        months = [self.invoices.consumed.get(month, ()) for month in span]
        found = [fact for month in months for fact in month]
        facts.extend(found)
        return sum((self.invoices.total(month) for month in span), ZERO) if all(months) else None
