"""Counts that another program could misread: a JSON number is exact everywhere only below 2**53 (RFC 7493).

What two readers of one fact would read differently is no evidence (RFC 8785 refuses it too), so it is refused.
"""

from domain.aggregates.verdict import Refuse
from domain.events.registry import PREFIX, topic_of
from domain.fact import AnyFact

GREATEST = 2**53 - 1
COUNTED = {
    f"{PREFIX}consumption.metered.v1": "seconds",
    f"{PREFIX}professional-services.agreed.v1": "minutes",
    f"{PREFIX}measure.recorded.v1": "samples",
}
"""The types of facts that have a count, which may be written as a JSON number, and its field."""


def too_great(fact: AnyFact) -> Refuse | None:
    """A count beyond what a JSON number says exactly."""
    name = COUNTED.get(topic_of(type(fact.data)))
    count = None if name is None else getattr(fact.data, name)
    if count is None or count <= GREATEST:
        return None
    return Refuse(
        f"{name} is {count}: beyond {GREATEST} a number is not read alike everywhere.",
        f"{name} vaut {count} : au-delà de {GREATEST}, un nombre n'est pas lu partout de la même façon.",
    )
