"""The contracts of one client: under reading ``cacm.scope`` B, the average revenue is that of all of them (Annex B)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from domain.aggregates.registry import aggregate_of
from domain.events.billing import InvoiceIssued
from domain.events.contract import ContractSigned, ReadingSelected
from domain.fact import AnyFact, Fact, by_order
from domain.readings import Readings

CLIENT_WIDE = ("cacm.scope", "B")


class Client(NamedTuple):
    """A client of a provider, as its contracts name it."""

    provider: str
    id: str


class Clients:
    """Which contracts a client has, and which contracts select the reading that asks for them all."""

    def __init__(self) -> None:
        self._client: dict[str, Client] = {}
        self._contracts: dict[Client, set[str]] = defaultdict(set)
        self._asking: set[str] = set()

    def take(self, fact: AnyFact) -> None:
        """Takes in one admitted fact; only signatures and selected readings say anything here."""
        if isinstance(fact.data, ContractSigned):
            client = client_of(fact)
            self._client[fact.subject] = client
            self._contracts[client].add(fact.subject)
        elif selects_client_wide(fact):
            self._asking.add(fact.subject)

    def contracts_of(self, client: Client) -> list[str]:
        """The contracts of a client, sorted."""
        return sorted(self._contracts.get(client, ()))

    def beside(self, contract: str) -> list[str]:
        """The other contracts of the same client, sorted."""
        client = self._client.get(contract)
        return [] if client is None else [other for other in self.contracts_of(client) if other != contract]

    def asks(self, contract: str) -> bool:
        """Whether a fact of the contract selects the reading."""
        return contract in self._asking


def client_of(signature: Fact[ContractSigned]) -> Client:
    """Who signed."""
    return Client(signature.data.provider, signature.data.client.id)


def asks_for_all(readings: Readings) -> bool:
    """Whether these readings ask for the revenue of all the client's contracts."""
    parameter, value = CLIENT_WIDE
    return readings.get(parameter) == value


def selects_client_wide(fact: AnyFact) -> bool:
    """Whether a fact selects that reading for its contract."""
    return isinstance(fact.data, ReadingSelected) and (fact.data.parameter, fact.data.value) == CLIENT_WIDE


def bears_on_clients(fact: AnyFact) -> bool:
    """Whether a fact belongs to a stream that decides whose a contract is, or what was invoiced under it."""
    aggregate = aggregate_of(type(fact.data))
    return aggregate is not None and aggregate.kind in {"contract", "invoice"}


def invoices_in(facts: Iterable[AnyFact]) -> tuple[Fact[InvoiceIssued], ...]:
    """The invoices among some facts, in the order (time, source, id)."""
    return tuple(sorted((fact for fact in facts if isinstance(fact.data, InvoiceIssued)), key=by_order))
