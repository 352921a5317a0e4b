"""The rows of a line measured in time: what was down in each period, for each resource that an outage names in it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from projections.exclusions import Window
from projections.incidents import first_moments, incidents_of, needs_bounds
from projections.indicator_row import BREACHED, MET, NO_COMMITMENT, RUNNING, UNMEASURED, Excluded, IndicatorRow
from projections.lines import Line, Promise, Workshop
from projections.outages import Outage
from projections.periods import MONTHS, Period
from projections.resources import named_resources
from projections.tracks import FirstMoments, Piece, Track, Windows

WHOLE = Fraction(100)
PLACE = attrgetter("place")
START = attrgetter("start", "id")


class TimedRows:
    """The rows of a line measured in time."""

    def __init__(self, workshop: Workshop, line: Line, promises: Sequence[Promise], grid: Sequence[Period]) -> None:
        self._workshop = workshop
        self._line = line
        self._promises = promises
        self._grid = grid
        self._rules = line.measuring.rules
        services = line.indicator.services
        self._outages = workshop.outages(services)
        self._by_resource: dict[str | None, list[Outage]] = {None: []}
        for outage in self._outages:
            self._by_resource.setdefault(outage.resource, []).append(outage)
        self._windows: list[Window] = []
        self._windows_of: dict[str, list[Window]] = {}
        for window in self._rules.exclusions.bearing(services):
            if window.resources is None:
                self._windows.append(window)
            for resource in window.resources or ():
                self._windows_of.setdefault(resource, []).append(window)
        self._gaps = [gap for gap in workshop.gaps if gap.touches(services)]
        self._firsts = [rule for rule in self._rules.exclusions.firsts if rule.services & set(services)]
        self._tracks: dict[str | None, Track] = {}
        self._shared: Windows | None = None
        self._moments: FirstMoments | None = None
        self._tolerances: dict[Decimal, Fraction] = {}
        at = workshop.basis.at
        self._incidents = {
            rule.rule: incidents_of(self._outages, at, rule.length, self._rules) for rule in self._firsts
        }
        self._per_period = bool(self._firsts) and needs_bounds(self._rules)
        self._yearly = MONTHS[line.indicator.period] == MONTHS["year"]
        self._sliding = workshop.readings.get("period.window") == "B"
        formula_of_time = workshop.readings.get("availability.formula") == "A"
        self._judged = line.indicator.assessable and (formula_of_time or line.indicator.metric == "none")
        self._readings = line.readings(workshop.differing)
        self._short_waits = workshop.readings.get("year.short_history") == "C"

    def rows(self) -> Iterator[IndicatorRow]:
        """One row per period for each resource that an outage names in it, else one for the service as a whole."""
        named = named_resources(self._outages, self._grid, self._workshop.basis.at)
        for number, period in enumerate(self._grid):
            resources = named.get(number)
            for resource in sorted(resources) if resources else (None,):
                yield self._row(period, resource)

    def _track(self, resource: str | None, bounds: tuple[int, int] | None = None) -> Track:
        if bounds is not None:
            return self._built(resource, bounds)
        track = self._tracks.get(resource)
        if track is None:
            track = self._tracks[resource] = self._built(resource, None)
        return track

    def _built(self, resource: str | None, bounds: tuple[int, int] | None) -> Track:
        return Track(self._pieces(resource, bounds), self._bearing(resource), self._rules, self._first_moments(bounds))

    def _bearing(self, resource: str | None) -> Windows:
        """What bears on a resource: the windows of the whole service, and those that name it."""
        own = self._windows_of.get(resource, []) if resource is not None else []
        if not own and self._shared is not None:
            return self._shared
        windows = Windows([*self._windows, *own], self._gaps, self._rules, self._workshop.basis.at)
        if not own:
            self._shared = windows
        return windows

    def _first_moments(self, bounds: tuple[int, int] | None) -> FirstMoments:
        if bounds is None and self._moments is not None:
            return self._moments
        moments = self._moments_of(bounds)
        if bounds is None:
            self._moments = moments
        return moments

    def _of(self, resource: str | None) -> list[Outage]:
        """The outages of a resource and of the service as a whole, by start."""
        whole = self._by_resource[None]
        if resource is None:
            return whole
        own = self._by_resource.get(resource, [])
        return sorted([*own, *whole], key=START) if whole else own

    def _moments_of(self, bounds: tuple[int, int] | None) -> FirstMoments:
        return FirstMoments(
            [
                entry
                for rule in self._firsts
                for entry in first_moments(self._incidents[rule.rule], rule, self._rules, bounds)
            ]
        )

    def _pieces(self, resource: str | None, bounds: tuple[int, int] | None) -> list[Piece]:
        at = self._workshop.basis.at
        performance = self._line.measuring.performance
        pieces = []
        for outage in self._of(resource):
            start, end = outage.start, outage.until(at)
            if bounds is not None:
                start, end = max(start, bounds[0]), min(end, bounds[1])
                if start > end or start >= bounds[1]:
                    continue
            pieces.append(Piece(outage, start, end, outage.extent == "total" or performance))
        return pieces

    def _row(self, period: Period, resource: str | None) -> IndicatorRow:
        start, end, length = period.start, period.end, period.length
        track = self._track(resource)
        if self._sliding and track.counted.spans:
            start, end, length = self._worst(track, period)
        if self._per_period and track.pieces.items:
            track = self._track(resource, (start, end))
        pieces = tuple(track.pieces.touching(start, end))
        promise = self._promises[period.tenure]
        unmeasured = track.gaps.within(start, end) if track.gaps.spans else 0
        down = counted = 0
        exclusions: tuple[Excluded, ...] = ()
        if track.down.spans:
            down, counted, exclusions = self._downtime(track, resource, start, end)
        held = track.held.touching(start, end) if track.held.items else []
        reference = max(length - track.shrink.within(start, end), 0) if held else length
        beta = bool(held) and track.beta.within(start, end) == end - start
        closed = end <= self._workshop.basis.at
        none = beta or promise.target is None
        tolerance = None if none or not self._judged else self._tolerance(promise.target)
        state = _state(
            none=none,
            judged=self._judged,
            unmeasured=unmeasured == end - start or (bool(unmeasured) and not reference),
            over=tolerance is not None and counted * tolerance.denominator > reference * tolerance.numerator,
            waits=self._yearly and period.short and self._short_waits,
            closed=closed,
        )
        zone_ok, barred = True, frozenset[str]()
        zones = self._line.indicator.zones
        if state == BREACHED and zones is not None:
            assert tolerance is not None
            zone_ok, barred = self._workshop.zones.test(
                zones, self._line.measuring.measured, pieces, (start, end), reference * tolerance
            )
        facts = tuple(fact for item in held for fact in item.window.facts)
        return IndicatorRow(
            self._line.full_id,
            self._line.indicator,
            self._line.agreement,
            resource,
            start,
            end,
            closed,
            None if beta else promise.target,
            state,
            True,
            self._judged,
            reference,
            down,
            unmeasured,
            counted,
            tolerance,
            exclusions,
            pieces,
            facts if promise.by is None else (*facts, promise.by),
            zone_ok,
            barred,
            False,
            period.short if self._yearly else None,
            readings=self._readings,
            ranks=self._workshop.basis.ranks,
        )

    def _downtime(
        self, track: Track, resource: str | None, start: int, end: int
    ) -> tuple[int, int, tuple[Excluded, ...]]:
        """Unavailable and counted time of a period, in microseconds, and what was excluded."""
        parts = [track]
        if self._rules.sums:
            parts = self._one_by_one(track, resource, start, end)
        down = sum(part.down.within(start, end) for part in parts)
        counted = sum(part.counted.within(start, end) for part in parts)
        if down == counted:
            return down, counted, ()
        if self._rules.sums:
            return down, counted, _added(parts, start, end)
        found = sorted(track.taken.touching(start, end), key=PLACE)
        times = ((item, item.within(start, end)) for item in found)
        return (
            down,
            counted,
            tuple(Excluded(item.rule, item.clause, item.event, time, item.facts) for item, time in times if time),
        )

    def _one_by_one(self, track: Track, resource: str | None, start: int, end: int) -> list[Track]:
        """Each outage on its own track, so that their times add up even where they overlap (``overlap`` B)."""
        moments = self._first_moments((start, end) if self._per_period else None)
        windows = self._bearing(resource)
        return [Track((p,), windows, self._rules, moments) for p in track.pieces.touching(start, end) if p.counts]

    def _worst(self, track: Track, period: Period) -> tuple[int, int, int]:
        """The window of this length with the most counted time among those that end in the period (reading B)."""
        first, last = period.month
        width = period.end - period.start
        tenure = self._promises[period.tenure].tenure
        moments = {last}
        for start, end in track.counted.spans:
            moments.update(moment for moment in (end, start + width) if first < moment <= last)
        best = max(sorted(moments, reverse=True), key=lambda end: track.counted.within(end - width, end))
        if best == last:
            return period.start, period.end, period.length
        start = max(best - width, tenure.start)
        return start, best, best - start

    def _tolerance(self, target: Decimal | None) -> Fraction:
        assert target is not None
        found = self._tolerances.get(target)
        if found is None:
            found = self._tolerances[target] = 1 - Fraction(target) / WHOLE
        return found


def _added(parts: Sequence[Track], start: int, end: int) -> tuple[Excluded, ...]:
    """What was excluded outage by outage, added up for each rule and event."""
    added: dict[tuple[int, tuple[int, str, str]], Excluded] = {}
    for part in parts:
        for item in part.taken.touching(start, end):
            time = item.within(start, end)
            key = (item.order, item.event.order)
            if time:
                time += added[key].microseconds if key in added else 0
                added[key] = Excluded(item.rule, item.clause, item.event, time, item.facts)
    return tuple(added[key] for key in sorted(added))


def _state(*, none: bool, judged: bool, unmeasured: bool, over: bool, waits: bool, closed: bool) -> str:
    """The state of a row, the first that applies."""
    if none:
        return NO_COMMITMENT
    if not judged or unmeasured:
        return UNMEASURED
    if over and not waits:
        return BREACHED
    return MET if closed and not waits else RUNNING
