"""What durability, latency and time-share lines say: one value per period, from the measures that fall in it.

A durability is a fraction of 1, a time-share a percentage, a latency milliseconds; all exact. ``latency.statistic`` is
decided here. Sampling steps, block sizes and units of count change no figure: rows name the ones they suppose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.agreements.indicator import Indicator
from domain.events.operation import MeasureRecorded
from domain.fact import Fact
from domain.readings import Readings
from projections.basis import Basis

KINDS = {"latency": ("latency-ms",), "time-share": ("iops-share",)}
"""The kinds of measure each metric takes; a durability takes those of the things it counts."""

Measures = Sequence[Fact[MeasureRecorded]]
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a line over one period, the number of samples behind it, and whether it keeps the promise."""

    value: Fraction | None
    samples: int | None
    kept: bool | None


def kinds(indicator: Indicator) -> tuple[str, ...]:
    """The kinds of measure a line takes."""
    if indicator.counts is not None:
        return (f"{indicator.counts}-stored", f"{indicator.counts}-lost")
    return KINDS.get(indicator.metric, ())


def feeding(indicator: Indicator, basis: Basis) -> list[Fact[MeasureRecorded]]:
    """Every measure that feeds a line, by (time, source, id)."""
    wanted = kinds(indicator)
    return [
        fact
        for fact in basis.facts.of(MeasureRecorded)
        if fact.data.measure in wanted and fact.data.service in indicator.services
    ]


def inside(indicator: Indicator, measures: Measures, start: int, end: int) -> list[Fact[MeasureRecorded]]:
    """The measures of a period: whole within it for a count, touching it for the others."""
    if indicator.counts is not None:
        return [fact for fact in measures if start <= fact.data.from_ and fact.data.to <= end]
    return [fact for fact in measures if fact.data.from_ < end and max(fact.data.to, fact.data.from_ + 1) > start]


def value_of(indicator: Indicator, measures: Measures, start: int, end: int, readings: Readings) -> Value:
    """The value of a line over ``[start, end)`` from the measures of that period; none without measure."""
    assert indicator.target is not None
    target = Fraction(indicator.target)
    match indicator.metric:
        case "durability":
            durability = _durability(indicator, measures)
            return Value(durability, None, None if durability is None else durability * HUNDRED >= target)
        case "latency":
            latency, samples = _latency(indicator, measures, readings.get("latency.statistic"))
            return Value(latency, samples, None if latency is None else latency <= target)
        case _:
            share = _time_weighted(measures, start, end)
            return Value(share, None, None if share is None else share >= target)


def _durability(indicator: Indicator, measures: Measures) -> Fraction | None:
    """1 - sum of lost / greatest stored; None where nothing stored was measured."""
    stored = [fact.data.value for fact in measures if fact.data.measure == f"{indicator.counts}-stored"]
    lost = [fact.data.value for fact in measures if fact.data.measure == f"{indicator.counts}-lost"]
    if not stored or not max(stored):
        return None
    return 1 - sum((Fraction(value) for value in lost), Fraction(0)) / Fraction(max(stored))


def _latency(indicator: Indicator, measures: Measures, statistic: str) -> tuple[Fraction | None, int | None]:
    """The greatest value; under B a percentile, under C the mean, both weighted by samples (one where none is said)."""
    weighed = sorted((Fraction(f.data.value), 1 if f.data.samples is None else f.data.samples) for f in measures)
    if not weighed:
        return None, None
    samples = sum(weight for _, weight in weighed)
    if statistic == "A" or not samples:
        return weighed[-1][0], samples
    if statistic == "C":
        return sum((value * weight for value, weight in weighed), Fraction(0)) / samples, samples
    rank = samples * Fraction(indicator.percentile if indicator.percentile is not None else 100) / HUNDRED
    seen = 0
    for value, weight in weighed:
        seen += weight
        if seen >= rank:
            return value, samples
    return weighed[-1][0], samples


def _time_weighted(measures: Measures, start: int, end: int) -> Fraction | None:
    """The mean of the shares, each weighted by its time within the period; unweighted where none lasts."""
    if not measures:
        return None
    weighed = [
        (Fraction(fact.data.value), max(min(fact.data.to, end) - max(fact.data.from_, start), 0)) for fact in measures
    ]
    time = sum(weight for _, weight in weighed)
    if not time:
        return sum((value for value, _ in weighed), Fraction(0)) / len(weighed)
    return sum((value * weight for value, weight in weighed), Fraction(0)) / time
