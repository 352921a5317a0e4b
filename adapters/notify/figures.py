"""What may be told of one contract at an instant: its deadlines, the budgets of downtime and the support clocks."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from adapters.notify.rows import NONE
from domain.exact import seconds_text
from domain.time.instant import Instant, format_instant
from projections.indicator_row import IndicatorRow
from projections.live import Said
from projections.staleness import stale_at
from projections.support import SupportRow

Kind = Literal["deadline", "budget", "support"]
WHOLE = 100
OVER = Fraction(10_000)
"""The share that is told where something is used of which nothing is allowed."""


class Figure(NamedTuple):
    """One deadline, budget or clock. ``thing`` names it for as long as it is of the same rule and the same opening.

    ``due`` is its date, ``NONE`` where it has none; ``used`` the share that is used, in percent. ``said`` is what the
    words about it need. ``earlier``: names that it may have had, before a correction of what opened it.
    """

    kind: Kind
    contract: str
    thing: str
    id: str
    owed_by: str
    due: Instant
    last_day: date | None
    start: Instant
    state: str
    used: Fraction
    said: dict[str, Any]
    earlier: frozenset[str] = frozenset()

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come of it."""
        return self.state in {"met", "met-late", "cancelled"}


def figures_of(said: Said, look_back: int) -> list[Figure]:
    """Everything of which somebody may be told; budgets of periods that ended no longer than ``look_back`` us ago."""
    derived = said.derived
    found = [*_deadlines(said)]
    lately = said.at - look_back
    found += [_budget(said.contract, row) for row in derived.indicators if row.allowed is not None and row.end > lately]
    found += [_support(said.contract, row) for row in derived.support if row.state != "not-applicable"]
    return found


def runs(said: Said) -> bool:
    """Whether a clock runs, so that a share grows with time alone: an outage or a ticket is open."""
    derived = said.derived
    return any(row.state == "running" for row in derived.support) or any(
        outage.end is None or outage.end > said.at for outage in derived.outages
    )


def next_change(said: Said) -> Instant | None:
    """The first instant at which its deadlines may read otherwise."""
    return stale_at(said)


def _deadlines(said: Said) -> Iterator[Figure]:
    named: Counter[str] = Counter()
    for row in said.derived.deadlines:
        name = _name(row.rule, row.opened_by or row.start)
        named[name] += 1
        if row.due is None:
            continue
        thing = name if named[name] == 1 else f"{name}#{named[name]}"
        told = {"clause": row.clause, "last_day": None if row.last_day is None else row.last_day.isoformat()}
        if row.safe_until is not None:
            told["safe_until"] = format_instant(row.safe_until)
        yield Figure(
            *("deadline", said.contract, thing, row.rule, row.owed_by, row.due, row.last_day),
            *(row.start or Instant(0), row.state, Fraction(0), told),
            frozenset(_name(row.rule, ref) for ref in row.events if ref != row.opened_by),
        )


def _name(rule: str, opening: str | int | None) -> str:
    return json.dumps(["deadline", rule, opening], ensure_ascii=False)


def _budget(contract: str, row: IndicatorRow) -> Figure:
    allowed = row.allowed or Fraction(0)
    used = WHOLE * row.counted_us / allowed if allowed else OVER if row.counted_us else Fraction(0)
    thing = json.dumps(["budget", row.indicator, row.resource, row.start], ensure_ascii=False)
    told = {
        "clause": row.clause,
        "resource": row.resource,
        "period": [format_instant(row.start), format_instant(row.end)],
        "used_seconds": seconds_text(row.counted_us),
        "allowed_seconds": _seconds(allowed),
    }
    return Figure(
        *("budget", contract, thing, row.indicator, "provider", Instant(row.end), None),
        *(Instant(row.start), row.state, Fraction(used), told),
    )


def _support(contract: str, row: SupportRow) -> Figure:
    clock = row.measured
    used = Fraction(WHOLE * clock.elapsed_us, row.allowed_us) if row.allowed_us else OVER
    thing = json.dumps(["support", row.commitment, row.ticket], ensure_ascii=False)
    state = row.state if clock.settled is None else "met" if row.state == "met" else "met-late"
    told = {
        "clause": row.clause,
        "ticket": row.ticket,
        "priority": row.priority,
        "used_seconds": seconds_text(clock.elapsed_us),
        "allowed_seconds": seconds_text(row.allowed_us),
        "last_instant": None if clock.due is None else format_instant(clock.due),
    }
    return Figure(
        *("support", contract, thing, row.commitment, "provider", NONE, None),
        *(clock.start or row.opened, state, used, told),
    )


def _seconds(microseconds: Fraction) -> str:
    """Whole seconds, rounded down: for a sentence, not for a judgement."""
    return str(int(microseconds / 1_000_000))
