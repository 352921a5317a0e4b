"""A stretch of a contract's life as lanes: what lasted as bars from end to end, else how much happened when."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from api.console.scale import ticks
from api.console.spans import Span
from api.language import Lang
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant
from projections.wording import Pair

WIDTH, LABELS, LANE, TOP = 1180, 150, 34, 26
BARS = 96
SHORTEST = 60 * MICROSECONDS_PER_SECOND
"""No bar is shorter than a minute."""
HIGHEST = 26
ROW, ROWS = 15, 8
NARROWEST = 3.0
MOST_SPANS = 80
"""As many things that lasted as a lane draws one by one; beyond, it counts them by when they began."""
LETTER = 5.6
"""Width of a letter within a bar, in the units of the drawing."""
PALE = frozenset({"cancelled", "degraded", "met", "met-late", "missed"})
"""What is over, or did not count in full."""
LANES: tuple[tuple[str, Pair, tuple[str, ...]], ...] = (
    ("terms", ("Texts in force", "Textes en vigueur"), ()),
    ("outage", ("Outages", "Interruptions"), ("outage", "monitoring")),
    ("maintenance", ("Maintenance", "Maintenances"), ("maintenance",)),
    ("ticket", ("Tickets, incidents", "Tickets, incidents"), ("ticket", "incident")),
    ("notice", ("Notices, reserves", "Avis, réserves"), ("notice", "reserve", "formal-notice", "contact")),
    ("penalty", ("Claims, credits", "Réclamations, avoirs"), ("penalty", "credit")),
    ("invoice", ("Money", "Argent"), ("invoice", "rate", "consumption")),
    ("contract", ("Contract, texts, end", "Contrat, textes, fin"), ()),
    ("deadline", ("Deadlines", "Échéances"), ()),
)
"""The lanes: their name, their words, the first words of the types of fact in them."""
EVERYTHING_ELSE = "contract"
LASTING = ("terms", "deadline")
"""The lanes that hold no facts."""


class Happened(NamedTuple):
    """When a fact happened, and the first word of its type."""

    at: int
    noun: str


@cache
def lane_of(noun: str) -> str:
    """The lane of a fact."""
    return next((name for name, _, nouns in LANES if noun in nouns), EVERYTHING_ELSE)


class Stretch(NamedTuple):
    """A stretch of time, half-open, and the instant that is now; in microseconds."""

    start: int
    end: int
    now: int

    @property
    def step(self) -> int:
        """How long a bar is that counts."""
        return max(SHORTEST, -(-(self.end - self.start) // BARS))

    def x(self, instant: int) -> float:
        """Where an instant stands on the drawing."""
        return round(LABELS + (WIDTH - LABELS) * (instant - self.start) / max(1, self.end - self.start), 1)


def drawn(found: Iterable[Happened], spans: Sequence[Span], stretch: Stretch, lang: Lang) -> dict[str, Any]:
    """The lanes of a stretch of time, and the marks above them."""
    counts: dict[str, Counter[int]] = {name: Counter() for name, _, _ in LANES}
    for one in found:
        counts[lane_of(one.noun)][(one.at - stretch.start) // stretch.step] += 1
    lasting: dict[str, list[Span]] = {name: [] for name, _, _ in LANES}
    for span in spans:
        lasting[span.lane].append(span)
    ends = [span.until(stretch.now) for span in lasting["deadline"]]
    counts["deadline"].update((at - stretch.start) // stretch.step for at in ends if stretch.start <= at < stretch.end)
    most = max((n for lane in counts.values() for n in lane.values()), default=1)
    lanes = []
    top = TOP
    for name, words, _ in LANES:
        few = len(lasting[name]) <= MOST_SPANS
        rows, left_out = _rows(lasting[name], stretch, top, lang) if few else ([], 0)
        bottom = top + max(LANE, max((row["row"] for row in rows), default=0) * ROW + ROW + 8)
        lanes.append({
            "name": name, "words": words, "label": top + 21, "bottom": bottom, "spans": rows, "left_out": left_out,
            "bars": [] if rows else _bars(counts[name], stretch, most, bottom),
            "total": 0 if name in LASTING else sum(counts[name].values()),
        })  # fmt: skip
        top = bottom
    marks = [(stretch.x(at), told) for at, told in ticks(stretch.start, stretch.end, lang)]
    here = stretch.x(stretch.now) if stretch.start <= stretch.now < stretch.end else None
    return {"lanes": lanes, "ticks": marks, "width": WIDTH, "height": top + 4, "left": LABELS, "now": here}


def _bars(counts: Counter[int], stretch: Stretch, most: int, bottom: int) -> list[dict[str, Any]]:
    """How much of a lane happened in each step."""
    bars = []
    for place, n in sorted(counts.items()):
        begin = stretch.start + place * stretch.step
        height = max(4, HIGHEST * n // most)
        bars.append({
            "x": stretch.x(begin), "width": max(2.0, round(stretch.x(begin + stretch.step) - stretch.x(begin) - 1, 1)),
            "height": height, "y": bottom - 4 - height, "count": n,
            "from": Instant(begin), "to": Instant(min(stretch.end, begin + stretch.step)),
        })  # fmt: skip
    return bars


def _rows(spans: Iterable[Span], stretch: Stretch, top: int, lang: Lang) -> tuple[list[dict[str, Any]], int]:
    """What lasted, each in the first row that is free, those that end within the stretch first; how many found none."""
    free: list[float] = []
    found: list[dict[str, Any]] = []
    left_out = 0
    for span in sorted(spans, key=lambda one: (one.until(stretch.now) >= stretch.end, one.start)):
        last = stretch.end if span.lane == "terms" and span.end is None else span.until(stretch.now)
        begin, end = max(span.start, stretch.start), min(last, stretch.end)
        width = max(NARROWEST, round(stretch.x(end) - stretch.x(begin), 1))
        left = min(stretch.x(begin), WIDTH - width)
        row = next((n for n, until in enumerate(free) if until <= left), len(free))
        if row == ROWS:
            left_out += 1
            continue
        free[row : row + 1] = [left + width + 1]
        name = span.name[lang == "fr"]
        found.append({
            "span": span, "x": left, "width": width, "row": row, "y": top + 5 + row * ROW, "title": name,
            "more": span.more[lang == "fr"], "pale": span.tone in PALE,
            "label": name if len(name) * LETTER < width - 8 else "",
        })  # fmt: skip
    return found, left_out
