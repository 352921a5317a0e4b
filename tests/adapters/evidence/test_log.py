"""The log as it grows: however events are cut into batches, its tree is that of RFC 6962 and its chains have no gap."""

import json
from collections.abc import Mapping
from hashlib import sha256
from random import Random

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.evidence.entry import NO_LEAF, leaf_of, parse_entry
from adapters.evidence.fields import (
    all_committed,
    commitment,
    committed,
    field_leaf,
    fields_of,
    opened,
)
from adapters.evidence.leaf import Head, State
from adapters.evidence.log import LeafRow, with_events, with_heads
from adapters.evidence.merkle import consistency_proof, inclusion_proof, root
from adapters.evidence.tiles import TILE, Tiles, grow
from adapters.evidence.verify import check_consistency, check_inclusion, provider_tenant
from tests.support.tree import tree_hash

ORIGIN = "greffe/" + "0" * 32
EMPTY = State(ORIGIN, 0, [])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab.~é", max_size=3), inner, max_size=4),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text("ab.~é", max_size=3), JSON, max_size=4)
EVENTS = st.builds(lambda event, data: {**event, "data": data}, OBJECTS, OBJECTS) | OBJECTS
SEED = bytes(range(16))
FEW = settings(deadline=None, max_examples=40)
"""Enough for a tree or an event; a busy machine has no deadline."""


class Kept:
    """A log in memory, grown a batch at a time."""

    def __init__(self) -> None:
        self.state = EMPTY
        self.heads: dict[str, Head] = {}
        self.leaves: list[LeafRow] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self._drawn = 0

    def add(self, streams: list[str]) -> None:
        """One batch."""
        first = len(self.leaves)
        rows = [(stream, first + at, "greffe.t.v1", stored({"n": first + at})) for at, stream in enumerate(streams)]
        growth = with_events(self.state, self.heads, rows, self._draw)
        self.state = growth.state
        self.heads |= growth.heads
        self.leaves += growth.leaves
        self.nodes |= {(level, index): hash_ for level, index, hash_ in growth.nodes}

    def tiles(self) -> Tiles:
        return Tiles(
            lambda level, start, end: (
                [self.nodes[level, at] for at in range(start, end) if (level, at) in self.nodes]
                if level
                else [row[1] for row in self.leaves[start:end]]
            )
        )

    def _draw(self, count: int) -> bytes:
        self._drawn += 1
        return b"".join(sha256(b"%d %d" % (self._drawn, at)).digest() for at in range(count))[:count]


def stored(event: Mapping[str, object]) -> bytes:
    return b'{"recorded":"2026-06-01T12:00:00+02:00","event":%b}' % json.dumps(event).encode()


STREAMS = st.sampled_from(["C-1|outage|a", "C-1|ticket|b", "C-2|outage|a", "C%7C3|outage|a", "|quarantine|1"])


@FEW
@given(st.lists(st.lists(STREAMS, max_size=9), max_size=6))
def test_any_batching_gives_gap_free_indexes_and_unbroken_chains(batches: list[list[str]]) -> None:
    log = Kept()
    for batch in batches:
        log.add(batch)
    assert [row[0] for row in log.leaves] == list(range(log.state.size))
    chains: dict[str, tuple[str, int, str]] = {}
    for _, leaf, entry, tenant, number, stream, _, _ in log.leaves:
        said = parse_entry(entry)
        assert leaf == leaf_of(entry) == sha256(b"\x00" + entry).digest()
        assert rfc8785.dumps(said) == entry, "the entry is canonical as it is written"
        assert stream is not None
        before = chains.get(stream.split("|")[0], (said["tenant"], 0, NO_LEAF))
        assert (said["tenant"], said["tseq"] - 1, said["tprev"]) == before
        assert (tenant, number) == (said["tenant"], said["tseq"])
        chains[stream.split("|")[0]] = said["tenant"], said["tseq"], leaf.hex()
    assert len({tenant for tenant, _, _ in chains.values()}) == len(chains), "no two subjects share a name"
    assert {(head.tenant, head.tseq, head.hash.hex()) for head in log.heads.values()} == set(chains.values())


@settings(FEW, max_examples=10)
@given(st.lists(st.integers(0, TILE + 40), max_size=3), st.randoms(use_true_random=False))
def test_the_tree_is_that_of_rfc_6962_and_every_proof_holds(sizes: list[int], random: Random) -> None:
    log = Kept()
    for size in sizes:
        log.add(["C-1|outage|a"] * size)
    entries = [row[2] for row in log.leaves]
    size = len(entries)
    top = tree_hash(entries)
    tiles = log.tiles()
    assert root(size, tiles.node) == top
    for at in {random.randrange(size), random.randrange(size), 0, size - 1} if size else ():
        check_inclusion(log.leaves[at][1], at, size, inclusion_proof(at, size, tiles.node), top)
        old = tree_hash(entries[: at + 1])
        assert root(at + 1, tiles.node) == old
        check_consistency(at + 1, size, consistency_proof(at + 1, size, tiles.node), old, top)


def test_the_edge_and_the_kept_subtrees_are_the_same_however_the_tree_grew() -> None:
    sizes = [1, 254, 1, 1, 0, 65_279, 1, 255, 2_000]
    leaves = [at.to_bytes(32, "big") for at in range(sum(sizes))]
    edge: list[bytes] = []
    kept, start = [], 0
    for size in sizes:
        edge, nodes = grow(start, edge, leaves[start : start + size])
        kept += nodes
        start += size
    once, all_nodes = grow(0, [], leaves)
    assert edge == once
    assert sorted(kept) == sorted(all_nodes)
    assert len(edge) == start.bit_count()
    assert {(level, index) for level, index, _ in kept} == {
        (level, index) for level in (8, 16) for index in range(start >> level)
    }


@FEW
@given(st.lists(EVENTS, max_size=5))
def test_the_fast_way_commits_to_what_the_plain_way_commits_to(events: list[dict[str, object]]) -> None:
    seeds = [bytes([at]) * 16 for at in range(len(events))]
    assert all_committed(events, seeds) == [committed(event, seed) for event, seed in zip(events, seeds, strict=True)]


@FEW
@given(EVENTS)
def test_a_field_is_proven_by_its_path_value_and_salt_and_withheld_by_its_path_and_leaf(
    event: dict[str, object],
) -> None:
    fields = fields_of(event, SEED)
    for field in fields:
        assert field.leaf == sha256(b"\x00" + field.salt + rfc8785.dumps([field.path, field.value])).digest()
    names = sha256(rfc8785.dumps([field.path for field in fields])).digest()
    assert committed(event, SEED) == (len(fields), sha256(b"\x01" + names + b"".join(f.leaf for f in fields)).digest())
    assert len({field.path for field in fields}) == len(fields), "no two fields have one path"
    assert [field.path for field in fields] == sorted(field.path for field in fields)
    assert len({field.salt for field in fields}) == len(fields)


def test_objects_are_opened_and_lists_and_empty_objects_are_whole() -> None:
    event = {"id": "1", "data": {"person": {"email": "e", "more": {}}, "zones": [{"a": 1}], "a.b": None}}
    assert opened(event) == [
        ("data.a~1b", None),
        ("data.person.email", "e"),
        ("data.person.more", {}),
        ("data.zones", [{"a": 1}]),
        ("id", "1"),
    ]


def test_a_number_too_great_for_the_standard_is_written_in_its_digits() -> None:
    salt = b"s" * 32
    expected = sha256(b"\x00" + salt + b'["data.minutes",9007199254740993]').digest()
    assert field_leaf("data.minutes", 9007199254740993, salt) == expected
    event = {"data": {"minutes": 9007199254740993}}
    assert all_committed([event], [SEED]) == [(1, commitment(fields_of(event, SEED)))]


def test_a_heads_entry_is_a_leaf_of_its_own_and_moves_no_chain() -> None:
    log = Kept()
    log.add(["C-1|outage|a"] * 3)
    growth = with_heads(log.state, at="2026-06-01T12:00:00+02:00", heads=b"\x01" * 32, tenants=1)
    ((index, leaf, entry, *rest),) = growth.leaves
    assert (index, growth.state.size, growth.heads, rest) == (3, 4, {}, [None] * 5)
    assert parse_entry(entry) == {
        "at": "2026-06-01T12:00:00+02:00",
        "heads": "01" * 32,
        "log": ORIGIN,
        "size": 3,
        "tenants": 1,
        "type": "greffe.heads.v1",
        "v": 1,
    }
    assert rfc8785.dumps(parse_entry(entry)) == entry
    assert leaf == leaf_of(entry)


def test_a_contract_has_a_random_name_and_a_provider_the_one_its_name_gives() -> None:
    log = Kept()
    log.add(["provider:outscale|region|a", "C-1|outage|a"])
    assert log.heads["provider:outscale"].tenant == provider_tenant(ORIGIN, "provider:outscale")
    assert len(log.heads["C-1"].tenant) == len(log.heads["provider:outscale"].tenant)
