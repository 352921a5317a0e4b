"""Erasure: of a person that the facts of the subject name, once, and never while a hold on the subject is in force.

The erasures of one subject are one stream. What they depend on is said in other streams (``Known.beside``); an erasure
that waits or is blocked is decided again when one of those grows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from domain.aggregates.verdict import ACCEPT, Known, Refuse, Verdict, Wait
from domain.events.deletion import HoldPlaced, HoldReleased
from domain.events.person import PersonErased
from domain.events.personal import person_of
from domain.fact import AnyFact, Fact
from domain.time.instant import Instant, end_of_day

ErasureFact = Fact[PersonErased]
SHOWN = 3
"""As many holds as a reason names."""


@dataclass(frozen=True, slots=True)
class State:
    """Who was erased, and when, on the recorded axis."""

    erased: Mapping[str, Instant] = field(default_factory=lambda: MappingProxyType({}))


INITIAL = State()


def key(_: Any) -> str:
    """The erasures of a subject are one stream."""
    return ""


def decide(state: State, fact: ErasureFact, known: Known) -> Verdict:
    """Wait for a person no fact names, refuse a second erasure, refuse for as long as a hold is in force."""
    if known.beside is None:
        return ACCEPT
    person = fact.data.person_id
    erased, named = state.erased.get(person), known.beside.named(fact.subject, person)
    if erased is not None and (named is None or named <= erased):
        return Refuse(
            f"The person '{person}' was erased already, and no fact has named them since.",
            f"La personne « {person} » est déjà effacée, et aucun fait ne l'a nommée depuis.",
        )  # for good: it must not erase who is named again later
    if named is None:
        return Wait(
            f"No fact of {fact.subject} holds values of a person '{person}' yet: this fact waits for one.",
            f"Aucun fait de {fact.subject} ne contient de valeur d'une personne « {person} » : ce fait en attend un.",
        )
    holds = sorted(known.beside.holds(fact.subject))
    if holds:
        names = ", ".join(f"'{name}'" for name in holds[:SHOWN]) + (", …" if len(holds) > SHOWN else "")
        noms = ", ".join(f"« {name} »" for name in holds[:SHOWN]) + (", …" if len(holds) > SHOWN else "")
        return Refuse(
            f"Nothing may be erased while a hold is in force: {names}. It is erased when the hold is released.",
            f"Rien ne peut être effacé tant qu'une conservation est ordonnée : {noms}. L'effacement aura lieu quand"
            " elle sera levée.",
            correctable=True,
        )
    return ACCEPT


def evolve(state: State, fact: ErasureFact) -> State:
    """Who is erased after the fact; the last erasure counts."""
    person = fact.data.person_id
    last = max(fact.recorded, state.erased.get(person, fact.recorded))
    return State(MappingProxyType({**state.erased, person: last}))


@dataclass(frozen=True, slots=True)
class Said:
    """What some facts of a subject say of persons and holds at an instant: see ``verdict.Beside``."""

    facts: Iterable[AnyFact]
    now: Instant

    def named(self, subject: str, person: str) -> Instant | None:
        """When the last of them that holds values of the person came to be known."""
        mine = (fact for fact in self.facts if fact.subject == subject and person_of(fact) == person)
        return max((fact.recorded for fact in mine), default=None)

    def holds(self, subject: str) -> frozenset[str]:
        """The holds that were placed, not released, and whose last day is not over."""
        mine = [fact for fact in self.facts if fact.subject == subject]
        released = {fact.data.hold for fact in mine if isinstance(fact.data, HoldReleased)}
        return frozenset(
            fact.data.hold
            for fact in mine
            if isinstance(fact.data, HoldPlaced)
            and fact.data.hold not in released
            and (fact.data.until is None or self.now < end_of_day(fact.data.until))
        )
