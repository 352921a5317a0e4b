"""Views: each contract's statement at its own latest fact, kept beside the ledger and advanced as facts come.

A refresh derives only the contracts that new facts touch. A rebuild derives every contract from zero into a new
generation, beside the live one, and then swaps: readers see the old statements or the new ones, never a mixture.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from adapters.eventstore.ledger import Ledger
from domain.agreements.catalogue import Catalogue
from domain.fact import AnyFact
from domain.readings import Readings
from projections.live import LiveStatement
from projections.replay import PROVIDER

GENERATION, POSITION = "generation", "views"
CONTRACTS_IN_MEMORY = 256


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: how many contracts it derived and how many statements came out different."""

    contracts: int
    changed: tuple[str, ...]


class Views:
    """The live statements of a ledger."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, readings: Readings) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._readings = readings
        self._live: OrderedDict[str, LiveStatement] = OrderedDict()
        self._providers: dict[str, list[AnyFact]] = {}

    def refresh(self) -> int:
        """Takes in the facts recorded since the last refresh and rewrites the statements they touch; returns how many."""
        after = self._ledger.store.position(POSITION) or 0
        new: dict[str, list[AnyFact]] = {}
        for position, fact in self._ledger.positioned_facts(after):
            new.setdefault(fact.subject, []).append(fact)
            after = position
        if not new:
            return 0
        touched = {subject for subject in new if not subject.startswith(PROVIDER)}
        if any(subject.startswith(PROVIDER) for subject in new):
            self._providers.clear()
            self._live.clear()
            touched |= set(self._ledger.store.views())
        bodies = [(contract, self._statement(contract, new.get(contract, []))) for contract in sorted(touched)]
        with self._ledger.store.writing() as writing:
            generation = writing.tracked(GENERATION) or 0
            writing.track(GENERATION, generation)
            writing.show(generation, bodies)
            writing.track(POSITION, after)
        return len(bodies)

    def rebuild(self, on_contract: Callable[[str], None] | None = None) -> Rebuilt:
        """Derives every contract from zero beside the live views, then swaps."""
        store = self._ledger.store
        by_subject: dict[str, list[AnyFact]] = {}
        after = 0
        for position, fact in self._ledger.positioned_facts():
            by_subject.setdefault(fact.subject, []).append(fact)
            after = position
        fresh = Views(self._ledger, self._catalogue, self._readings)
        fresh._providers = {s: facts for s, facts in by_subject.items() if s.startswith(PROVIDER)}  # noqa: SLF001
        changed = []
        bodies = []
        for contract in sorted(subject for subject in by_subject if not subject.startswith(PROVIDER)):
            body = fresh._derive(contract, by_subject[contract])  # noqa: SLF001
            if body != store.view(contract):
                changed.append(contract)
            bodies.append((contract, body))
            if on_contract is not None:
                on_contract(contract)
        with store.writing() as writing:
            generation = (writing.tracked(GENERATION) or 0) + 1
            writing.show(generation, bodies)
            writing.track(GENERATION, generation)
            writing.track(POSITION, after)
            writing.drop_generations(generation)
        self._live.clear()
        return Rebuilt(len(bodies), tuple(changed))

    def _statement(self, contract: str, new: list[AnyFact]) -> bytes:
        live = self._live.get(contract)
        if live is None:
            return self._derive(contract, self._ledger.facts_of(contract))
        self._live.move_to_end(contract)
        live.take(new)
        return live.text().encode()

    def _derive(self, contract: str, facts: list[AnyFact]) -> bytes:
        live = LiveStatement(contract, self._catalogue, self._readings, self._shared)
        live.take(facts)
        self._live[contract] = live
        if len(self._live) > CONTRACTS_IN_MEMORY:
            self._live.popitem(last=False)
        return live.text().encode()

    def _shared(self, provider: str) -> list[AnyFact]:
        if provider not in self._providers:
            self._providers[provider] = self._ledger.facts_of(provider)
        return self._providers[provider]
