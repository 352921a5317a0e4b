"""Downtime of one line, worked out once over all time: what was down, what of it counts, and what took the rest.

A row of a statement is then a look-up between two instants. Instants are microseconds UTC, spans half-open.
A second is excluded by the first rule that covers it, in the order of the agreement file. A cause removes its outage,
not its instants; the first moments of an incident are removed from that incident alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from domain.fact import AnyFact
from domain.time.interval import Interval, Intervals, intersect, subtract, total, union
from projections.exclusions import CauseRule, Exclusions, FirstRule, Window
from projections.outages import Outage
from projections.spans import Shelf, Sums


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


class Windows:
    """What bears on a line whatever was down: time removed, time that is not promised or not measured.

    ``lost`` is maintenance that counts as lost time (``maintenance.mode`` C), up to the date asked.
    """

    __slots__ = ("beta", "gaps", "held", "lost", "removed", "removing", "shrink")

    def __init__(self, windows: Iterable[Window], gaps: Iterable[Window], rules: Rules, at: int) -> None:
        removing: list[Held] = []
        lost: list[Held] = []
        shrinking: list[Held] = []
        for window in windows:
            spans = [Held(start, end, window) for start, end in window.spans]
            maintenance = window.kind == "maintenance"
            (lost if maintenance and rules.lost_maintenance else removing).extend(spans)
            if window.kind == "beta" or (maintenance and rules.mode == "A"):
                shrinking += spans
        unmeasured = [Held(start, end, gap) for gap in gaps for start, end in gap.spans]
        self.removing = Shelf(removing)
        self.removed = Sums(union((held.start, held.end) for held in removing))
        self.lost = union((held.start, min(held.end, at)) for held in lost)
        self.shrink = Sums(union((held.start, held.end) for held in shrinking))
        self.beta = Sums(union((held.start, held.end) for held in shrinking if held.window.kind == "beta"))
        self.gaps = union((held.start, held.end) for held in unmeasured)
        self.held = Shelf([*shrinking, *lost, *unmeasured])


class Track:
    """What one line says of one resource (or of the service as a whole)."""

    __slots__ = ("beta", "counted", "down", "gaps", "held", "pieces", "shrink", "taken")

    def __init__(
        self, pieces: Sequence[Piece], windows: Windows, rules: Rules, moments: FirstMoments = NO_MOMENTS
    ) -> None:
        outages = union((piece.start, piece.end) for piece in pieces if piece.counts)
        self.down = Sums(union((*outages, *windows.lost)) if windows.lost else outages)
        left = [_less(piece, windows.removed) for piece in pieces]
        counting, caused = _by_cause(left, rules.exclusions)
        trimmed, firsts = _trim(counting, moments, rules.first)
        self.pieces = Shelf(trimmed)
        self.counted = Sums(union((*windows.lost, *(span for piece in trimmed for span in piece.counted))))
        self.taken = Shelf(_placed([*_assigned(self.down, windows.removing), *caused, *firsts]))
        self.gaps = Sums(subtract(windows.gaps, self.down.spans))
        self.shrink = windows.shrink
        if self.gaps.spans:
            self.shrink = Sums(union((*self.gaps.spans, *windows.shrink.spans)))
        self.beta, self.held = windows.beta, windows.held


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


def _assigned(down: Sums, removing: Shelf[Held]) -> list[Taken]:
    """The downtime each window takes; where windows overlap, the first in the order of the rules takes it."""
    if not removing.items:
        return []
    touching = {id(held): held for start, end in down.spans for held in removing.touching(start, end)}
    taken: list[Taken] = []
    cluster: list[Held] = []
    reach = 0
    for held in sorted(touching.values(), key=lambda held: held.start):
        if cluster and held.start >= reach:
            taken += _cluster(down, cluster, reach)
            cluster = []
        reach = max(reach, held.end) if cluster else held.end
        cluster.append(held)
    return [*taken, *_cluster(down, cluster, reach)] if cluster else taken


def _cluster(down: Sums, cluster: list[Held], end: int) -> list[Taken]:
    """What windows that overlap one another take, one after the other."""
    remaining = down.clip(cluster[0].start, end)
    taken = []
    for held in sorted(cluster, key=lambda held: (held.window.order, held.window.event.order, held.start)):
        part = intersect(remaining, ((held.start, held.end),))
        if part:
            taken.append(_taken(part, held.window, held.window.event, held.window.facts))
            remaining = subtract(remaining, part)
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
