"""The streams that one transaction reads and grows: their length, and their state once it is asked for."""

from collections.abc import Sequence
from typing import Any

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Writing, stream_prefix
from domain.aggregates.registry import PROVIDER, Aggregate, aggregate_of
from domain.aggregates.verdict import Known
from domain.fact import AnyFact


class Streams:
    """Streams by id. A stream is read once; what this transaction adds to it counts at once."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._states: dict[str, Any] = {}
        self._last: dict[str, AnyFact] = {}
        self._versions: dict[str, int] = {}

    def read(self, streams: Sequence[str]) -> None:
        """Reads the state and length of streams not read yet."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self._versions]
        if not missing:
            return
        found = self._writing.bodies(missing)
        self._versions.update(dict.fromkeys(missing, 0))
        for stream, bodies in found.items():
            state = None
            for body in bodies:
                fact = fact_of(body)
                aggregate = aggregate_of(type(fact.data))
                if aggregate is not None:
                    state = aggregate.evolve(aggregate.initial if state is None else state, fact)
            if state is not None:
                self._states[stream] = state
            self._versions[stream] = len(bodies)

    def state(self, stream: str, aggregate: Aggregate) -> Any:
        """The present state of a stream that was read."""
        state = self._states.get(stream, aggregate.initial)
        if stream in self._last:
            state = self._states[stream] = aggregate.evolve(state, self._last.pop(stream))
        return state

    def grow(self, stream: str, fact: AnyFact) -> int:
        """Adds a fact to a stream that was read, after its state was asked for; returns the fact's version."""
        self._last[stream] = fact  # folded in when the stream is asked again: most are not
        version = self._versions[stream] = self._versions[stream] + 1
        return version

    def exists(self, stream: str) -> bool:
        """Whether a stream has an event, written already or in this transaction."""
        self.read([stream])
        return self._versions[stream] > 0


class SharedThings:
    """(kind, id) of what is known for a provider as a whole, looked up in the ledger when a fact speaks of it."""

    def __init__(self, streams: Streams, known: Known) -> None:
        self._streams = streams
        self._prefixes = [stream_prefix(f"{PROVIDER}{name}") for name in sorted(known.providers or ())]

    def __contains__(self, thing: object) -> bool:
        match thing:
            case (kind, name):
                return any(self._streams.exists(f"{prefix}{kind}|{name}") for prefix in self._prefixes)
            case _:
                return False
