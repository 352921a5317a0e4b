"""What opens a declared deadline: each fact that its rule names, or what is derived from several."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.agreements.deadline import Levels, Opened, meets
from domain.events.contract import ContractEnded
from domain.events.deletion import DeletionRequested
from domain.fact import AnyFact
from domain.time.instant import Instant, end_of_day, paris_date, start_of_day
from projections.opening import Opening, Start, open_deadline
from projections.requirements import unmet
from projections.reversibility import period_ends
from projections.rulebook import Applied, Bound

if TYPE_CHECKING:
    from projections.docket import Docket

ONE_DAY = timedelta(days=1)


def openings_of(docket: "Docket", bound: Bound) -> list[Opening]:
    """Every deadline that a rule opened by the statement's date."""
    found: list[Opening] = []
    for opener in bound.written.openers:
        if opener.trigger is None:
            facts = [fact for kind in opener.kinds for fact in docket.facts(kind)]
            opened = (_by_fact(docket, bound, opener, fact) for fact in facts)
            found += [opening for opening in opened if opening is not None]
        elif opener.trigger == "qualification-lost":
            found += _by_loss(docket, bound, opener)
        elif opener.trigger == "agreement-ended":
            found += _by_end(docket, bound, opener)
        else:
            found += _by_period_end(docket, bound, opener)
    return found


def _applied(docket: "Docket", bound: Bound, opener: Opened, instant: int) -> Applied | None:
    """The rule as it reads at an instant, if it then governs and is opened this way."""
    applied = docket.rulebook.at(bound, instant)
    same = applied.rule.opened_by is opener or applied.rule.opened_by == opener
    if not same or not bound.governs(instant, applied.readings):
        return None
    return applied


def _by_fact(docket: "Docket", bound: Bound, opener: Opened, fact: AnyFact) -> Opening | None:
    """The deadline one fact opens, None where it opens none."""
    if not opener.holds_for(fact.data):
        return None
    basis = docket.basis
    if not bound.governs(fact.time, basis.readings.at(fact.time)):
        return None
    docket.recognised.add(fact.ref)
    applied = _applied(docket, bound, opener, fact.time)
    if applied is None or not (fact.subject == basis.contract or basis.terms.in_force(fact.time)):
        return None
    if opener.own_service and not _own_service(docket, applied, fact):
        return None
    if opener.levels is not None and not _asked_for(docket, applied, opener.levels, fact):
        return None
    lacking = unmet(docket, applied, fact)
    if lacking is not None:
        docket.refused.append(lacking)
        return None
    return _opened(docket, applied, fact)


def _opened(docket: "Docket", applied: Applied, fact: AnyFact) -> Opening | None:
    """The deadline from the fact, or from the later one its delay runs from."""
    rule = applied.rule
    names = tuple(str(name) for name in (getattr(fact.data, field) for field in rule.name) if name is not None)
    begun: AnyFact | None = fact
    if rule.starts is not None:
        begun = _begun(docket, applied, names)
        if begun is None and rule.starts.missing == "wait":
            docket.waiting.append((applied, fact))
            return None
        if begun is None:
            begun = fact
        elif begun.time != fact.time:
            applied = docket.rulebook.at(applied.bound, begun.time)
    assert begun is not None
    start, shown = _start(docket, applied, fact, begun)
    if start is None:
        return None
    named_day = None if rule.named_date is None else getattr(fact.data, rule.named_date)
    act = begun if rule.starts is not None and not rule.starts.receipt else fact
    end = docket.basis.terms.end
    facts = (fact,) if begun is fact else (fact, begun)
    return open_deadline(
        applied,
        start,
        begun.time,
        act,
        end=end,
        names=names,
        facts=facts,
        named_day=named_day,
        shown_start=shown,
    )


def _begun(docket: "Docket", applied: Applied, names: tuple[str, ...]) -> AnyFact | None:
    """The fact from which the delay runs: an answer by the same id, or the slip of the notice."""
    starts = applied.rule.starts
    assert starts is not None
    known = docket.slips if starts.receipt else docket.first_named(starts.kind, starts.by)
    return next((known[name] for name in names if name in known), None)


def _start(docket: "Docket", applied: Applied, fact: AnyFact, begun: AnyFact) -> tuple[Start | None, Instant | None]:
    """Where the delay runs from, and the instant to print where that is another one."""
    rule = applied.rule
    if rule.after is not None:
        earlier = [
            o for o in docket.of(applied.agreement, rule.after) if o.opened <= begun.time and o.last_day is not None
        ]
        day = paris_date(begun.time) if not earlier or earlier[-1].last_day is None else earlier[-1].last_day + ONE_DAY
        return day, start_of_day(day)
    match rule.runs_from:
        case "time":
            return begun.time, None
        case "recorded":
            return begun.recorded, None
        case "ticket":
            asked = [f.time for f in docket.facts(DeletionRequested) if f.data.via == "ticket" and f.time <= fact.time]
            return (asked[-1] if asked else fact.time), None
        case "effect":
            return _effective_day(docket, fact.time), None
        case field:
            value = getattr(fact.data, field)
            return (fact.time if value is None else value), None


def _effective_day(docket: "Docket", instant: int) -> date | None:
    """The day the contract ends as known at an instant: the last termination's, else that of its recorded end."""
    days = [o.last_day for o in docket.effects() if o.opened <= instant and o.last_day is not None]
    if days:
        return days[-1]
    return min((fact.data.on for fact in docket.facts(ContractEnded)), default=None)


def _own_service(docket: "Docket", applied: Applied, fact: AnyFact) -> bool:
    terms = applied.agreement.qualification
    return terms is not None and (fact.data.service in terms.services or fact.subject == docket.basis.contract)


def _asked_for(docket: "Docket", applied: Applied, levels: Levels, fact: AnyFact) -> bool:
    """Whether the levels in force at the fact ask for it; without any, whether the rule is the one for then."""
    chosen = [choice for choice in docket.facts(levels.kind) if choice.time <= fact.time]
    if not levels.chosen or not chosen:
        return not levels.chosen and not chosen
    words = getattr(chosen[-1].data, levels.field)
    for word in words:
        if word not in levels.words:
            docket.unknown_levels.append((applied, chosen[-1], word))
    return any(word in levels.words and meets(fact.data, levels.words[word]) for word in words)


def _by_loss(docket: "Docket", bound: Bound, opener: Opened) -> Iterator[Opening]:
    """One deadline for each loss of the qualification this text speaks of."""
    for loss in docket.losses:
        applied = _applied(docket, bound, opener, loss.at)
        if applied is None or loss.agreement.id != bound.agreement.id:
            continue
        decision = None if loss.fact is None else loss.fact.data.decision
        names = (loss.service,) if decision is None else (loss.service, decision)
        facts = () if loss.fact is None else (loss.fact,)
        act = loss.fact if loss.fact is not None and loss.fact.time == loss.at else None
        end = docket.basis.terms.end
        yield open_deadline(applied, loss.at, loss.at, act, end=end, names=names, facts=facts)


def _by_end(docket: "Docket", bound: Bound, opener: Opened) -> Iterator[Opening]:
    """The end of this text: with the contract, or before it by an effect that ends the text alone."""
    basis = docket.basis
    ends: list[tuple[int, date, AnyFact]] = [
        (end_of_day(fact.data.on), fact.data.on, fact) for fact in docket.facts(ContractEnded)
    ]
    for other in docket.rulebook.bound:
        if other.agreement is bound.agreement and other.written.ends is not None and other is not bound:
            ends += [
                (opening.due, opening.last_day, opening.act)
                for opening in docket.openings(other)
                if opening.applied.rule.ends == "agreement"
                and not opening.cancelled
                and opening.act is not None
                and opening.due is not None
                and opening.last_day is not None
                and opening.due <= basis.at
            ]
    if not ends:
        return
    due, day, act = min(ends, key=lambda end: (end[0], end[2].order))
    applied = _applied(docket, bound, opener, min(act.time, due - 1))
    if applied is not None:
        docket.recognised.add(act.ref)
        yield open_deadline(applied, day, due, act, end=basis.terms.end)


def _by_period_end(docket: "Docket", bound: Bound, opener: Opened) -> Iterator[Opening]:
    """The end of the time to recover data (projected while it is open)."""
    assert opener.phases is not None
    for access in docket.of(bound.agreement, opener.phases.access):
        applied = docket.rulebook.at(bound, access.opened)
        if applied.rule.opened_by == opener:
            start, opened, act = period_ends(docket, applied, opener.phases, access)
            end = docket.basis.terms.end
            yield open_deadline(applied, start, opened, act, end=end, facts=tuple(access.facts))
