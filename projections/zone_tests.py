"""Whether a breached line may be claimed, given where the client ran (``az.when_tested``, ``az.new_zone``)."""

from collections.abc import Sequence
from fractions import Fraction

from domain.agreements.indicator import Measurement, Zones
from domain.readings import Readings
from domain.time.delay import time_rules
from domain.time.interval import clip, total, union
from projections.basis import Basis
from projections.outages import Outage
from projections.tracks import Piece
from projections.zones import Deployment, condition_met, grace_of

CLEAR: frozenset[str] = frozenset()
Condition = tuple[bool, int | None, bool, str | None]


class ZoneTests:
    """The zone conditions of one contract under one set of readings."""

    def __init__(self, basis: Basis, readings: Readings) -> None:
        self._basis = basis
        self._continuous = readings.get("az.when_tested") == "B"
        self._rules = time_rules(readings.get)
        self._deployment: Deployment | None = None
        self._at_start: dict[Condition, dict[int, bool]] = {}

    @property
    def deployment(self) -> Deployment:
        """Where the client's systems ran, worked out when first asked."""
        if self._deployment is None:
            self._deployment = Deployment(self._basis)
        return self._deployment

    def met(
        self, zones: Zones | None, measured: Measurement | None, instant: int, service: str, resource: str | None
    ) -> bool:
        """Whether the condition of a line is met at an instant."""
        moment = max(instant, self._basis.terms.start)
        return condition_met(zones, self.deployment, moment, service, resource, grace_of(measured, self._rules))

    def test(
        self,
        zones: Zones,
        measured: Measurement | None,
        pieces: Sequence[Piece],
        period: tuple[int, int],
        allowed: Fraction,
    ) -> tuple[bool, frozenset[str]]:
        """Whether the downtime that may be claimed is a breach alone, and the outages that may not be.

        An outage is tested where the client was when it started; under ``az.when_tested`` B the whole period is.
        """
        start, end = period
        if self._continuous:
            moments = (start, *self.deployment.changes(start, min(end, self._basis.at + 1)))
            failing = [piece for piece in pieces if not self._throughout(zones, measured, piece.outage, moments)]
        else:
            known = self._starts(zones, measured)
            failing = [piece for piece in pieces if piece.counted and not self._started(known, zones, measured, piece)]
        barred = frozenset(piece.outage.id for piece in failing if clip(piece.counted, start, end))
        if not barred:
            return True, CLEAR
        left = (clip(piece.counted, start, end) for piece in pieces if piece.outage.id not in barred)
        return total(union(span for spans in left for span in spans)) > allowed, barred

    def _throughout(self, zones: Zones, measured: Measurement | None, outage: Outage, moments: Sequence[int]) -> bool:
        return all(self.met(zones, measured, moment, outage.service, outage.resource) for moment in moments)

    def _starts(self, zones: Zones, measured: Measurement | None) -> dict[int, bool]:
        """What is already known of this condition at the start of each outage."""
        grace = None if measured is None else measured.new_zone_grace
        return self._at_start.setdefault((zones.every, zones.at_least, zones.proof, grace), {})

    def _started(self, known: dict[int, bool], zones: Zones, measured: Measurement | None, piece: Piece) -> bool:
        outage = piece.outage
        met = known.get(id(outage))
        if met is None:
            met = known[id(outage)] = self.met(zones, measured, outage.start, outage.service, outage.resource)
        return met
