"""The order of a contract's facts, worked out once: every list of events in a statement is in this order."""

from collections.abc import Callable, Iterable

from domain.fact import AnyFact, by_order


class Ranks:
    """The place of every fact of a contract in the order (time, source, id), worked out when first asked."""

    __slots__ = ("_by_identity", "_by_ref", "_facts", "_refs")

    def __init__(self, facts: Callable[[], Iterable[AnyFact]]) -> None:
        self._facts = facts
        self._by_identity: dict[int, int] = {}
        self._by_ref: dict[str, int] = {}
        self._refs: list[str] = []

    def refs(self, facts: Iterable[AnyFact]) -> tuple[str, ...]:
        """``source#id`` of each fact once, in order. They must be the very facts of the contract or its provider."""
        if not self._refs:
            self._work_out()
        places = self._by_identity
        return tuple([self._refs[place] for place in sorted({places[id(fact)] for fact in facts})])

    def in_order(self, refs: Iterable[str]) -> tuple[str, ...]:
        """References once each, in order. Raises KeyError for one that names no fact of the contract."""
        if not self._by_ref:
            if not self._refs:
                self._work_out()
            self._by_ref = {ref: place for place, ref in enumerate(self._refs)}
        places = self._by_ref
        return tuple([self._refs[place] for place in sorted({places[ref] for ref in refs})])

    def _work_out(self) -> None:
        ordered = sorted(self._facts(), key=by_order)
        self._by_identity = {id(fact): place for place, fact in enumerate(ordered)}
        self._refs = [f"{fact.source}#{fact.id}" for fact in ordered]
