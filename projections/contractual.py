"""The lines of a case on contractual time, why breached rows are no lines, and which rows can be claimed."""

from collections.abc import Iterable, Sequence

from projections import penalty_findings as say
from projections.assessment import Assessed, Setting, cited
from projections.findings import Finding
from projections.indicator_row import IndicatorRow, Key
from projections.penalty_lines import Breach, Counting, Line, combined, once_per_service


def counting(setting: Setting, reserves: frozenset[str] | None, *, also_open: bool = False) -> Counting:
    """What counts by contract for the rows of a case, by these reserves or by all of them.

    ``also_open`` adds what can still be reserved at the statement's date.
    """
    case, ledger = setting.case, setting.ledger
    book = ledger.book(case.agreement)
    compensation = case.penalty.compensation
    once = compensation is not None and compensation.under(case.readings.get).overlapping == "once"
    return Counting(
        reserved=None if book is None else lambda outage: book.covered(outage, reserves, also_open=also_open),
        lost=ledger.asleep if setting.suspension is not None and setting.suspension.outages else (),
        compensated=ledger.compensated if once else {},
        wiped=lambda row: ledger.wiped(case, row),
        sums_overlaps=case.readings.get("overlap") == "B",
    )


def lines_of(setting: Setting, claims: Assessed) -> tuple[list[Line], list[Line]]:
    """The lines by resource that are a breach by contract, and the lines of the penalty: one per service."""
    case = setting.case
    counted = counting(setting, cited(claims.chosen))
    breaches = [b for b in case.breaches if _claimed(b.row, claims)]
    every = [counted.line(breach) for breach in breaches if breach.row.zone_ok]
    breached = [line for line in every if line.breached]
    cumulation = None if case.penalty.cumulation is None else case.penalty.cumulation.under(case.readings.get)
    siblings: Sequence[Line] = ()
    if cumulation is not None and cumulation.resources == "mean":
        rules = {breach.row.indicator: breach.rule for breach in breaches}
        rows = setting.ledger.siblings(breach.row for breach in breaches)
        siblings = [counted.line(Breach.of(row, rules[row.indicator])) for row in rows if row.zone_ok]
    lines = once_per_service(combined(breached, siblings, cumulation), cumulation)
    lines.sort(key=lambda line: (line.indicator, line.resource or ""))
    return breached, lines


def left_out(setting: Setting, present: Iterable[Line]) -> list[Finding]:
    """Why breached rows are no lines: deployment, too little reserved, lateness, silence, or compensation."""
    case = setting.case
    keys = {line.breach.row.key for line in present}
    missing = [breach for breach in case.breaches if breach.row.key not in keys]
    found = [say.zone_condition(breach.row) for breach in missing if not breach.row.zone_ok]
    full = counting(setting, None)
    bare = Counting(full.reserved, sums_overlaps=full.sums_overlaps)
    awake = Counting(full.reserved, lost=full.lost, sums_overlaps=full.sums_overlaps)
    kept = Counting(full.reserved, lost=full.lost, wiped=full.wiped, sums_overlaps=full.sums_overlaps)
    unreserved: list[IndicatorRow] = []
    late: list[IndicatorRow] = []
    silent: list[IndicatorRow] = []
    settled: list[IndicatorRow] = []
    for breach in missing:
        if not breach.row.zone_ok:
            continue
        if not bare.line(breach).breached:
            unreserved.append(breach.row)
        elif not awake.line(breach).breached:
            late.append(breach.row)
        elif not kept.line(breach).breached:
            silent.append(breach.row)
        else:
            settled.append(breach.row)
    book = setting.ledger.book(case.agreement)
    if unreserved and book is not None:
        limit = book.open_until(outage for row in unreserved for outage, _ in row.contributions)
        found.append(say.unreserved(case.agreement, book.rule, unreserved, limit))
    if late and setting.suspension is not None:
        found.append(say.lost_outages(case.agreement, setting.suspension, late))
    if silent and case.penalty.claim is not None:
        found.append(say.wiped(case.agreement, case.penalty.claim, silent))
    if settled and case.penalty.compensation is not None:
        found.append(say.compensated(case.agreement, case.penalty.compensation, settled))
    return found


def claimable_rows(setting: Setting, claims: Assessed) -> frozenset[Key]:
    """The rows on which nothing bars a claim: deployment, reserves made or still possible, window, claim."""
    everything = counting(setting, None, also_open=True)
    of_claims = counting(setting, cited(claims.filed))
    inadmissible = setting.asleep and setting.suspension is not None and setting.suspension.claims
    found: set[Key] = set()
    for breach in setting.case.breaches:
        row = breach.row
        claimed = any(claim.names(row.indicator) for claim in claims.filed)
        if not row.zone_ok or not (claimed or not (setting.closed or inadmissible)):
            continue
        counted = of_claims if setting.closed else everything
        if claims.accepted or counted.line(breach).breached:
            found.add(row.key)
    return frozenset(found)


def _claimed(row: IndicatorRow, claims: Assessed) -> bool:
    return not claims.chosen or any(claim.names(row.indicator) for claim in claims.chosen)
