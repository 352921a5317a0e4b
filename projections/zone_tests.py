"""Whether a breached line may be claimed, given where the client ran (``az.when_tested``, ``az.new_zone``)."""

from collections.abc import Sequence
from fractions import Fraction

from domain.agreements.indicator import Indicator, Measurement
from domain.readings import Readings
from domain.time.delay import time_rules
from domain.time.interval import clip, total, union
from projections.basis import Basis
from projections.tracks import Piece
from projections.zones import Deployment, condition_met, grace_of

CLEAR: frozenset[str] = frozenset()


class ZoneTests:
    """The zone conditions of one contract under one set of readings."""

    def __init__(self, basis: Basis, readings: Readings) -> None:
        self._basis = basis
        self._continuous = readings.get("az.when_tested") == "B"
        self._rules = time_rules(readings.get)
        self._deployment: Deployment | None = None
        self._met: dict[tuple[bool, int | None, bool, str | None, int, str, str | None], bool] = {}

    @property
    def deployment(self) -> Deployment:
        """Where the client's systems ran, worked out when first asked."""
        if self._deployment is None:
            self._deployment = Deployment(self._basis)
        return self._deployment

    def met(
        self, indicator: Indicator, measured: Measurement | None, instant: int, service: str, resource: str | None
    ) -> bool:
        """Whether the condition of a line is met at an instant."""
        moment = max(instant, self._basis.terms.start)
        zones = indicator.zones
        if zones is None:
            return True
        grace = None if measured is None else measured.new_zone_grace
        key = (zones.every, zones.at_least, zones.proof, grace, moment, service, resource)
        met = self._met.get(key)
        if met is None:
            delay = grace_of(measured, self._rules)
            met = condition_met(zones, self.deployment, moment, service, resource, delay)
            self._met[key] = met
        return met

    def test(
        self,
        indicator: Indicator,
        measured: Measurement | None,
        pieces: Sequence[Piece],
        period: tuple[int, int],
        allowed: Fraction,
    ) -> tuple[bool, frozenset[str]]:
        """Whether the downtime that may be claimed is a breach alone, and the outages that may not be.

        An outage is tested where the client was when it started; under ``az.when_tested`` B the whole period is.
        """
        start, end = period
        counting = [(piece, clip(piece.counted, start, end)) for piece in pieces]
        counting = [(piece, spans) for piece, spans in counting if spans]
        barred = frozenset(
            piece.outage.id
            for piece, _ in counting
            if not all(
                self.met(indicator, measured, moment, piece.outage.service, piece.outage.resource)
                for moment in self._moments(piece, start, end)
            )
        )
        if not barred:
            return True, CLEAR
        kept = union(span for piece, spans in counting if piece.outage.id not in barred for span in spans)
        return total(kept) > allowed, barred

    def _moments(self, piece: Piece, start: int, end: int) -> Sequence[int]:
        if not self._continuous:
            return (piece.outage.start,)
        return (start, *self.deployment.changes(start, min(end, self._basis.at + 1)))
