"""How a penalty was reached: each line with its reserves and formula, the average revenue, the caps, the claims."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.agreements.model import Agreement
from domain.agreements.penalty import Cap, Formula, Penalty, Tiers
from domain.exact import MICROSECONDS_PER_SECOND, exact_text, ratio_text, seconds_text
from domain.readings import Readings
from domain.time.instant import end_of_day
from domain.time.interval import total
from projections.agreements import rules_in
from projections.basis import Basis
from projections.caps import PERCENT, Allowances, Ceiling
from projections.claims import filed_claims, window_of
from projections.explain.voice import in_lang, say, text_of
from projections.payment import payment_due
from projections.penalty_lines import Line
from projections.penalty_row import PenaltyRow
from projections.penalty_terms import Derogations, derogations_of
from projections.reserves import ReserveBook, reserve_book
from projections.revenue import average_revenue, invoices_of, month_of_day, month_text
from projections.shown import CENTS, RATIO_PLACES, cut, microseconds, moment, money, number, span
from projections.statement import Derived
from projections.wording import colon, state_word

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """One ceiling as it weighs on a penalty: ``amount`` None while unknown; ``shares`` is what falls on each month."""

    cap: Cap
    rule: str
    percent: Decimal
    amount: Fraction | None
    ceiling: Ceiling | None = None
    shares: tuple[tuple[int, Fraction], ...] = ()
    taken: tuple[tuple[int, Fraction], ...] = ()


def penalty_steps(basis: Basis, derived: Derived, row: PenaltyRow, lang: str) -> Iterator[str]:
    """The sentences of one penalty row."""
    end = _end(row)
    agreement = text_of(basis, row.rule, end - 1)
    penalty = None if agreement is None else agreement.penalty
    readings = basis.readings.at(end)
    if agreement is None or penalty is None or row.state == "no-rule":
        yield from _no_rule(row, lang)
        return
    book = None
    if penalty.reserve is not None:
        book = reserve_book(basis, agreement, penalty.reserve, derived.outages)
    for line in row.lines:
        yield from _line(basis, line, row, book, lang)
    yield from _average(basis, penalty, row, readings, lang)
    if row.gross is not None and row.lines:
        parts = " + ".join(exact_text(line.amount) for line in row.lines if line.amount is not None)
        sums = f"{parts} = {_euros(row.gross)}" if len(row.lines) > 1 else _euros(row.gross)
        yield say(lang, f"Gross penalty: {sums}.", f"Pénalité brute : {sums}.")
    for limit in limits_of(basis, derived, row):
        yield from _limit(limit, row, lang)
    yield from _window(basis, agreement, end, row, lang)
    yield from _claims(basis, row, lang)
    yield from _asleep(basis, penalty, row, lang)
    yield from _why(derived, agreement, penalty, row, lang)
    yield from _result(basis, derived, row, lang)


def limits_of(basis: Basis, derived: Derived, row: PenaltyRow) -> list[Limit]:
    """Every ceiling on one penalty, recomputed: earlier penalties first take their part of the months' invoices."""
    derogations = _derogations(basis)
    allowances = Allowances(invoices_of(basis))
    for other in derived.penalties:
        end = _end(other)
        agreement = text_of(basis, other.rule, end - 1)
        if agreement is None or agreement.penalty is None or other.state == "no-rule":
            continue
        readings = basis.readings.at(end)
        shares = _shares(other.lines)
        found: list[Limit] = []
        for written in agreement.penalty.cap:
            cap = written.under(readings.get)
            rule = agreement.full_id(cap.id)
            percent, _ = derogations.figure(rule, cap.percent, end)
            if not cap.applies:
                continue
            if cap.base == "average-revenue":
                amount = None if other.average is None else other.average * Fraction(percent) / PERCENT
                found.append(Limit(cap, rule, percent, amount))
                continue
            taken = tuple((month, allowances.taken.get((cap.id, month), ZERO)) for month in sorted(shares))
            ceiling = allowances.offer(cap, percent, shares)
            found.append(Limit(cap, rule, percent, ceiling.amount, ceiling, tuple(sorted(shares.items())), taken))
        if other is row:
            return found
        for limit in found:
            if other.payable is not None and limit.ceiling is not None:
                allowances.take(limit.ceiling, other.payable)
    return []


def _derogations(basis: Basis) -> Derogations:
    texts = {(t.id, t.version): t for segment in basis.terms.segments for t in segment.agreements}
    return derogations_of(basis, texts.values())


def _end(row: PenaltyRow) -> int:
    """The instant at which the periods of a row end."""
    if row.lines:
        return row.lines[0].breach.row.end
    return end_of_day(row.period_end)


def _shares(lines: Sequence[Line]) -> dict[int, Fraction]:
    shares: dict[int, Fraction] = {}
    for line in lines:
        months = line.months()
        whole = sum(months.values())
        for month, counted in months.items():
            part = ZERO if line.amount is None else line.amount * Fraction(counted, whole)
            shares[month] = shares.get(month, ZERO) + part
    return shares


def _no_rule(row: PenaltyRow, lang: str) -> Iterator[str]:
    for line in row.lines:
        about = f"{line.indicator} ({line.clause})"
        yield say(lang, f"Breached: {about}.", f"Non tenu : {about}.")
    yield say(
        lang,
        f"The texts in force set no penalty for a breach ({row.clause}): the amount does not exist, it is not zero.",
        f"Les textes en vigueur ne fixent aucune pénalité ({row.clause}) : le montant n'existe pas, il n'est pas nul.",
    )


def _line(basis: Basis, line: Line, row: PenaltyRow, book: ReserveBook | None, lang: str) -> Iterator[str]:
    source = line.breach.row
    name = line.indicator if line.resource is None else f"{line.indicator} ({line.resource})"
    title = in_lang(source.terms, lang)
    period = span(source.start, source.end, lang)
    yield say(
        lang,
        f"Line {name}, {line.clause}: {title}, {period}.",
        f"Ligne {name}, {line.clause} : {title}, du {period}.",
    )
    if book is not None:
        for outage, counted in line.breach.contributions:
            yield from _reserved(book, outage, total(counted), lang)
    target = exact_text(line.target * PERCENT)
    reference, counted_s = seconds_text(source.reference_us), exact_text(line.counted_us / MICROSECONDS_PER_SECOND)
    if source.timed and source.reference_us:
        rate = f"({reference} - {counted_s}) / {reference} = {ratio_text(line.rate)}"
        counts = microseconds(line.counted_us, lang)
        yield say(
            lang,
            f"{counts} count by contract; contractual availability: {rate} (target {target} %).",
            f"{counts} comptent contractuellement ; disponibilité contractuelle : {rate} (engagement {target} %).",
        )
    else:
        yield say(
            lang,
            f"Measured: {ratio_text(line.rate)} (target {target} %).",
            f"Mesuré : {ratio_text(line.rate)} (engagement {target} %).",
        )
    yield from _worth(basis, line, row, lang)


def _reserved(book: ReserveBook, outage: str, counted: int, lang: str) -> Iterator[str]:
    lasted = microseconds(counted, lang)
    valid = book.valid.get(outage, [])
    if not valid:
        yield say(
            lang,
            f"Outage {outage} ({lasted} counted): no valid reserve ({book.rule.clause}).",
            f"Interruption {outage} ({lasted} comptées) : aucune réserve valable ({book.rule.clause}).",
        )
    for name, spans in valid:
        sent = next((fact for fact in book.notified(outage) if fact.data.reserve == name), None)
        when = "" if sent is None else f", {moment(sent.time)} [{sent.ref}]"
        covers = ", ".join(span(*part, lang) for part in spans)
        yield say(
            lang,
            f"Outage {outage} ({lasted} counted): reserve {name}{when} covers {covers} ({book.rule.clause}).",
            f"Interruption {outage} ({lasted} comptées) : la réserve {name}{when} couvre du {covers}"
            f" ({book.rule.clause}).",
        )


def _worth(basis: Basis, line: Line, row: PenaltyRow, lang: str) -> Iterator[str]:
    target = exact_text(line.target)
    match line.breach.rule:
        case Formula() as rule:
            if line.amount is None or row.average is None:
                yield say(
                    lang,
                    f"{rule.clause}: the average revenue is not known yet, so the line has no amount.",
                    f"{rule.clause} : le chiffre d'affaires moyen n'est pas encore connu, la ligne n'a pas de montant.",
                )
                return
            gap = line.target - line.rate
            start = f"{target} - {ratio_text(line.rate)}"
            if rule.gap == "relative":
                gap /= line.target
                start = f"({start}) / {target}"
            factor, _ = _derogations(basis).figure(row.rule, rule.factor, line.breach.row.end)
            product = f"{exact_text(gap)} x {exact_text(factor)} x {exact_text(row.average)}"
            yield f"{rule.clause}{colon(lang)}{start} = {exact_text(gap)}; {product} = {_euros(line.amount)}."
        case Tiers() as tiers:
            bands = sorted(tiers.band, key=lambda band: band.below)
            hit = next((band for band in bands if line.rate * PERCENT < Fraction(band.below)), None)
            if hit is None or line.amount is None:
                yield say(lang, f"{tiers.clause}: no amount yet.", f"{tiers.clause} : pas encore de montant.")
                return
            percent = Fraction(hit.percent)
            base = line.amount * PERCENT / percent if percent else ZERO
            below, rate = format(hit.below, "f"), format(hit.percent, "f")
            sums = f"{exact_text(base)} x {rate} / 100 = {_euros(line.amount)}"
            yield say(
                lang,
                f"{tiers.clause}: below {below} % gives {rate} % of what was invoiced; {sums}.",
                f"{tiers.clause} : sous {below} %, {rate} % de ce qui a été facturé ; {sums}.",
            )
        case None:
            return


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
            f"{exact_text(whole)} / {found.months} months = {_euros(row.average)}.",
            f"{exact_text(whole)} / {found.months} mois = {_euros(row.average)}.",
        )
    else:
        yield say(lang, f"Average: {_euros(row.average)}.", f"Moyenne : {_euros(row.average)}.")


def _limit(limit: Limit, row: PenaltyRow, lang: str) -> Iterator[str]:
    percent = format(limit.percent, "f")
    title = in_lang(limit.cap, lang)
    if limit.ceiling is None:
        if limit.amount is None or row.average is None:
            return
        sums = f"{exact_text(row.average)} x {percent} / 100 = {_euros(limit.amount)}"
        yield say(
            lang,
            f"Cap, {limit.cap.clause} ({title}): {sums}; {_binds(limit, row, lang)}.",
            f"Plafond, {limit.cap.clause} ({title}) : {sums} ; {_binds(limit, row, lang)}.",
        )
        return
    yield say(
        lang,
        f"Cap, {limit.cap.clause} ({title}): {percent} % of the invoice of each month the penalty falls in:",
        f"Plafond, {limit.cap.clause} ({title}) : {percent} % de la facture de chaque mois où tombe la pénalité :",
    )
    taken = dict(limit.taken)
    for month, share in limit.shares:
        yield from _month(limit, month, share, taken.get(month, ZERO), lang)
    if limit.amount is not None:
        yield say(
            lang,
            f"Cap: {_euros(limit.amount)}; {_binds(limit, row, lang)}.",
            f"Plafond : {_euros(limit.amount)} ; {_binds(limit, row, lang)}.",
        )


def _month(limit: Limit, month: int, share: Fraction, taken: Fraction, lang: str) -> Iterator[str]:
    assert limit.ceiling is not None
    name = month_text(month)
    if month not in limit.ceiling.parts:
        known = limit.cap.split != "last-month" or month == limit.shares[-1][0]
        if known:
            yield say(lang, f"  {name}: no invoice known yet.", f"  {name} : pas encore de facture connue.")
        return
    of_month = [fact for fact in limit.ceiling.invoices if _counted_in(fact.data.month, fact.time, limit.cap) == name]
    taxed = limit.cap.vat == "included"
    amounts = [(fact.data.invoice, fact.data.amount_incl_vat if taxed else fact.data.amount) for fact in of_month]
    invoiced = sum((Fraction(amount) for _, amount in amounts if amount is not None), ZERO)
    names = ", ".join(invoice for invoice, _ in amounts)
    left = max(invoiced * Fraction(limit.percent) / PERCENT - taken, ZERO)
    less = "" if not taken else f" - {exact_text(taken)}"
    sums = f"{exact_text(invoiced)} ({names}) x {format(limit.percent, 'f')} / 100{less} = {_plain(left)}"
    kept = _plain(limit.ceiling.parts[month])
    earlier = "" if not taken else say(lang, ", earlier penalties taken out", ", pénalités antérieures déduites")
    yield say(
        lang,
        f"  {name}: {sums}{earlier}; share of the penalty {_plain(share)}; {kept} EUR kept.",
        f"  {name} : {sums}{earlier} ; part de la pénalité {_plain(share)} ; {kept} EUR retenus.",
    )


def _counted_in(month: str, issued: int, cap: Cap) -> str:
    return month if cap.invoice == "consumed" else moment(issued)[:7]


def _binds(limit: Limit, row: PenaltyRow, lang: str) -> str:
    if any(cap.rule == limit.rule for cap in row.caps):
        return say(lang, "it binds", "il s'applique")
    return say(lang, "it does not bind", "il ne joue pas")


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
        yield say(lang, f"Payable, {accepted}: {_euros(row.payable)}.", f"À payer, {accepted} : {_euros(row.payable)}.")
    else:
        parts = [row.gross, *(limit.amount for limit in limits_of(basis, derived, row))]
        known = [exact_text(part) for part in parts if part is not None]
        least = f"min({', '.join(known)}) = " if len(known) > 1 else ""
        yield say(lang, f"Payable: {least}{_euros(row.payable)}.", f"À payer : {least}{_euros(row.payable)}.")
    if row.credit_note is not None and row.credit_note != row.payable:
        yield say(
            lang,
            f"On the credit note, to the cent: {exact_text(row.credit_note)} EUR.",
            f"Sur l'avoir, au centime : {exact_text(row.credit_note)} EUR.",
        )


def _euros(value: Fraction) -> str:
    """An exact amount, with a cut decimal beside a fraction."""
    text = exact_text(value)
    return f"{text} ≈ {cut(value, CENTS)} EUR" if "/" in text else money(value)


def _plain(value: Fraction) -> str:
    return number(value, RATIO_PLACES)
