"""Receipts: what a party keeps to show later where the chain of its contract stood when the log was signed."""

from threading import Lock
from typing import Any

from pydantic_core import from_json

from adapters.eventstore.store import Store
from adapters.evidence.copies import cosigned
from adapters.evidence.headmap import HeadMap
from adapters.evidence.leaf import Leaf
from adapters.evidence.showing import shown
from adapters.evidence.signed import Signed
from adapters.evidence.verify import personal_paths
from domain.errors import GreffeError, LedgerError

VERSION = 1
PAGE = 10_000


class NotSignedError(GreffeError):
    """There is no receipt: nothing was recorded of the contract or the fact, or nothing of it is signed yet."""


class Receipts:
    """Makes receipts of one ledger. The map of heads of the newest checkpoint is kept, and brought forward."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._size = 0
        self._heads = HeadMap()

    def of(self, contract: str, fact: str | None = None) -> dict[str, Any]:
        """The receipt of a contract at the newest checkpoint, with one of its facts (``source#id``) where given.

        Raises NotSignedError, LedgerError.
        """
        made = self._store.checkpoint()
        leaves = self._store.leaves_of(contract, made.size) if made is not None else []
        if made is None or not leaves:
            raise NotSignedError(
                f"nothing of {contract} is signed yet: is it the right contract, and has greffe sign run since?",
                f"rien de {contract} n'est encore signé : est-ce le bon contrat, et greffe sign a-t-il tourné depuis ?",
            )
        last = leaves[-1]
        assert last.tenant is not None  # the leaf of a subject has one
        receipt = {
            "v": VERSION,
            "log": self._store.log_origin(),
            "contract": contract,
            "tenant": last.tenant,
            "tseq": last.tseq,
            "leaf": last.hash.hex(),
            "index": last.idx,
            "size": made.size,
            "checkpoint": cosigned(self._store, made).decode(),
            "inclusion": self._inclusion(last, made),
            "heads": self._heads_of(last.tenant, made),
            "handovers": [one.note.decode() for one in self._store.signing_keys() if one.note is not None],
        }
        if fact is not None:
            leaf = self._leaf_of(contract, fact, leaves)
            receipt["fact"] = {
                "fact": fact,
                "entry": leaf.entry.decode(),
                "index": leaf.idx,
                "inclusion": self._inclusion(leaf, made),
                "fields": self._fields(leaf),
            }
        return receipt

    def _fields(self, leaf: Leaf) -> list[dict[str, Any]]:
        """The fields of a fact, without the personal ones: a receipt is kept by others."""
        (logged,) = self._store.logged(leaf.idx, leaf.idx + 1)
        if logged.state is None:
            raise LedgerError(
                f"entry {leaf.idx} of the log speaks of an event that is gone",
                f"l'entrée {leaf.idx} du journal parle d'un événement qui n'est plus là",
            )
        return shown(leaf, logged.state, lambda _: {}, lambda topic, path: path in personal_paths(topic)).fields

    def _heads_of(self, tenant: str, made: Signed) -> dict[str, Any]:
        index = made.size - 1
        entry = self._store.leaf(index)
        assert entry is not None  # of a checkpoint that was signed
        with self._lock:
            proof = self._map(index).proof(tenant)
        return {
            "entry": entry.entry.decode(),
            "index": index,
            "inclusion": self._inclusion(entry, made),
            "proof": [one.hex() for one in proof],
        }

    def _map(self, size: int) -> HeadMap:
        """The map of heads when the log had ``size`` leaves."""
        if not self._size or size < self._size:
            self._heads = HeadMap(self._store.heads(size))
        else:
            for start in range(self._size, size, PAGE):
                page = self._store.leaves(start, min(start + PAGE, size))
                self._heads.update((leaf.tenant, (leaf.tseq, leaf.hash)) for leaf in page if leaf.tenant and leaf.tseq)
        self._size = size
        return self._heads

    def _inclusion(self, leaf: Leaf, made: Signed) -> list[str]:
        return [one.hex() for one in self._store.inclusion_proof(leaf.idx, made.size)]

    def _leaf_of(self, contract: str, fact: str, leaves: list[Leaf]) -> Leaf:
        """The leaf of a fact among those of its contract."""
        for entry in self._store.entries_of(contract):
            if _names(entry.state, fact):
                states = self._store.states(entry.stream)
                versions = {number for number, state in enumerate(states, 1) if _names(state, fact)}
                for leaf in leaves:
                    if leaf.stream == entry.stream and leaf.version in versions:
                        return leaf
        raise NotSignedError(
            f"no fact {fact} of {contract} is signed yet: is it the right source#id, and has greffe sign run since?",
            f"aucun fait {fact} de {contract} n'est encore signé : est-ce le bon source#id, et greffe sign a-t-il"
            " tourné depuis ?",
        )


def _names(state: bytes, fact: str) -> bool:
    """Whether this is the fact of that name (``source#id``)."""
    event = from_json(state)["event"]
    return f"{event.get('source')}#{event.get('id')}" == fact
