"""The rows of a durability, latency or time-share line: one value per period, from measures."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.events.operation import MeasureRecorded
from domain.fact import Fact
from projections.indicator_row import BREACHED, MET, RUNNING, UNMEASURED, IndicatorRow
from projections.lines import Line, Promise, Workshop
from projections.measures import feeding, inside, value_of
from projections.periods import MONTHS, Period

LOST = "-lost"


def valued_rows(
    workshop: Workshop, line: Line, promises: Sequence[Promise], grid: Sequence[Period]
) -> Iterator[IndicatorRow]:
    """One row per period for each resource that a measure names in it, else one for the service as a whole."""
    fed = feeding(line.indicator, workshop.basis)
    conventions = {basis.name: basis.values[workshop.readings.get(basis.reading)] for basis in line.indicator.basis}
    for period in grid:
        promise = promises[period.tenure]
        there = inside(line.indicator, fed, period.start, period.end) if fed else []
        named = sorted({fact.data.resource for fact in there if fact.data.resource is not None})
        for resource in named or (None,):
            own = [fact for fact in there if fact.data.resource in (None, resource)]
            yield replace(_row(workshop, line, promise, period, own), resource=resource, basis=conventions)


def _row(
    workshop: Workshop,
    line: Line,
    promise: Promise,
    period: Period,
    own: list[Fact[MeasureRecorded]],
) -> IndicatorRow:
    indicator, basis = line.indicator, workshop.basis
    if promise.target != indicator.target:
        indicator = indicator.model_copy(update={"target": promise.target})
    found = value_of(indicator, own, period.start, period.end, workshop.readings)
    closed = period.end <= basis.at
    kept = MET if closed else RUNNING
    state = UNMEASURED if found.kept is None else kept if found.kept else BREACHED
    losses = own if state == BREACHED and indicator.zones is not None else []
    zone_ok = all(
        workshop.zones.met(
            indicator.zones, line.measuring.measured, fact.data.from_, fact.data.service, fact.data.resource
        )
        for fact in losses
        if fact.data.value and fact.data.measure.endswith(LOST)
    )
    return IndicatorRow(
        line.full_id,
        indicator,
        line.agreement,
        None,
        period.start,
        period.end,
        closed,
        promise.target,
        state,
        timed=False,
        facts=(*own, *((promise.by,) if promise.by is not None else ())),
        zone_ok=zone_ok,
        provisional=period.short if MONTHS[indicator.period] == MONTHS["year"] else None,
        value=found.value,
        samples=found.samples,
        readings=line.readings(workshop.differing),
        ranks=basis.ranks,
    )
