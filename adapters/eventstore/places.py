"""Where facts belong: what depends only on a subject and a type of fact, worked out once."""

from typing import Any, NamedTuple

from adapters.eventstore.store import stream_id, stream_prefix
from domain.aggregates.registry import PROVIDER, Aggregate, aggregate_of, stream_of, wrong_subject
from domain.aggregates.verdict import Known, Refuse
from domain.events.deletion import HoldPlaced, HoldReleased
from domain.events.personal import PERSONAL
from domain.events.registry import topic_of
from domain.fact import AnyFact

MOST_PLACES = 100_000
ERASURE, HOLD = "erasure", "hold"
HOLDS = frozenset({topic_of(HoldPlaced), topic_of(HoldReleased)})


def erasures_of(subject: str) -> str:
    """The stream of a subject's erasures."""
    return stream_id(subject, ERASURE, "")


class Place(NamedTuple):
    """What is common to the facts of one type about one subject.

    ``personal``: they may hold values of persons. ``wakes``: the stream of the erasures that may depend on them.
    """

    wrong: Refuse | None
    topic: str
    prefix: str
    aggregate: Aggregate | None
    of_provider: bool
    personal: bool = False
    wakes: str | None = None


class Places(dict[tuple[str, type[Any]], Place]):
    """The place of a fact, by its subject and type."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self._known = known

    def of(self, fact: AnyFact) -> Place:
        """Where a fact belongs, and whether it may be said of its subject at all."""
        model = type(fact.data)
        place = self.get((fact.subject, model))
        if place is None:
            if len(self) >= MOST_PLACES:
                self.clear()
            prefix = f"{stream_prefix(fact.subject)}{stream_of(fact)[0]}|"
            of_provider = fact.subject.startswith(PROVIDER)
            topic, personal = topic_of(model), topic_of(model) in PERSONAL
            wakes = erasures_of(fact.subject) if personal or topic in HOLDS else None
            wrong = wrong_subject(fact, self._known)
            place = Place(wrong, topic, prefix, aggregate_of(model), of_provider, personal, wakes)
            self[fact.subject, model] = place
        return place
