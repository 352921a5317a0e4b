"""A stretch of a contract's life as lanes of bars: how much of each kind happened when, each bar a closer look."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.time.instant import MICROSECONDS_PER_SECOND, Instant
from projections.wording import Pair

WIDTH, LABELS, LANE, TOP = 1180, 150, 34, 26
BARS = 96
SHORTEST = 60 * MICROSECONDS_PER_SECOND
"""No bar is shorter than a minute."""
HIGHEST = 26
LANES: tuple[tuple[str, Pair, tuple[str, ...]], ...] = (
    ("outage", ("Outages", "Interruptions"), ("outage", "monitoring")),
    ("maintenance", ("Maintenance", "Maintenances"), ("maintenance",)),
    ("ticket", ("Tickets, incidents", "Tickets, incidents"), ("ticket", "incident")),
    ("notice", ("Notices, reserves", "Avis, réserves"), ("notice", "reserve", "formal-notice", "contact")),
    ("penalty", ("Claims, credits", "Réclamations, avoirs"), ("penalty", "credit")),
    ("invoice", ("Money", "Argent"), ("invoice", "rate", "consumption")),
    ("contract", ("Contract and texts", "Contrat et textes"), ()),
)
"""The lanes: their name, their words, the first words of the types in them; the last takes everything else."""


class Happened(NamedTuple):
    """When a fact happened, and the first word of its type."""

    at: int
    noun: str


def lane_of(noun: str) -> str:
    """The lane of a fact."""
    return next((name for name, _, nouns in LANES if noun in nouns), LANES[-1][0])


def drawn(found: Iterable[Happened], start: int, end: int) -> dict[str, Any]:
    """The bars of a stretch of time, half-open, and the ticks below them; instants are microseconds."""
    step = max(SHORTEST, -(-(end - start) // BARS))
    counts: dict[str, Counter[int]] = {name: Counter() for name, _, _ in LANES}
    for one in found:
        counts[lane_of(one.noun)][(one.at - start) // step] += 1
    scale = (WIDTH - LABELS) / max(1, end - start)
    most = max((n for lane in counts.values() for n in lane.values()), default=1)
    lanes = []
    for number, (name, words, _) in enumerate(LANES):
        bottom = TOP + number * LANE + HIGHEST + 4
        bars = [
            {
                "x": round(LABELS + place * step * scale, 1),
                "width": round(max(2.0, step * scale - 1), 1),
                "height": max(4, HIGHEST * n // most),
                "count": n,
                "from": Instant(start + place * step),
                "to": Instant(min(end, start + (place + 1) * step)),
            }
            for place, n in sorted(counts[name].items())
        ]
        lanes.append(
            {"name": name, "words": words, "bottom": bottom, "bars": bars, "total": sum(counts[name].values())}
        )
    ticks = [
        (round(LABELS + (WIDTH - LABELS) * part / 8, 1), _minute(start + (end - start) * part // 8))
        for part in range(8)
    ]
    return {"lanes": lanes, "ticks": ticks, "width": WIDTH, "height": TOP + len(LANES) * LANE + 8, "left": LABELS}


def _minute(instant: int) -> Instant:
    """The minute that an instant falls in: what a tick says is short."""
    return Instant(instant - instant % SHORTEST)
