"""Claims: the window in which a penalty must be claimed, what was filed in it, and what became of it.

A window opens when the period ends and closes at 24:00 Paris of its last day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from domain.agreements.model import Agreement
from domain.agreements.penalty import Claim
from domain.events.claim import PenaltyAccepted, PenaltyClaimed, PenaltyRejected
from domain.fact import AnyFact, Fact
from domain.readings import Readings
from domain.time.delay import TimeRules, compute, parse_delay
from domain.time.instant import Instant, paris_date, to_paris
from domain.time.interval import Intervals
from projections.basis import Basis
from projections.indicator_row import IndicatorRow
from projections.penalty_terms import punished, source_of


@dataclass(frozen=True, slots=True)
class ClaimWindow:
    """When the penalties of the periods that end on ``period_end`` can be claimed.

    ``opens`` is the end of the period, ``closes_at`` the first instant too late. ``due`` and ``last_day`` are the
    deadline: 24:00 of the last day, or the last instant in time where a reading counts hours. ``refs`` name the facts
    of the breached rows that opened it.
    """

    period_end: date
    opens: Instant
    closes_at: Instant
    due: Instant
    last_day: date | None
    agreement: Agreement
    rule: Claim
    refs: tuple[str, ...] = ()

    def open_at(self, instant: int) -> bool:
        """Whether a claim filed at an instant is in time."""
        return self.opens <= instant < self.closes_at


def last_day(end: int, readings: Readings) -> date:
    """The last day of a period that ends at an instant, in the zone its months are counted in (``period.timezone``)."""
    if readings.get("period.timezone") == "B":
        return to_paris(end - 1).astimezone(UTC).date()
    return paris_date(end - 1)


def window_of(
    opens: int, agreement: Agreement, rule: Claim, readings: Readings, refs: tuple[str, ...] = ()
) -> ClaimWindow:
    """The window of the periods that end at ``opens``: the text's delay from their last day (CGV art. 11)."""
    period_end = last_day(opens, readings)
    chosen = rule.under(readings.get)
    start = period_end if chosen.start == "last-day" else period_end + timedelta(days=1)
    due = compute(start, parse_delay(chosen.delay), TimeRules.of(readings))
    closes_at = due.due if due.last_day is not None else Instant(due.due + 1)
    return ClaimWindow(period_end, Instant(opens), closes_at, due.due, due.last_day, agreement, chosen, refs)


def claim_windows(basis: Basis, rows: Iterable[IndicatorRow]) -> tuple[ClaimWindow, ...]:
    """One window per period end with a breached line, under a text that has a claim window; oldest first."""
    opened: dict[tuple[int, str], tuple[Agreement, Claim, list[str]]] = {}
    for row in rows:
        if row.state != "breached" or not row.closed:
            continue
        source = source_of(basis, row)
        if source.agreement is None or source.penalty is None or source.penalty.claim is None:
            continue
        if not punished(source.penalty, row, basis.readings.at(row.end)):
            continue
        entry = opened.setdefault((row.end, source.agreement.id), (source.agreement, source.penalty.claim, []))
        entry[2].extend(row.refs)
    return tuple(
        window_of(end, agreement, rule, basis.readings.at(Instant(end)), tuple(dict.fromkeys(refs)))
        for (end, _), (agreement, rule, refs) in sorted(opened.items(), key=lambda item: item[0])
    )


@dataclass(frozen=True, slots=True)
class Filed:
    """A claim and what the provider answered; a claim that was both rejected and accepted is rejected."""

    fact: Fact[PenaltyClaimed]
    accepted: Fact[PenaltyAccepted] | None
    rejected: Fact[PenaltyRejected] | None

    def names(self, indicator: str) -> bool:
        """Whether the claim is about a line: one that it lists, or any when it lists none."""
        return not self.fact.data.indicators or indicator in self.fact.data.indicators

    @property
    def answered(self) -> tuple[int, str, str]:
        """Where its acceptance stands among facts; an unanswered claim stands where it was filed."""
        return (self.accepted or self.fact).order

    @property
    def facts(self) -> tuple[AnyFact, ...]:
        """The claim and the answers to it."""
        return tuple(fact for fact in (self.fact, self.accepted, self.rejected) if fact is not None)


def filed_claims(basis: Basis) -> dict[date, tuple[Filed, ...]]:
    """The claims by the period end they name, oldest first."""
    accepted: dict[str, Fact[PenaltyAccepted]] = {}
    rejected: dict[str, Fact[PenaltyRejected]] = {}
    for answer in basis.facts.own(PenaltyAccepted):
        accepted.setdefault(answer.data.claim, answer)
    for refusal in basis.facts.own(PenaltyRejected):
        rejected.setdefault(refusal.data.claim, refusal)
    found: dict[date, list[Filed]] = {}
    for fact in basis.facts.own(PenaltyClaimed):
        name = fact.data.claim
        found.setdefault(fact.data.period_end, []).append(Filed(fact, accepted.get(name), rejected.get(name)))
    return {day: tuple(claims) for day, claims in found.items()}


def within(instant: int, intervals: Intervals) -> bool:
    """Whether an instant lies in one of the intervals."""
    return any(start <= instant < end for start, end in intervals)


def wholly_within(start: int, end: int, intervals: Intervals) -> bool:
    """Whether one interval holds a whole span."""
    return any(first <= start and end <= last for first, last in intervals)
