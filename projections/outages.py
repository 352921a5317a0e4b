"""Outages as known: what was recorded, ended, corrected, retracted and explained, as one thing each.

Instants are microseconds UTC. An established cause counts; a cause in the recording is the sender's claim and does not.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from domain.agreements.indicator import Measurement
from domain.agreements.model import Agreement
from domain.events.outage import OutageCauseEstablished, OutageCorrected, OutageEnded, OutageRecorded, OutageRetracted
from domain.fact import AnyFact, Fact
from domain.readings import Readings
from domain.time.instant import Instant
from projections.basis import Basis

MONITORING = "monitoring"


class Outage(NamedTuple):
    """One outage, half-open; ``end`` is None while it runs. ``facts`` are all that speak of it, the recording first."""

    id: str
    service: str
    resource: str | None
    start: int
    end: int | None
    extent: str
    cause: str | None
    claimed: str | None
    incident: str | None
    facts: tuple[AnyFact, ...]

    def until(self, at: int) -> int:
        """Where it ends as seen at ``at``: a running outage counts up to then."""
        return at if self.end is None or self.end > at else self.end

    @property
    def established(self) -> AnyFact:
        """The fact that established the cause; the recording where none did."""
        return next((f for f in reversed(self.facts) if isinstance(f.data, OutageCauseEstablished)), self.facts[0])


@dataclass(slots=True)
class _Told:
    """What later facts say of one outage, in the order of their own time."""

    ends: list[Fact[OutageEnded]]
    corrections: list[Fact[OutageCorrected]]
    causes: list[Fact[OutageCauseEstablished]]
    retracted: bool = False


def resolve_outages(basis: Basis, readings: Readings | None = None) -> tuple[Outage, ...]:
    """Every outage of the contract and of its provider that is not retracted, by (start, id).

    Read as when each outage was recorded to start, unless some ``readings`` are to govern them all.
    """
    recorded = basis.facts.of(OutageRecorded)
    if not recorded:
        return ()
    told = _told(basis)
    measuring = _Measuring(basis, readings)
    found = []
    for fact in recorded:
        more = told.get((fact.subject, fact.data.outage))
        if more is None:
            found.append(_as_recorded(fact, measuring))
        elif not more.retracted:
            found.append(_as_told(fact, more, measuring))
    found.sort(key=lambda outage: (outage.start, outage.id))
    return tuple(found)


def _told(basis: Basis) -> dict[tuple[str, str], _Told]:
    told: dict[tuple[str, str], _Told] = defaultdict(lambda: _Told([], [], []))
    for end in basis.facts.of(OutageEnded):
        told[(end.subject, end.data.outage)].ends.append(end)
    for correction in basis.facts.of(OutageCorrected):
        told[(correction.subject, correction.data.outage)].corrections.append(correction)
    for cause in basis.facts.of(OutageCauseEstablished):
        told[(cause.subject, cause.data.outage)].causes.append(cause)
    for retraction in basis.facts.of(OutageRetracted):
        told[(retraction.subject, retraction.data.outage)].retracted = True
    return dict(told)


class _Measuring:
    """How the texts in force at an outage say it starts and ends."""

    def __init__(self, basis: Basis, readings: Readings | None) -> None:
        self._basis = basis
        self._readings = readings
        self._known: dict[tuple[int, int], Measurement | None] = {}

    def at(self, instant: int) -> Measurement | None:
        terms = self._basis.terms
        readings = self._readings or self._basis.readings.at(Instant(instant))
        agreements = terms.governing(max(instant, terms.start))
        key = (id(agreements), id(readings))
        if key not in self._known:
            self._known[key] = measurement(agreements, readings)
        return self._known[key]


def measurement(agreements: Sequence[Agreement], readings: Readings) -> Measurement | None:
    """How the prevailing text that says so measures, as it reads under the chosen readings."""
    text = next((agreement for agreement in agreements if agreement.measurement is not None), None)
    if text is None or text.measurement is None:
        return None
    return text.measurement.under(lambda name: readings.get(name, text.id))


def _as_recorded(fact: Fact[OutageRecorded], measuring: _Measuring) -> Outage:
    data = fact.data
    start: int = data.started_at
    if data.detected_at is not None or data.reported_at is not None:
        start = _start(data, measuring.at(start))
    end = data.ended_at
    return Outage(
        data.outage,
        data.service,
        data.resource,
        start,
        end,
        data.extent,
        None,
        data.cause,
        data.incident,
        (fact,),
    )


def _as_told(fact: Fact[OutageRecorded], told: _Told, measuring: _Measuring) -> Outage:
    data = fact.data
    service, resource, extent = data.service, data.resource, data.extent
    started: int | None = None
    ended: int | None = None
    for correction in told.corrections:
        new = correction.data
        service = new.service or service
        resource = new.resource or resource
        extent = new.extent or extent
        started = new.started_at if new.started_at is not None else started
        ended = new.ended_at if new.ended_at is not None else ended
    measured = measuring.at(data.started_at if started is None else started)
    if started is None:
        started = _start(data, measured)
    if ended is None:
        ended = _end(data, told.ends, measured)
    return Outage(
        data.outage,
        service,
        resource,
        started,
        ended,
        extent,
        told.causes[-1].data.cause if told.causes else None,
        data.cause,
        data.incident,
        (fact, *told.ends, *told.corrections, *told.causes),
    )


def _start(data: OutageRecorded, measured: Measurement | None) -> int:
    """The recorded start, or the earlier of detection and report where the text says so."""
    if measured is None or measured.start == "recorded":
        return data.started_at
    noticed = [moment for moment in (data.detected_at, data.reported_at) if moment is not None]
    return min(noticed, default=data.started_at)


def _end(data: OutageRecorded, ends: Sequence[Fact[OutageEnded]], measured: Measurement | None) -> int | None:
    """The confirmation that ends the outage: the first, the last, or the first of monitoring; None while none is known.

    An end in the recording itself comes from the tool that recorded it, hence from monitoring.
    """
    confirmed: list[tuple[int, str]] = [(end.data.ended_at, end.data.confirmed_by) for end in ends]
    if data.ended_at is not None:
        confirmed.append((data.ended_at, MONITORING))
    if not confirmed:
        return None
    if measured is not None and measured.end == "last":
        return max(moment for moment, _ in confirmed)
    if measured is not None and measured.end == "monitoring":
        watched = [moment for moment, by in confirmed if by == MONITORING]
        if watched:
            return min(watched)
    return min(moment for moment, _ in confirmed)
