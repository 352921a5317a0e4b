"""Every service level of one contract: which lines are promised over time, and what each of their periods says.

The order of work: the tables in force, the lines of each, the periods of each line, and per period the downtime or the
measures that feed it. Nothing is computed twice: downtime is worked out once for a line and looked up for its periods.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from domain.agreements.indicator import Indicator
from domain.agreements.model import Agreement
from domain.events.contract import DerogationRecorded, ReadingSelected
from domain.fact import Fact
from domain.readings import Readings
from projections import periods
from projections.basis import Basis
from projections.findings import Finding
from projections.indicator_findings import indicator_findings
from projections.indicator_row import IndicatorRow, Key
from projections.lines import Line, Promise, Workshop
from projections.outages import Outage, resolve_outages
from projections.periods import Frame, Period, Tenure
from projections.terms import Segment
from projections.timed_rows import TimedRows
from projections.uncovered import TIMED, uncovered_rows
from projections.valued_rows import valued_rows

__all__ = ["IndicatorRow", "Key", "indicator_rows"]


def indicator_rows(basis: Basis, outages: Sequence[Outage]) -> tuple[list[IndicatorRow], list[Finding]]:
    """Every row of the contract, by (indicator, period, resource), and what their reader must know."""
    rows: list[IndicatorRow] = []
    workshops: list[Workshop] = []
    governing = _readings(basis)
    for readings in governing:
        differing = basis.readings.differences(readings, basis.readings.base.switches)
        known = outages if len(governing) == 1 else resolve_outages(basis, readings)
        workshop = Workshop(basis, known, readings, differing)
        workshops.append(workshop)
        rows += (row for row in _rows(workshop) if basis.readings.at(row.start) is readings)
    rows.sort(key=_order)
    return rows, indicator_findings(basis, outages, rows, workshops)


def _order(row: IndicatorRow) -> tuple[str, int, int, str]:
    return (row.indicator, row.start, row.end, row.resource or "")


def _readings(basis: Basis) -> list[Readings]:
    """Each set of readings that governs some part of the contract, in time."""
    moments = [basis.terms.start, *(fact.time for fact in basis.facts.own(ReadingSelected))]
    found: list[Readings] = []
    for moment in sorted(moments):
        readings = basis.readings.at(max(moment, basis.terms.start))
        if all(readings is not known for known in found):
            found.append(readings)
    return found


def _rows(workshop: Workshop) -> Iterator[IndicatorRow]:
    basis, readings = workshop.basis, workshop.readings
    segments = basis.terms.sla_segments(readings, basis.catalogue)
    frame = Frame.of(basis, readings)
    grids: dict[tuple[str, tuple[Tenure, ...]], list[Period]] = {}
    derogations = basis.facts.of(DerogationRecorded)
    for agreement, tenures in table_tenures(segments):
        for written in agreement.indicator:
            indicator = written.under(lambda name, document=agreement.id: readings.get(name, document))  # type: ignore[misc]
            promises = promises_of(agreement, indicator, tenures, derogations)
            spans = tuple(promise.tenure for promise in promises)
            grid = grids.get((indicator.period, spans))
            if grid is None:
                grid = grids[(indicator.period, spans)] = periods.periods(indicator.period, spans, frame)
            line = Line(agreement, indicator, workshop.measuring(agreement, spans[0].start), written)
            if indicator.metric in TIMED:
                yield from TimedRows(workshop, line, promises, grid).rows()
            else:
                yield from valued_rows(workshop, line, promises, grid)
    yield from uncovered_rows(workshop, segments, frame)


def table_tenures(segments: Iterable[Segment]) -> list[tuple[Agreement, tuple[Tenure, ...]]]:
    """Each service-level table with the spans in which it applies; spans that touch are one."""
    spans: dict[int, tuple[Agreement, list[Tenure]]] = {}
    for segment in segments:
        for agreement in segment.agreements:
            _, tenures = spans.setdefault(id(agreement), (agreement, []))
            if tenures and tenures[-1].end == segment.start:
                tenures[-1] = Tenure(tenures[-1].start, segment.end)
            else:
                tenures.append(Tenure(segment.start, segment.end))
    return [(agreement, tuple(tenures)) for agreement, tenures in spans.values()]


def promises_of(
    agreement: Agreement,
    indicator: Indicator,
    tenures: Sequence[Tenure],
    derogations: Iterable[Fact[DerogationRecorded]],
) -> list[Promise]:
    """The figure of a line over time: the text's own, and that of an order form from its acceptance on."""
    changes = [
        fact
        for fact in derogations
        if fact.data.indicator == agreement.full_id(indicator.id)
        and fact.data.derogation_wording
        and agreement.measurement is not None
        and agreement.measurement.derogation is not None
    ]
    promises: list[Promise] = []
    for tenure in tenures:
        target: Decimal | None = indicator.target
        by: Fact[DerogationRecorded] | None = None
        start = tenure.start
        for fact in changes:
            if tenure.end is not None and fact.time >= tenure.end:
                break
            if fact.time > start:
                promises.append(Promise(Tenure(start, fact.time), target, by))
                start = fact.time
            target, by = fact.data.target, fact
        promises.append(Promise(Tenure(start, tenure.end), target, by))
    return promises
