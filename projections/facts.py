"""The facts of one contract, indexed by kind: the only input of every projection beside terms, readings and a date.

Adding is O(1) and the order of arrival has no meaning: facts are read sorted by (time, source, id).
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from domain.events.outage import OutageCauseEstablished, OutageCorrected, OutageRetracted
from domain.fact import AnyFact, Fact, by_order
from domain.time.instant import Instant

Data = TypeVar("Data")

CORRECTIONS = (OutageCorrected, OutageRetracted, OutageCauseEstablished)
"""Kinds that correct the past: they count when known, even when they were made after the date asked for."""


class FactBook:
    """Facts by kind. A contract's book reads through to the book of its provider."""

    __slots__ = ("_by_kind", "_provider", "_sorted")

    def __init__(self, facts: Iterable[AnyFact] = (), provider: "FactBook | None" = None) -> None:
        self._by_kind: dict[type[Any], list[AnyFact]] = {}
        self._sorted: set[type[Any]] = set()
        self._provider = provider
        for fact in facts:
            self.add(fact)

    def add(self, fact: AnyFact) -> None:
        """Takes one more fact."""
        kind = type(fact.data)
        self._by_kind.setdefault(kind, []).append(fact)
        self._sorted.discard(kind)

    def of(self, kind: type[Data]) -> list[Fact[Data]]:
        """The facts of a kind, of the contract and of its provider, sorted by (time, source, id)."""
        own = self._by_kind.get(kind, [])
        if kind not in self._sorted:
            own.sort(key=by_order)
            self._sorted.add(kind)
        if self._provider is None:
            return own
        shared = self._provider.of(kind)
        return sorted([*own, *shared], key=by_order) if shared else own

    def own(self, kind: type[Data]) -> list[Fact[Data]]:
        """The facts of a kind whose subject is the contract itself."""
        self.of(kind)
        return self._by_kind.get(kind, [])

    def __iter__(self) -> Iterator[AnyFact]:
        for facts in self._by_kind.values():
            yield from facts

    def everything(self) -> Iterator[AnyFact]:
        """Every fact, those of the provider included."""
        yield from self
        if self._provider is not None:
            yield from self._provider

    def __len__(self) -> int:
        return sum(map(len, self._by_kind.values()))

    def reading_through(self, provider: "FactBook | None") -> "FactBook":
        """The same book, with the facts of the provider beside its own. The facts are shared, not copied."""
        book = FactBook(provider=provider)
        book._by_kind, book._sorted = self._by_kind, self._sorted
        return book

    def as_of(self, at: Instant, known_at: Instant, provider: "FactBook | None" = None) -> "FactBook":
        """The facts known at ``known_at`` and dated at or before ``at``; later corrections still correct."""
        return FactBook((fact for fact in self if counts(fact, at, known_at)), provider)


def counts(fact: AnyFact, at: Instant, known_at: Instant) -> bool:
    """Whether a fact belongs in a statement at ``at`` as known at ``known_at``."""
    return fact.recorded <= known_at and (fact.time <= at or isinstance(fact.data, CORRECTIONS))
