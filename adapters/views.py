"""Views: each contract's statement at its own latest fact, kept beside the ledger and advanced as facts come.

A refresh derives only the contracts that new facts touch. A rebuild derives every contract from zero into a new
generation, beside the live one, and then swaps: readers see the old statements or the new ones, never a mixture.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from adapters.cloudevents import decode_structured
from adapters.eventstore.ledger import DISCARDED, Ledger
from adapters.eventstore.mapper import CONFLICT, fact_of
from adapters.eventstore.store import Entry, Held, subject_of
from domain.agreements.catalogue import Catalogue
from domain.errors import UndecodableEventError
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import parse_instant
from projections.findings import Finding
from projections.live import LiveStatement, Note
from projections.replay import PROVIDER

GENERATION, POSITION, HELD = "generation", "views", "views:held"
CONTRACTS_IN_MEMORY = 256


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: how many contracts it derived and which statements came out different."""

    contracts: int
    changed: tuple[str, ...]


@dataclass(slots=True)
class _Known:
    """A contract's statement in memory, and the position of the last fact it has taken in."""

    statement: LiveStatement
    position: int = 0


class Views:
    """The live statements of a ledger. Several processes may refresh: who comes second derives again."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, readings: Readings) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._catalogue = catalogue
        self._readings = readings
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._providers: dict[str, list[AnyFact]] = {}

    def refresh(self) -> int:
        """Takes in what came since the last refresh and rewrites the statements it touches; returns how many."""
        while True:
            seen = self._seen()
            touched, now_seen = self._touched(*seen)
            if now_seen == seen:
                return 0
            bodies = [(contract, self._statement(contract)) for contract in sorted(touched)]
            with self._store.writing() as writing:
                if ((writing.tracked(POSITION) or 0), (writing.tracked(HELD) or 0)) != seen:
                    continue
                generation = writing.tracked(GENERATION) or 0
                writing.track(GENERATION, generation)
                writing.show(generation, bodies)
                writing.track(POSITION, now_seen[0])
                writing.track(HELD, now_seen[1])
            return len(bodies)

    def rebuild(self, on_contract: Callable[[str], None] | None = None) -> Rebuilt:
        """Derives every contract from zero beside the live views, then swaps."""
        self.refresh()
        seen = self._seen()
        fresh = Views(self._ledger, self._catalogue, self._readings)
        changed = []
        bodies = []
        for contract in sorted({*self._store.subjects(), *self._waiting_subjects()}):
            if contract.startswith(PROVIDER):
                continue
            body = fresh._statement(contract)
            if body != self._store.view(contract):
                changed.append(contract)
            bodies.append((contract, body))
            if on_contract is not None:
                on_contract(contract)
        with self._store.writing() as writing:
            generation = (writing.tracked(GENERATION) or 0) + 1
            writing.show(generation, bodies)
            writing.track(GENERATION, generation)
            writing.track(POSITION, seen[0])
            writing.track(HELD, seen[1])
            writing.drop_generations(generation)
        self._known.clear()
        self._providers.clear()
        self.refresh()
        return Rebuilt(len(bodies), tuple(changed))

    def _seen(self) -> tuple[int, int]:
        return self._store.position(POSITION) or 0, self._store.position(HELD) or 0

    def _touched(self, position: int, number: int) -> tuple[set[str], tuple[int, int]]:
        """The contracts that events after a position, or entries of the quarantine after a number, bear on."""
        subjects = set()
        for entry in self._ledger.entries(position):
            position = entry.position
            subjects.add(_about(entry))
        for held in self._store.quarantine(after=number):
            number = held.number
            subjects.add(held.subject or "")
        touched = {subject for subject in subjects if subject and not subject.startswith(PROVIDER)}
        if any(subject.startswith(PROVIDER) for subject in subjects):
            self._providers.clear()
            touched.update(self._store.views())
        return touched, (position, number)

    def _waiting_subjects(self) -> set[str]:
        held = (*self._store.quarantine("waiting"), *self._store.quarantine("open"))
        return {entry.subject for entry in held if entry.subject}

    def _statement(self, contract: str) -> bytes:
        known = self._known.pop(contract, None) or _Known(
            LiveStatement(contract, self._catalogue, self._readings, self._shared)
        )
        new = [entry for entry in self._store.entries_of(contract) if entry.position > known.position]
        known.statement.take(fact_of(entry.state) for entry in new)
        known.position = max([known.position, *(entry.position for entry in new)])
        self._known[contract] = known
        if len(self._known) > CONTRACTS_IN_MEMORY:
            self._known.popitem(last=False)
        return known.statement.text(self._notes).encode()

    def _notes(self, subject: str) -> list[Note]:
        """What the quarantine holds about a contract or a provider: its statement says so."""
        return [found for held in self._store.quarantine_of(subject) if (found := _note(held)) is not None]

    def _shared(self, provider: str) -> list[AnyFact]:
        if provider not in self._providers:
            self._providers[provider] = self._ledger.facts_of(provider)
        return self._providers[provider]


def _about(entry: Entry) -> str:
    if entry.topic == DISCARDED:
        return str(json.loads(entry.state)["event"]["subject"] or "")
    return subject_of(entry.stream)


def _note(held: Held) -> Note | None:
    try:
        fact = decode_structured(held.body, parse_instant(held.received))
    except UndecodableEventError:
        return None
    code = "waiting-fact" if held.status == "waiting" else "conflict" if CONFLICT in held.key else "refused-fact"
    return fact, Finding(code, None, None, held.reason, held.reason_fr, (fact.ref,))
