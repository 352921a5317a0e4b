"""Names of facts that two facts could share: a fact is cited as ``source#id``, everywhere and in every proof."""

from domain.aggregates.verdict import Refuse
from domain.fact import AnyFact

BETWEEN = "#"


def shared_name(fact: AnyFact) -> Refuse | None:
    """A source with a ``#``: where it ends and the id begins could not be told from the name of the fact."""
    if BETWEEN not in fact.source:
        return None
    return Refuse(
        f"source has a {BETWEEN}: facts are cited as source{BETWEEN}id, and another fact could have the same name.",
        f"source a un {BETWEEN} : un fait est cité source{BETWEEN}id, et un autre fait pourrait avoir le même nom.",
    )
