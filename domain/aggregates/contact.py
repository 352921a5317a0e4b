"""Contact: a person holds a role; withdrawing waits for the designation. A person may be designated again."""

from typing import Any, assert_never

from domain.aggregates.verdict import ACCEPT, UNKNOWN, Known, State, Thing, Verdict, begin, follows
from domain.events.person import ContactDesignated, ContactWithdrawn
from domain.fact import Fact

ContactFact = Fact[ContactDesignated | ContactWithdrawn]

CONTACT = Thing("contact", "contact", "contact", "le contact")
INITIAL = UNKNOWN


def key(data: Any) -> str:
    """The role, and the id of the person who holds it."""
    person = data.person.id if isinstance(data, ContactDesignated) else data.person_id
    return f"{data.role} / {person}"


def decide(state: State, fact: ContactFact, known: Known) -> Verdict:
    """A withdrawal waits for the designation."""
    data = fact.data
    match data:
        case ContactDesignated():
            return ACCEPT
        case ContactWithdrawn():
            return follows(state.since, CONTACT, key(data), known)
        case _:
            assert_never(data)


def evolve(state: State, fact: ContactFact) -> State:
    """The contact after the fact."""
    return begin(state, fact.time) if isinstance(fact.data, ContactDesignated) else state
