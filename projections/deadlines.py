"""Deadlines: what each party must do until when, what takes effect when, and what became of it.

Declared deadlines come from ``[[deadline]]`` of the texts in force, the others from ``[penalty]`` and ``[payment]``.
"""

from collections.abc import Iterable, Sequence

from projections.basis import Basis
from projections.claim_deadlines import claim_deadlines
from projections.deadline_findings import deadline_findings
from projections.deadline_row import DeadlineRow
from projections.docket import Docket
from projections.findings import Finding
from projections.indicator_row import IndicatorRow
from projections.opening import row_of
from projections.outages import Outage


def deadline_rows(
    basis: Basis, outages: Sequence[Outage], indicator_rows: Iterable[IndicatorRow]
) -> tuple[list[DeadlineRow], list[Finding]]:
    """Every deadline of one contract at ``basis.at``, by rule and time, and what a reader must know of them."""
    docket = Docket(basis)
    rows = [row_of(opening, basis.at) for opening in docket.all()]
    rows += claim_deadlines(basis, outages, indicator_rows)
    rows.sort(key=lambda row: row.order)
    return rows, deadline_findings(docket)


__all__ = ["DeadlineRow", "deadline_rows"]
