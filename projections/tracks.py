"""Downtime of one line, worked out once over all time: what was down, what of it counts, and what took the rest.

A row of a statement is then a look-up between two instants. Instants are microseconds UTC, spans half-open.
A second is excluded by the first rule that covers it, in the order of the agreement file. A cause removes its outage,
not its instants; the first moments of an incident are removed from that incident alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

from domain.fact import AnyFact
from domain.time.interval import Interval, Intervals, intersect, subtract, total, union
from projections.exclusions import CauseRule, Exclusions, FirstRule, Window
from projections.outages import Outage

READINGS = (
    "overlap",
    "sla.degraded_counts",
    "internet.two_minutes",
    "internet.two_minutes_month_cut",
    "internet.flapping",
    "internet.overlap_incidents",
)


class Sums:
    """Disjoint spans whose total between two instants is a look-up."""

    __slots__ = ("_ends", "_starts", "_sums", "spans")

    def __init__(self, spans: Intervals) -> None:
        self.spans = spans
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._sums = [0]
        for start, end in spans:
            self._sums.append(self._sums[-1] + end - start)

    def within(self, start: int, end: int) -> int:
        """How many microseconds of them lie in ``[start, end)``."""
        return self._before(end) - self._before(start) if start < end else 0

    def clip(self, start: int, end: int) -> Intervals:
        """Their part that lies in ``[start, end)``."""
        low, high = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if low >= high:
            return ()
        part = list(self.spans[low:high])
        part[0] = (max(part[0][0], start), part[0][1])
        part[-1] = (part[-1][0], min(part[-1][1], end))
        return tuple(part)

    def _before(self, instant: int) -> int:
        index = bisect_right(self._starts, instant)
        if not index:
            return 0
        return self._sums[index] - max(self._ends[index - 1] - instant, 0)


class Placed(Protocol):
    """Something that lies between two instants."""

    @property
    def start(self) -> int:
        """Its first instant."""

    @property
    def end(self) -> int:
        """The first instant after it."""


Item = TypeVar("Item", bound=Placed)


class Shelf(Generic[Item]):
    """Things placed in time, found by the span they touch. An empty one touches the instant it starts at."""

    __slots__ = ("_reach", "_starts", "items")

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=lambda item: item.start)
        self._starts = [item.start for item in self.items]
        self._reach: list[int] = []
        for item in self.items:
            end = max(item.end, item.start + 1)
            self._reach.append(max(end, self._reach[-1]) if self._reach else end)

    def touching(self, start: int, end: int) -> list[Item]:
        """Those that touch ``[start, end)``, by start."""
        low, high = bisect_right(self._reach, start), bisect_left(self._starts, end)
        return [item for item in self.items[low:high] if item.start >= start or item.end > start]


class Piece(NamedTuple):
    """One outage as a line sees it.

    ``counts`` is false for a degradation that is no downtime; ``counted`` is what is left of the others.
    """

    outage: Outage
    start: int
    end: int
    counts: bool
    counted: Intervals = ()


class Taken(NamedTuple):
    """Downtime taken out by one event under one rule; ``place`` is its place among all that is taken, rules first."""

    start: int
    end: int
    order: int
    rule: str
    clause: str
    event: AnyFact
    facts: tuple[AnyFact, ...]
    spans: Intervals
    time: int
    place: int = 0

    def within(self, start: int, end: int) -> int:
        """How much of it lies in ``[start, end)``, in microseconds."""
        if start <= self.start and self.end <= end:
            return self.time
        return sum(max(min(e, end) - max(s, start), 0) for s, e in self.spans)


class Held(NamedTuple):
    """A span during which the reference time is not measured or not promised."""

    start: int
    end: int
    window: Window


@dataclass(frozen=True, slots=True)
class Rules:
    """The readings that decide how downtime is counted, and what is excluded."""

    exclusions: Exclusions
    mode: str
    sums: bool
    first: str
    cut: str
    flapping: str
    merge: str

    @property
    def lost_maintenance(self) -> bool:
        """Whether maintenance counts as lost time (``maintenance.mode`` C)."""
        return self.mode == "C"


@dataclass(frozen=True, slots=True)
class Incident:
    """Outages that are one incident, from the earliest start."""

    start: int
    end: int
    outages: frozenset[int]
    first: Outage


class FirstMoments:
    """The moments of each incident that do not count, and which outages belong to it."""

    __slots__ = ("entries", "of_outage")

    def __init__(self, entries: Sequence[tuple[FirstRule, Incident, Interval]] = ()) -> None:
        self.entries = entries
        self.of_outage = {
            number: place for place, (_, incident, _) in enumerate(entries) for number in incident.outages
        }


NO_MOMENTS = FirstMoments()


class Track:
    """What one line says of one resource (or of the service as a whole)."""

    __slots__ = ("beta", "counted", "down", "gaps", "held", "pieces", "shrink", "taken")

    def __init__(
        self,
        pieces: Sequence[Piece],
        windows: Sequence[Window],
        gaps: Sequence[Window],
        rules: Rules,
        moments: FirstMoments = NO_MOMENTS,
    ) -> None:
        removing = [w for w in windows if not (rules.lost_maintenance and w.kind == "maintenance")]
        counted_as_lost = [w for w in windows if rules.lost_maintenance and w.kind == "maintenance"]
        lost = union(span for window in counted_as_lost for span in window.spans)
        removed = Sums(union(span for window in removing for span in window.spans))
        outages = union((piece.start, piece.end) for piece in pieces if piece.counts)
        self.down = Sums(union((*outages, *lost)) if lost else outages)
        left = [_less(piece, removed) for piece in pieces]
        counting, caused = _by_cause(left, rules.exclusions)
        trimmed, firsts = _trim(counting, moments, rules.first)
        self.pieces = Shelf(trimmed)
        counted = union((*lost, *(span for piece in trimmed for span in piece.counted)))
        self.counted = Sums(counted)
        self.taken = Shelf(_placed([*_assigned(self.down, removing), *caused, *firsts]))
        shrinking = [w for w in removing if w.kind == "beta" or (w.kind == "maintenance" and rules.mode == "A")]
        unmeasured = [Held(s, e, w) for w in gaps for s, e in w.spans]
        self.gaps = Sums(subtract(union((h.start, h.end) for h in unmeasured), self.down.spans))
        self.beta = Sums(union(span for w in shrinking if w.kind == "beta" for span in w.spans))
        self.shrink = Sums(union((*self.gaps.spans, *(span for w in shrinking for span in w.spans))))
        held = [Held(s, e, w) for w in (*shrinking, *counted_as_lost) for s, e in w.spans]
        self.held = Shelf([*held, *unmeasured])


def _less(piece: Piece, removed: Sums) -> Piece:
    """The piece without what windows remove."""
    if not piece.counts or piece.end <= piece.start:
        return piece
    whole = ((piece.start, piece.end),)
    gone = removed.clip(piece.start, piece.end) if removed.spans else ()
    return Piece(piece.outage, piece.start, piece.end, True, subtract(whole, gone) if gone else whole)


def _by_cause(pieces: Sequence[Piece], exclusions: Exclusions) -> tuple[list[Piece], list[Taken]]:
    """The pieces without the outages an established cause removes, and what was removed alone by them."""
    causes = dict(exclusions.causes)
    if not causes or all(piece.outage.cause not in causes for piece in pieces):
        return list(pieces), []
    kept = Sums(union(s for piece in pieces if piece.outage.cause not in causes for s in piece.counted))
    result: list[Piece] = []
    taken: list[Taken] = []
    reach = -(2**63)
    for piece in pieces:
        rule = causes.get(piece.outage.cause or "")
        if rule is None or not piece.counts:
            result.append(piece)
            continue
        result.append(Piece(piece.outage, piece.start, piece.end, True))
        own = subtract(piece.counted, kept.clip(piece.start, piece.end))
        fresh = intersect(own, ((max(piece.start, reach), piece.end),)) if reach < piece.end else ()
        reach = max(reach, piece.end)
        if fresh:
            event = piece.outage.established
            taken.append(_taken(fresh, rule, event, (event,)))
    return result, taken


def _trim(pieces: list[Piece], moments: FirstMoments, reading: str) -> tuple[list[Piece], list[Taken]]:
    """The pieces without the first moments of their incidents, and what that took."""
    incidents, by_outage = moments.entries, moments.of_outage
    if not incidents:
        return pieces, []
    groups: dict[int, list[Piece]] = {}
    for piece in pieces:
        place = by_outage.get(id(piece.outage))
        if place is not None and piece.counted:
            groups.setdefault(place, []).append(piece)
    gone: dict[int, Intervals] = {}
    for place, group in groups.items():
        rule, _, window = incidents[place]
        spans = union(span for piece in group for span in piece.counted)
        gone[place] = _beginning(spans, rule.length) if reading == "B" else intersect(spans, (window,))
    trimmed = [
        Piece(p.outage, p.start, p.end, p.counts, subtract(p.counted, gone.get(by_outage.get(id(p.outage), -1), ())))
        for p in pieces
    ]
    counted = Sums(union(span for piece in trimmed for span in piece.counted))
    taken: list[Taken] = []
    given: Intervals = ()
    for place in sorted(gone, key=lambda place: incidents[place][1].start):
        spans = gone[place]
        if not spans:
            continue
        rule, incident, _ = incidents[place]
        given = tuple(span for span in given if span[1] > spans[0][0])
        fresh = subtract(subtract(spans, counted.clip(spans[0][0], spans[-1][1])), given)
        if fresh:
            given = union((*given, *fresh))
            event = incident.first.facts[0]
            taken.append(_taken(fresh, rule, event, (event,)))
    return trimmed, taken


def _beginning(spans: Intervals, length: int) -> Intervals:
    """The first ``length`` microseconds of the spans."""
    found: list[Interval] = []
    for start, end in spans:
        if length <= 0:
            break
        found.append((start, min(end, start + length)))
        length -= end - start
    return tuple(found)


def _assigned(down: Sums, windows: Sequence[Window]) -> list[Taken]:
    """The downtime each window takes; where windows overlap, the first in the order of the rules takes it."""
    spans = sorted((start, end, place) for place, window in enumerate(windows) for start, end in window.spans)
    taken: list[Taken] = []
    cluster: list[tuple[int, int, int]] = []
    reach = 0
    for span in [*spans, None]:
        if cluster and (span is None or span[0] >= reach):
            taken += _cluster(down, cluster, reach, windows)
            cluster = []
        if span is not None:
            reach = max(reach, span[1]) if cluster else span[1]
            cluster.append(span)
    return taken


def _cluster(down: Sums, spans: list[tuple[int, int, int]], end: int, windows: Sequence[Window]) -> list[Taken]:
    remaining = down.clip(spans[0][0], end)
    taken = []
    for start, stop, place in sorted(spans, key=lambda span: (windows[span[2]].order, span[2], span[0])):
        part = intersect(remaining, ((start, stop),))
        if part:
            window = windows[place]
            taken.append(_taken(part, window, window.event, window.facts))
            remaining = subtract(remaining, part) if len(spans) > 1 else ()
    return taken


def _taken(spans: Intervals, rule: Window | CauseRule | FirstRule, event: AnyFact, facts: tuple[AnyFact, ...]) -> Taken:
    return Taken(spans[0][0], spans[-1][1], rule.order, rule.rule, rule.clause, event, facts, spans, total(spans))


def _placed(taken: Sequence[Taken]) -> Iterator[Taken]:
    """Everything taken, one entry for each rule and event, each with its place."""
    ordered = sorted(taken, key=lambda item: (item.order, item.event.order, item.start))
    groups = groupby(ordered, key=lambda item: (item.order, item.rule, item.event.order))
    for place, (_, group) in enumerate(groups):
        first, *others = group
        spans = union((*first.spans, *(span for item in others for span in item.spans))) if others else first.spans
        yield first._replace(spans=spans, start=spans[0][0], end=spans[-1][1], time=total(spans), place=place)
