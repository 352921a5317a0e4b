"""How a penalty was reached: each line with its reserves and formula, the average revenue, the caps, the claims."""

from collections.abc import Iterator
from fractions import Fraction

from domain.agreements.model import Agreement
from domain.agreements.penalty import Penalty
from domain.exact import exact_text
from domain.readings import Readings
from projections.agreements import rules_in
from projections.basis import Basis
from projections.claims import filed_claims, window_of
from projections.explain.ceilings import end_of, euros, limit_steps, limits_of
from projections.explain.lines import Told, cited_in, line_steps
from projections.explain.voice import in_lang, say, text_of
from projections.payment import payment_due
from projections.penalty_row import PenaltyRow
from projections.reserves import reserve_book
from projections.revenue import average_revenue, invoices_of, month_of_day
from projections.shown import moment
from projections.statement import Derived
from projections.wording import colon, state_word

ZERO = Fraction(0)


def penalty_steps(basis: Basis, derived: Derived, row: PenaltyRow, lang: str) -> Iterator[str]:
    """The sentences of one penalty row."""
    end = end_of(row)
    agreement = text_of(basis, row.rule, end - 1)
    penalty = None if agreement is None else agreement.penalty
    readings = basis.readings.at(end)
    if agreement is None or penalty is None or row.state == "no-rule":
        yield from _no_rule(row, lang)
        return
    book = None
    if penalty.reserve is not None:
        book = reserve_book(basis, agreement, penalty.reserve, derived.outages)
    told = Told(basis, derived, row, penalty, book, cited_in(basis, row))
    for line in row.lines:
        yield from line_steps(told, line, lang)
    yield from _average(basis, penalty, row, readings, lang)
    if row.gross is not None and row.lines:
        parts = " + ".join(exact_text(line.amount) for line in row.lines if line.amount is not None)
        sums = f"{parts} = {euros(row.gross)}" if len(row.lines) > 1 else euros(row.gross)
        yield say(lang, f"Gross penalty: {sums}.", f"Pénalité brute : {sums}.")
    for limit in limits_of(basis, derived, row):
        yield from limit_steps(limit, row, lang)
    yield from _window(basis, agreement, end, row, lang)
    yield from _claims(basis, row, lang)
    yield from _asleep(basis, penalty, row, lang)
    yield from _why(derived, agreement, penalty, row, lang)
    yield from _result(basis, derived, row, lang)


def _no_rule(row: PenaltyRow, lang: str) -> Iterator[str]:
    for line in row.lines:
        about = f"{line.indicator} ({line.clause})"
        yield say(lang, f"Breached: {about}.", f"Non tenu : {about}.")
    yield say(
        lang,
        f"The texts in force set no penalty for a breach ({row.clause}): the amount does not exist, it is not zero.",
        f"Les textes en vigueur ne fixent aucune pénalité ({row.clause}) : le montant n'existe pas, il n'est pas nul.",
    )


def _average(basis: Basis, penalty: Penalty, row: PenaltyRow, readings: Readings, lang: str) -> Iterator[str]:
    if penalty.revenue is None or row.average is None:
        return
    rule = penalty.revenue.under(readings.get)
    found = average_revenue(basis, invoices_of(basis), rule, month_of_day(row.period_end))
    by_month: dict[str, list[tuple[str, str]]] = {}
    for fact in found.invoices:
        by_month.setdefault(fact.data.month, []).append((fact.data.invoice, format(fact.data.amount, "f")))
    yield say(
        lang,
        f"Average monthly revenue, excluding VAT ({rule.clause}), month by month:",
        f"Chiffre d'affaires mensuel moyen, hors taxes ({rule.clause}), mois par mois :",
    )
    for month, invoices in sorted(by_month.items()):
        sums = " + ".join(f"{amount} ({name})" for name, amount in invoices)
        yield say(lang, f"  {month}: {sums}", f"  {month} : {sums}")
    whole = sum((Fraction(fact.data.amount) for fact in found.invoices), ZERO)
    if found.value == row.average:
        yield say(
            lang,
            f"{exact_text(whole)} / {found.months} months = {euros(row.average)}.",
            f"{exact_text(whole)} / {found.months} mois = {euros(row.average)}.",
        )
    else:
        yield say(lang, f"Average: {euros(row.average)}.", f"Moyenne : {euros(row.average)}.")


def _window(basis: Basis, agreement: Agreement, end: int, row: PenaltyRow, lang: str) -> Iterator[str]:
    penalty, readings = agreement.penalty, basis.readings.at(end)
    if penalty is None or penalty.claim is None or row.claim_by is None:
        return
    window = window_of(end, agreement, penalty.claim, readings)
    last = "" if window.last_day is None else say(
        lang, f" (last day {window.last_day})", f" (dernier jour {window.last_day})"
    )  # fmt: skip
    yield say(
        lang,
        f"To be claimed from {moment(window.opens)}, before {moment(row.claim_by)}{last} ({window.rule.clause}).",
        f"À réclamer à partir du {moment(window.opens)}, avant le {moment(row.claim_by)}{last} ({window.rule.clause}).",
    )


def _claims(basis: Basis, row: PenaltyRow, lang: str) -> Iterator[str]:
    for claim in filed_claims(basis).get(row.period_end, ()):
        name, when = claim.fact.data.claim, moment(claim.fact.time)
        lines = ", ".join(claim.fact.data.indicators) or say(lang, "every line", "toutes les lignes")
        yield say(
            lang,
            f"Claim {name}, filed {when}, for {lines} [{claim.fact.ref}].",
            f"Réclamation {name}, du {when}, pour {lines} [{claim.fact.ref}].",
        )
        for answer, english, french in (
            (claim.accepted, "accepted", "acceptée"),
            (claim.rejected, "rejected", "rejetée"),
        ):
            if answer is not None:
                amount = getattr(answer.data, "amount", None)
                for_ = "" if amount is None else say(lang, f" for {amount} EUR", f" pour {amount} EUR")
                when = moment(answer.time)
                yield say(
                    lang,
                    f"Claim {name} was {english} on {when}{for_} [{answer.ref}].",
                    f"Réclamation {name} {french} le {when}{for_} [{answer.ref}].",
                )


def _asleep(basis: Basis, penalty: Penalty, row: PenaltyRow, lang: str) -> Iterator[str]:
    """The invoices whose lateness suspends the penalty."""
    if row.state != "suspended" or penalty.suspension is None:
        return
    clause, title = penalty.suspension.clause, in_lang(penalty.suspension, lang)
    yield f"{clause}{colon(lang)}{title}."
    for due in payment_due(basis):
        if due.late_at(basis.at):
            at, ref = moment(basis.at), due.issued.ref
            yield say(
                lang,
                f"  Invoice {due.invoice} was due on {due.due} and is not paid at {at} [{ref}].",
                f"  La facture {due.invoice}, exigible le {due.due}, n'est pas payée au {at} [{ref}].",
            )


def _why(derived: Derived, agreement: Agreement, penalty: Penalty, row: PenaltyRow, lang: str) -> Iterator[str]:
    """The findings about this penalty: those on its events, under a rule of the penalty section."""
    if row.state in ("claimable", "claimed", "accepted"):
        return
    about, rules = set(row.events), {rule.id for _, rule in rules_in(penalty)}
    for finding in derived.findings:
        document, _, short = (finding.rule or "").partition("/")
        if document == agreement.id and short in rules and about.intersection(finding.events):
            yield say(lang, finding.message, finding.message_fr)


def _result(basis: Basis, derived: Derived, row: PenaltyRow, lang: str) -> Iterator[str]:
    word = state_word("penalties", {"state": row.state}, lang)
    yield say(lang, f"State: {word}.", f"État : {word}.")
    if row.payable is None:
        yield say(lang, "Nothing is payable at this date.", "Rien n'est à payer à cette date.")
        return
    if row.state == "accepted":
        accepted = say(lang, "as accepted", "tel qu'accepté")
        yield say(lang, f"Payable, {accepted}: {euros(row.payable)}.", f"À payer, {accepted} : {euros(row.payable)}.")
    else:
        parts = [row.gross, *(limit.amount for limit in limits_of(basis, derived, row))]
        known = [exact_text(part) for part in parts if part is not None]
        least = f"min({', '.join(known)}) = " if len(known) > 1 else ""
        yield say(lang, f"Payable: {least}{euros(row.payable)}.", f"À payer : {least}{euros(row.payable)}.")
    if row.credit_note is not None and row.credit_note != row.payable:
        yield say(
            lang,
            f"On the credit note, to the cent: {exact_text(row.credit_note)} EUR.",
            f"Sur l'avoir, au centime : {exact_text(row.credit_note)} EUR.",
        )
