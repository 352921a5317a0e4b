"""The log: what becomes of it when events are stored, in the transaction that stores them and in their order.

Each event becomes one leaf of a Merkle tree (RFC 6962) and the next link of its tenant's chain. Nothing is read or
written here: the store gives where the log stands, and records what comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from pydantic_core import from_json

from adapters.eventstore.store import Row, subject_of
from adapters.evidence.entry import NO_LEAF, fact_entry, heads_entry, leaf_of
from adapters.evidence.fields import SEED_BYTES, all_committed
from adapters.evidence.leaf import Head, State
from adapters.evidence.tiles import grow
from adapters.evidence.verify import provider_tenant
from domain.aggregates.registry import PROVIDER

TENANT_BYTES = 16
Draw = Callable[[int], bytes]
"""So many random bytes."""


LeafRow = tuple[int, bytes, bytes, str | None, int | None, str | None, int | None, bytes | None]
"""What a ``Leaf`` is made of: a million plain tuples are made in less time."""


class Growth(NamedTuple):
    """What a batch adds: leaves, (level, index, hash) of complete subtrees, the new state, and the heads that moved."""

    leaves: list[LeafRow]
    nodes: list[tuple[int, int, bytes]]
    state: State
    heads: dict[str, Head]


def subjects_of(rows: Sequence[Row]) -> list[str]:
    """The subjects of a batch, each once."""
    return [subject_of(stream) for stream in dict.fromkeys(stream.partition("|")[0] for stream, *_ in rows)]


def with_events(state: State, heads: Mapping[str, Head], rows: Sequence[Row], draw: Draw) -> Growth:
    """The log with the events of a batch; ``heads`` are those of its subjects, as far as they have any."""
    drawn = draw(SEED_BYTES * len(rows))
    seeds = [drawn[at : at + SEED_BYTES] for at in range(0, len(drawn), SEED_BYTES)]
    stored = from_json(b"[%b]" % b",".join([state for *_, state in rows]), cache_strings="keys")
    commitments = all_committed([one["event"] for one in stored], seeds)
    chains: dict[str, list[Any]] = {}
    leaves: list[LeafRow] = []
    hashes: list[bytes] = []
    for index, (stream, version, topic, _), one, seed, (fields, commitment) in zip(
        count(state.size), rows, stored, seeds, commitments, strict=False
    ):
        name = stream.partition("|")[0]
        chain = chains.get(name)
        if chain is None:
            chain = chains[name] = _chain(state.origin, heads, subject_of(name), draw)
        _, tenant, number, previous = chain
        number += 1
        entry = fact_entry(
            at=one["recorded"],
            log=state.origin,
            fields=fields,
            commitment=commitment,
            tenant=tenant,
            previous=previous,
            number=number,
            topic=topic,
        )
        leaf = leaf_of(entry)
        chain[2:] = number, leaf.hex()
        hashes.append(leaf)
        leaves.append((index, leaf, entry, tenant, number, stream, version, seed))
    edge, nodes = grow(state.size, state.edge, hashes)
    moved = {subject: Head(tenant, number, bytes.fromhex(leaf)) for subject, tenant, number, leaf in chains.values()}
    return Growth(leaves, nodes, State(state.origin, state.size + len(leaves), edge), moved)


def with_heads(state: State, *, at: str, heads: bytes, tenants: int) -> Growth:
    """The log with an entry that commits to the heads of so many tenants, as they stand."""
    entry = heads_entry(at=at, log=state.origin, heads=heads, size=state.size, tenants=tenants)
    leaf = leaf_of(entry)
    edge, nodes = grow(state.size, state.edge, [leaf])
    return Growth(
        [(state.size, leaf, entry, None, None, None, None, None)],
        nodes,
        State(state.origin, state.size + 1, edge),
        {},
    )


def _chain(origin: str, heads: Mapping[str, Head], subject: str, draw: Draw) -> list[Any]:
    """Where a subject stands: itself, its tenant, how many entries it has, and the hash of the last."""
    head = heads.get(subject)
    if head is None:
        return [subject, _tenant(origin, subject, draw), 0, NO_LEAF]
    return [subject, head.tenant, head.tseq, head.hash.hex()]


def _tenant(origin: str, subject: str, draw: Draw) -> str:
    """The name that stands for a subject: random, but for a provider, whose facts nobody may then pass over."""
    return provider_tenant(origin, subject) if subject.startswith(PROVIDER) else draw(TENANT_BYTES).hex()
