"""The lines of a penalty: what each breached line is worth once only the time that counts by contract is left.

The contractual rate takes the reserved part of the counted downtime, without what was already compensated or is lost.
Durations are microseconds, amounts exact euros; nothing is rounded.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Self

from domain.agreements.penalty import Cumulation, Formula, PenaltyRule
from domain.time.interval import Intervals, intersect, subtract, total, union
from projections.indicator_row import IndicatorRow
from projections.revenue import month_of, month_start

WHOLE = Fraction(100)
ZERO = Fraction(0)
TIME_METRIC = "availability"


@dataclass(frozen=True, slots=True)
class Breach:
    """A breached row under the rule that punishes it, if any. ``contributions`` are its outages' counted time.

    Outages during which the client was not deployed as the line requires are left out of them.
    """

    row: IndicatorRow
    rule: PenaltyRule | None
    contributions: tuple[tuple[str, Intervals], ...]

    @classmethod
    def of(cls, row: IndicatorRow, rule: PenaltyRule | None) -> Self:
        """The breach a row shows."""
        return cls(row, rule, tuple(c for c in row.contributions if c[0] not in row.barred))


@dataclass(frozen=True, slots=True)
class Line:
    """One breached line of a penalty.

    ``rate`` is the contractual availability, a fraction of 1; ``counted_us`` the downtime behind it, ``intervals`` its
    instants. ``amount`` is None while what it rests on is unknown.
    """

    breach: Breach
    indicator: str
    clause: str
    resource: str | None
    target: Fraction
    rate: Fraction
    counted_us: Fraction
    intervals: Intervals
    amount: Fraction | None = None

    @property
    def breached(self) -> bool:
        """Whether the contractual rate is below the promise; equality keeps it."""
        return self.rate < self.target

    def months(self) -> dict[int, int]:
        """The downtime by Paris month, in microseconds; a line without any falls in its period's last month."""
        if not self.intervals:
            return {month_of(self.breach.row.end - 1): 1}
        months: dict[int, int] = {}
        for start, end in self.intervals:
            first, last = month_of(start), month_of(end - 1)
            for month in range(first, last + 1):
                part = (
                    min(end, month_start(month + 1)) - max(start, month_start(month)) if first < last else end - start
                )
                months[month] = months.get(month, 0) + part
        return months


@dataclass(slots=True)
class Counting:
    """What counts by contract for the rows of one period end.

    ``reserved`` gives the reserved part of an outage; None where the text asks for no reserve. ``lost`` is time that no
    penalty can be claimed for. ``compensated`` is, per line, time that an accepted claim has settled already. ``wiped``
    is the time of a row whose reserves earlier silence destroyed.
    """

    reserved: Callable[[str], Intervals] | None
    lost: Intervals = ()
    compensated: Mapping[str, Intervals] = field(default_factory=dict)
    wiped: Callable[[IndicatorRow], Intervals] | None = None
    sums_overlaps: bool = False

    def line(self, breach: Breach) -> Line:
        """The breach as a line of a penalty, on contractual time."""
        row = breach.row
        assert row.target is not None
        target = Fraction(row.target) / WHOLE
        if row.terms.metric != TIME_METRIC or not row.reference_us:
            rate = Fraction(1) if row.rate is None else row.rate
            return Line(breach, row.indicator, row.terms.clause, row.resource, target, rate, ZERO, ())
        intervals, counted = self.count(breach)
        rate = 1 - counted / row.reference_us
        return Line(breach, row.indicator, row.terms.clause, row.resource, target, rate, counted, intervals)

    def count(self, breach: Breach) -> tuple[Intervals, Fraction]:
        """The contractual downtime of a breach, as instants and as microseconds."""
        row = breach.row
        kept = [counted for _, counted in breach.contributions]
        if self.reserved is not None:
            kept = [_within(counted, self.reserved(outage)) for outage, counted in breach.contributions]
        wiped = () if self.wiped is None else self.wiped(row)
        if removed := union((*self.lost, *self.compensated.get(row.indicator, ()), *wiped)):
            kept = [subtract(counted, removed) for counted in kept]
        whole = union(span for counted in kept for span in counted)
        counted_us = sum(map(total, kept)) if self.sums_overlaps else total(whole)
        return whole, Fraction(counted_us)


def _within(counted: Intervals, reserved: Intervals) -> Intervals:
    """The part of an outage's counted time that is reserved; most often all of it."""
    if len(reserved) == 1 and counted and reserved[0][0] <= counted[0][0] and counted[-1][1] <= reserved[0][1]:
        return counted
    return intersect(counted, reserved)


def combined(lines: Sequence[Line], siblings: Iterable[Line], cumulation: Cumulation | None) -> list[Line]:
    """One line per service, as the text adds resources up: the worst, the mean of all, or each.

    ``lines`` are the breached ones, ``siblings`` every row of the same lines and periods, breached or not.
    """
    resources = "worst" if cumulation is None else cumulation.resources
    if resources == "each":
        return list(lines)
    if resources == "mean":
        return _means(siblings)
    worst: dict[str, Line] = {}
    for line in lines:
        known = worst.get(line.indicator)
        if known is None or (line.rate, line.resource or "") < (known.rate, known.resource or ""):
            worst[line.indicator] = line
    return list(worst.values())


def _means(siblings: Iterable[Line]) -> list[Line]:
    groups: dict[str, list[Line]] = {}
    for line in siblings:
        groups.setdefault(line.indicator, []).append(line)
    means = []
    for group in groups.values():
        if len(group) == 1:
            means.append(group[0])
            continue
        means.append(
            replace(
                group[0],
                resource=None,
                rate=sum((line.rate for line in group), ZERO) / len(group),
                counted_us=sum((line.counted_us for line in group), ZERO) / len(group),
                intervals=union(span for line in group for span in line.intervals),
            )
        )
    return [line for line in means if line.breached]


def once_per_service(lines: Sequence[Line], cumulation: Cumulation | None) -> list[Line]:
    """Lines that print one promise several times punish an outage once, or each (``command_api.dedup``)."""
    if cumulation is None:
        return list(lines)
    found = list(lines)
    for group in cumulation.one_service:
        members = [line for line in found if line.breach.row.terms.id in group]
        if not members:
            continue
        if cumulation.each:
            found += _printed_again(members, group)
            continue
        punished: set[str] = set()
        for line in sorted(members, key=lambda line: (line.rate - line.target, line.indicator)):
            outages = {outage for outage, counted in line.breach.contributions if counted}
            if outages and outages <= punished:
                found = [other for other in found if other is not line]
            punished |= outages
    return found


def _printed_again(members: Sequence[Line], group: Sequence[str]) -> list[Line]:
    """The worst member again under every heading of its document that has no line yet."""
    worst = min(members, key=lambda line: (line.rate, line.indicator))
    agreement = worst.breach.row.agreement
    present = {line.breach.row.terms.id for line in members}
    copies: list[Line] = []
    for terms in () if agreement is None else agreement.indicator:
        if terms.id in group and terms.id not in present and terms.target is not None:
            assert agreement is not None
            target = Fraction(terms.target) / WHOLE
            line = replace(worst, indicator=agreement.full_id(terms.id), clause=terms.clause, target=target)
            if line.breached:
                copies.append(line)
    return copies


def worth(line: Line, average: Fraction | None, invoiced: Fraction | None) -> Fraction | None:
    """What a line costs in euros: its rule on the average revenue, or on what was invoiced for its period.

    None while that base is unknown.
    """
    match line.breach.rule:
        case Formula() as rule:
            gap = line.target - line.rate
            if rule.gap == "relative":
                gap /= line.target
            return None if average is None else gap * Fraction(rule.factor) * average
        case None:
            return None
        case rule:
            base = average if rule.base == "average-revenue" else invoiced
            bands = sorted(rule.band, key=lambda band: band.below)
            at = bisect_right([Fraction(band.below) for band in bands], line.rate * WHOLE)
            percent = Fraction(bands[at].percent) if at < len(bands) else ZERO
            return None if base is None else base * percent / WHOLE


def shares_by_month(lines: Iterable[Line]) -> Mapping[int, Fraction]:
    """The penalty by month, pro rata of each line's downtime; unknown amounts weigh nothing but name their months."""
    shares: dict[int, Fraction] = {}
    for line in lines:
        months = line.months()
        whole = sum(months.values())
        for month, counted in months.items():
            part = ZERO if line.amount is None else line.amount * Fraction(counted, whole)
            shares[month] = shares.get(month, ZERO) + part
    return shares
