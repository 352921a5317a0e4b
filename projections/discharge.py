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
    by_name = named(openings)
    prior = openings[0].applied.rule.prior
    every = Queue(openings)
    nameless = Queue([opening for opening in openings if not opening.names])
    for fact, how in acts:
        name = _name(fact, how)
        if name in by_name:
            found = [opening for opening in by_name[name] if _takes(opening, fact, prior)]
            if prior:
                found = found[:1]
        else:
            oldest = None if how.named_only else (every if name is None else nameless).oldest(fact)
            found = [oldest] if oldest is not None and _takes(oldest, fact, prior) else []
        for opening in found:
            if how.channels and fact.data.channel not in how.channels:
                docket.misshapen.append((opening.applied, how, fact))
            elif how.opens is None or _stands(docket, opening, how.opens, fact):
                opening.settle(fact, fact.time)


def named(openings: "Sequence[Opening]") -> dict[str | None, list[Opening]]:
    """The deadlines by each id that names them: those of their rule, and the id of the fact that opened them."""
    found: dict[str | None, list[Opening]] = {}
    for opening in openings:
        ids = opening.names if opening.act is None else (*opening.names, opening.act.id)
        for name in dict.fromkeys(ids):
            found.setdefault(name, []).append(opening)
    return found


class Queue:
    """Deadlines by the time they opened; the oldest one that later acts may settle comes first."""

    def __init__(self, openings: "Sequence[Opening]") -> None:
        self._openings = openings
        self._first = 0

    def oldest(self, fact: AnyFact) -> Opening | None:
        """The oldest one still open at an act. Acts must come in order."""
        while self._first < len(self._openings) and _past(self._openings[self._first], fact):
            self._first += 1
        return self._openings[self._first] if self._first < len(self._openings) else None


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


def _past(opening: Opening, fact: AnyFact) -> bool:
    """Whether neither this act nor a later one can settle the deadline: done, withdrawn, or an effect that has come."""
    return not opening.is_open or (opening.applied.rule.kind == "effect" and opening.over_at(fact.time))


def _takes(opening: Opening, fact: AnyFact, prior: bool) -> bool:
    """Whether an act can settle the deadline: still open, opened before the act; an effect that came is past it."""
    return (prior or opening.opened <= fact.time) and not _past(opening, fact)


def _stands(docket: "Docket", opening: Opening, other: str, fact: AnyFact) -> bool:
    """Whether the act opened a deadline of that other rule which was not void."""
    return any(
        o.act is fact and o.forced is None and not o.cancelled for o in docket.of(opening.applied.agreement, other)
    )
