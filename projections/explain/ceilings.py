"""The ceilings on a penalty, recomputed one by one: those that bind and those that do not, month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.agreements.penalty import Cap
from domain.exact import exact_text
from domain.time.instant import end_of_day
from projections.basis import Basis
from projections.caps import PERCENT, Allowances, Ceiling
from projections.explain.voice import in_lang, say, text_of
from projections.penalty_lines import shares_by_month
from projections.penalty_row import PenaltyRow
from projections.penalty_terms import Derogations, derogations_of
from projections.revenue import invoices_of, month_text
from projections.shown import CENTS, RATIO_PLACES, cut, moment, money, number
from projections.statement import Derived

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


def limits_of(basis: Basis, derived: Derived, row: PenaltyRow) -> list[Limit]:
    """Every ceiling on one penalty, recomputed: earlier penalties first take their part of the months' invoices."""
    derogations = derogations_for(basis)
    allowances = Allowances(invoices_of(basis))
    for other in derived.penalties:
        end = end_of(other)
        agreement = text_of(basis, other.rule, end - 1)
        if agreement is None or agreement.penalty is None or other.state == "no-rule":
            continue
        readings = basis.readings.at(end)
        shares = shares_by_month(other.lines)
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


def derogations_for(basis: Basis) -> Derogations:
    """What special conditions changed in the penalties of the contract."""
    texts = {(t.id, t.version): t for segment in basis.terms.segments for t in segment.agreements}
    return derogations_of(basis, texts.values())


def end_of(row: PenaltyRow) -> int:
    """The instant at which the periods of a row end."""
    if row.lines:
        return row.lines[0].breach.row.end
    return end_of_day(row.period_end)


def limit_steps(limit: Limit, row: PenaltyRow, lang: str) -> Iterator[str]:
    """One ceiling in words: its arithmetic, month by month where it rests on invoices, and whether it binds."""
    percent = format(limit.percent, "f")
    title = in_lang(limit.cap, lang)
    if limit.ceiling is None:
        if limit.amount is None or row.average is None:
            return
        sums = f"{exact_text(row.average)} x {percent} / 100 = {euros(limit.amount)}"
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
            f"Cap: {euros(limit.amount)}; {_binds(limit, row, lang)}.",
            f"Plafond : {euros(limit.amount)} ; {_binds(limit, row, lang)}.",
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


def euros(value: Fraction) -> str:
    """An exact amount, with a cut decimal beside a fraction."""
    text = exact_text(value)
    return f"{text} ≈ {cut(value, CENTS)} EUR" if "/" in text else money(value)


def _plain(value: Fraction) -> str:
    return number(value, RATIO_PLACES)
