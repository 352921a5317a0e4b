"""Which facts of a closed set (a file, a dispute) are admitted: the same for any order of its lines.

Each stream is read in the order (time, source, id). A fact that waits, or that a further fact may still make true, is
decided again as long as its stream grows; what is left then waits or is refused for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.aggregates.registry import PROVIDER, Aggregate, aggregate_of, of_providers_alone, wrong_subject
from domain.aggregates.verdict import NOTHING_KNOWN, Accept, Known, Refuse, Wait
from domain.fact import AnyFact, by_order

__all__ = ["Admission", "Known", "admit"]


Streams = dict[tuple[str, str], list[AnyFact]]
"""The facts of one kind of thing, by subject and id."""


@dataclass(slots=True)
class Admission:
    """The facts admitted, those that wait for another, and those refused."""

    accepted: list[AnyFact] = field(default_factory=list)
    waiting: list[tuple[AnyFact, Wait]] = field(default_factory=list)
    refused: list[tuple[AnyFact, Refuse]] = field(default_factory=list)


def admit(facts: Iterable[AnyFact], known: Known = NOTHING_KNOWN) -> Admission:
    """The admission of facts no two of which share source and id. Pure; about linear in their number.

    ``accepted`` comes in the order given; what waits or is refused in the order (time, source, id).
    """
    given = list(facts)
    by_kind: dict[str, tuple[Aggregate, Streams]] = {}
    held: dict[int, Wait | Refuse] = {}
    rules: dict[type[Any], tuple[Aggregate | None, Streams, bool]] = {}
    subject, of_provider = "", False
    for fact in given:
        model = type(fact.data)
        rule = rules.get(model)
        if rule is None:
            aggregate, streams = aggregate_of(model), dict[tuple[str, str], list[AnyFact]]()
            if aggregate is not None:
                aggregate, streams = by_kind.setdefault(aggregate.kind, (aggregate, streams))
            rule = rules[model] = (aggregate, streams, of_providers_alone(model))
        aggregate, streams, subject_matters = rule
        if fact.subject is not subject:
            subject, of_provider = fact.subject, fact.subject.startswith(PROVIDER)
        if subject_matters or of_provider:
            wrong = wrong_subject(fact, known)
            if wrong is not None:
                held[id(fact)] = wrong
                continue
        if aggregate is not None:
            streams.setdefault((subject, aggregate.key(fact.data)), []).append(fact)
    for aggregate, streams in by_kind.values():
        for stream in streams.values():
            _settle(aggregate, stream, known, held)
    if not held:
        return Admission(given)
    admission = Admission([fact for fact in given if id(fact) not in held])
    for fact in sorted((fact for fact in given if id(fact) in held), key=by_order):
        match held[id(fact)]:
            case Wait() as verdict:
                admission.waiting.append((fact, verdict))
            case Refuse() as verdict:
                admission.refused.append((fact, verdict))
    return admission


def _settle(aggregate: Aggregate, stream: list[AnyFact], known: Known, held: dict[int, Wait | Refuse]) -> None:
    """Decide a stream's facts in order, again and again while that admits one more; hold what is left."""
    if len(stream) == 1:
        verdict = aggregate.decide(aggregate.initial, stream[0], known)
        if not isinstance(verdict, Accept):
            held[id(stream[0])] = verdict
        return
    state = aggregate.initial
    undecided = sorted(stream, key=by_order)
    grew = True
    while undecided and grew:
        grew = False
        left = []
        for fact in undecided:
            verdict = aggregate.decide(state, fact, known)
            if isinstance(verdict, Accept):
                state = aggregate.evolve(state, fact)
                grew = True
                held.pop(id(fact), None)
                continue
            held[id(fact)] = verdict
            if isinstance(verdict, Wait) or verdict.correctable:
                left.append(fact)
        undecided = left
