"""The arithmetic of a figure, one sentence a step, down to each outage and each subtraction.

Every sentence is a pair (English, French). Numbers are the exact ones of the statement; a decimal after ≈ is for reading only
and cut, never rounded.
"""

from collections.abc import Iterator
from fractions import Fraction

from domain.agreements.penalty import Formula
from domain.exact import exact_text, ratio_text, seconds_text
from domain.time.instant import format_instant
from domain.time.interval import clip, total
from projections.indicator_row import IndicatorRow
from projections.penalty_row import PenaltyRow
from projections.support import SupportRow

Sentence = tuple[str, str]
READING_PLACES = 6


def indicator_steps(row: IndicatorRow) -> Iterator[Sentence]:
    """How an indicator row was reached."""
    start, end = format_instant(row.start), format_instant(row.end)
    yield f"The period runs from {start} to {end}.", f"La période va du {start} au {end}."
    if row.state == "no-commitment":
        yield "No document promises anything for this service here.", "Aucun document ne promet rien ici pour ce service."
        return
    if not row.timed:
        yield from _measured_steps(row)
        return
    length = row.end - row.start
    yield (
        f"It lasts {seconds_text(length)} elapsed seconds.",
        f"Elle dure {seconds_text(length)} secondes écoulées.",
    )
    if row.reference_us != length:
        taken = seconds_text(length - row.reference_us)
        yield (
            f"{taken} s leave the reference time (excluded maintenance windows {seconds_text(length - row.reference_us - row.unmeasured_us)} s,"
            f" time nobody measured {seconds_text(row.unmeasured_us)} s): {seconds_text(row.reference_us)} s remain.",
            f"{taken} s sortent du temps de référence (fenêtres de maintenance exclues"
            f" {seconds_text(length - row.reference_us - row.unmeasured_us)} s, temps non mesuré {seconds_text(row.unmeasured_us)} s) :"
            f" il reste {seconds_text(row.reference_us)} s.",
        )
    yield from _downtime_steps(row)
    yield from _verdict_steps(row)


def penalty_steps(row: PenaltyRow) -> Iterator[Sentence]:
    """How a penalty row was reached."""
    for line in row.lines:
        gap = line.target - line.rate
        name = line.indicator if line.resource is None else f"{line.indicator} ({line.resource})"
        counted = seconds_text_of(line.counted_us)
        yield (
            f"{name}: {counted} s count by contract, so the contractual availability is {ratio_text(line.rate)}"
            f" for a target of {exact_text(line.target * 100)} %.",
            f"{name} : {counted} s comptent contractuellement, la disponibilité contractuelle est donc {ratio_text(line.rate)}"
            f" pour un engagement de {exact_text(line.target * 100)} %.",
        )
        rule = line.breach.rule
        if line.amount is not None and isinstance(rule, Formula) and rule.gap == "points" and row.average is not None:
            yield (
                f"({exact_text(line.target)} - {ratio_text(line.rate)}) x {exact_text(rule.factor)} x {exact_text(row.average)}"
                f" = {ratio_text(gap)} x {exact_text(rule.factor)} x {exact_text(row.average)} = {exact_text(line.amount)} EUR.",
            ) * 2
        elif line.amount is not None:
            yield (f"{name}: {exact_text(line.amount)} EUR.", f"{name} : {exact_text(line.amount)} EUR.")
    if row.average is not None:
        yield (
            f"The average monthly revenue, excluding VAT, is {exact_text(row.average)} EUR.",
            f"Le chiffre d'affaires mensuel moyen hors taxes est de {exact_text(row.average)} EUR.",
        )
    if row.gross is not None:
        yield f"Sum of the lines: {exact_text(row.gross)} EUR.", f"Somme des lignes : {exact_text(row.gross)} EUR."
    for cap in row.caps:
        yield (
            f"The ceiling of {cap.clause} ({cap.rule}) binds: {exact_text(cap.amount)} EUR.",
            f"Le plafond {cap.clause} ({cap.rule}) s'applique : {exact_text(cap.amount)} EUR.",
        )
    if row.payable is not None:
        yield f"Payable: {exact_text(row.payable)} EUR.", f"À payer : {exact_text(row.payable)} EUR."
    else:
        yield (
            f"Nothing is payable now: the penalty is '{row.state}'.",
            f"Rien n'est dû à ce stade : la pénalité est « {row.state} ».",
        )


def support_steps(row: SupportRow) -> Iterator[Sentence]:
    """How a support row was reached."""
    shown = row.measured
    if row.because is not None:
        yield (
            f"The commitment does not apply: {row.because[1]} ({row.because[0]}).",
            f"L'engagement ne s'applique pas : {row.because[1]} ({row.because[0]}).",
        )
        return
    if shown.start is None:
        yield (
            "The ticket is not complete: the clock has not started.",
            "Le ticket n'est pas complet : le délai n'a pas commencé à courir.",
        )
        return
    yield (
        f"The clock starts at {format_instant(shown.start)}; {seconds_text(row.allowed_us)} s of its own time are allowed.",
        f"Le délai court à partir du {format_instant(shown.start)} ; {seconds_text(row.allowed_us)} s de son temps propre sont allouées.",
    )
    if shown.due is not None:
        yield f"It runs out at {format_instant(shown.due)}.", f"Il expire le {format_instant(shown.due)}."
    if shown.settled is not None:
        yield (
            f"The provider acted at {format_instant(shown.settled)}.",
            f"Le prestataire a agi le {format_instant(shown.settled)}.",
        )
    yield (
        f"Closed hours and pauses left out, {seconds_text(shown.elapsed_us)} s have run"
        f" of {seconds_text(row.allowed_us)} s: {row.state}.",
        f"Heures fermées et pauses déduites, {seconds_text(shown.elapsed_us)} s se sont écoulées"
        f" sur {seconds_text(row.allowed_us)} s : {row.state}.",
    )


def seconds_text_of(microseconds: Fraction) -> str:
    """Microseconds as exact seconds, where they may be a fraction."""
    return exact_text(microseconds / 1_000_000)


def _measured_steps(row: IndicatorRow) -> Iterator[Sentence]:
    if row.value is None:
        yield "Nothing was measured in this period.", "Rien n'a été mesuré dans cette période."
        return
    value = exact_text(row.value)
    target = "" if row.target is None else format(row.target, "f")
    yield (
        f"The measures of the period give {value} for a target of {target}: {row.state}.",
        f"Les mesures de la période donnent {value} pour un engagement de {target} : {row.state}.",
    )


def _downtime_steps(row: IndicatorRow) -> Iterator[Sentence]:
    for piece in row.pieces:
        start, end = max(piece.start, row.start), min(piece.end, row.end)
        if end <= start:
            continue
        outage = piece.outage
        if not piece.counts:
            yield (
                f"Outage {outage.id} ({outage.service}, {outage.extent}) is no downtime here.",
                f"L'interruption {outage.id} ({outage.service}, {outage.extent}) n'est pas une indisponibilité ici.",
            )
            continue
        yield (
            f"Outage {outage.id} ({outage.service}): {format_instant(start)} to {format_instant(end)},"
            f" {seconds_text(end - start)} s in the period, {seconds_text(total(clip(piece.counted, row.start, row.end)))} s of it count.",
            f"Interruption {outage.id} ({outage.service}) : du {format_instant(start)} au {format_instant(end)},"
            f" {seconds_text(end - start)} s dans la période, dont {seconds_text(total(clip(piece.counted, row.start, row.end)))} s comptent.",
        )
    yield (
        f"Together the outages make {seconds_text(row.unavailable_us)} s of unavailable time, each second once.",
        f"Ensemble, les interruptions font {seconds_text(row.unavailable_us)} s d'indisponibilité, chaque seconde une fois.",
    )
    for taken in row.exclusions:
        yield (
            f"- {seconds_text(taken.microseconds)} s under {taken.rule} ({taken.clause}), by {taken.event.ref}.",
            f"- {seconds_text(taken.microseconds)} s au titre de {taken.rule} ({taken.clause}), par {taken.event.ref}.",
        )
    counted = seconds_text(row.counted_us)
    yield (
        f"{seconds_text(row.unavailable_us)} - {seconds_text(row.excluded_us)} = {counted} s count.",
        f"{seconds_text(row.unavailable_us)} - {seconds_text(row.excluded_us)} = {counted} s comptent.",
    )


def _verdict_steps(row: IndicatorRow) -> Iterator[Sentence]:
    allowed = row.allowed
    if row.target is not None and allowed is not None:
        target, reference = format(row.target, "f"), seconds_text(row.reference_us)
        limit = seconds_text_of(allowed)
        yield (
            f"The target of {target} % allows {reference} x (1 - {target}/100) = {limit} s.",
            f"L'engagement de {target} % autorise {reference} x (1 - {target}/100) = {limit} s.",
        )
        sign = "<=" if row.counted_us <= allowed else ">"
        yield f"{seconds_text(row.counted_us)} {sign} {limit}: {row.state}.", f"{seconds_text(row.counted_us)} {sign} {limit} : {row.state}."
    rate = row.availability
    if rate is not None:
        shown = f"({seconds_text(row.reference_us)} - {seconds_text(row.counted_us)}) / {seconds_text(row.reference_us)} = {ratio_text(rate)}"
        approximate = "" if rate.denominator == 1 else f" ≈ {_cut(rate)}"
        yield f"Availability: {shown}{approximate}.", f"Disponibilité : {shown}{approximate}."


def _cut(value: Fraction) -> str:
    scaled = value.numerator * 10**READING_PLACES // value.denominator
    return f"0.{scaled:0{READING_PLACES}d}" if scaled < 10**READING_PLACES else "1"
