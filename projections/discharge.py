"""Which act settles or cancels which deadline: the one it names, else the oldest open one of the rule.

An act before what opened a deadline settles nothing. Every act is looked at once.
"""

from typing import TYPE_CHECKING

from domain.agreements.deadline import SELF, Settled
from domain.fact import AnyFact
from projections.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.docket import Docket

Act = tuple[AnyFact, Settled]


def discharge(docket: "Docket", openings: "Sequence[Opening]") -> None:
    """Settles and cancels the deadlines of one rule, which come by the time they opened."""
    _cancel(docket, openings)
    acts = acts_of(docket, openings)
    by_name: dict[str, list[Opening]] = {}
    for opening in openings:
        for name in opening.names:
            by_name.setdefault(name, []).append(opening)
    oldest = 0
    prior = openings[0].applied.rule.prior
    for fact, how in acts:
        named = _name(fact, how)
        if named is not None:
            found = [o for o in by_name.get(named, ()) if _takes(o, fact, prior)]
            if prior:
                found = found[:1]
        else:
            while oldest < len(openings) and not openings[oldest].is_open:
                oldest += 1
            found = []
            if oldest < len(openings) and not how.named_only and _takes(openings[oldest], fact, prior):
                found = [openings[oldest]]
        for opening in found:
            if how.channels and fact.data.channel not in how.channels:
                docket.misshapen.append((opening.applied, how, fact))
            elif how.opens is None or _stands(docket, opening, how.opens, fact):
                opening.settle(fact, fact.time)


def acts_of(docket: "Docket", openings: "Sequence[Opening]") -> list[Act]:
    """The acts that may settle deadlines of a rule, in order; one that opened its own deadline settles it at once."""
    rule = openings[0].applied.rule
    acts: list[Act] = []
    for how in rule.settled_by:
        if how.event == SELF:
            for opening in openings:
                _settle_itself(docket, opening, how)
        else:
            acts += [(fact, how) for fact in docket.facts(how.kind) if how.holds_for(fact.data)]
    if len(rule.settled_by) > 1:
        acts.sort(key=lambda act: act[0].order)
    return acts


def _settle_itself(docket: "Docket", opening: Opening, how: Settled) -> None:
    act = opening.act
    if act is None:
        return
    if how.channels and act.data.channel not in how.channels:
        docket.misshapen.append((opening.applied, how, act))
    else:
        opening.settle(act, act.time)


def _cancel(docket: "Docket", openings: "Sequence[Opening]") -> None:
    """Marks what was withdrawn; an effect that has come cannot be."""
    how = openings[0].applied.rule.cancelled_by
    if how is None or how.by is None:
        return
    known = docket.first_named(how.kind, how.by)
    for opening in openings:
        fact = next((known[name] for name in opening.names if name in known), None)
        if fact is not None and not opening.over_at(fact.time):
            opening.cancelled = True
            opening.facts.append(fact)


def _name(fact: AnyFact, how: Settled) -> str | None:
    value = None if how.by is None else getattr(fact.data, how.by)
    return None if value is None else str(value)


def _takes(opening: Opening, fact: AnyFact, prior: bool) -> bool:
    """Whether an act can settle the deadline: still open, opened before the act; an effect that came is past it."""
    if not opening.is_open or not (prior or opening.opened <= fact.time):
        return False
    return opening.applied.rule.kind == "duty" or not opening.over_at(fact.time)


def _stands(docket: "Docket", opening: Opening, other: str, fact: AnyFact) -> bool:
    """Whether the act opened a deadline of that other rule which was not void."""
    return any(
        o.act is fact and o.forced is None and not o.cancelled for o in docket.of(opening.applied.agreement, other)
    )
