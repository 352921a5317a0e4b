"""Half-open intervals ``[start, end)`` of integer microseconds, as plain tuples.

``Intervals`` are sorted, disjoint and non-empty; every function returns them so.
"""

from collections.abc import Iterable

Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

NONE: Intervals = ()


def union(intervals: Iterable[Interval]) -> Intervals:
    """Every instant that lies in at least one of the intervals; empty and reversed ones hold none."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def intersect(one: Intervals, other: Intervals) -> Intervals:
    """Every instant that lies in both."""
    if not one or not other:
        return NONE
    found: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start = max(one[i][0], other[j][0])
        end = min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(one: Intervals, other: Intervals) -> Intervals:
    """Every instant of ``one`` that is not in ``other``."""
    if not one or not other:
        return one
    left: list[Interval] = []
    j = 0
    for start, end in one:
        while j < len(other) and other[j][1] <= start:
            j += 1
        rest = start
        k = j
        while k < len(other) and other[k][0] < end:
            if other[k][0] > rest:
                left.append((rest, other[k][0]))
            rest = other[k][1]
            k += 1
        if rest < end:
            left.append((rest, end))
    return tuple(left)


def clip(intervals: Intervals, start: int, end: int) -> Intervals:
    """The part that lies in ``[start, end)``."""
    if len(intervals) == 1:
        first, last = intervals[0]
        if start <= first and last <= end:
            return intervals
        first, last = max(first, start), min(last, end)
        return ((first, last),) if first < last else NONE
    return intersect(intervals, ((start, end),)) if start < end else NONE


def total(intervals: Intervals) -> int:
    """How many microseconds they hold together."""
    return sum(end - start for start, end in intervals)
