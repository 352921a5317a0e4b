"""One row of ``penalties``: how it is held and how it prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from domain.exact import MICROSECONDS_PER_SECOND, exact_text, ratio_text
from domain.time.instant import Instant, format_instant
from projections.penalty_lines import Line

State = Literal["no-rule", "rejected", "accepted", "barred", "suspended", "cap-pending", "claimed", "claimable"]


@dataclass(frozen=True, slots=True)
class BindingCap:
    """A ceiling that makes the penalty smaller than its gross amount."""

    rule: str
    clause: str
    amount: Fraction


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """The penalty of the periods that end on one Paris date. Amounts are exact euros, None where nothing says them.

    ``credit_note`` is ``payable`` rounded to the cent. ``claims`` are the claims the row rests on.
    """

    period_end: date
    rule: str
    clause: str
    state: State
    lines: tuple[Line, ...]
    gross: Fraction | None
    average: Fraction | None
    caps: tuple[BindingCap, ...]
    payable: Fraction | None
    credit_note: Fraction | None
    claim_by: Instant | None
    claims: tuple[str, ...]
    events: tuple[str, ...]
    readings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The row as statements print it."""
        printed: dict[str, Any] = {
            "period_end": self.period_end.isoformat(),
            "lines": [_line(line) for line in self.lines],
            "gross": _money(self.gross),
            "average_monthly_revenue": _money(self.average),
            "caps": [{"rule": cap.rule, "amount": exact_text(cap.amount), "clause": cap.clause} for cap in self.caps],
            "payable": _money(self.payable),
            "credit_note": _money(self.credit_note),
            "state": self.state,
            "claim_by": None if self.claim_by is None else format_instant(self.claim_by),
            "claims": list(self.claims),
            "rule": self.rule,
            "clause": self.clause,
            "events": list(self.events),
        }
        if self.readings:
            printed["readings"] = dict(self.readings)
        return printed


def _line(line: Line) -> dict[str, Any]:
    return {
        "indicator": line.indicator,
        "resource": line.resource,
        "target": exact_text(line.target * 100),
        "availability": ratio_text(line.rate),
        "counted_seconds": exact_text(line.counted_us / MICROSECONDS_PER_SECOND),
        "amount": _money(line.amount),
        "clause": line.clause,
    }


def _money(amount: Fraction | None) -> str | None:
    return None if amount is None else exact_text(amount)
