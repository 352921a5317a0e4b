"""What a text requires for an act to have any effect, and whether it was there when the act was made."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.agreements.deadline import Requirement, data_class, meets
from domain.events.contract import ContractEnded
from domain.fact import AnyFact
from domain.time.delay import compute
from domain.time.instant import Instant
from projections.rulebook import Applied

if TYPE_CHECKING:
    from projections.docket import Docket


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that the text refuses, and what it lacks."""

    applied: Applied
    requirement: Requirement
    fact: AnyFact


def unmet(docket: "Docket", applied: Applied, fact: AnyFact) -> Refused | None:
    """The first requirement the act does not meet, None where it meets them all."""
    for written in applied.rule.requires:
        requirement = written.under(lambda name: applied.readings.get(name, applied.agreement.id))
        if not _met(docket, applied, requirement, fact):
            refused = Refused(applied, requirement, fact)
            if not requirement.advisory:
                return refused
            docket.advised.append(refused)
    return None


def _met(docket: "Docket", applied: Applied, requirement: Requirement, fact: AnyFact) -> bool:
    match requirement.test:
        case "none":
            return True
        case "channel":
            return fact.data.channel in requirement.channels
        case "past-term":
            return _past_term(docket, applied, requirement, fact)
        case "expired":
            return _expired(docket, applied, requirement, fact)
        case "in-force":
            return _in_force(docket, requirement, fact.time)
        case "qualification-lost":
            return any(loss.at <= fact.time and loss.agreement.id == applied.agreement.id for loss in docket.losses)
        case "paid-up":
            return not any(invoice.late_at(fact.time) for invoice in docket.payments)
        case "ended":
            end = docket.basis.terms.end
            return bool(docket.facts(ContractEnded)) and end is not None and fact.time >= end


def _past_term(docket: "Docket", applied: Applied, requirement: Requirement, fact: AnyFact) -> bool:
    """Whether the contract is of another kind, or the soonest effect is not before its term."""
    signed = docket.basis.terms.signed.data
    if signed.kind not in requirement.kinds:
        return True
    if signed.term_end is None or applied.delay is None:
        return False
    soonest = compute(fact.time, applied.delay, applied.clock, applied.clear).last_day
    return soonest is not None and soonest >= signed.term_end


def _expired(docket: "Docket", applied: Applied, requirement: Requirement, fact: AnyFact) -> bool:
    """Whether a delay that the same party set had run out in vain when the act was made."""
    party = None if requirement.by is None else getattr(fact.data, requirement.by)
    return any(
        opening.in_vain_at(fact.time)
        for opening in docket.of(applied.agreement, requirement.deadline)
        if party is None or (opening.act is not None and getattr(opening.act.data, requirement.by or "") == party)
    )


def _in_force(docket: "Docket", requirement: Requirement, instant: Instant) -> bool:
    """Whether an event of the kind had happened and was not yet ended."""
    assert requirement.event is not None
    ends = [] if requirement.ended_by is None else docket.facts(data_class(requirement.ended_by))
    field = requirement.by or ""
    for fact in docket.facts(data_class(requirement.event)):
        if fact.time > instant or not meets(fact.data, requirement.when):
            continue
        name = getattr(fact.data, field)
        if not any(fact.time <= end.time <= instant and getattr(end.data, field) == name for end in ends):
            return True
    return False
