"""Views: each contract's statement at its own latest fact, kept beside the ledger and advanced as facts come.

A refresh derives only the contracts that new facts touch. A rebuild derives every contract from zero into a new
generation, beside the live one, and then swaps: readers see the old statements or the new ones, never a mixture.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from adapters.cloudevents import decode_structured
from adapters.eventstore.ledger import DISCARDED, Ledger
from adapters.eventstore.mapper import CONFLICT, fact_of
from adapters.eventstore.store import Entry, Held, stream_id, subject_of
from domain.agreements.catalogue import Catalogue
from domain.errors import UndecodableEventError
from domain.events.billing import InvoiceIssued
from domain.events.contract import ContractSigned, ReadingSelected
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import parse_instant
from projections.clients import Client, Clients, asks_for_all, selects_client_wide
from projections.findings import Finding
from projections.live import LiveStatement, Note
from projections.replay import PROVIDER

GENERATION, POSITION, HELD = "generation", "views", "views:held"
CLIENT_WIDE = "views:client-wide"
"""1 once some contract selected the reading that asks for the client's other contracts: 0 spares looking for them."""
CONTRACTS_IN_MEMORY = 256
CONTRACT_STREAM = "contract"
SIGNED, INVOICED, SELECTED = map(topic_of, (ContractSigned, InvoiceIssued, ReadingSelected))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: how many contracts it derived and which statements came out different."""

    contracts: int
    changed: tuple[str, ...]


@dataclass(slots=True)
class _News:
    """What came since a refresh, and how far that reaches.

    ``billed``: the contracts with a new signature or invoice. ``headings``: the new signatures and selected readings.
    """

    seen: tuple[int, int]
    subjects: set[str] = field(default_factory=set)
    billed: set[str] = field(default_factory=set)
    headings: list[AnyFact] = field(default_factory=list)


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
        self._clients: Clients | None = None
        self._billing: dict[str, list[AnyFact]] = {}
        self._last_seen = (0, 0)

    def refresh(self) -> int:
        """Takes in what came since the last refresh and rewrites the statements it touches; returns how many."""
        while True:
            seen = self._seen()
            if seen != self._last_seen:
                self._forget()  # another process told of facts meanwhile
                self._last_seen = seen
            news = self._news(*seen)
            if news.seen == seen:
                return 0
            client_wide = self._client_wide(news)
            touched = self._touched(news, client_wide=client_wide)
            bodies = [(contract, self._statement(contract)) for contract in sorted(touched)]
            with self._store.writing() as writing:
                if ((writing.tracked(POSITION) or 0), (writing.tracked(HELD) or 0)) != seen:
                    continue
                generation = writing.tracked(GENERATION) or 0
                writing.track(GENERATION, generation)
                writing.show(generation, bodies)
                writing.track(POSITION, news.seen[0])
                writing.track(HELD, news.seen[1])
                writing.track(CLIENT_WIDE, int(client_wide))
            self._last_seen = news.seen
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
        self._forget()
        self.refresh()
        return Rebuilt(len(bodies), tuple(changed))

    def _seen(self) -> tuple[int, int]:
        return self._store.position(POSITION) or 0, self._store.position(HELD) or 0

    def _forget(self) -> None:
        """What other contracts and providers say is read again when it is asked for."""
        self._providers.clear()
        self._billing.clear()
        self._clients = None

    def _news(self, position: int, number: int) -> _News:
        """What came after a position of the ledger and a number of the quarantine."""
        news = _News((position, number))
        for entry in self._ledger.entries(position):
            position = entry.position
            subject = _about(entry)
            news.subjects.add(subject)
            if entry.topic in {SIGNED, INVOICED}:
                news.billed.add(subject)
            if entry.topic in {SIGNED, SELECTED}:
                news.headings.append(fact_of(entry.state))
        for held in self._store.quarantine(after=number):
            number = held.number
            news.subjects.add(held.subject or "")
        news.seen = (position, number)
        return news

    def _client_wide(self, news: _News) -> bool:
        """Whether some contract's statement may take in the invoices of the client's other contracts."""
        return (
            asks_for_all(self._readings)
            or any(map(selects_client_wide, news.headings))
            or bool(self._store.position(CLIENT_WIDE))
        )

    def _touched(self, news: _News, *, client_wide: bool) -> set[str]:
        """The contracts whose statements rest on what came."""
        touched = {subject for subject in news.subjects if subject and not subject.startswith(PROVIDER)}
        if any(subject.startswith(PROVIDER) for subject in news.subjects):
            self._providers.clear()
            touched.update(self._store.views())
        for contract in news.billed:
            self._billing.pop(contract, None)
        if client_wide:
            clients = self._known_clients()
            for fact in news.headings:
                clients.take(fact)
            everyone = asks_for_all(self._readings)
            beside = {other for contract in news.billed for other in clients.beside(contract)}
            touched |= {contract for contract in beside if everyone or clients.asks(contract)}
        return touched

    def _known_clients(self) -> Clients:
        if self._clients is None:
            self._clients = Clients()
            for subject in self._store.subjects():
                for state in self._store.states(stream_id(subject, CONTRACT_STREAM, "")):
                    self._clients.take(fact_of(state))
        return self._clients

    def _beside(self, client: Client) -> Iterator[AnyFact]:
        """The signatures and invoices of a client's contracts."""
        for contract in self._known_clients().contracts_of(client):
            if contract not in self._billing:
                entries = self._store.entries_of(contract)
                self._billing[contract] = [fact_of(one.state) for one in entries if one.topic in {SIGNED, INVOICED}]
            yield from self._billing[contract]

    def _waiting_subjects(self) -> set[str]:
        held = (*self._store.quarantine("waiting"), *self._store.quarantine("open"))
        return {entry.subject for entry in held if entry.subject}

    def _statement(self, contract: str) -> bytes:
        known = self._known.pop(contract, None) or _Known(
            LiveStatement(contract, self._catalogue, self._readings, self._shared, self._beside)
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
