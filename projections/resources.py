"""Which periods a span touches, and which resources the outages of a line name in each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from projections.outages import Outage
from projections.periods import Period


def touched(spans: Iterable[tuple[int, int]], grid: Sequence[Period]) -> Iterator[range]:
    """The places in the grid of the periods that each span touches; an empty span touches the instant it starts at.

    Periods come by start and by end alike.
    """
    starts = [period.start for period in grid]
    ends = [period.end for period in grid]
    for start, end in spans:
        yield range(bisect_right(ends, start), bisect_left(starts, max(end, start + 1)))


def named_resources(outages: Sequence[Outage], grid: Sequence[Period], at: int) -> dict[int, set[str]]:
    """The resources named in each period, by the period's place in the grid."""
    naming = [(outage, outage.resource) for outage in outages if outage.resource is not None]
    named: dict[int, set[str]] = {}
    if not naming:
        return named
    spans = ((outage.start, outage.until(at)) for outage, _ in naming)
    for (_, resource), places in zip(naming, touched(spans, grid), strict=True):
        for place in places:
            named.setdefault(place, set()).add(resource)
    return named
