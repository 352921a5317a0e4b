"""Credits: what accepted claims gave, what was used of it, and what is left at the statement's date (CGV art. 11).

A credit is named by the claim it comes from; a use that names no known credit draws on the oldest one still open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from domain.agreements.model import Agreement
from domain.agreements.penalty import Credit
from domain.agreements.section import Rule
from domain.events.claim import CreditUsed, PenaltyAccepted, PenaltyClaimed, PenaltyRejected
from domain.exact import exact_text
from domain.fact import AnyFact, Fact
from domain.money import to_cents
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant, end_of_day, paris_date
from projections.amount_row import AmountRow, missing
from projections.basis import Basis
from projections.findings import Finding, refs
from projections.penalties import Penalties

ZERO = Fraction(0)


@dataclass(slots=True)
class Granted:
    """One credit: what was granted, until when it lasts, and the uses that counted."""

    claim: str
    agreement: Agreement
    rule: Credit
    accepted: Fact[PenaltyAccepted]
    amount: Fraction
    valid_until: date | None
    facts: list[AnyFact]
    used: Fraction = ZERO
    readings: dict[str, str] = field(default_factory=dict)

    @property
    def left(self) -> Fraction:
        """What has not been used."""
        return self.amount - self.used

    def expired(self, instant: int) -> bool:
        """Whether the credit's own time is over at an instant."""
        return self.valid_until is not None and instant >= end_of_day(self.valid_until)


def credit_rows(basis: Basis, penalties: Penalties, findings: list[Finding]) -> Iterator[AmountRow]:
    """One row per credit granted by ``basis.at``: ``amount`` is what can still be used, or is owed in cash."""
    granted = list(_granted(basis, penalties, findings))
    account = basis.terms.signed.data.account
    for use in basis.facts.own(CreditUsed):
        _use(basis, granted, use, None if account is None else account.id, findings)
    for credit in granted:
        state = _state(basis, credit)
        details = {
            "credit": credit.claim,
            "granted": exact_text(credit.amount),
            "used": exact_text(credit.used),
            "valid_until": None if credit.valid_until is None else credit.valid_until.isoformat(),
            "state": state,
        }
        yield AmountRow(
            credit.agreement.full_id(credit.rule.id),
            credit.rule.clause,
            ZERO if state in ("expired", "lapsed") else credit.left,
            refs(credit.facts),
            details=details,
            readings=credit.readings,
        )


def _granted(basis: Basis, penalties: Penalties, findings: list[Finding]) -> Iterator[Granted]:
    """The credits of accepted claims, oldest first; a claim that was also rejected gives none."""
    claims = {fact.data.claim: fact for fact in reversed(basis.facts.own(PenaltyClaimed))}
    refused = {fact.data.claim for fact in basis.facts.own(PenaltyRejected)}
    computed = {name: row for row in penalties.rows if row.state == "accepted" for name in row.claims}
    seen: set[str] = set()
    for fact in basis.facts.own(PenaltyAccepted):
        name = fact.data.claim
        texts = basis.terms.governing(max(fact.time, basis.terms.start))
        agreement = next((t for t in texts if t.penalty is not None and t.penalty.credit is not None), None)
        if name in seen or name in refused or agreement is None or agreement.penalty is None:
            continue
        seen.add(name)
        written = agreement.penalty.credit
        assert written is not None
        readings = basis.readings.at(fact.time)
        rule = written.under(readings.get)
        claim = claims.get(name)
        row = computed.get(name)
        amount = None if fact.data.amount is None else Fraction(fact.data.amount)
        if amount is None and row is not None and len(row.claims) == 1:
            amount = row.payable
        if amount is None:
            findings.append(missing(agreement.full_id(rule.id), rule.clause, f"accepted amount of {name}", [fact]))
            continue
        start = claim.time if rule.start == "claim" and claim is not None else fact.time
        valid_until = None
        if rule.validity is not None and rule.form == "credit":
            due = compute(paris_date(start), parse_delay(rule.validity), TimeRules.of(readings))
            valid_until = due.last_day or paris_date(due.due - 1)
        yield Granted(
            claim=name,
            agreement=agreement,
            rule=rule,
            accepted=fact,
            amount=to_cents(amount, truncated=rule.rounding == "down"),
            valid_until=valid_until,
            facts=[fact] if claim is None else [fact, claim],
            readings=basis.readings.differences(readings, sorted({v.reading for v in written.variant})),
        )


def _use(
    basis: Basis, granted: list[Granted], use: Fact[CreditUsed], account: str | None, findings: list[Finding]
) -> None:
    """Draws on a credit, or says why it cannot be."""
    name = use.data.credit
    earlier = [credit for credit in granted if credit.accepted.time <= use.time]
    named = [credit for credit in earlier if credit.claim == name]
    alive = [credit for credit in earlier if not _over(basis, credit, use.time) and credit.left > 0]
    credit = next(iter(named or alive or earlier), None)
    if credit is None:
        if granted:
            findings.append(
                _refused(granted[0], use, "no credit had been granted by then", "aucun crédit n'existait alors")
            )
        return
    rule = credit.rule.account
    if rule is not None and account is not None and use.data.account != account:
        reason = f"it comes from account {account} and was used on {use.data.account}"
        motif = f"il provient du compte {account} et a été utilisé sur {use.data.account}"
        found = _refused(credit, use, reason, motif)
        findings.append(
            Finding(
                found.code,
                credit.agreement.full_id(rule.id),
                rule.clause,
                found.message,
                found.message_fr,
                found.events,
            )
        )
        return
    if credit.rule.form == "cash":
        findings.append(_refused(credit, use, "the penalty is paid in cash", "la pénalité est versée en argent"))
        return
    if _over(basis, credit, use.time):
        findings.append(_refused(credit, use, "it was no longer valid", "il n'était plus valable"))
        return
    amount = Fraction(use.data.amount)
    if amount > credit.left:
        reason = f"only {exact_text(credit.left)} EUR was left"
        findings.append(_refused(credit, use, reason, f"il ne restait que {exact_text(credit.left)} EUR"))
    credit.used += min(amount, credit.left)
    credit.facts.append(use)


def _over(basis: Basis, credit: Granted, instant: int) -> bool:
    """Whether a credit can no longer be used at an instant: its year is over, or the contract is."""
    return credit.expired(instant) or _ended(basis, instant)


def _ended(basis: Basis, instant: int) -> bool:
    end: Instant | None = basis.terms.end
    return end is not None and instant >= end


def _state(basis: Basis, credit: Granted) -> str:
    if credit.rule.form == "cash":
        return "cash"
    if not credit.left:
        return "used"
    end = basis.terms.end
    last = basis.at if end is None else min(basis.at, end - 1)
    if credit.expired(last):
        return "expired"
    if _ended(basis, basis.at):
        return "paid-out" if credit.rule.at_end == "paid-out" else "lapsed"
    return "open"


def _refused(credit: Granted, use: Fact[CreditUsed], reason: str, motif: str, rule: Rule | None = None) -> Finding:
    rule = rule or credit.rule
    return Finding(
        "credit-refused",
        credit.agreement.full_id(rule.id),
        rule.clause,
        f"Use of {exact_text(use.data.amount)} EUR of credit {use.data.credit} was refused: {reason}.",
        f"L'utilisation de {exact_text(use.data.amount)} EUR du crédit {use.data.credit} est refusée : {motif}.",
        (use.ref,),
    )
