"""What arrives in a transaction with values of persons, sealed before anything of it is looked up or written."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from adapters.cloudevents import parse_object
from adapters.eventstore.batch import Received
from adapters.eventstore.mapper import MOST_HELD, fact_in, fact_of, kept_fact, key_of
from adapters.eventstore.places import HOLD, erasures_of
from adapters.eventstore.store import Writing, stream_prefix
from adapters.eventstore.streams import Streams
from domain.aggregates.erasure import Said
from domain.aggregates.registry import aggregate_of, kind_of
from domain.errors import UndecodableEventError
from domain.events.person import PersonErased
from domain.events.personal import PERSONAL, values_in
from domain.events.registry import event_class
from domain.fact import AnyFact
from domain.time.instant import Instant, parse_instant

if TYPE_CHECKING:
    from adapters.privacy.persons import Persons

Event = dict[str, Any]
PERSONS = "persons"
"""The name under which the ledger keeps the number of its key store."""
Arrival = tuple[Received, str]
"""A received fact and its stream."""
KINDS = tuple(sorted({kind_of(event_class(topic)) for topic in PERSONAL}))
"""The kinds of streams whose facts hold values of persons."""


class Arriving:
    """Seals facts within one write transaction, which the ledger's writers take one after another."""

    def __init__(self, writing: Writing, streams: Streams, persons: "Persons", recorded: Instant) -> None:
        self._writing = writing
        self._streams = streams
        self._persons = persons
        self._recorded = recorded

    def sealed(self, arrivals: Sequence[Arrival]) -> list[Received]:
        """The same facts, in the same order, with the values of persons sealed. Raises LedgerError without a key."""
        from adapters.privacy import sealing  # noqa: PLC0415 - few facts hold values of persons

        events = [parse_object(received.body, MOST_HELD) for received, _ in arrivals]
        personal = [number for number, event in enumerate(events) if values_in(event)]
        if not personal:
            return [received for received, _ in arrivals]
        erased = self._erased({events[number]["subject"] for number in personal})
        done: dict[int, Event] = {}
        for number in personal:
            whose = sealing.whose(events[number])
            first = self._first(*arrivals[number], erased[whose]) if whose in erased else None
            if first is not None:
                done[number] = sealing.sealed_as(first, events[number])
        self._is_ours()
        new = [number for number in personal if number not in done]
        if new:
            found = sealing.sealed(self._persons.keys, [events[one] for one in new], erased, self._recorded)
            done |= dict(zip(new, found, strict=True))
        bodies = {number: sealing.bytes_of(event) for number, event in done.items()}
        return [
            _holding(received, bodies[number]) if number in bodies else received
            for number, (received, _) in enumerate(arrivals)
        ]

    def _is_ours(self) -> None:
        """Raises LedgerError for a key store that is not this ledger's: its persons would have two keys."""
        number, known = self._persons.keys.number, self._writing.tracked(PERSONS)
        if known is None:
            self._writing.track(PERSONS, number)
        elif known != number:
            raise self._persons.another()

    def _erased(self, subjects: set[str]) -> dict[tuple[str, str], Instant]:
        """Who of these subjects was erased, and when."""
        aggregate = aggregate_of(PersonErased)
        assert aggregate is not None
        self._streams.read([erasures_of(subject) for subject in subjects])
        states = {subject: self._streams.state(erasures_of(subject), aggregate) for subject in subjects}
        return {(subject, person): at for subject, state in states.items() for person, at in state.erased.items()}

    def _first(self, received: Received, stream: str, erased: Instant) -> Event | None:
        """The event that came first under the key of this one, if that was before its person was erased."""
        fact = received.fact
        assert not isinstance(fact, UndecodableEventError)
        for state in self._writing.bodies([stream]).get(stream, ()):
            kept = from_json(state)
            event: Event = kept["event"]
            if (event["source"], event["id"]) == (fact.source, fact.id):
                return event if parse_instant(kept["recorded"]) <= erased else None
        for entry in self._writing.held_as(key_of(fact.source, fact.id)):
            if parse_instant(entry.received) <= erased:
                return parse_object(entry.body, MOST_HELD)
        return None


class Elsewhere:
    """What an erasure depends on, read in the ledger when it is decided: see ``domain.aggregates.verdict.Beside``.

    ``gathered`` gives the states that this transaction has under a prefix and has not written yet.
    """

    def __init__(self, writing: Writing, gathered: Callable[[str], list[bytes]], now: Instant) -> None:
        self._writing = writing
        self._gathered = gathered
        self._now = now

    def named(self, subject: str, person: str) -> Instant | None:
        """When the last fact that holds values of the person came to be known, in the ledger or in its quarantine."""
        facts = self._under(subject, KINDS)
        for entry in self._writing.held_about(subject, tuple(PERSONAL)):
            with suppress(UndecodableEventError):
                facts.append(fact_in(entry))
        return Said(facts, self._now).named(subject, person)

    def holds(self, subject: str) -> frozenset[str]:
        """The holds in force."""
        return Said(self._under(subject, (HOLD,)), self._now).holds(subject)

    def _under(self, subject: str, kinds: Iterable[str]) -> list[AnyFact]:
        prefixes = [f"{stream_prefix(subject)}{kind}|" for kind in kinds]
        found = (state for one in prefixes for state in (*self._writing.under(one), *self._gathered(one)))
        return [fact_of(state) for state in found]


def _holding(received: Received, body: bytes) -> Received:
    """What was received, with a sealed body."""
    fact = received.fact
    assert not isinstance(fact, UndecodableEventError)
    return received._replace(body=body, fact=kept_fact(parse_object(body, MOST_HELD), fact.recorded))
