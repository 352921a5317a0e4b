"""The log: what becomes of it when events are stored, in the transaction that stores them and in their order.

Each event becomes one leaf of a Merkle tree (RFC 6962) and the next link of its tenant's chain. Nothing is read or
written here: the store gives where the log stands, and records what comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pydantic_core import from_json

from adapters.eventstore.store import Row, subject_of
from adapters.evidence.entry import NO_LEAF, fact_entry, heads_entry, leaf_of
from adapters.evidence.fields import SEED_BYTES, committed
from adapters.evidence.leaf import Head, Leaf, State
from adapters.evidence.tiles import grow
from adapters.evidence.verify import provider_tenant
from domain.aggregates.registry import PROVIDER

TENANT_BYTES = 16
Draw = Callable[[int], bytes]
"""So many random bytes."""


class Growth(NamedTuple):
    """What a batch adds: leaves, (level, index, hash) of complete subtrees, the new state, and the heads that moved."""

    leaves: list[Leaf]
    nodes: list[tuple[int, int, bytes]]
    state: State
    heads: dict[str, Head]


def subjects_of(rows: Sequence[Row]) -> list[str]:
    """The subjects of a batch, each once."""
    return [subject_of(stream) for stream in dict.fromkeys(stream.partition("|")[0] for stream, *_ in rows)]


def with_events(state: State, heads: Mapping[str, Head], rows: Sequence[Row], draw: Draw) -> Growth:
    """The log with the events of a batch; ``heads`` are those of its subjects, as far as they have any."""
    seeds = draw(SEED_BYTES * len(rows))
    moved: dict[str, tuple[str, int, str]] = {}
    leaves: list[Leaf] = []
    hashes: list[bytes] = []
    for index, (stream, version, topic, stored) in enumerate(rows, state.size):
        at = SEED_BYTES * len(leaves)
        seed = seeds[at : at + SEED_BYTES]
        wrapper = from_json(stored)
        fields, commitment = committed(wrapper["event"], seed)
        name = stream.partition("|")[0]
        if name in moved:
            tenant, number, previous = moved[name]
        elif (head := heads.get(subject_of(name))) is not None:
            tenant, number, previous = head.tenant, head.tseq, head.hash.hex()
        else:
            tenant, number, previous = _tenant(state.origin, subject_of(name), draw), 0, NO_LEAF
        entry = fact_entry(
            at=wrapper["recorded"],
            log=state.origin,
            fields=fields,
            commitment=commitment,
            tenant=tenant,
            previous=previous,
            number=number + 1,
            topic=topic,
        )
        leaf = leaf_of(entry)
        moved[name] = tenant, number + 1, leaf.hex()
        hashes.append(leaf)
        leaves.append(Leaf(index, leaf, entry, tenant, number + 1, stream, version, seed))
    edge, nodes = grow(state.size, state.edge, hashes)
    return Growth(
        leaves,
        nodes,
        State(state.origin, state.size + len(leaves), edge),
        {subject_of(name): Head(tenant, number, bytes.fromhex(leaf)) for name, (tenant, number, leaf) in moved.items()},
    )


def with_heads(state: State, *, at: str, heads: bytes, tenants: int) -> Growth:
    """The log with an entry that commits to the heads of so many tenants, as they stand."""
    entry = heads_entry(at=at, log=state.origin, heads=heads, size=state.size, tenants=tenants)
    leaf = leaf_of(entry)
    edge, nodes = grow(state.size, state.edge, [leaf])
    return Growth(
        [Leaf(state.size, leaf, entry, None, None, None, None, None)],
        nodes,
        State(state.origin, state.size + 1, edge),
        {},
    )


def _tenant(origin: str, subject: str, draw: Draw) -> str:
    """The name that stands for a subject: random, but for a provider, whose facts nobody may then pass over."""
    return provider_tenant(origin, subject) if subject.startswith(PROVIDER) else draw(TENANT_BYTES).hex()
