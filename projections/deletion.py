"""Deletions: when every kind of data that must go is gone, and what must be kept meanwhile.

A hold, or an image another client still uses, keeps the deadline pending for what it covers. Once nothing holds the
data any more after the deadline has passed, the text gives no date: the time is told and no breach asserted.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.events.deletion import HoldPlaced, HoldReleased, ImageShared, ImageShareEnded
from domain.fact import AnyFact, Fact
from domain.time.instant import end_of_day
from projections.basis import Basis
from projections.discharge import Queue, acts_of, named
from projections.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.docket import Docket

ALL = "all"
KINDS = frozenset({"instances", "volumes", "snapshots", "objects", "backups", "technical-data"})
LEGAL = ("hold",)
"""What nobody may erase, even in erasing everything; everything else of a contract whose image is in use may go."""
OF_AN_IMAGE = frozenset({"snapshots"})
"""An image of a machine is stored as snapshots."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What must be kept over a half-open span; ``end`` None while it lasts. ``kind`` is ``hold`` or ``image``."""

    kind: str
    scopes: frozenset[str]
    start: int
    end: int | None
    facts: tuple[AnyFact, ...]

    def covers(self, instant: int) -> bool:
        """Whether it is in force at an instant."""
        return self.start <= instant and (self.end is None or instant < self.end)


@dataclass(frozen=True, slots=True)
class Holds:
    """Every hold on the contract's data."""

    holds: tuple[Hold, ...]

    @staticmethod
    def of(basis: Basis) -> "Holds":
        """The legal holds and the shared images, with their ends."""
        found: list[Hold] = []
        released: dict[str, list[Fact[HoldReleased]]] = {}
        for lifted in basis.facts.of(HoldReleased):
            released.setdefault(lifted.data.hold, []).append(lifted)
        for fact in basis.facts.of(HoldPlaced):
            release = next((r for r in released.get(fact.data.hold, ()) if r.time >= fact.time), None)
            ends = [] if release is None else [release.time]
            if fact.data.until is not None:
                ends.append(end_of_day(fact.data.until))
            facts = (fact,) if release is None else (fact, release)
            found.append(Hold("hold", expanded(fact.data.scopes), fact.time, min(ends, default=None), facts))
        ended: dict[tuple[str, str], list[Fact[ImageShareEnded]]] = {}
        for end in basis.facts.of(ImageShareEnded):
            ended.setdefault((end.data.image, end.data.with_), []).append(end)
        for shared in basis.facts.of(ImageShared):
            last = next(
                (e for e in ended.get((shared.data.image, shared.data.with_), ()) if e.time >= shared.time), None
            )
            used = (shared,) if last is None else (shared, last)
            found.append(Hold("image", OF_AN_IMAGE, shared.time, None if last is None else last.time, used))
        return Holds(tuple(found))

    def at(self, instant: int, kinds: "Sequence[str]") -> frozenset[str]:
        """The kinds of data that must be kept at an instant."""
        return frozenset().union(*(hold.scopes for hold in self.holds if hold.kind in kinds and hold.covers(instant)))


def expanded(scopes: "Iterable[str]") -> frozenset[str]:
    """The kinds of data that some scopes name; ``all`` is every kind."""
    named = frozenset(scopes)
    return KINDS if ALL in named else named


def discharge_deletion(docket: "Docket", openings: "Sequence[Opening]") -> None:
    """Settles the deletion deadlines of one rule, which come by the time they opened."""
    left = {id(opening): _wanted(opening) for opening in openings}
    by_name = named(openings)
    every = Queue(openings)
    nameless = Queue([opening for opening in openings if not opening.names])
    for fact, how in acts_of(docket, openings):
        name = None if how.by is None else getattr(fact.data, how.by)
        if name in by_name:
            targets = by_name[name]
        else:
            oldest = (every if name is None else nameless).oldest(fact)
            targets = [] if oldest is None else [oldest]
        for opening in targets:
            if opening.is_open and opening.opened <= fact.time:
                _delete(docket, opening, fact, left)
    for opening in openings:
        if opening.applied.rule.held_by:
            _suspend(docket, opening, left[id(opening)])


def _wanted(opening: Opening) -> frozenset[str]:
    """The kinds of data that must be gone: those requested, among those the rule speaks of."""
    covers = frozenset(opening.applied.rule.covers)
    requested = getattr(opening.act.data, "scopes", ()) if opening.act is not None else ()
    return covers if not requested or ALL in requested else frozenset(requested)


def _delete(docket: "Docket", opening: Opening, fact: AnyFact, left: dict[int, frozenset[str]]) -> None:
    """Takes one deletion into account: what a hold covers is not taken to be gone."""
    rule = opening.applied.rule
    held = docket.holds.at(fact.time, rule.held_by) if rule.held_by else frozenset()
    legal = docket.holds.at(fact.time, LEGAL) if rule.held_by else frozenset()
    if held.intersection(fact.data.scopes) or legal & expanded(fact.data.scopes):
        docket.held_data_gone.append((opening.applied, fact))
    rest = left[id(opening)] - (expanded(fact.data.scopes) - held)
    if not rest:
        late = opening.over_at(fact.time) and _only_held(docket, opening, left[id(opening)])
        opening.settle(fact, fact.time)
        if late:
            opening.forced = "met"
    elif rest != left[id(opening)]:
        opening.facts.append(fact)
    left[id(opening)] = rest


def _only_held(docket: "Docket", opening: Opening, rest: frozenset[str]) -> bool:
    """Whether all that was still there when the deadline passed had to be kept then."""
    assert opening.due is not None
    return rest <= docket.holds.at(opening.due, opening.applied.rule.held_by)


def _suspend(docket: "Docket", opening: Opening, rest: frozenset[str]) -> None:
    """Keeps a deadline pending, or without a date, for what had to be kept when it passed."""
    rule, at = opening.applied.rule, docket.basis.at
    concerned = [
        hold
        for hold in docket.holds.holds
        if hold.kind in rule.held_by
        and hold.scopes & _wanted(opening)
        and (hold.end is None or hold.end > opening.opened)
    ]
    opening.facts += [fact for hold in concerned for fact in hold.facts if fact not in opening.facts]
    if not opening.is_open or opening.due is None or not opening.over_at(at) or not _only_held(docket, opening, rest):
        return
    if rest <= docket.holds.at(at, rule.held_by):
        opening.forced = "pending"
    else:
        opening.forced = "open-ended"
        opening.counted_from = max(hold.end for hold in concerned if hold.end is not None and hold.end <= at)
