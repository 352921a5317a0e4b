"""How both stores write the log, in the transaction of the events."""

import os
from collections.abc import Sequence

from adapters.eventstore.asked import Executing
from adapters.eventstore.store import Row
from adapters.evidence.leaf import State
from adapters.evidence.log import Growth, subjects_of, with_events, with_heads
from adapters.evidence.verify import HASH_BYTES
from domain.time.instant import Instant, format_instant

LEAF = {
    "idx": "int8",
    "hash": "bytea",
    "entry": "bytea",
    "tenant": "text",
    "tseq": "int8",
    "stream": "text",
    "version": "int8",
    "seed": "bytea",
}
NODE = {"level": "int8", "idx": "int8", "hash": "bytea"}


class WritesLog(Executing):
    """Part of a write transaction. Statements are written with the marks of SQLite."""

    def log(self, rows: Sequence[Row]) -> None:
        """Adds the leaves of events that this transaction stores."""
        self._grow(with_events(self.log_state(), self.heads_of(subjects_of(rows)), rows, os.urandom))

    def append_heads(self, root: bytes, tenants: int, at: Instant) -> int:
        """Adds an entry that commits to the heads of so many tenants, recorded ``at``; returns its index."""
        state = self.log_state()
        self._grow(with_heads(state, at=format_instant(at), heads=root, tenants=tenants))
        return state.size

    def log_state(self) -> State:
        """The log as it stands."""
        ((origin, size, edge),) = self.rows("SELECT origin, size, frontier FROM proof_log, proof_state")
        return State(origin, size, [edge[at : at + HASH_BYTES] for at in range(0, len(edge), HASH_BYTES)])

    def heads(self) -> dict[str, tuple[int, bytes]]:
        """Where every tenant stands: (entries, hash of the last)."""
        return {tenant: (number, hash_) for tenant, number, hash_ in self.rows(HEADS)}

    def _grow(self, growth: Growth) -> None:
        self.insert("proof_leaf", LEAF, growth.leaves)
        if growth.nodes:
            self.insert("proof_node", NODE, growth.nodes)
        if growth.heads:
            self.set_heads((subject, *head) for subject, head in growth.heads.items())
        self.rows("UPDATE proof_state SET size = ?, frontier = ?", growth.state.size, b"".join(growth.state.edge))


HEADS = "SELECT tenant, tseq, leaf_hash FROM proof_head"
