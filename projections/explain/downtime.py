"""How a service level was reached: the period, its reference time, each outage, each exclusion, the verdict."""

from collections.abc import Iterator

from domain.exact import exact_text, ratio_text, seconds_text
from domain.time.interval import Intervals, clip, intersect, subtract, total, union
from projections.basis import Basis
from projections.exclusions import Window, excluding_text, exclusions_of, gaps
from projections.explain.voice import in_lang, say, title_of
from projections.indicator_row import BREACHED, NO_COMMITMENT, IndicatorRow
from projections.shown import microseconds, moment, number, percent, span
from projections.wording import PERIODS, pick, state_word

DAY = 86_400_000_000
LENGTHS = ("period.dst", "year.length", "year.short_history", "period.activation_mid_month")
"""Readings under which a period counts for another time than the one that elapses."""
DEFAULT = "A"


def indicator_steps(basis: Basis, row: IndicatorRow, lang: str) -> Iterator[str]:
    """The sentences of one indicator row."""
    yield from _promise(row, lang)
    yield from _period(basis, row, lang)
    if row.state == NO_COMMITMENT:
        yield say(
            lang,
            "No document promises anything for this service here: neither kept nor breached.",
            "Aucun document ne promet rien ici pour ce service : ni tenu, ni non tenu.",
        )
    elif not row.timed:
        yield from _measured(row, lang)
    else:
        yield from _reference(basis, row, lang)
        yield from _outages(row, lang)
        yield from _exclusions(basis, row, lang)
        yield from _verdict(row, lang)
    yield from _claim(row, lang)


def held_windows(basis: Basis, row: IndicatorRow) -> list[Window]:
    """What takes reference time from a row: excluded maintenance and time under beta, by start."""
    if row.agreement is None:
        return []
    readings = basis.readings.at(row.start)
    governing = basis.terms.governing(max(row.start, basis.terms.start))
    shrinks = {"beta"}
    if readings.get("maintenance.mode", row.agreement.id) == "A":
        shrinks.add("maintenance")
    windows = exclusions_of(excluding_text(row.agreement, governing, basis), basis, readings).windows
    found = [
        w
        for w in windows
        if w.kind in shrinks and w.touches(row.terms.services) and (w.resources is None or row.resource in w.resources)
    ]
    return sorted((w for w in found if clip(w.spans, row.start, row.end)), key=lambda w: (w.spans[0], w.event.order))


def _promise(row: IndicatorRow, lang: str) -> Iterator[str]:
    if row.agreement is None:
        return
    services = ", ".join(row.terms.services)
    title = in_lang(row.terms, lang)
    if row.target is None:
        yield say(lang, f"The text ({row.clause}): {title}.", f"Le texte ({row.clause}) : {title}.")
        return
    unit = "ms" if row.terms.metric == "latency" else "%"
    target = f"{format(row.target, 'f')} {unit}"
    often = pick(PERIODS[row.terms.period], lang)
    yield say(
        lang,
        f"The text ({row.clause}) promises {target} {often}: {title}. It is fed by: {services}.",
        f"Le texte ({row.clause}) promet {target} {often} : {title}. Services concernés : {services}.",
    )


def _period(basis: Basis, row: IndicatorRow, lang: str) -> Iterator[str]:
    length = row.end - row.start
    change = say(lang, "; the clocks change in it", " ; l'heure change pendant ce temps") if length % DAY else ""
    lasted = microseconds(length, lang)
    yield say(
        lang,
        f"The period runs from {moment(row.start)} to {moment(row.end)} (Paris time): {lasted} elapsed{change}.",
        f"La période va du {moment(row.start)} au {moment(row.end)} (heure de Paris) : {lasted} écoulées{change}.",
    )
    if row.provisional:
        yield say(
            lang,
            "It is shorter than the year of the text: the figure is provisional.",
            "Elle est plus courte que l'année du texte : le chiffre est provisoire.",
        )
    if not row.closed:
        at = moment(basis.at)
        yield say(
            lang,
            f"It is still open at {at}, the date of the statement.",
            f"Elle est encore ouverte au {at}, date du relevé.",
        )


def _reference(basis: Basis, row: IndicatorRow, lang: str) -> Iterator[str]:
    """Each window and each unmeasured span, then the subtraction; the whole alone where they do not explain it."""
    length = row.end - row.start
    taken: list[Intervals] = []
    for window in held_windows(basis, row):
        spans = clip(window.spans, row.start, row.end)
        taken.append(spans)
        yield from (_window(basis, window, part, row, lang) for part in spans)
    down = union((p.start, p.end) for p in row.pieces if p.counts)
    gone = union(s for gap in gaps(basis) if gap.touches(row.terms.services) for s in gap.spans)
    for start, end in clip(gone, row.start, row.end):
        covered = total(intersect(((start, end),), down))
        also = (
            ""
            if not covered
            else say(
                lang,
                f", of which {microseconds(covered, lang)} are known as an outage and stay",
                f", dont {microseconds(covered, lang)} sont connues comme interruption et restent",
            )
        )
        yield say(
            lang,
            f"Nothing was measured {span(start, end, lang)}: {microseconds(end - start, lang)}{also}.",
            f"Rien n'a été mesuré du {span(start, end, lang)} : {microseconds(end - start, lang)}{also}.",
        )
    if row.reference_us == length:
        return
    unmeasured = subtract(clip(gone, row.start, row.end), down)
    whole = total(union(s for spans in (*taken, unmeasured) for s in spans))
    nominal = row.reference_us + whole
    readings = basis.readings.at(row.start)
    by_reading = [name for name in LENGTHS if readings.get(name) != DEFAULT]
    if nominal != length and by_reading:
        counts, names = microseconds(nominal, lang), ", ".join(by_reading)
        yield say(
            lang,
            f"By the reading chosen ({names}) it counts as {counts}.",
            f"Selon la lecture choisie ({names}), elle compte pour {counts}.",
        )
        length = nominal
    left = microseconds(row.reference_us, lang)
    sums = f"{seconds_text(length)} - {seconds_text(whole)} = " if whole and nominal == length else ""
    yield say(lang, f"Reference time: {sums}{left}.", f"Temps de référence : {sums}{left}.")


def _window(basis: Basis, window: Window, part: tuple[int, int], row: IndicatorRow, lang: str) -> str:
    name = getattr(window.event.data, "maintenance", None) or getattr(window.event.data, "service", "")
    title = title_of(basis, window.rule, row.start, lang)
    where, lasted = span(*part, lang), microseconds(part[1] - part[0], lang)
    return say(
        lang,
        f"Out of the reference time: {name}, {where}, {lasted} ({window.clause}, {window.rule}: {title}),"
        f" by {window.event.ref}.",
        f"Hors du temps de référence : {name}, du {where}, {lasted} ({window.clause}, {window.rule} : {title}),"
        f" par {window.event.ref}.",
    )


def _outages(row: IndicatorRow, lang: str) -> Iterator[str]:
    apart = 0
    for piece in row.pieces:
        start, end = max(piece.start, row.start), min(piece.end, row.end)
        if end <= start:
            continue
        outage = piece.outage
        name = f"{outage.id} ({outage.service}{'' if outage.resource is None else ', ' + outage.resource})"
        where, lasted = span(start, end, lang), microseconds(end - start, lang)
        ref = outage.facts[0].ref
        if not piece.counts:
            yield say(
                lang,
                f"Outage {name}, {where}, {lasted}: degraded, which is no downtime here, by {ref}.",
                f"Interruption {name}, du {where}, {lasted} : service dégradé, pas une indisponibilité ici, par {ref}.",
            )
            continue
        apart += end - start
        running = "" if outage.end is not None else say(lang, ", still running", ", encore en cours")
        cut_off = "" if (start, end) == (piece.start, piece.end) else say(
            lang, f" (its part in the period; it runs {span(piece.start, piece.end, lang)})",
            f" (sa part dans la période ; elle dure du {span(piece.start, piece.end, lang)})",
        )  # fmt: skip
        yield say(
            lang,
            f"Outage {name}, {where}{cut_off}{running}: {lasted}, by {ref}.",
            f"Interruption {name}, du {where}{cut_off}{running} : {lasted}, par {ref}.",
        )
    down = microseconds(row.unavailable_us, lang)
    if not row.unavailable_us:
        yield say(lang, "No unavailable time: 0 s.", "Aucune indisponibilité : 0 s.")
    elif apart > row.unavailable_us:
        twice = microseconds(apart - row.unavailable_us, lang)
        yield say(
            lang,
            f"Together, each second once: {down} unavailable (overlaps take {twice} out).",
            f"Ensemble, chaque seconde une fois : {down} d'indisponibilité (les recouvrements ôtent {twice}).",
        )
    else:
        yield say(lang, f"Together: {down} unavailable.", f"Ensemble : {down} d'indisponibilité.")


def _exclusions(basis: Basis, row: IndicatorRow, lang: str) -> Iterator[str]:
    for taken in row.exclusions:
        title = title_of(basis, taken.rule, row.start, lang)
        less = microseconds(taken.microseconds, lang)
        yield say(
            lang,
            f"Less {less} under {taken.clause} ({taken.rule}: {title}), by {taken.event.ref}.",
            f"Moins {less} au titre de {taken.clause} ({taken.rule} : {title}), par {taken.event.ref}.",
        )
    if row.unavailable_us:
        counted = microseconds(row.counted_us, lang)
        head = f"{seconds_text(row.unavailable_us)} - {seconds_text(row.excluded_us)} = {counted}"
        yield say(lang, f"Counted: {head}.", f"Compté : {head}.")


def _verdict(row: IndicatorRow, lang: str) -> Iterator[str]:
    allowed, rate = row.allowed, row.availability
    reference, counted = seconds_text(row.reference_us), seconds_text(row.counted_us)
    if row.target is not None and allowed is not None:
        target = format(row.target, "f")
        limit = exact_text(allowed / 1_000_000)
        yield say(
            lang,
            f"Allowed: {reference} x (1 - {target}/100) = {limit} s.",
            f"Autorisé : {reference} x (1 - {target}/100) = {limit} s.",
        )
        over = row.counted_us > allowed
        sign = ">" if over else "<="
        means = say(lang, "more than allowed", "plus qu'autorisé") if over else say(
            lang, "no more than allowed", "pas plus qu'autorisé"
        )  # fmt: skip
        yield say(lang, f"{counted} {sign} {limit}: {means}.", f"{counted} {sign} {limit} : {means}.")
    if rate is not None:
        shown = f"({reference} - {counted}) / {reference} = {ratio_text(rate)}"
        about = "" if rate.denominator == 1 else f" = {percent(rate)}".replace("= ≈", "≈")
        yield say(lang, f"Availability: {shown}{about}.", f"Disponibilité : {shown}{about}.")
    yield _so(row, lang)


def _measured(row: IndicatorRow, lang: str) -> Iterator[str]:
    if row.value is None:
        yield say(lang, "Nothing was measured in this period.", "Rien n'a été mesuré dans cette période.")
    else:
        for fact in row.facts:
            value = getattr(fact.data, "value", None)
            measure = getattr(fact.data, "measure", None)
            if measure is not None and value is not None:
                where = span(fact.data.from_, fact.data.to, lang)
                yield f"{measure}: {format(value, 'f')}, {where} [{fact.ref}]"
        value, target = exact_text(row.value), "" if row.target is None else format(row.target, "f")
        unit = {"latency": " ms", "time-share": " %"}.get(row.terms.metric, "")
        compared = f"{target} ms" if row.terms.metric == "latency" else f"{target} %"
        about = number(row.value) if "/" in value else value
        yield say(
            lang,
            f"The measures of the period give {about}{unit}; the target is {compared}.",
            f"Les mesures de la période donnent {about}{unit} ; l'engagement est de {compared}.",
        )
    yield _so(row, lang)


def _so(row: IndicatorRow, lang: str) -> str:
    word = state_word("indicators", {"state": row.state}, lang)
    return say(lang, f"Result: {word}.", f"Résultat : {word}.")


def _claim(row: IndicatorRow, lang: str) -> Iterator[str]:
    if row.state != BREACHED:
        return
    if row.claimable:
        yield say(lang, "It can be claimed.", "Elle est réclamable.")
        return
    if not row.closed:
        why = say(lang, "its period is still open", "sa période est encore ouverte")
    elif not row.zone_ok:
        why = say(
            lang,
            "the client is not deployed as the line requires",
            "le client n'est pas déployé comme la ligne l'exige",
        )
    else:
        why = say(lang, "see the penalty and the findings", "voir la pénalité et les constats")
    yield say(lang, f"It cannot be claimed: {why}.", f"Elle n'est pas réclamable : {why}.")
