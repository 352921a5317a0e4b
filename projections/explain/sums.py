"""How another sum was reached: interest, fee, ceiling, billing, slices, credit."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from domain.agreements.amount import LateInterest, LiabilityCap, MinimumBilling, Slices
from domain.agreements.indicator import Varying
from domain.agreements.penalty import Credit
from domain.agreements.section import Rule
from domain.exact import exact_text
from domain.time.instant import Instant, start_of_day
from projections.amount_row import AmountRow
from projections.amounts import rated_days
from projections.basis import Basis
from projections.explain.voice import fact_named, in_lang, rule_of, say
from projections.shown import CENTS, cut, moment
from projections.wording import field_word, state_word, unit_word

PERCENT = 100
TOLD = ("invoice", "credit", "liability", "service", "ticket", "resource_type", "month", "from", "to", "running")


def amount_steps(basis: Basis, row: AmountRow, lang: str) -> Iterator[str]:
    """The sentences of one row of ``amounts``; the last line of arithmetic gives its figure."""
    when = _instant(basis, row)
    rule = _reads(basis, row, rule_of(basis, row.rule, when), when)
    title = row.rule if rule is None else in_lang(rule, lang)
    yield say(lang, f"The text ({row.clause}): {title}.", f"Le texte ({row.clause}) : {title}.")
    about = [f"{field_word(name, lang)} {_value(row.details[name], lang)}" for name in TOLD if name in row.details]
    if about:
        yield "; ".join(about) + "." if lang == "en" else " ; ".join(about) + "."
    if row.amount is None:
        if row.details.get("unlimited"):
            yield say(lang, "No ceiling applies: there is no figure.", "Aucun plafond : il n'y a pas de chiffre.")
        else:
            yield say(
                lang,
                "The amount cannot be computed: see the findings.",
                "Le montant ne peut être calculé : voir les constats.",
            )
        return
    result = f"{exact_text(row.amount)}{_about(row.amount)} {unit_word(row.unit, lang)}"
    yield from _arithmetic(basis, row, rule, result, lang)


def _arithmetic(basis: Basis, row: AmountRow, rule: Rule | None, result: str, lang: str) -> Iterator[str]:
    details = row.details
    match rule:
        case LateInterest():
            yield from _interest(basis, row, rule, result, lang)
        case LiabilityCap():
            yield say(
                lang,
                f"The breach lasted {details['days']} days as the text counts them.",
                f"Le manquement a duré {details['days']} jours au sens du texte.",
            )
            yield f"{details['monthly_amount']} x {exact_text(rule.times)} = {result}"
        case MinimumBilling():
            yield say(
                lang,
                f"Metered: {details['metered']} s; rounded up to the second, {rule.seconds} s at least: {result}",
                f"Mesuré : {details['metered']} s ; arrondi à la seconde, {rule.seconds} s au moins : {result}",
            )
        case Slices():
            share = f"{details['minutes']} / {rule.minutes}"
            if rule.count == "started":
                share += say(lang, ", each slice started counts", ", toute tranche entamée compte")
            yield f"{share} = {result}"
        case Credit():
            word = state_word("amounts", {"state": details["state"]}, lang)
            if details["valid_until"] is not None:
                until = details["valid_until"]
                yield say(lang, f"Valid until {until}, that day included.", f"Valable jusqu'au {until} inclus.")
            yield say(lang, f"State: {word}.", f"État : {word}.")
            left = Fraction(details["granted"]) - Fraction(details["used"])
            if left == row.amount:
                yield f"{details['granted']} - {details['used']} = {result}"
            else:
                gone = exact_text(left)
                yield say(
                    lang,
                    f"{details['granted']} - {details['used']} = {gone} EUR left, of no use any more: {result}",
                    f"{details['granted']} - {details['used']} = {gone} EUR restants, désormais perdus : {result}",
                )
        case _:
            yield say(lang, f"Amount set by the text: {result}", f"Montant fixé par le texte : {result}")


def _interest(basis: Basis, row: AmountRow, rule: LateInterest, result: str, lang: str) -> Iterator[str]:
    details = row.details
    base, points = details["base"], exact_text(rule.points)
    taxed = say(lang, "including VAT", "TTC") if rule.base == "incl-vat" else say(lang, "excluding VAT", "HT")
    days = details["days"]
    yield say(
        lang,
        f"Late days, the day of payment included: {days}; on {base} EUR ({taxed}).",
        f"Jours de retard, jour du paiement compris : {days} ; sur {base} EUR ({taxed}).",
    )
    products = []
    first, last = date.fromisoformat(details["from"]), date.fromisoformat(details["to"])
    for since, until, rate in rated_days(basis, rule, first, last):
        if rate is None:
            continue
        count = (until - since).days + 1
        yearly = exact_text(Fraction(rate.data.value) + Fraction(rule.points))
        recorded = f"{format(rate.data.value, 'f')} % ({rule.rate}, {rate.data.from_}) [{rate.ref}]"
        yield say(
            lang,
            f"From {since} to {until}, {count} days: {recorded} + {points} points = {yearly} % a year.",
            f"Du {since} au {until}, {count} jours : {recorded} + {points} points = {yearly} % par an.",
        )
        products.append(f"{base} x {yearly}/100 x {count}/{rule.year_days}")
    yield f"{' + '.join(products)} = {result}"


def _reads(basis: Basis, row: AmountRow, rule: Rule | None, when: int) -> Rule | None:
    if not isinstance(rule, Varying):
        return rule
    readings = basis.readings.at(when)
    document = row.rule.partition("/")[0]
    return rule.under(lambda name: readings.get(name, document))


def _instant(basis: Basis, row: AmountRow) -> int:
    """When what the sum rests on happened: a late invoice from its first late day, else the first fact."""
    start = row.details.get("from")
    if isinstance(start, str) and len(start) == len("2026-01-01"):
        return start_of_day(date.fromisoformat(start))
    facts = [fact for ref in row.events if (fact := fact_named(basis, ref)) is not None]
    return min((fact.time for fact in facts), default=Instant(basis.at))


def _about(amount: Fraction) -> str:
    return f" ≈ {cut(amount, CENTS)}" if "/" in exact_text(amount) else ""


def _value(value: object, lang: str) -> str:
    if isinstance(value, bool):
        return say(lang, "yes", "oui") if value else say(lang, "no", "non")
    text = str(value)
    return moment(text) if "T" in text and text[4:5] == "-" else text
