"""Support objectives: the share of a month's tickets that was in time, against the share promised.

A month is a Paris calendar month. Tickets to which the commitment does not apply are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from domain.agreements.model import Agreement
from domain.exact import exact_text, ratio_text
from domain.readings import Readings
from domain.time.delay import add_months
from domain.time.instant import Instant, paris_date, start_of_day
from projections.basis import Basis
from projections.support import SupportRow
from projections.terms import Segment

WHOLE = 100


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """One commitment and month: ``met`` of ``total`` tickets in time, against ``objective`` percent.

    ``undecided`` tickets are neither answered nor late. ``open`` says that the month is not over.
    """

    commitment: str
    month: str
    met: int
    total: int
    undecided: int
    objective: Decimal
    clause: str
    open: bool
    readings: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """``no-data``, ``running``, ``met`` or ``missed``."""
        if not self.total:
            return "no-data"
        if self.undecided:
            return "running"
        return "met" if self.met * WHOLE >= self.objective * self.total else "missed"

    def as_json(self) -> dict[str, Any]:
        """The row as statements print it."""
        row: dict[str, Any] = {
            "commitment": self.commitment,
            "month": self.month,
            "met": self.met,
            "total": self.total,
            "ratio": ratio_text(Fraction(self.met, self.total)) if self.total else None,
            "objective": exact_text(self.objective),
            "state": self.state,
            "clause": self.clause,
        }
        if self.open:
            row["provisional"] = True
        if self.readings:
            row["readings"] = self.readings
        return row


def objective_rows(basis: Basis, rows: list[SupportRow]) -> list[ObjectiveRow]:
    """One row per commitment that has an objective and per month started by ``basis.at``, by (commitment, month)."""
    tallies = _tallies(rows)
    found: list[ObjectiveRow] = []
    tables: dict[int, tuple[Readings, tuple[Segment, ...]]] = {}
    for start, end in _months(basis):
        readings = basis.readings.at(start)
        if id(readings) not in tables:
            tables[id(readings)] = (readings, basis.terms.sla_segments(readings, basis.catalogue))
        for agreement in _in_force(tables[id(readings)][1], start, end):
            if agreement.support is not None:
                found += _of_month(basis, agreement, start, end, tallies)
    found.sort(key=lambda row: (row.commitment, row.month))
    return found


@dataclass(slots=True)
class _Tally:
    """Tickets of one commitment: in time, all, and not decided yet."""

    met: int = 0
    total: int = 0
    undecided: int = 0

    def add(self, other: "_Tally") -> None:
        """Takes another tally in."""
        self.met += other.met
        self.total += other.total
        self.undecided += other.undecided


Tallies = dict[str, dict[str, _Tally]]


def _tallies(rows: list[SupportRow]) -> Tallies:
    """The tickets by commitment and month of opening (``YYYY-MM``)."""
    tallies: Tallies = {}
    for row in rows:
        if row.state == "not-applicable":
            continue
        by_month = tallies.setdefault(row.commitment, {})
        tally = by_month.setdefault(_month(paris_date(row.opened)), _Tally())
        decided = row.state != "running" or row.measured.early
        tally.total += 1
        tally.met += decided and row.state != "missed"
        tally.undecided += not decided
    return tallies


def _months(basis: Basis) -> Iterator[tuple[Instant, Instant]]:
    """Start and end of each month started; the contract's own start cuts the first."""
    terms = basis.terms
    first = paris_date(terms.start).replace(day=1)
    while True:
        following = add_months(first, 1)
        start, end = max(start_of_day(first), terms.start), start_of_day(following)
        if start > basis.at or (terms.end is not None and start >= terms.end):
            return
        yield start, end
        first = following


def _in_force(segments: tuple[Segment, ...], start: int, end: int) -> list[Agreement]:
    """The documents whose own support terms govern at least an instant of a period."""
    overlapping = [s for s in segments if s.start < end and (s.end is None or s.end > start)]
    return list({a.id: a for segment in overlapping for a in segment.agreements}.values())


def _of_month(
    basis: Basis, agreement: Agreement, start: Instant, end: Instant, tallies: Tallies
) -> Iterator[ObjectiveRow]:
    """The rows of one document for one month."""
    support = agreement.support
    assert support is not None
    month = _month(paris_date(start))
    readings = basis.readings.at(start)
    for commitment in support.commitment:
        if commitment.objective is None or support.population is None:
            continue
        population = support.population.under(partial(readings.get, document=agreement.id))
        tally = _Tally()
        full_id = agreement.full_id(commitment.id)
        for opened, counted in tallies.get(full_id, {}).items():
            if opened == month or (population.over == "contract" and opened < month):
                tally.add(counted)
        yield ObjectiveRow(
            full_id, month, tally.met, tally.total, tally.undecided, commitment.objective.percent, commitment.clause,
            basis.at < end, basis.readings.differences(readings, [v.reading for v in support.population.variant]),
        )  # fmt: skip


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"
