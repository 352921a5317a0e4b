"""Spans of time that are looked up often: how much of them lies between two instants, and which ones touch it.

Instants are microseconds UTC, spans half-open.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from domain.time.interval import Intervals


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
