"""What every store must do for the views: generations side by side, pages of a search, nothing outdated shown."""

import json
import threading

import pytest

from adapters.eventstore.store import (
    NEVER,
    Deadline,
    DeadlineSearch,
    Derivation,
    Indexed,
    Search,
    Store,
)
from domain.time.instant import Instant
from tests.contracts.store_contract import Opener, row, said

OUTAGE, TICKET = "greffe.outage.recorded.v1", "greffe.ticket.opened.v1"


def deadline(contract: str, number: int, due: int | None, state: str = "pending", owed_by: str = "client") -> Deadline:
    body = json.dumps({"rule": "doc/rule", "opened_by": f"x#{number}", "from": None, "state": state}).encode()
    moment = None if due is None else Instant(due)
    return Deadline(contract, number, "doc/rule", owed_by, state, moment, Instant(5), body)


def derivation(contract: str, touched: int, body: bytes | None, *deadlines: Deadline, stale: int = NEVER) -> Derivation:
    return Derivation(contract, touched, body, deadlines, Instant(stale))


class ViewsContract:
    """Inherited by one class per store."""

    @pytest.fixture
    def store(self, open_store: Opener) -> Store:
        return open_store()

    @pytest.fixture
    def positions(self, store: Store) -> list[int]:
        """Six facts, indexed in generation 0: of C-1 and C-2 in turns, ten microseconds apart."""
        with store.writing() as writing:
            writing.append([row(f"C-{1 + n % 2}|outage|{n}", says=str(n)) for n in range(6)])
        found = [entry.position for entry in store.entries()]
        with store.viewing() as viewing:
            viewing.index(
                0,
                [
                    Indexed(
                        position=position,
                        subject=f"C-{1 + n % 2}",
                        type=TICKET if n == 4 else OUTAGE,
                        time=Instant(10 * n),
                        recorded=Instant(1_000 - n),
                        source="urn:test",
                        id=f"e-{n}",
                        correlation="k" if n in {1, 2} else None,
                    )
                    for n, position in enumerate(found)
                ],
            )
        return found

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            (Search(), [0, 1, 2, 3, 4, 5]),
            (Search(newest_first=True), [5, 4, 3, 2, 1, 0]),
            (Search(subjects=["C-1"]), [0, 2, 4]),
            (Search(subjects=["C-1", "C-2", "C-3"], types=[TICKET]), [4]),
            (Search(subjects=[]), []),
            (Search(since=Instant(10), until=Instant(30)), [1, 2]),
            (Search(recorded_since=Instant(998), recorded_until=Instant(1_000)), [1, 2]),
            (Search(subjects=["C-1", "C-3"], types=[OUTAGE], since=Instant(0), newest_first=True), [2, 0]),
            (Search(correlation="k", subjects=["C-2"]), [1]),
            (Search(id="e-2", source="urn:test"), [2]),
            (Search(id="e-2", source="urn:other"), []),
            (Search(types=[OUTAGE, TICKET], since=Instant(40)), [4, 5]),
        ],
    )
    def test_facts_are_found_by_what_is_asked_in_the_order_of_commits(
        self, store: Store, positions: list[int], wanted: Search, expected: list[int]
    ) -> None:
        assert len(positions) == 6
        assert [int(said(entry.state)) for entry in store.search(wanted)] == expected

    @pytest.mark.parametrize("newest_first", [False, True])
    def test_pages_of_facts_neither_skip_nor_repeat(
        self, store: Store, positions: list[int], newest_first: bool
    ) -> None:
        wanted = Search(subjects=["C-1", "C-2"], newest_first=newest_first)
        pages, after = [], None
        while page := store.search(wanted, after, 4):
            pages.append([entry.position for entry in page])
            after = page[-1].position
        assert pages == ([positions[:4], positions[4:]] if not newest_first else [positions[:1:-1], positions[1::-1]])

    def test_facts_of_another_generation_are_not_found(self, store: Store, positions: list[int]) -> None:
        with store.viewing() as viewing:
            viewing.track("generation", 7)
        assert (len(positions), store.search(Search())) == (6, [])

    def test_deadlines_come_next_due_first_and_those_without_a_figure_last(self, store: Store) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2"])
            one = derivation("C-1", 1, b"", deadline("C-1", 0, None), deadline("C-1", 1, 30), deadline("C-1", 2, 10))
            two = derivation("C-2", 1, b"", deadline("C-2", 0, 10, "met"), deadline("C-2", 1, 20, owed_by="provider"))
            viewing.show(0, [one, two])
        every = store.deadlines(DeadlineSearch())
        assert [(one.contract, one.number, one.due) for one in every] == [
            *[("C-1", 2, 10), ("C-2", 0, 10), ("C-2", 1, 20), ("C-1", 1, 30)],
            ("C-1", 0, None),
        ]
        assert every[0] == deadline("C-1", 2, 10)
        for limit in (1, 2, 3):
            found: list[Deadline] = []
            while page := store.deadlines(DeadlineSearch(), found[-1].cursor if found else None, limit):
                found += page
            assert found == every
        assert [one.number for one in store.deadlines(DeadlineSearch(contracts=["C-2"]))] == [0, 1]
        assert store.deadlines(DeadlineSearch(contracts=[])) == []
        assert [one.due for one in store.deadlines(DeadlineSearch(states=["met"]))] == [10]
        assert [one.due for one in store.deadlines(DeadlineSearch(owed_by="provider"))] == [20]
        assert [one.due for one in store.deadlines(DeadlineSearch(due_before=Instant(20)))] == [10, 10]
        assert store.deadlines(DeadlineSearch(rule="doc/other")) == []

    def test_deadlines_of_one_contract_come_in_the_order_of_its_statement(self, store: Store) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2"])
            mine = [deadline("C-1", 0, None), deadline("C-1", 1, 30, "met"), deadline("C-1", 2, 10)]
            viewing.show(0, [derivation("C-1", 1, b"", *mine), derivation("C-2", 1, b"", deadline("C-2", 0, 5))])
        assert store.deadlines_of("C-1", DeadlineSearch()) == mine
        assert store.deadlines_of("C-1", DeadlineSearch(due_before=Instant(30))) == mine[2:]
        assert store.deadlines_of("C-1", DeadlineSearch(states=["met"])) == [mine[1]]
        assert store.deadlines_of("C-1", DeadlineSearch(contracts=["C-2"])) == []
        assert store.deadlines_of("C-9", DeadlineSearch()) == []

    def test_how_far_contracts_are_derived_is_told_of_all_or_of_some(self, store: Store) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2"])
            viewing.show(0, [derivation("C-1", 1, b"one")])
        assert store.derived() == {"C-1": (0, 1), "C-2": (0, 0)}
        assert store.derived(["C-1", "C-9"]) == {"C-1": (0, 1)}
        assert store.derived([]) == {}

    def test_a_change_of_a_deadline_is_kept_once_with_how_it_read_before(self, store: Store) -> None:
        def row(state: str, elapsed: str) -> Deadline:
            said = {"rule": "doc/r", "opened_by": "x#1", "from": None, "state": state, "elapsed_seconds": elapsed}
            return deadline("C-1", 0, 30, state)._replace(body=json.dumps(said).encode())

        def show(generation: int, at: int, *rows: Deadline) -> None:
            with store.viewing() as viewing:
                viewing.show(generation, [Derivation("C-1", 1, b"said", rows, Instant(99), Instant(at))])

        with store.viewing() as viewing:
            viewing.touch(0, ["C-1"])
            viewing.touch(1, ["C-1"])
            viewing.track("views:taken", 5)
        for at, rows in (
            (10, [row("pending", "1")]),
            (20, [row("pending", "2")]),
            (30, [row("missed", "3")]),
            (40, []),
        ):
            show(0, at, *rows)
        show(1, 50, row("missed", "4"))  # built beside: nobody sees it
        found = store.deadline_changes(0, 5)
        states = [tuple(body and json.loads(body)["state"] for body in (one.before, one.after)) for one in found]
        assert states == [(None, "pending"), ("pending", "missed"), ("missed", None)]
        assert [(one.contract, one.taken, one.at) for one in found] == [("C-1", 5, at) for at in (10, 30, 40)]
        assert store.deadline_changes(0, 4) == []
        assert store.deadline_changes(found[0].number, 5, 1) == found[1:2]
        assert store.last_deadline_change() == found[-1].number
        with store.viewing() as viewing:
            viewing.forget_changes(Instant(40))
        assert store.deadline_changes(0, 5) == found[2:]

    def test_what_was_touched_since_it_was_derived_is_derived_again(self, store: Store) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2"])
            viewing.touch(0, ["C-1"])
        assert store.touched(0, 10) == [("C-1", 2), ("C-2", 1)]
        with store.viewing() as viewing:
            assert viewing.show(0, [derivation("C-1", 1, b"outdated"), derivation("C-2", 1, b"two")]) == 1
        assert (store.view("C-1"), store.view("C-2"), store.touched(0, 10)) == (None, b"two", [("C-1", 2)])
        with store.viewing() as viewing:
            viewing.show(0, [derivation("C-1", 2, b"one", deadline("C-1", 0, 1))])
            viewing.touch_all(0)
        assert (store.views(), store.touched(0, 10)) == (["C-1", "C-2"], [("C-1", 3), ("C-2", 2)])
        with store.viewing() as viewing:
            viewing.show(0, [derivation("C-1", 3, b"one again")])
        assert (store.view("C-1"), store.deadlines(DeadlineSearch())) == (b"one again", [])

    def test_deadlines_are_renewed_when_time_makes_them_stale_and_the_statement_stays(self, store: Store) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2"])
            viewing.show(0, [derivation("C-1", 1, b"one", stale=50), derivation("C-2", 1, b"two")])
        assert store.stale(0, Instant(49), 10) == []
        assert store.stale(0, Instant(50), 10) == [("C-1", 1)]
        with store.viewing() as viewing:
            viewing.show(0, [derivation("C-1", 1, None, deadline("C-1", 0, 40, "missed"), stale=60)])
        assert store.view("C-1") == b"one"
        assert [one.state for one in store.deadlines(DeadlineSearch())] == ["missed"]
        assert (store.stale(0, Instant(50), 10), store.touched(0, 10)) == ([], [])

    def test_a_generation_is_built_beside_and_swapped_at_once(self, store: Store, open_store: Opener) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2", "C-3"])
            viewing.show(0, [derivation(name, 1, b"old", deadline(name, 0, 1)) for name in ("C-1", "C-2")])
            viewing.touch(1, ["C-1", "C-2", "C-3"])
            new = [derivation("C-1", 1, b"new", deadline("C-1", 0, 2)), derivation("C-2", 1, b"old")]
            viewing.show(1, [*new, derivation("C-3", 1, b"only here")])
        assert (store.view("C-1"), [one.due for one in store.deadlines(DeadlineSearch())]) == (b"old", [1, 1])
        assert store.differing(0, 1) == ["C-1"], "C-3 is still to be derived in the old one"
        with store.viewing() as viewing:
            viewing.show(0, [derivation("C-3", 1, b"only there")])
        assert store.differing(0, 1) == ["C-1", "C-3"]
        other = open_store()
        with store.viewing() as viewing:
            viewing.track("generation", 1)
            assert other.view("C-1") == b"old", "until the commit"
        assert (store.view("C-1"), [one.due for one in store.deadlines(DeadlineSearch())]) == (b"new", [2])
        rounds = 0
        while True:
            with store.viewing() as viewing:
                if not viewing.drop_before(1, 1):
                    break
            rounds += 1
        assert rounds == 8, "three statements, two deadlines, three contracts"
        assert store.touched(0, 1) == store.stale(0, NEVER, 1) == []
        assert store.views() == ["C-1", "C-2", "C-3"]

    def test_a_transaction_on_the_views_waits_for_another(self, store: Store, open_store: Opener) -> None:
        """Told by the counts: each takes the number it read, plus one."""

        def count(mine: Store) -> None:
            for _ in range(50):
                with mine.viewing() as viewing:
                    viewing.track("views:0", (viewing.tracked("views:0") or 0) + 1)

        threads = [threading.Thread(target=count, args=(one,)) for one in (store, open_store())]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert store.position("views:0") == 100

    def test_contract_is_told_apart_once_its_view_may_read_otherwise(self, store: Store) -> None:
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1", "C-2"])
            assert viewing.show(0, [derivation("C-1", 1, b"one"), derivation("C-2", 1, b"two")]) == 2
        before = store.derived()
        assert before.keys() == {"C-1", "C-2"}
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1"])
        assert store.derived() == before, "its view still reads as before"
        with store.viewing() as viewing:
            viewing.show(0, [derivation("C-1", 2, b"one anew")])
        after = store.derived()
        assert after["C-1"] != before["C-1"]
        assert after["C-2"] == before["C-2"]
