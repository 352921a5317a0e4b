"""The statement of service levels over a month or another period: each line against its promise, and what follows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from domain.time.delay import add_months
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, paris_date, start_of_day
from domain.time.interval import clip, total, union
from projections.documents.blocks import (
    LEFT,
    RIGHT,
    Block,
    Cell,
    bars,
    cell,
    days,
    heading,
    pairs,
    points,
    table,
    text,
    verdict,
)
from projections.documents.drawing import Asked, Drawing, NotDrawnError, Sheet, Voice
from projections.documents.matter import bearing_json, titled
from projections.explain.bearing import Bearing, bearings
from projections.figures import day, lasting, measured, money, month, month_name, share, target
from projections.findings import Finding
from projections.indicator_row import BREACHED, MET, IndicatorRow
from projections.penalty_row import PenaltyRow
from projections.wording import Pair, state_word

WORDS: Mapping[str, Pair] = {
    "title": ("Service level statement", "Relevé de niveaux de service"),
    "period": ("{first} to {last}", "du {first} au {last}"),
    "kept": ("All lines judged were kept: {count}.", "Lignes jugées toutes tenues : {count}."),
    "breached": ("Lines not kept: {breached} of {count} judged.", "Lignes non tenues : {breached} sur {count} jugées."),
    "none_judged": (
        "No line could be judged over this period yet.",
        "Aucune ligne n'a encore pu être jugée sur cette période.",
    ),
    "open": (
        "The period is not over: figures can still change.",
        "La période n'est pas close : les chiffres peuvent encore changer.",
    ),
    "summary": ("In short", "En bref"),
    "lines_count": ("Lines shown", "Lignes présentées"),
    "downtime": ("Downtime counted, all lines together", "Temps compté, toutes lignes confondues"),
    "excluded": ("Downtime excluded by the texts", "Temps exclu par les textes"),
    "payable": ("Penalties payable for the period", "Pénalités à payer pour la période"),
    "qualification": ("Qualification", "Qualification"),
    "chart": (
        "Downtime used of what each line allows (the mark: all of it)",
        "Temps d'arrêt consommé, rapporté à ce que chaque ligne autorise (le trait : tout)",
    ),
    "bar": ("{reached} for {promised}", "{reached} pour {promised}"),
    "bar_told": (
        "{line}: {reached} reached, {promised} promised, {state}",
        "{line} : {reached} atteint, {promised} promis, {state}",
    ),
    "by_day": ("Downtime counted, day by day", "Temps compté, jour par jour"),
    "by_month": ("Downtime counted, month by month", "Temps compté, mois par mois"),
    "day_told": ("{day}: {time}", "{day} : {time}"),
    "longest": ("longest: {time} on {day}", "le plus long : {time}, {day}"),
    "no_downtime": ("No downtime was counted over the period.", "Aucun temps d'arrêt n'a été compté sur la période."),
    "lines": ("Service levels", "Niveaux de service"),
    "line": ("Line", "Ligne"),
    "promised": ("Promised", "Promis"),
    "reached": ("Reached", "Atteint"),
    "counted": ("Counted", "Compté"),
    "allowed": ("Allowed", "Autorisé"),
    "state": ("State", "État"),
    "resource": ("resource {name}", "ressource {name}"),
    "since": ("since {day}", "depuis le {day}"),
    "exclusions": ("Time excluded", "Temps exclu"),
    "rule": ("Rule", "Règle"),
    "event": ("Event", "Événement"),
    "time": ("Time", "Durée"),
    "support": ("Support objectives", "Objectifs de support"),
    "objective": ("Objective", "Objectif"),
    "tickets": ("Tickets in time", "Tickets dans les temps"),
    "penalties": ("Penalties", "Pénalités"),
    "ended": ("Periods ended", "Périodes closes"),
    "gross": ("Gross", "Brut"),
    "payable_short": ("Payable", "À payer"),
    "claim_by": ("Claim before", "À réclamer avant"),
    "no_penalty": (
        "No period with a breached line ended in it.",
        "Aucune période avec une ligne non tenue ne s'y achève.",
    ),
    "findings": ("Findings", "Constats"),
    "no_finding": ("Nothing to point out.", "Rien à signaler."),
    "cut": ("… and {left} more findings.", "… et {left} autres constats."),
}
NONE: Pair = (
    "No line has a period that ends in this time: is the contract in force then?",
    "Aucune ligne n'a de période qui s'achève dans ce temps : le contrat est-il en vigueur alors ?",
)
MARK = 1000
"""The length of a bar that has used all that is allowed."""
MOST_DAYS, MOST_FINDINGS = 40, 60


def why_not(drawing: Drawing) -> Pair | None:
    """Why there is no statement to draw up; None where there is."""
    return None if drawing.derived.indicators else NONE


def period_of(drawing: Drawing, asked: Asked) -> tuple[Instant, Instant]:
    """The period asked for: else the last Paris month that is over, else the one that runs."""
    if asked.start is not None:
        return asked.start, drawing.at if asked.end is None else asked.end
    first = paris_date(drawing.at).replace(day=1)
    ended = add_months(first, -1)
    month_before = start_of_day(ended), start_of_day(first)
    if any(month_before[0] < row.end <= month_before[1] for row in drawing.derived.indicators):
        return month_before
    return start_of_day(first), start_of_day(add_months(first, 1))


def sla_statement(drawing: Drawing, asked: Asked) -> Sheet:
    """The lines whose period ends in the time asked for."""
    say, lang = Voice(WORDS, drawing.lang), drawing.lang
    start, end = period_of(drawing, asked)
    rows = [row for row in drawing.derived.indicators if start < row.end <= end]
    if not rows:
        raise NotDrawnError(*NONE)
    first, last = paris_date(start), paris_date(Instant(end - 1))
    about = (
        month(first, lang) if _is_month(first, last) else say("period", first=day(first, lang), last=day(last, lang))
    )
    penalties = [row for row in drawing.derived.penalties if first <= row.period_end <= last]
    findings, told = _findings(drawing, start, end), set[str]()
    blocks = [*_verdict(say, rows), pairs(_summary(drawing, say, rows, penalties))]
    blocks += _charts(drawing, say, rows, (start, end))
    blocks.append(_lines(drawing, say, rows))
    blocks += _exclusions(drawing, say, rows)
    blocks += _support(drawing, say, first, last)
    blocks += _penalties(drawing, say, penalties)
    blocks += _found(drawing, say, findings)
    for row in rows:
        told.update(row.refs)
    for penalty in penalties:
        told.update(penalty.events)
    for finding in findings:
        told.update(finding.events)
    return Sheet(
        say("title"), about, tuple(blocks), tuple(sorted(told)), bearing_json(_bearings(drawing, rows, penalties))
    )


def _is_month(first: date, last: date) -> bool:
    return first.day == 1 and add_months(first, 1) == last + timedelta(days=1)


def _verdict(say: Voice, rows: Sequence[IndicatorRow]) -> Iterator[Block]:
    judged = [row for row in rows if row.state in (MET, BREACHED)]
    breached = sum(row.state == BREACHED for row in judged)
    note = "" if all(row.closed for row in rows) else say("open")
    if not judged:
        yield verdict(say("none_judged"), "warn", note)
    elif breached:
        yield verdict(say("breached", breached=breached, count=len(judged)), "bad", note)
    else:
        yield verdict(say("kept", count=len(judged)), "good", note)


def _summary(
    drawing: Drawing, say: Voice, rows: Sequence[IndicatorRow], penalties: Sequence[PenaltyRow]
) -> Iterator[tuple[str, Cell]]:
    lang = drawing.lang
    timed = [row for row in rows if row.timed]
    yield say("lines_count"), str(len(rows))
    spans = union(span for row in timed for _, found in row.contributions for span in found)
    yield say("downtime"), _time(total(spans), drawing)
    if any(row.excluded_us for row in timed):
        yield say("excluded"), _time(max(row.excluded_us for row in timed), drawing)
    known = [row.payable for row in penalties if row.payable is not None]
    if penalties:
        yield say("payable"), money(sum(known, Fraction(0)), lang) if known else "–"
    standing = drawing.derived.qualification
    if standing is not None and standing["state"] != "unknown":
        yield say("qualification"), cell(state_word("qualification", standing, lang), standing["clause"] or "")


def _charts(
    drawing: Drawing, say: Voice, rows: Sequence[IndicatorRow], period: tuple[Instant, Instant]
) -> Iterator[Block]:
    """What each line used of what it allows, and on which days."""
    lang = drawing.lang
    drawn, told = [], []
    for row in sorted(rows, key=_worst_first):
        if not row.timed or row.allowed is None or row.availability is None:
            continue
        name, printed = _name(drawing, say, row), row.as_json()
        reached, promised = share(row.availability, lang), target(printed["target"], "", lang)
        state = state_word("indicators", printed, lang)
        drawn.append((name, say("bar", reached=reached, promised=promised), _used(row), _tone(row)))
        told.append(say("bar_told", line=name, reached=reached, promised=promised, state=state))
    if drawn:
        yield bars(say("chart"), ". ".join(told), drawn, MARK)
    spans = union(span for row in rows if row.timed for _, found in row.contributions for span in found)
    spans = clip(spans, *period)
    if not spans:
        yield text(say("no_downtime"), "quiet")
        return
    first, last = paris_date(period[0]), paris_date(Instant(period[1] - 1))
    daily = (last - first).days < MOST_DAYS
    found = []
    current = first
    while current <= last:
        after = current + timedelta(days=1) if daily else add_months(current.replace(day=1), 1)
        found.append((current, total(clip(spans, start_of_day(current), start_of_day(after)))))
        current = after
    most = max(length for _, length in found)
    longest = next(one for one, length in found if length == most)

    def called(one: date) -> str:
        return day(one, lang) if daily else month(one, lang)

    yield days(
        say("by_day" if daily else "by_month"),
        ". ".join(say("day_told", day=called(one), time=_time(length, drawing)) for one, length in found if length),
        [
            (str(one.day) if daily else month_name(one.isoformat(), lang), length * MARK // most)
            for one, length in found
        ],
        say("longest", time=_time(most, drawing), day=called(longest)),
    )


def _worst_first(row: IndicatorRow) -> tuple[bool, str, int, str]:
    return (row.state != BREACHED, row.indicator, row.start, row.resource or "")


def _used(row: IndicatorRow) -> int:
    """Thousandths of the allowed downtime that were used; twice all of it at most, which reads as too much."""
    if not row.allowed:
        return 2 * MARK if row.counted_us else 0
    return min(2 * MARK, int(row.counted_us * MARK / row.allowed))


def _lines(drawing: Drawing, say: Voice, rows: Sequence[IndicatorRow]) -> Block:
    lang = drawing.lang
    columns = [
        (say("line"), LEFT, 8), (say("promised"), RIGHT, 4), (say("reached"), RIGHT, 3), (say("counted"), RIGHT, 4),
        (say("allowed"), RIGHT, 4), (say("state"), LEFT, 3),
    ]  # fmt: skip
    usual = min((row.start for row in rows), default=0)
    told: list[tuple[Cell, ...]] = []
    for row in sorted(rows, key=_worst_first):
        printed = row.as_json()
        since = say("since", day=day(row.start, lang)) if row.start != usual or row.provisional is not None else ""
        note = ", ".join(filter(None, (row.clause, since)))
        allowed = "–" if row.allowed is None else lasting(int(row.allowed) // MICROSECONDS_PER_SECOND, lang)
        metric = row.terms.metric
        told.append(
            (
                cell(_name(drawing, say, row), note),
                "–" if row.target is None else target(printed["target"], metric, lang),
                measured(printed, metric, lang),
                _time(row.counted_us, drawing) if row.timed else "–",
                allowed,
                cell(state_word("indicators", printed, lang), tone=_tone(row)),
            )
        )
    return table(say("lines"), columns, told)


def _exclusions(drawing: Drawing, say: Voice, rows: Sequence[IndicatorRow]) -> Iterator[Block]:
    told: dict[tuple[str, str, str], tuple[Cell, ...]] = {}
    for row in rows:
        for one in row.exclusions:
            name = _name(drawing, say, row)
            rule = cell(titled(drawing, one.rule), one.clause)
            event = cell(one.event.ref, mono=True)
            told[row.indicator, one.rule, one.event.ref] = (name, rule, event, _time(one.microseconds, drawing))
    if told:
        columns = [(say("line"), LEFT, 5), (say("rule"), LEFT, 5), (say("event"), LEFT, 6), (say("time"), RIGHT, 3)]
        yield table(say("exclusions"), columns, list(told.values()))


def _support(drawing: Drawing, say: Voice, first: date, last: date) -> Iterator[Block]:
    lang = drawing.lang
    told: list[tuple[Cell, ...]] = []
    for row in drawing.derived.objectives:
        if row.total and f"{first:%Y-%m}" <= row.month <= f"{last:%Y-%m}":
            printed = row.as_json()
            told.append(
                (
                    cell(titled(drawing, row.commitment), f"{row.clause}, {month(row.month, lang)}"),
                    target(printed["objective"], "", lang),
                    f"{row.met}/{row.total}",
                    cell(state_word("support_objectives", printed, lang), tone="bad" if row.state == "missed" else ""),
                )
            )
    if told:
        columns = [
            (say("line"), LEFT, 8),
            (say("objective"), RIGHT, 3),
            (say("tickets"), RIGHT, 3),
            (say("state"), LEFT, 3),
        ]
        yield table(say("support"), columns, told)


def _penalties(drawing: Drawing, say: Voice, rows: Sequence[PenaltyRow]) -> Iterator[Block]:
    lang = drawing.lang
    if not rows:
        yield text(say("no_penalty"), "quiet")
        return
    told: list[tuple[Cell, ...]] = []
    for row in rows:
        caps = ", ".join(f"{titled(drawing, cap.rule)} ({cap.clause})" for cap in row.caps)
        told.append(
            (
                cell(day(row.period_end, lang), row.clause),
                money(row.gross, lang),
                cell(money(row.payable, lang), caps),
                state_word("penalties", {"state": row.state}, lang),
                "–" if row.claim_by is None else day(Instant(row.claim_by), lang),
            )
        )
    columns = [
        (say("ended"), LEFT, 4), (say("gross"), RIGHT, 3), (say("payable_short"), RIGHT, 4), (say("state"), LEFT, 4),
        (say("claim_by"), LEFT, 4),
    ]  # fmt: skip
    yield table(say("penalties"), columns, told)


def _findings(drawing: Drawing, start: Instant, end: Instant) -> list[Finding]:
    """What a reader must know of facts that happened in the period."""
    inside = {fact.ref for fact in drawing.basis.facts.everything() if start <= fact.time < end}
    return [one for one in drawing.derived.findings if inside.intersection(one.events)]


def _found(drawing: Drawing, say: Voice, findings: Sequence[Finding]) -> Iterator[Block]:
    yield heading(say("findings"))
    told = []
    for one in findings:
        words = one.message_fr if drawing.lang == "fr" else one.message
        told.append(f"{words} ({one.clause})" if one.clause else words)
    told = list(dict.fromkeys(told))
    if not told:
        yield text(say("no_finding"), "quiet")
        return
    yield points(told[:MOST_FINDINGS])
    if len(told) > MOST_FINDINGS:
        yield text(say("cut", left=len(told) - MOST_FINDINGS), "quiet")


def _bearings(drawing: Drawing, rows: Sequence[IndicatorRow], penalties: Sequence[PenaltyRow]) -> Iterator[Bearing]:
    """The readings that bear on what is shown; lines of one kind rest on the same."""
    for row in {(row.indicator, bool(row.exclusions), bool(row.pieces)): row for row in rows}.values():
        document = None if row.agreement is None else row.agreement.id
        yield from bearings(drawing.basis, row, row.start, document, drawing.lang)
    for penalty in penalties[-1:]:
        yield from bearings(drawing.basis, penalty, drawing.at, penalty.rule.partition("/")[0], drawing.lang)


def _name(drawing: Drawing, say: Voice, row: IndicatorRow) -> str:
    name = titled(drawing, row.indicator)
    return name if row.resource is None else f"{name}, {say('resource', name=row.resource)}"


def _tone(row: IndicatorRow) -> str:
    return {BREACHED: "bad", MET: "good"}.get(row.state, "warn" if row.state == "running" else "quiet")


def _time(microseconds: int, drawing: Drawing) -> str:
    return lasting(microseconds // MICROSECONDS_PER_SECOND, drawing.lang)
