"""The log of every store: one leaf for each event, committed with it, never changed, proven from what is kept."""

import json
import multiprocessing
from collections.abc import Callable
from itertools import pairwise

import pytest
from eventsourcing.persistence import IntegrityError

from adapters.eventstore.store import Row, Store
from adapters.evidence.entry import NO_LEAF, parse_entry
from adapters.evidence.fields import committed
from adapters.evidence.verify import check_consistency, check_inclusion
from domain.time.instant import Instant
from tests.contracts.store_contract import Opener, row
from tests.support.arrivals import NOW, ledger, outage, received, signed
from tests.support.tree import tree_hash

PROCESSES, EACH = 4, 20
REFUSED = (
    *(f"DELETE FROM {table}" for table in ("stored_events", "proof_leaf", "proof_node", "proof_log")),  # noqa: S608
    "UPDATE stored_events SET state = state",
    "UPDATE proof_leaf SET entry = entry",
    "UPDATE proof_node SET hash = hash",
    "UPDATE proof_log SET origin = 'mine'",
)


class LogContract:
    """Inherited by one class per store; ``execute`` runs a statement with the rights of the owner of the ledger."""

    @pytest.fixture
    def store(self, open_store: Opener) -> Store:
        return open_store()

    def test_every_event_has_a_leaf_in_the_order_of_the_commits(self, store: Store) -> None:
        books = ledger(store)
        books.record(received(signed(), outage(1), b"{"), NOW)
        books.record(received(outage(2, "o-2")), NOW)
        books.discard(1, "no fact", NOW)
        entries = store.entries()
        logged = store.logged(0, 100)
        assert [one.state for one in logged] == [entry.state for entry in entries]
        assert [leaf.idx for leaf, *_ in logged] == list(range(store.log_size())) == [0, 1, 2, 3]
        for leaf, topic, state in logged:
            said, wrapper = parse_entry(leaf.entry), json.loads(state or b"")
            assert leaf.seed is not None
            fields, commitment = committed(wrapper["event"], leaf.seed)
            assert (said["nf"], said["pc"]) == (fields, commitment.hex())
            assert (said["at"], said["type"], said["log"]) == (wrapper["recorded"], topic, store.log_origin())
        assert [leaf.stream for leaf, *_ in logged] == [entry.stream for entry in entries]
        assert logged[3].topic == "greffe.quarantine.discarded.v1"

    def test_each_subject_has_a_chain_of_its_own_under_a_name_that_does_not_tell_it(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a"), row("C-2|outage|a"), row("C-1|outage|b")])
        with store.writing() as writing:
            writing.append([row("C%7C1|outage|a"), row("C-1|outage|c"), row("|quarantine|1")])
        chain = store.leaves_of("C-1", 6)
        assert [leaf.idx for leaf in chain] == [0, 2, 4]
        assert [leaf.tseq for leaf in chain] == [1, 2, 3]
        assert parse_entry(chain[0].entry)["tprev"] == NO_LEAF
        assert all(parse_entry(after.entry)["tprev"] == before.hash.hex() for before, after in pairwise(chain))
        assert [leaf.idx for leaf in store.leaves_of("C-1", 4)] == [0, 2], "below a size"
        assert [leaf.idx for leaf in store.leaves_of("C|1", 6)] == [3]
        assert [leaf.idx for leaf in store.leaves_of("", 6)] == [5], "the ledger's own"
        assert store.leaves_of("C-3", 6) == []
        assert store.head_of("C-3") is None
        assert store.head_of("C-1") == (chain[0].tenant, 3, chain[2].hash)
        assert b"C-1" not in b"".join(leaf.entry for leaf in store.leaves(0, 6))

    def test_where_every_tenant_stood_is_known_for_any_size_of_the_past(self, store: Store) -> None:
        stood = [store.heads(0)]
        for stream in ("C-1|outage|a", "C-2|outage|a", "C-1|outage|b", "C-1|outage|c", "C-2|outage|b"):
            with store.writing() as writing:
                writing.append([row(stream)])
            stood.append(store.heads(store.log_size()))
        assert [store.heads(size) for size in range(6)] == stood
        assert sorted(number for number, _ in stood[5].values()) == [2, 3]

    def test_a_heads_entry_stands_at_its_own_size(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a")])
        with store.writing() as writing:
            assert writing.append_heads(b"\x07" * 32, 1, Instant(0)) == 1
        leaf = store.leaf(1)
        assert leaf is not None
        assert (leaf.tenant, leaf.tseq, leaf.stream, leaf.seed) == (None, None, None, None)
        assert parse_entry(leaf.entry)["size"] == 1
        assert parse_entry(leaf.entry)["heads"] == "07" * 32
        assert store.logged(1, 2) == [(leaf, None, None)]
        assert store.heads(2) == store.heads(1)
        assert store.leaf(2) is None

    def test_the_root_and_every_proof_are_those_of_the_whole_tree(self, store: Store) -> None:
        sizes = [1, 254, 1, 1, 300]
        for number, size in enumerate(sizes):
            with store.writing() as writing:
                writing.append([row(f"C-{number}|outage|{at}") for at in range(size)])
        leaves = store.leaves(0, 1_000)
        size = store.log_size()
        assert size == sum(sizes) == len(leaves)
        top = tree_hash([leaf.entry for leaf in leaves])
        assert store.log_root(size) == top
        for at in (0, 1, 254, 255, 256, 511, 512, size - 1):
            check_inclusion(leaves[at].hash, at, size, store.inclusion_proof(at, size), top)
            old = tree_hash([leaf.entry for leaf in leaves[: at + 1]])
            assert store.log_root(at + 1) == old
            check_consistency(at + 1, size, store.consistency_proof(at + 1, size), old, top)
        assert store.node(8, 1) == tree_hash([leaf.entry for leaf in leaves[256:512]])
        assert store.node(3, 2) == tree_hash([leaf.entry for leaf in leaves[16:24]])
        for level, index in ((8, 2), (0, size), (1, size // 2), (16, 0)):
            with pytest.raises(ValueError, match="no complete subtree"):
                store.node(level, index)

    def test_nothing_of_a_transaction_that_fails_stays_in_the_log(self, store: Store, open_store: Opener) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a")])
        before = store.log_size(), store.heads(1), store.leaves(0, 9)

        def fail() -> None:
            with store.writing() as writing:
                writing.append([row("C-1|outage|b"), row("C-2|outage|a")])
                raise ZeroDivisionError

        def collide() -> None:
            with store.writing() as writing:
                writing.append([row("C-1|outage|c"), row("C-1|outage|a")])

        for doing, error in ((fail, ZeroDivisionError), (collide, IntegrityError)):
            with pytest.raises(error):
                doing()
            again = open_store()
            assert (again.log_size(), again.heads(1), again.leaves(0, 9)) == before

    def test_facts_and_leaves_are_never_changed_or_deleted(self, store: Store, execute: Callable[[str], None]) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a", version) for version in range(1, 300)])
        for statement in REFUSED:
            with pytest.raises(Exception, match="of the ledger is never changed or deleted: it is evidence"):
                execute(statement)
        assert store.log_size() == len(store.entries()) == 299

    def test_four_processes_leave_no_gap_and_no_broken_link(self, store: Store, address: str) -> None:
        spawn = multiprocessing.get_context("spawn")
        kind = type(store)
        started = [spawn.Process(target=append_some, args=(kind, address, number)) for number in range(PROCESSES)]
        for process in started:
            process.start()
        for process in started:
            process.join()
        assert [process.exitcode for process in started] == [0] * PROCESSES
        size = store.log_size()
        leaves = store.leaves(0, size + 1)
        assert [leaf.idx for leaf in leaves] == list(range(PROCESSES * EACH * 2)) == list(range(size))
        assert [one.state for one in store.logged(0, size)] == [entry.state for entry in store.entries(0, size)]
        assert store.log_root(size) == tree_hash([leaf.entry for leaf in leaves])
        for subject, expected in [("C-shared", PROCESSES * EACH), *((f"C-{n}", EACH) for n in range(PROCESSES))]:
            chain = store.leaves_of(subject, size)
            assert [leaf.tseq for leaf in chain] == list(range(1, expected + 1))
            assert all(parse_entry(b.entry)["tprev"] == a.hash.hex() for a, b in pairwise(chain))


def append_some(kind: Callable[[str], Store], address: str, number: int) -> None:
    """What one of several processes writes: facts of a contract of its own, and of one that all write about."""
    store = kind(address)
    for turn in range(EACH):
        rows: list[Row] = [row(f"C-shared|outage|{number}-{turn}"), row(f"C-{number}|outage|{turn}")]
        with store.writing() as writing:
            writing.append(rows)
    store.close()
