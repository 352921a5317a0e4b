"""Derives one contract at a time from a ledger, and remembers what it has read: facts only ever come, none change."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.eventstore.ledger import Ledger
from adapters.eventstore.mapper import CONFLICT, fact_in, fact_of
from adapters.eventstore.store import NEVER, Deadline, Derivation, Held, stream_id
from domain.agreements.catalogue import Catalogue
from domain.errors import UndecodableEventError
from domain.events.billing import InvoiceIssued
from domain.events.contract import ContractSigned
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant
from projections.clients import Client, Clients
from projections.findings import Finding
from projections.live import LiveStatement, Note, Said
from projections.spelling import dump
from projections.staleness import stale_at

CONTRACTS_IN_MEMORY = 256
CONTRACT_STREAM = "contract"
SIGNED, INVOICED = map(topic_of, (ContractSigned, InvoiceIssued))


@dataclass(slots=True)
class _Known:
    """A contract's statement in memory, and the position of the last fact it has taken in."""

    statement: LiveStatement
    position: int = 0


class Deriver:
    """The statements of a ledger's contracts. Who uses it says when others' facts came: ``forget``, ``forget_of``."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, readings: Readings) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._catalogue = catalogue
        self._readings = readings
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._providers: dict[str, list[AnyFact]] = {}
        self._clients: Clients | None = None
        self._billing: dict[str, list[AnyFact]] = {}

    def derive(self, contract: str, touched: int, now: Instant | None) -> Derivation:
        """The statement of a contract at its latest fact; its deadlines as they stand at ``now``, where it is given."""
        said = self._said(contract)
        standing = said
        if now is not None and now != said.at and (now < said.at or now >= (stale_at(said) or NEVER)):
            standing = self._said(contract, now)
        return Derivation(contract, touched, said.text.encode(), *_deadlines(standing), standing.at)

    def derive_deadlines(self, contract: str, touched: int, now: Instant) -> Derivation:
        """The deadlines of a contract as they stand at an instant; its statement stays."""
        return Derivation(contract, touched, None, *_deadlines(self._said(contract, now)), now)

    def said(self, contract: str, at: Instant) -> Said:
        """The statement of a contract at an instant, as rows."""
        return self._said(contract, at)

    def forget(self) -> None:
        """What other contracts and providers say is read again when it is asked for."""
        self._providers.clear()
        self._billing.clear()
        self._clients = None

    def forget_of(self, subjects: Iterable[str]) -> None:
        """What these subjects say is read again."""
        for subject in subjects:
            self._providers.pop(subject, None)
            self._billing.pop(subject, None)

    @property
    def clients(self) -> Clients:
        """Which contracts each client has."""
        if self._clients is None:
            self._clients = Clients()
            for subject in self._store.subjects():
                for state in self._store.states(stream_id(subject, CONTRACT_STREAM, "")):
                    self._clients.take(fact_of(state))
        return self._clients

    def _said(self, contract: str, at: Instant | None = None) -> Said:
        known = self._known.pop(contract, None) or _Known(
            LiveStatement(contract, self._catalogue, self._readings, self._shared, self._beside)
        )
        new = self._store.entries_of(contract, known.position)
        known.statement.take(fact_of(entry.state) for entry in new)
        known.position = max([known.position, *(entry.position for entry in new)])
        self._known[contract] = known
        if len(self._known) > CONTRACTS_IN_MEMORY:
            self._known.popitem(last=False)
        return known.statement.said(self._notes, at)

    def _beside(self, client: Client) -> Iterator[AnyFact]:
        """The signatures and invoices of a client's contracts."""
        for contract in self.clients.contracts_of(client):
            if contract not in self._billing:
                entries = self._store.entries_of(contract)
                self._billing[contract] = [fact_of(one.state) for one in entries if one.topic in {SIGNED, INVOICED}]
            yield from self._billing[contract]

    def _notes(self, subject: str) -> list[Note]:
        """What the quarantine holds about a contract or a provider: its statement says so."""
        return [found for held in self._store.quarantine_of(subject) if (found := _note(held)) is not None]

    def _shared(self, provider: str) -> list[AnyFact]:
        if provider not in self._providers:
            self._providers[provider] = self._ledger.facts_of(provider)
        return self._providers[provider]


def _deadlines(said: Said) -> tuple[list[Deadline], Instant]:
    """The deadlines of a statement as rows, and until when they stand."""
    rows = [
        Deadline(
            said.contract, number, row.rule, row.owed_by, row.state, row.due, said.at, dump(row.as_json()).encode()
        )
        for number, row in enumerate(said.derived.deadlines)
    ]
    stale = stale_at(said)
    return rows, NEVER if stale is None else stale


def _note(held: Held) -> Note | None:
    try:
        fact = fact_in(held)
    except UndecodableEventError:
        return None
    code = "waiting-fact" if held.status == "waiting" else "conflict" if CONFLICT in held.key else "refused-fact"
    return fact, Finding(code, None, None, held.reason, held.reason_fr, (fact.ref,))
