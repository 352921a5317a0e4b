"""The settlement of one case: rows that ended together under one rule, against reserves, claims and payments."""

from dataclasses import dataclass
from fractions import Fraction

from domain.money import to_cents
from projections import penalty_findings as say
from projections.assessment import Assessed, Setting, assess, repeated
from projections.cases import Case, Ledger
from projections.claims import wholly_within, window_of
from projections.contractual import claimable_rows, left_out, lines_of
from projections.findings import Finding, refs
from projections.indicator_row import Key
from projections.penalty_lines import ZERO, Line
from projections.penalty_row import PenaltyRow, State
from projections.pricing import Priced


@dataclass(frozen=True, slots=True)
class Outcome:
    """The row of a case, the indicator rows that can be claimed, and why the others cannot."""

    row: PenaltyRow
    claimable: frozenset[Key]
    findings: tuple[Finding, ...]


def settle(case: Case, ledger: Ledger) -> Outcome:
    """Works a case out, and leaves in the ledger what it takes of ceilings and what it compensates."""
    setting = _setting(case, ledger)
    claims = assess(setting)
    findings = list(claims.findings)
    again = repeated(setting, claims.accepted)
    if again and case.penalty.compensation is not None:
        findings.append(say.accepted_again(case.agreement, case.penalty.compensation, again))
    breached, lines = lines_of(setting, claims)
    if not claims.chosen:
        findings += left_out(setting, breached)
    priced = ledger.pricing(case).price(lines, case.end, case.readings)
    findings += priced.findings
    events = _events(setting, claims, priced)
    state = _state(setting, claims, priced)
    findings += _why_barred(setting, claims, breached, lines, events) if state == "barred" else ()
    payable = _payable(state, claims, priced)
    if payable is not None:
        for ceiling in priced.ceilings:
            ledger.allowances.take(ceiling, payable)
    if state == "accepted":
        ledger.compensate(breached)
    credit = None if case.penalty.credit is None else case.penalty.credit.under(case.readings.get)
    row = PenaltyRow(
        period_end=case.period_end,
        rule=case.agreement.full_id(case.penalty.rule[0].id),
        clause=case.penalty.rule[0].clause,
        state=state,
        lines=priced.lines,
        gross=priced.gross,
        average=priced.average,
        caps=priced.binding,
        payable=payable,
        credit_note=None
        if payable is None
        else to_cents(payable, truncated=credit is not None and credit.rounding == "down"),
        claim_by=None if setting.window is None else setting.window.due,
        claims=tuple(claim.fact.data.claim for claim in claims.chosen),
        events=ledger.in_order((*events, *_late_events(setting, state))),
        readings=case.differences(ledger.basis, ledger.book(case.agreement)),
    )
    return Outcome(row, claimable_rows(setting, claims), tuple(findings))


def _setting(case: Case, ledger: Ledger) -> Setting:
    claim, suspension = case.penalty.claim, case.penalty.suspension
    return Setting(
        case,
        ledger,
        None if claim is None else window_of(case.end, case.agreement, claim, case.readings),
        None if suspension is None else suspension.under(case.readings.get),
    )


def _state(setting: Setting, claims: Assessed, priced: Priced) -> State:
    """The first state that applies, in the order of the public format."""
    if claims.rejected and not claims.good and not claims.accepted:
        return "rejected"
    if claims.accepted:
        return "accepted"
    if (claims.chosen and not claims.good) or not priced.lines or (setting.closed and not claims.good):
        return "barred"
    if setting.asleep:
        return "suspended"
    if priced.payable is None:
        return "cap-pending"
    return "claimed" if claims.good else "claimable"


def _why_barred(
    setting: Setting, claims: Assessed, breached: list[Line], lines: list[Line], events: tuple[str, ...]
) -> tuple[Finding, ...]:
    """What bars a penalty beyond the faults of its claims and of its lines, which are told already."""
    case, window, suspension = setting.case, setting.window, setting.suspension
    if breached and not lines:
        cumulation = case.penalty.cumulation
        return (
            ()
            if cumulation is None
            else (say.kept_together(case.agreement, cumulation, [b.breach.row for b in breached]),)
        )
    if not lines:
        if claims.chosen and case.penalty.claim is not None and case.penalty.reserve is not None:
            return (say.without_reserve(case.agreement, case.penalty.claim, case.penalty.reserve, claims.chosen),)
        return ()
    if window is None or claims.chosen:
        return ()
    if suspension is not None and suspension.claims and _slept_through(setting):
        return (say.lost_while_late(case.agreement, window, suspension, events),)
    return (say.waived(case.agreement, window, events),)


def _slept_through(setting: Setting) -> bool:
    """Whether the client was late in paying during the whole window to claim."""
    window = setting.window
    return window is not None and wholly_within(window.opens, window.closes_at, setting.ledger.asleep)


def _payable(state: State, claims: Assessed, priced: Priced) -> Fraction | None:
    if state == "accepted":
        amounts = [claim.accepted.data.amount for claim in claims.accepted if claim.accepted is not None]
        granted = [Fraction(amount) for amount in amounts if amount is not None]
        return sum(granted, ZERO) if len(granted) == len(amounts) else priced.payable
    return priced.payable if state in ("claimed", "claimable") else None


def _events(setting: Setting, claims: Assessed, priced: Priced) -> tuple[str, ...]:
    """The facts a row rests on: those of its rows, their reserves, the invoices, the claims."""
    case, ledger = setting.case, setting.ledger
    rows = [ref for breach in case.breaches for ref in breach.row.refs]
    book = ledger.book(case.agreement)
    outages = {outage for breach in case.breaches for outage, _ in breach.contributions}
    reserves = () if book is None else [fact for outage in outages for fact in book.notified(outage)]
    return (*rows, *refs((*reserves, *priced.facts, *claims.facts)))


def _late_events(setting: Setting, state: State) -> tuple[str, ...]:
    """The invoices whose lateness suspends a penalty, or lost it."""
    if state == "suspended":
        return refs(setting.ledger.late_payments(setting.ledger.basis.at))
    if state == "barred" and setting.window is not None and _slept_through(setting):
        return refs(setting.ledger.late_payments(setting.window.opens))
    return ()
