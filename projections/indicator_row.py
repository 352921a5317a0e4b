"""One figure of a service level: a line, a resource or the service as a whole, and a period."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from domain.agreements.indicator import Indicator
from domain.agreements.model import Agreement
from domain.exact import exact_text, known_seconds_text, ratio_text
from domain.fact import AnyFact
from domain.time.instant import format_instant
from domain.time.interval import Intervals, clip
from projections.ranks import Ranks
from projections.tracks import Piece

BREACHED, MET, RUNNING, NO_COMMITMENT, UNMEASURED = "breached", "met", "running", "no-commitment", "unmeasured"
HUNDRED = Fraction(100)

Key = tuple[str, str | None, int, int]


class Excluded(NamedTuple):
    """Downtime that one event takes out of a period under one rule, in microseconds; ``facts`` are all it rests on."""

    rule: str
    clause: str
    event: AnyFact
    microseconds: int
    facts: tuple[AnyFact, ...]


@dataclass(slots=True)
class IndicatorRow:
    """One row of ``indicators``. Times are microseconds; ``start`` and ``end`` instants, half-open.

    ``timed`` is false for durability, latency and time-share lines, which carry ``value`` instead of seconds.
    ``judged`` is false where a reading leaves no ratio to compute. ``closed``: the period ended by the date asked.
    ``zone_ok``: the deployment allows a claim; ``barred`` names the outages for which it does not. ``value`` is a
    fraction of 1 for a durability, a percentage for a time-share, milliseconds for a latency. ``claimable`` alone is
    set later, once the penalties are known.
    """

    indicator: str
    terms: Indicator
    agreement: Agreement | None
    resource: str | None
    start: int
    end: int
    closed: bool
    target: Decimal | None
    state: str
    timed: bool = True
    judged: bool = True
    reference_us: int = 0
    unavailable_us: int = 0
    unmeasured_us: int = 0
    counted_us: int = 0
    tolerance: Fraction | None = None
    exclusions: tuple[Excluded, ...] = ()
    pieces: tuple[Piece, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    zone_ok: bool = True
    barred: frozenset[str] = frozenset()
    claimable: bool = False
    provisional: bool | None = None
    value: Fraction | None = None
    samples: int | None = None
    basis: dict[str, str] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    ranks: Ranks = field(kw_only=True, repr=False, compare=False)
    _refs: tuple[str, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def key(self) -> Key:
        """What tells this row from every other of the contract."""
        return (self.indicator, self.resource, self.start, self.end)

    @property
    def clause(self) -> str | None:
        """The clause of the promise; None where no document makes one."""
        return None if self.agreement is None else self.terms.clause

    @property
    def excluded_us(self) -> int:
        """Downtime that a rule excludes, in microseconds."""
        return self.unavailable_us - self.counted_us

    @property
    def allowed(self) -> Fraction | None:
        """Downtime the promise allows, in microseconds; None where nothing is promised or computed."""
        return None if self.tolerance is None or not self.timed else _allowed(self.reference_us, self.tolerance)

    @property
    def availability(self) -> Fraction | None:
        """The available fraction of the reference time; None without reference time, or where it is not computed."""
        if not self.timed or not self.judged or not self.reference_us or self.state in (NO_COMMITMENT, UNMEASURED):
            return None
        return Fraction(self.reference_us - self.counted_us, self.reference_us)

    @property
    def rate(self) -> Fraction | None:
        """What was delivered as a fraction of 1, comparable with the target; None for a latency or without measure."""
        if self.timed:
            return self.availability
        if self.value is None or self.terms.metric == "latency":
            return None
        return self.value / HUNDRED if self.terms.metric == "time-share" else self.value

    @property
    def contributions(self) -> tuple[tuple[str, Intervals], ...]:
        """(outage, its counted time in this period) for every outage that counts here, by start."""
        clipped = ((piece.outage.id, clip(piece.counted, self.start, self.end)) for piece in self.pieces)
        return tuple((outage, spans) for outage, spans in clipped if spans)

    @property
    def refs(self) -> tuple[str, ...]:
        """``source#id`` of every fact the figure rests on, by (time, source, id)."""
        if self._refs is None:
            self._refs = self.ranks.refs(self.evidence())
        return self._refs

    def evidence(self) -> list[AnyFact]:
        """Every fact the figure rests on, in no order, some more than once."""
        found = [fact for piece in self.pieces for fact in piece.outage.facts]
        found += self.facts
        for excluded in self.exclusions:
            found += excluded.facts
        return found

    def as_json(self) -> dict[str, Any]:
        """The row as statements print it."""
        row: dict[str, Any] = {
            "indicator": self.indicator,
            "resource": self.resource,
            "period": {"from": format_instant(self.start), "to": format_instant(self.end)},
            "target": None if self.target is None else format(self.target, "f"),
        }
        if self.timed:
            allowed = self.allowed
            availability = self.availability
            row["reference_seconds"] = known_seconds_text(self.reference_us)
            row["unavailable_seconds"] = known_seconds_text(self.unavailable_us)
            row["excluded_seconds"] = known_seconds_text(self.excluded_us)
            row["unmeasured_seconds"] = known_seconds_text(self.unmeasured_us)
            row["counted_seconds"] = known_seconds_text(self.counted_us)
            row["allowed_seconds"] = None if allowed is None else _allowed_text(allowed)
            row["availability"] = None if availability is None else ratio_text(availability)
        else:
            row["value"] = None if self.value is None else exact_text(self.value)
            row |= dict.fromkeys(SECONDS)
        row["state"] = self.state
        row["claimable"] = self.claimable
        row["exclusions"] = [
            {"rule": e.rule, "clause": e.clause, "event": e.event.ref, "seconds": known_seconds_text(e.microseconds)}
            for e in self.exclusions
        ]
        row["clause"] = self.clause
        row["events"] = list(self.refs)
        if self.provisional is not None:
            row["provisional"] = self.provisional
        if self.samples is not None:
            row["samples"] = self.samples
        if self.basis:
            row["basis"] = self.basis
        if self.readings:
            row["readings"] = self.readings
        return row


SECONDS = (
    "reference_seconds",
    "unavailable_seconds",
    "excluded_seconds",
    "unmeasured_seconds",
    "counted_seconds",
    "allowed_seconds",
    "availability",
)


@lru_cache(maxsize=16_384)
def _allowed(reference: int, tolerance: Fraction) -> Fraction:
    return reference * tolerance


@lru_cache(maxsize=16_384)
def _allowed_text(allowed: Fraction) -> str:
    return exact_text(allowed / 1_000_000)
