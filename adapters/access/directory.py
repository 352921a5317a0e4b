"""Which contracts there are, and whose: the provider and the client of each, as its signature says.

A contract is known here once its statement is served. Who signed it never changes, so each is read once.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock

from adapters.access.model import Scope
from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Store, stream_id
from domain.events.contract import ContractSigned

CHECK_SECONDS = 0.1
"""How lately the positions of the views were looked at for what is known to be called current."""
FRESH_SECONDS = 1.0
"""How old the list of contracts may be where no position of the views moved since."""
POSITIONS = ("generation", "views", "views:held")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who signed a contract; None while its signature is not known yet."""

    provider: str | None
    client: str | None


class Directory:
    """The contracts of a ledger, followed as they come. Safe to ask from several threads. ``clock`` counts seconds."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._listed = self._checked = float("-inf")
        self._parties: dict[str, Parties] = {}
        self._unsigned: set[str] = set()
        self._scopes: dict[Scope, frozenset[str]] = {}
        self._seen: tuple[int | None, ...] = ()
        self._lock = Lock()

    def is_current(self) -> bool:
        """Whether it was followed a moment ago."""
        return self._clock() - self._checked < CHECK_SECONDS

    def follow(self) -> None:
        """Takes in the contracts that came since."""
        with self._lock:
            self._checked = self._clock()
            seen = tuple(self._store.position(name) for name in POSITIONS)
            if seen == self._seen and self._clock() - self._listed < FRESH_SECONDS:
                return
            self._listed = self._clock()
            for contract in self._store.views():
                if contract not in self._parties or contract in self._unsigned:
                    self._take(contract)
            self._seen = seen

    def exists(self, contract: str) -> bool:
        """Whether the ledger has this contract, as far as it was followed."""
        return contract in self._parties

    def within(self, scope: Scope) -> frozenset[str]:
        """The contracts that a scope holds, as far as they were followed. One not signed yet is in no limited scope."""
        with self._lock:
            if scope not in self._scopes:
                self._scopes[scope] = frozenset(self._held(scope))
            return self._scopes[scope]

    def _held(self, scope: Scope) -> Iterator[str]:
        for contract, parties in self._parties.items():
            provider = scope.providers is None or parties.provider in scope.providers
            client = scope.clients is None or parties.client in scope.clients
            if provider and client and (scope.contracts is None or contract in scope.contracts):
                yield contract

    def _take(self, contract: str) -> None:
        parties = Parties(None, None)
        for state in self._store.states(stream_id(contract, "contract", "")):
            data = fact_of(state).data
            if isinstance(data, ContractSigned):
                parties = Parties(data.provider, data.client.id)
        if self._parties.get(contract) == parties:
            return
        self._parties[contract] = parties
        (self._unsigned.add if parties.provider is None else self._unsigned.discard)(contract)
        self._scopes.clear()
