"""Services that no document covers: a row that says so, in each month in which an outage or a measure names one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.agreements.indicator import Indicator
from domain.agreements.section import Words
from domain.events.operation import MeasureRecorded
from domain.fact import Fact
from projections.indicator_row import IndicatorRow
from projections.lines import Line, Promise, Workshop
from projections.measures import kinds
from projections.periods import Frame, Tenure, periods
from projections.resources import touched
from projections.terms import Segment
from projections.timed_rows import TimedRows

PREFIX = "no-commitment/"
TIMED = ("availability", "none")


def uncovered_rows(workshop: Workshop, segments: Sequence[Segment], frame: Frame) -> Iterator[IndicatorRow]:
    """The rows of every service named by a fact while no service level in force takes that fact."""
    measured = workshop.basis.facts.of(MeasureRecorded)
    for service in sorted({*workshop.services, *(fact.data.service for fact in measured)}):
        bare = _tenures(service, segments)
        if not bare:
            continue
        own = [fact for fact in measured if fact.data.service == service]
        own = [fact for fact in own if not _taken(fact.data.measure, service, segments)]
        grid = periods("month", bare, frame)
        spans = [(outage.start, outage.until(frame.at)) for outage in workshop.outages((service,))]
        spans += [(fact.data.from_, fact.data.to) for fact in own]
        places = sorted({place for places in touched(spans, grid) for place in places})
        promises = [Promise(tenure, None) for tenure in bare]
        nothing = _nothing(service)
        line = Line(None, nothing, workshop.measuring(None, frame.start), nothing)
        for row in TimedRows(workshop, line, promises, [grid[place] for place in places]).rows():
            yield from _with_measures(row, own)


def _with_measures(row: IndicatorRow, own: Sequence[Fact[MeasureRecorded]]) -> Iterator[IndicatorRow]:
    """The row with the measures of its period; one row per resource they name where no outage names one."""
    there = [f for f in own if f.data.from_ < row.end and max(f.data.to, f.data.from_ + 1) > row.start]
    if not there or row.resource is not None:
        yield row
        return
    for resource in sorted({fact.data.resource for fact in there if fact.data.resource is not None}) or (None,):
        facts = tuple(fact for fact in there if fact.data.resource in (None, resource))
        yield replace(row, resource=resource, facts=(*row.facts, *facts))


def _nothing(service: str) -> Indicator:
    words = Words(fr="Aucun engagement pour ce service", en="No commitment for this service")
    return Indicator(id=f"{PREFIX}{service}", clause="-", title=words, services=(service,), metric="none")


def _tenures(service: str, segments: Sequence[Segment]) -> tuple[Tenure, ...]:
    """The spans in which no line measured in time takes the service."""
    bare: list[Tenure] = []
    for segment in segments:
        if _timed(service, segment):
            continue
        if bare and bare[-1].end == segment.start:
            bare[-1] = Tenure(bare[-1].start, segment.end)
        else:
            bare.append(Tenure(segment.start, segment.end))
    return tuple(bare)


def _timed(service: str, segment: Segment) -> bool:
    lines = (indicator for agreement in segment.agreements for indicator in agreement.indicator)
    return any(indicator.metric in TIMED and service in indicator.services for indicator in lines)


def _taken(measure: str, service: str, segments: Iterable[Segment]) -> bool:
    return any(
        measure in kinds(indicator) and service in indicator.services
        for segment in segments
        for agreement in segment.agreements
        for indicator in agreement.indicator
    )
