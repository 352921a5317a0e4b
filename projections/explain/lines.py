"""How one line of a penalty was reached: its outages and reserves, what counts by contract, and the formula."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from domain.agreements.penalty import Formula, Penalty, Tiers
from domain.exact import MICROSECONDS_PER_SECOND, exact_text, ratio_text, seconds_text
from domain.time.interval import Intervals, intersect, subtract, total, union
from projections.basis import Basis
from projections.caps import PERCENT
from projections.claims import filed_claims
from projections.explain.ceilings import derogations_for, euros
from projections.explain.voice import in_lang, say
from projections.penalty_lines import Line
from projections.penalty_row import PenaltyRow
from projections.reserves import ReserveBook
from projections.shown import microseconds, moment, span
from projections.statement import Derived
from projections.wording import colon

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Told:
    """What the lines of one penalty share. ``cited`` are the reserves its claims rely on, None where none was filed."""

    basis: Basis
    derived: Derived
    row: PenaltyRow
    penalty: Penalty
    book: ReserveBook | None
    cited: frozenset[str] | None


def cited_in(basis: Basis, row: PenaltyRow) -> frozenset[str] | None:
    """The reserves named by the claims that a penalty rests on; None, which is every one, where there is no claim."""
    if not row.claims:
        return None
    filed = [claim.fact.data for claim in filed_claims(basis).get(row.period_end, ())]
    return frozenset(name for claim in filed if claim.claim in row.claims for name in claim.reserves)


def line_steps(told: Told, line: Line, lang: str) -> Iterator[str]:
    """The sentences of one line."""
    source = line.breach.row
    name = line.indicator if line.resource is None else f"{line.indicator} ({line.resource})"
    title = in_lang(source.terms, lang)
    period = span(source.start, source.end, lang)
    yield say(
        lang,
        f"Line {name}, {line.clause}: {title}, {period}.",
        f"Ligne {name}, {line.clause} : {title}, du {period}.",
    )
    for outage, counted in line.breach.contributions:
        yield from _reserved(told, outage, counted, lang)
    target = exact_text(line.target * PERCENT)
    reference, counted_s = seconds_text(source.reference_us), exact_text(line.counted_us / MICROSECONDS_PER_SECOND)
    if source.timed and source.reference_us:
        yield from _taken_out(told, line, lang)
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
    yield from _worth(told, line, lang)


def _reserved(told: Told, outage: str, counted: Intervals, lang: str) -> Iterator[str]:
    """One outage with the reserves that cover it, where the text asks for reserves."""
    lasted = microseconds(total(counted), lang)
    book = told.book
    if book is None:
        yield say(lang, f"Outage {outage}: {lasted} counted.", f"Interruption {outage} : {lasted} comptées.")
        return
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
        left_out = told.cited is not None and name not in told.cited
        unused = say(lang, "; the claim does not cite it", " ; la réclamation ne la cite pas") if left_out else ""
        yield say(
            lang,
            f"Outage {outage} ({lasted} counted): reserve {name}{when} covers {covers} ({book.rule.clause}){unused}.",
            f"Interruption {outage} ({lasted} comptées) : la réserve {name}{when} couvre du {covers}"
            f" ({book.rule.clause}){unused}.",
        )


def _taken_out(told: Told, line: Line, lang: str) -> Iterator[str]:
    """What the reserved time loses before it counts: what earlier claims settled, and what lateness or silence lost."""
    reserved = _reserved_time(told, line)
    whole = total(reserved)
    if whole <= line.counted_us:
        return
    shown = microseconds(whole, lang)
    yield say(lang, f"Reserved, each second once: {shown}.", f"Réservé, chaque seconde une fois : {shown}.")
    left = reserved
    parts = [seconds_text(whole)]
    rule = told.penalty.compensation
    for other in told.derived.penalties:
        if other is told.row or rule is None or line.counted_us == total(left):
            break
        if other.state != "accepted":
            continue
        paid = union(s for one in other.lines if one.indicator == line.indicator for s in one.intervals)
        taken = total(intersect(left, paid))
        if taken:
            left = subtract(left, paid)
            parts.append(seconds_text(taken))
            less = microseconds(taken, lang)
            yield say(
                lang,
                f"Less {less}, compensated with the penalty of {other.period_end} ({rule.clause}).",
                f"Moins {less}, indemnisées avec la pénalité du {other.period_end} ({rule.clause}).",
            )
    rest = total(left) - line.counted_us
    if rest > 0:
        parts.append(exact_text(rest / MICROSECONDS_PER_SECOND))
        less = microseconds(rest, lang)
        yield say(
            lang,
            f"Less {less}, lost while a payment was late, given up, or settled: see the findings.",
            f"Moins {less}, perdues pendant un retard de paiement, abandonnées ou réglées : voir les constats.",
        )
    counted = exact_text(line.counted_us / MICROSECONDS_PER_SECOND)
    yield f"{' - '.join(parts)} = {counted} s."


def _reserved_time(told: Told, line: Line) -> Intervals:
    """The counted time of a line that a reserve covers; all of it where the text asks for none."""
    book = told.book
    if book is None:
        return union(span_ for _, counted in line.breach.contributions for span_ in counted)
    return union(
        span_
        for outage, counted in line.breach.contributions
        for span_ in intersect(counted, book.covered(outage, told.cited))
    )


def _worth(told: Told, line: Line, lang: str) -> Iterator[str]:
    target, average = exact_text(line.target), told.row.average
    match line.breach.rule:
        case Formula() as rule:
            if line.amount is None or average is None:
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
            name = f"{told.row.rule.partition('/')[0]}/{rule.id}"
            factor, _ = derogations_for(told.basis).figure(name, rule.factor, line.breach.row.end)
            product = f"{exact_text(gap)} x {exact_text(factor)} x {exact_text(average)}"
            yield f"{rule.clause}{colon(lang)}{start} = {exact_text(gap)}; {product} = {euros(line.amount)}."
        case Tiers() as tiers:
            bands = sorted(tiers.band, key=lambda band: band.below)
            hit = next((band for band in bands if line.rate * PERCENT < Fraction(band.below)), None)
            if hit is None or line.amount is None:
                yield say(lang, f"{tiers.clause}: no amount yet.", f"{tiers.clause} : pas encore de montant.")
                return
            percent = Fraction(hit.percent)
            base = line.amount * PERCENT / percent if percent else ZERO
            below, rate = format(hit.below, "f"), format(hit.percent, "f")
            sums = f"{exact_text(base)} x {rate} / 100 = {euros(line.amount)}"
            yield say(
                lang,
                f"{tiers.clause}: below {below} % gives {rate} % of what was invoiced; {sums}.",
                f"{tiers.clause} : sous {below} %, {rate} % de ce qui a été facturé ; {sums}.",
            )
        case None:
            return
