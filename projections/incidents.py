"""Incidents: outages that share an incident id are one; each other outage is its own.

The first moments of an incident run on the clock from its earliest start, whether or not the service was down
throughout (readings ``internet.flapping``, ``internet.overlap_incidents``, ``internet.two_minutes_month_cut``).
"""

from collections import defaultdict
from collections.abc import Sequence

from domain.time.interval import Interval
from projections.exclusions import FirstRule
from projections.outages import Outage
from projections.tracks import Incident, Rules

Bounds = tuple[int, int]


def incidents_of(outages: Sequence[Outage], at: int, length: int, rules: Rules) -> list[Incident]:
    """The incidents of the outages of one line, by start. ``length`` is that of the moments that never count."""
    groups: dict[object, list[Outage]] = defaultdict(list)
    for outage in outages:
        groups[outage.incident if outage.incident is not None else (outage.id, outage.start)].append(outage)
    found = sorted((_incident(group, at) for group in groups.values()), key=lambda incident: incident.start)
    gap = length if rules.flapping == "B" else 0
    if not gap and rules.merge != "A":
        return found
    merged: list[Incident] = []
    for incident in found:
        last = merged[-1] if merged else None
        if last is not None and _is_one(last, incident, gap, rules):
            both = last.outages | incident.outages
            merged[-1] = Incident(last.start, max(last.end, incident.end), both, last.first)
        else:
            merged.append(incident)
    return merged


def _is_one(last: Incident, later: Incident, gap: int, rules: Rules) -> bool:
    """Whether two are one: they overlap (``overlap_incidents`` A), or follow within the gap (``flapping`` B)."""
    if later.start < last.end:
        return rules.merge == "A"
    return later.start - last.end < gap


def first_moments(
    incidents: Sequence[Incident], rule: FirstRule, rules: Rules, bounds: Bounds | None = None
) -> list[tuple[FirstRule, Incident, Interval]]:
    """Each incident with the moments that do not count; within one period only, where the readings need it."""
    found: list[tuple[FirstRule, Incident, Interval]] = []
    for incident in incidents:
        start = incident.start
        if bounds is not None:
            if incident.end <= bounds[0] or incident.start >= bounds[1]:
                continue
            if rules.cut == "C" and start < bounds[0]:
                continue
            if rules.cut == "B":
                start = max(start, bounds[0])
        found.append((rule, incident, (start, start + rule.length)))
        if rules.first == "C" and bounds is not None:
            break
    return found


def needs_bounds(rules: Rules) -> bool:
    """Whether the first moments depend on the period in which they are looked at."""
    return rules.first == "C" or rules.cut != "A"


def _incident(outages: Sequence[Outage], at: int) -> Incident:
    first = min(outages, key=lambda outage: (outage.start, outage.id))
    end = max(outage.until(at) for outage in outages)
    return Incident(first.start, end, frozenset(id(outage) for outage in outages), first)
