"""Who holds which role for the parties, over time.

A designation belongs to the contract, not to one of its documents: signing another convention leaves it as it is
(SNC FR art. 3).
"""

from domain.events.person import ContactDesignated, ContactWithdrawn
from domain.fact import AnyFact
from projections.basis import Basis


def contacts_at(basis: Basis, instant: int) -> dict[str, tuple[str, ...]]:
    """The ids of the persons who hold each role at an instant, in the order of their designation."""
    facts: list[AnyFact] = [*basis.facts.own(ContactDesignated), *basis.facts.own(ContactWithdrawn)]
    held: dict[str, dict[str, None]] = {}
    for fact in sorted((f for f in facts if f.time <= instant), key=lambda f: f.order):
        if isinstance(fact.data, ContactDesignated):
            held.setdefault(fact.data.role, {})[fact.data.person.id] = None
        else:
            held.get(fact.data.role, {}).pop(fact.data.person_id, None)
    return {role: tuple(persons) for role, persons in sorted(held.items()) if persons}
