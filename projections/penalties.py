"""Penalties: one row per day on which periods ended with at least one breached line, and what it is worth then.

Each row goes through the text's conditions in one order: a rule at all, the provider's answer, reserves and claim in
time, payments up to date, ceilings known. Amounts are exact euros; the only rounding is the credit note's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.agreements.model import Agreement
from domain.time.instant import start_of_day
from projections.basis import Basis
from projections.caps import Allowances
from projections.cases import Case, Ledger, references_in
from projections.claims import filed_claims, last_day
from projections.findings import Finding
from projections.indicator_row import BREACHED, IndicatorRow, Key
from projections.outages import Outage
from projections.payment import payment_due, suspended_intervals
from projections.penalty_findings import no_rule, not_a_breach, time_objectives_unpunished
from projections.penalty_lines import TIME_METRIC, Breach, Counting, Line
from projections.penalty_row import PenaltyRow
from projections.penalty_terms import derogations_of, punished, source_of
from projections.reserves import reserve_book
from projections.revenue import invoices_of
from projections.settlement import settle


@dataclass(frozen=True, slots=True)
class Penalties:
    """Every penalty row, the keys of the indicator rows that can be claimed, and why the others cannot."""

    rows: tuple[PenaltyRow, ...]
    claimable: frozenset[Key]
    findings: tuple[Finding, ...]


def penalty_rows(basis: Basis, outages: Sequence[Outage], rows: Sequence[IndicatorRow]) -> Penalties:
    """The penalties of one contract at ``basis.at``, oldest period end first (CGV art. 8, 9.3, 11 and Annex B)."""
    ledger = _ledger(basis, outages, rows)
    found: list[PenaltyRow] = []
    claimable: set[Key] = set()
    findings: list[Finding] = list(ledger.derogations.findings)
    for book in ledger.books.values():
        findings += book.findings
    cases, unruled = _cases(basis, rows)
    for (end, _), (lead, breached) in unruled.items():
        found.append(_without_rule(basis, ledger, end, lead, breached))
        claimable |= {row.key for row in breached if row.zone_ok}
        findings.append(no_rule(lead, breached))
    for case in cases:
        outcome = settle(case, ledger)
        found.append(outcome.row)
        claimable |= outcome.claimable
        findings += outcome.findings
        findings += _beyond_availability(case)
    findings += _claims_of_nothing(ledger, {row.period_end for row in found})
    found.sort(key=lambda row: (row.period_end, row.rule))
    return Penalties(tuple(found), frozenset(claimable), tuple(_in_order(findings, ledger)))


def _ledger(basis: Basis, outages: Sequence[Outage], rows: Sequence[IndicatorRow]) -> Ledger:
    texts = {(text.id, text.version): text for segment in basis.terms.segments for text in segment.agreements}
    books = {
        key: reserve_book(basis, text, text.penalty.reserve, outages)
        for key, text in texts.items()
        if text.penalty is not None and text.penalty.reserve is not None
    }
    dues = payment_due(basis)
    invoices = invoices_of(basis)
    return Ledger(
        basis=basis,
        rows=rows,
        invoices=invoices,
        dues=dues,
        asleep=suspended_intervals(basis, dues),
        claims=filed_claims(basis),
        books=books,
        derogations=derogations_of(basis, texts.values()),
        allowances=Allowances(invoices),
    )


Unruled = dict[tuple[int, str], tuple[Agreement, list[IndicatorRow]]]


def _cases(basis: Basis, rows: Sequence[IndicatorRow]) -> tuple[list[Case], Unruled]:
    """The breached rows by period end and text, oldest first; and those no rule punishes."""
    groups: dict[tuple[int, str, str], tuple[Agreement, list[Breach]]] = {}
    unruled: Unruled = {}
    for row in rows:
        if row.state != BREACHED or not row.closed:
            continue
        source = source_of(basis, row)
        readings = basis.readings.at(row.end)
        rule = None if source.penalty is None else punished(source.penalty, row, readings)
        if rule is None or source.agreement is None or source.penalty is None:
            if row.terms.metric == TIME_METRIC:
                unruled.setdefault((row.end, source.lead.id), (source.lead, []))[1].append(row)
            continue
        cumulation = source.penalty.cumulation
        apart = cumulation is not None and cumulation.under(readings.get).periods == "separate"
        key = (row.end, source.agreement.id, row.terms.period if apart else "")
        groups.setdefault(key, (source.agreement, []))[1].append(Breach.of(row, rule))
    cases = [
        Case(end, agreement, agreement.penalty, tuple(found), basis.readings.at(end))
        for (end, _, _), (agreement, found) in sorted(groups.items(), key=lambda item: item[0])
        if agreement.penalty is not None
    ]
    return cases, unruled


def _without_rule(basis: Basis, ledger: Ledger, end: int, lead: Agreement, rows: Sequence[IndicatorRow]) -> PenaltyRow:
    """A breach whose cost no document in force says: nothing is known, nothing is zero."""
    events = ledger.in_order(ref for row in rows for ref in row.refs)
    return PenaltyRow(
        period_end=last_day(end, basis.readings.at(end)),
        rule=lead.full_id(lead.sla.id),
        clause=lead.sla.clause,
        state="no-rule",
        lines=tuple(_unpriced(row) for row in rows if row.zone_ok),
        gross=None,
        average=None,
        caps=(),
        payable=None,
        credit_note=None,
        claim_by=None,
        claims=(),
        events=events,
        readings=basis.readings.differences(basis.readings.at(end), sorted(references_in(lead))),
    )


def _unpriced(row: IndicatorRow) -> Line:
    """A breached row as a line without a price, on what was observed."""
    return Counting(reserved=None).line(Breach.of(row, None))


def _claims_of_nothing(ledger: Ledger, days: set[date]) -> Iterator[Finding]:
    """The claims for a day on which no breached period ended."""
    basis = ledger.basis
    for day, claims in ledger.claims.items():
        texts = basis.terms.governing(max(start_of_day(day), basis.terms.start))
        text = next((t for t in texts if t.penalty is not None and t.penalty.claim is not None), None)
        if day in days or text is None or text.penalty is None or text.penalty.claim is None:
            continue
        for claim in claims:
            names = claim.fact.data.indicators
            yield not_a_breach(text, text.penalty.claim, claim, names, day)


def _beyond_availability(case: Case) -> Iterator[Finding]:
    rule = case.penalty.rule[0]
    chosen = rule.under(case.readings.get)
    if chosen.metrics != rule.metrics:
        yield time_objectives_unpunished(case.agreement, rule)


def _in_order(findings: Sequence[Finding], ledger: Ledger) -> Iterator[Finding]:
    for finding in findings:
        yield finding._replace(events=ledger.in_order(finding.events)) if len(finding.events) > 1 else finding
