"""Cases: the breached rows that ended together under one penalty rule, and what the cases of a contract share."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from domain.agreements.model import Agreement
from domain.agreements.penalty import Penalty
from domain.agreements.section import Section
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.interval import Intervals, union
from projections.basis import Basis
from projections.caps import Allowances
from projections.claims import Filed, last_day, window_of
from projections.indicator_row import IndicatorRow
from projections.payment import PaymentDue
from projections.penalty_lines import Breach, Line
from projections.penalty_terms import Derogations
from projections.pricing import Pricing
from projections.reserves import ReserveBook
from projections.revenue import Invoices

CLAIMS = ("clear_days.act_window", "clear_days.weekend", "overlap")
"""Readings that bear on claims without being written in the penalty section."""

RESERVES = ("hours.elapsed",)
"""Readings that bear on reserves without being written there."""


@dataclass(frozen=True, slots=True)
class Case:
    """The breached rows that ended at one instant under one text's penalty rule, with the readings that govern them."""

    end: int
    agreement: Agreement
    penalty: Penalty
    breaches: tuple[Breach, ...]
    readings: Readings

    @property
    def period_end(self) -> date:
        """The last day of the periods."""
        return last_day(self.end, self.readings)

    def differences(self, basis: Basis, book: ReserveBook | None) -> dict[str, str]:
        """The readings the case used where they are not the statement's; each reserve is read as its outage is."""
        timeline = basis.readings
        if timeline.constant:
            return {}
        reserves = readings_in(self.penalty.reserve).union(RESERVES)
        found: dict[str, str] = {}
        if self.readings is not timeline.base:
            texts = basis.terms.governing(self.end - 1)
            named = readings_in(self.penalty).union(*(references_in(text) for text in texts))
            found |= timeline.differences(self.readings, sorted({*named, *CLAIMS} - reserves))
        if book is not None:
            outages = (outage for breach in self.breaches for outage, _ in breach.contributions)
            for readings in chain.from_iterable(map(book.readings_of, outages)):
                found |= timeline.differences(readings, reserves)
        return dict(sorted(found.items()))


@dataclass(slots=True)
class Ledger:
    """What the cases of one contract share: facts worked out once, and what earlier cases took or settled.

    ``asleep`` is when the penalty system was suspended. ``compensated`` is, per line, the time accepted claims settled.
    """

    basis: Basis
    rows: Sequence[IndicatorRow]
    invoices: Invoices
    dues: tuple[PaymentDue, ...]
    asleep: Intervals
    claims: Mapping[date, tuple[Filed, ...]]
    books: Mapping[tuple[str, str], ReserveBook]
    derogations: Derogations
    allowances: Allowances
    compensated: dict[str, Intervals] = field(default_factory=dict)
    _ends: dict[str, list[int]] = field(default_factory=dict)
    _breached: set[tuple[str, int]] = field(default_factory=set)

    def book(self, agreement: Agreement) -> ReserveBook | None:
        """The reserves under a text, in the version that governs; None where it asks for none."""
        return self.books.get((agreement.id, agreement.version))

    def pricing(self, case: Case) -> Pricing:
        """What prices are made of for a case."""
        return Pricing(self.basis, case.agreement, case.penalty, self.invoices, self.derogations, self.allowances)

    def in_order(self, refs: Iterable[str]) -> tuple[str, ...]:
        """References once each, in the order (time, source, id)."""
        return self.basis.ranks.in_order(refs)

    def late_payments(self, instant: int) -> tuple[AnyFact, ...]:
        """The invoices late at an instant, and their payments."""
        return tuple(fact for due in self.dues if due.late_at(instant) for fact in due.facts)

    def breached_at(self, indicator: str, end: int) -> bool:
        """Whether a line is breached in a period that ends at an instant."""
        if not self._breached:
            self._breached = {(row.indicator, row.end) for row in self.rows if row.state == "breached"}
        return (indicator, end) in self._breached

    def siblings(self, rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
        """Every row of the same lines and periods, breached or not."""
        wanted = {(row.indicator, row.start, row.end) for row in rows}
        return [row for row in self.rows if (row.indicator, row.start, row.end) in wanted]

    def compensate(self, lines: Iterable[Line]) -> None:
        """Marks the time of these lines as settled for good."""
        for line in lines:
            settled = self.compensated.get(line.breach.row.indicator, ())
            self.compensated[line.breach.row.indicator] = union((*settled, *line.intervals))

    def wiped(self, case: Case, row: IndicatorRow) -> Intervals:
        """The time of a row before the last period end of its line that went unclaimed (``claim.waiver_scope`` B)."""
        claim = case.penalty.claim
        if claim is None or claim.under(case.readings.get).wipes == "period":
            return ()
        if not self._ends:
            for other in self.rows:
                if other.closed:
                    self._ends.setdefault(other.indicator, []).append(other.end)
            for ends in self._ends.values():
                ends.sort()
        ends = self._ends.get(row.indicator, [])
        for end in reversed(ends[bisect_right(ends, row.start) : bisect_right(ends, row.end - 1)]):
            window = window_of(end, case.agreement, claim, self.basis.readings.at(end))
            filed = self.claims.get(window.period_end, ())
            saved = any(window.open_at(c.fact.time) and c.names(row.indicator) for c in filed)
            if not saved and window.closes_at <= self.basis.at:
                return ((row.start, end),)
        return ()


def references_in(text: Agreement) -> set[str]:
    """Every reading on which it depends where a text sends back to for penalties."""
    return set() if text.penalty is None else readings_in(text.penalty.reference)


def readings_in(section: object) -> set[str]:
    """Every reading that a section of an agreement file names, at any depth."""
    if isinstance(section, tuple):
        return {name for item in section for name in readings_in(item)}
    if not isinstance(section, Section):
        return set()
    named = {variant.reading for variant in getattr(section, "variant", ())}
    return named.union(*(readings_in(getattr(section, name)) for name in type(section).model_fields))
