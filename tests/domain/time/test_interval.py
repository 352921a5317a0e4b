"""Half-open intervals against the plainest model: the set of instants they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.time.interval import NONE, Interval, Intervals, clip, intersect, subtract, total, union

bounds = st.integers(-30, 30)
raw = st.lists(st.tuples(bounds, bounds), max_size=8)
normal = raw.map(union)


def points(intervals: list[Interval] | Intervals) -> set[int]:
    return {instant for start, end in intervals for instant in range(start, end)}


def well_formed(intervals: Intervals) -> bool:
    flat = [bound for interval in intervals for bound in interval]
    return flat == sorted(set(flat))


@given(raw)
def test_union_holds_every_instant_once(intervals: list[Interval]) -> None:
    merged = union(intervals)
    assert points(merged) == points(intervals)
    assert total(merged) == len(points(intervals))
    assert well_formed(merged)


@given(raw)
def test_union_is_idempotent_and_forgets_the_order(intervals: list[Interval]) -> None:
    merged = union(intervals)
    assert union(merged) == merged
    assert union(reversed(intervals)) == merged
    assert union([*intervals, *intervals]) == merged


@given(normal, normal)
def test_intersection_holds_what_both_hold(one: Intervals, other: Intervals) -> None:
    both = intersect(one, other)
    assert points(both) == points(one) & points(other)
    assert both == intersect(other, one)
    assert well_formed(both)


@given(normal, normal)
def test_subtraction_holds_what_only_the_first_holds(one: Intervals, other: Intervals) -> None:
    rest = subtract(one, other)
    assert points(rest) == points(one) - points(other)
    assert well_formed(rest)


@given(normal, normal)
def test_what_is_excluded_and_what_counts_add_up(one: Intervals, other: Intervals) -> None:
    assert total(subtract(one, other)) + total(intersect(one, other)) == total(one)


@given(normal, bounds, bounds)
def test_clip_keeps_what_lies_in_the_period(intervals: Intervals, start: int, end: int) -> None:
    kept = clip(intervals, start, end)
    assert points(kept) == {instant for instant in points(intervals) if start <= instant < end}
    assert well_formed(kept)


@given(normal, bounds)
def test_cutting_a_period_in_two_loses_and_doubles_nothing(intervals: Intervals, cut: int) -> None:
    assert total(clip(intervals, -30, cut)) + total(clip(intervals, cut, 30)) == total(intervals)


def test_intervals_that_touch_are_one() -> None:
    assert union([(5, 9), (1, 5)]) == ((1, 9),)


def test_the_end_is_not_part_of_an_interval() -> None:
    assert intersect(((1, 5),), ((5, 9),)) == NONE
    assert subtract(((1, 5),), ((5, 9),)) == ((1, 5),)


@pytest.mark.parametrize("nothing", [[], [(3, 3)], [(5, 2)]], ids=["none", "empty", "reversed"])
def test_empty_and_reversed_intervals_hold_nothing(nothing: list[Interval]) -> None:
    assert union(nothing) == NONE
    assert union([*nothing, (7, 8)]) == ((7, 8),)


def test_one_interval_may_swallow_several() -> None:
    assert union([(1, 10), (2, 3), (4, 5)]) == ((1, 10),)
    assert subtract(((1, 10),), ((2, 3), (4, 5))) == ((1, 2), (3, 4), (5, 10))
    assert subtract(((1, 2), (3, 4)), ((0, 9),)) == NONE
