"""What every store must do, told once: each real store is held to it, nothing is faked."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from eventsourcing.persistence import IntegrityError

from adapters.eventstore.store import NEVER, Derivation, Held, Row, Store, Writing, stream_id
from domain.errors import LedgerError

Opener = Callable[[], Store]


def held(key: str, number_of: str = "1", **more: str | bytes | None) -> Held:
    """An entry of the quarantine."""
    values = {
        "status": "open",
        "reason": "It cannot be.",
        "reason_fr": "C'est impossible.",
        "origin": f"facts.jsonl:{number_of}",
        "received": "2026-06-01T12:00:00+02:00",
        "body": b'{"a": \xff\x00 1}',
        "key": key,
        "content": b"\x00" * 16,
    }
    return Held(**{**values, **more})  # type: ignore[arg-type]


def state(said: str = "") -> bytes:
    """The state of an event that says something."""
    return b'{"recorded":"2026-06-01T12:00:00+02:00","event":%b}' % json.dumps({"said": said}).encode()


def said(state: bytes) -> str:
    """What the state of an event says."""
    return str(json.loads(state)["event"]["said"])


def row(stream: str, version: int = 1, says: str = "") -> Row:
    """One event."""
    return (stream, version, "greffe.outage.recorded.v1", state(says))


class StoreContract:
    """Inherited by one class per store; ``open_store`` opens the same ledger once more."""

    @pytest.fixture
    def store(self, open_store: Opener) -> Store:
        return open_store()

    def test_events_are_read_back_in_the_order_of_their_commits(self, store: Store) -> None:
        for batch in (["C-2|outage|b", "C-1|outage|a"], ["C-1|outage|0"]):
            with store.writing() as writing:
                writing.append([row(stream, says=stream) for stream in batch])
        found = store.entries()
        assert [entry.stream for entry in found] == ["C-2|outage|b", "C-1|outage|a", "C-1|outage|0"]
        assert [said(entry.state) for entry in found] == ["C-2|outage|b", "C-1|outage|a", "C-1|outage|0"]
        assert sorted({entry.position for entry in found}) == [entry.position for entry in found]
        assert store.entries(found[0].position, 1) == found[1:2]
        assert store.entries(found[-1].position) == []
        assert [entry.stream for entry in store.entries_of("C-1")] == ["C-1|outage|a", "C-1|outage|0"]

    def test_what_is_written_is_there_for_who_opens_next(self, store: Store, open_store: Opener) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a")])
            writing.remember([("k", b"content")])
            writing.hold([held("k")])
            writing.track("kafka:0", 41)
        with store.viewing() as viewing:
            viewing.touch(0, ["C-1"])
            viewing.show(0, [Derivation("C-1", 1, b"view", (), NEVER)])
        store.close()
        again = open_store()
        with again.writing() as writing:
            assert writing.contents(["k", "other"]) == {"k": b"content"}
            assert writing.tracked("kafka:0") == 41
        assert len(again.entries()) == 1
        assert again.view("C-1") == b"view"
        assert again.quarantine()[0].body == b'{"a": \xff\x00 1}'

    def test_a_failure_undoes_everything_in_the_transaction(self, store: Store) -> None:
        def fail() -> None:
            with store.writing() as writing:
                writing.append([row("C-1|outage|a")])
                writing.remember([("k", b"content")])
                writing.hold([held("k")])
                writing.track("kafka:0", 41)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        with store.writing() as writing:
            assert writing.contents(["k"]) == {}
            assert writing.bodies(["C-1|outage|a"]) == {}
        assert (store.entries(), store.quarantine(), store.position("kafka:0")) == ([], [], None)

    def test_a_version_that_exists_is_refused_and_undoes_the_transaction(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a")])

        def collide() -> None:
            with store.writing() as writing:
                writing.remember([("k", b"content")])
                writing.append([row("C-1|outage|b"), row("C-1|outage|a")])

        with pytest.raises(IntegrityError):
            collide()
        assert len(store.entries()) == 1
        with store.writing() as writing:
            assert writing.contents(["k"]) == {}

    def test_streams_are_read_oldest_version_first_and_apart(self, store: Store) -> None:
        with store.writing() as writing:
            writing.append([row("C-1|outage|a", version, str(version)) for version in range(1, 13)])
            writing.append([row("C-1|outage|ab")])
            assert len(writing.bodies(["C-1|outage|a"])["C-1|outage|a"]) == 12, "its own writes are read"
        with store.writing() as writing:
            assert writing.bodies(["C-1|outage|a", "C-1|outage|none"]) == {
                "C-1|outage|a": [state(str(version)) for version in range(1, 13)]
            }
            assert writing.bodies([]) == {}

    def test_forty_thousand_keys_and_streams_are_looked_up_at_once(self, store: Store) -> None:
        with store.writing() as writing:
            writing.remember([("k-39999", b"content")])
            writing.append([row("s-39999|outage|a")])
        with store.writing() as writing:
            assert writing.contents([f"k-{n}" for n in range(40_000)]) == {"k-39999": b"content"}
            assert list(writing.bodies([f"s-{n}|outage|a" for n in range(40_000)])) == ["s-39999|outage|a"]

    def test_keys_tell_capitals_apart_and_take_a_new_content(self, store: Store) -> None:
        with store.writing() as writing:
            writing.remember([("k", b"small"), ("K", b"capital"), ("é", b"accent")])
            writing.remember([("k", b"new")])
        with store.writing() as writing:
            assert writing.contents(["k", "K", "é", "e"]) == {"k": b"new", "K": b"capital", "é": b"accent"}

    @pytest.mark.parametrize(
        ("subject", "others"),
        [
            ("C-1", ["C-10", "C", "C-1 ", "c-1", "C-1|", "C-1|outage", "C-1%7C", "C-1}", "C-1~", "C-1é"]),
            ("C|1", ["C", "C|", "C|10", "C%7C1", "C%1"]),
            ("C%7C1", ["C|1", "C%", "C%7C", "C%257C1"]),
            ("100 %", ["100", "100 %%", "100 |"]),
            ("é", ["e", "éé", "ê"]),
        ],
    )
    def test_the_events_of_a_subject_are_its_own(self, store: Store, subject: str, others: list[str]) -> None:
        with store.writing() as writing:
            for name in [*others, subject]:
                writing.append([row(stream_id(name, "outage", "a|b"), says=name)])
        assert [said(entry.state) for entry in store.entries_of(subject)] == [subject]
        assert store.subjects() == sorted([*others, subject])

    def test_the_ledgers_own_events_belong_to_no_subject(self, store: Store) -> None:
        assert store.subjects() == []
        with store.writing() as writing:
            writing.append([row("|quarantine|1")])
        assert store.subjects() == []
        with store.writing() as writing:
            writing.append([row("#|outage|a"), row("~|outage|a")])
        assert store.subjects() == ["#", "~"]

    def test_what_is_refused_is_to_be_announced_once(self, store: Store) -> None:
        with store.writing() as writing:
            writing.hold([held("first", "1"), held("waits", "2", status="waiting"), held("last", "3")])
        first, waiting, last = store.quarantine()
        assert store.unannounced(10) == [first, last]
        assert store.unsettled() == {"waiting": 1, "open": 2}
        assert store.unannounced(1) == [first]
        with store.writing() as writing:
            writing.announced([first.number, last.number])
            writing.mark(waiting.number, "open")
        assert [entry.number for entry in store.unannounced(10)] == [waiting.number]

    def test_the_quarantine_keeps_bytes_reasons_and_origin(self, store: Store) -> None:
        headers = '[["traceparent","MDA="]]'
        mine = held("k", "12", subject="C-1", type="greffe.x.v1", source="s", fact_id="i", headers=headers)
        with store.writing() as writing:
            writing.hold([mine, held("other", "13")])
        entry, other = store.quarantine()
        assert (entry.body, entry.origin, entry.reason, entry.reason_fr) == (
            mine.body,
            mine.origin,
            mine.reason,
            mine.reason_fr,
        )
        assert (entry.subject, entry.type, entry.source, entry.fact_id) == ("C-1", "greffe.x.v1", "s", "i")
        assert (entry.headers, other.headers) == (headers, None)
        assert store.entry(entry.number) == entry
        assert store.entry(other.number + 1) is None
        assert store.quarantine_of("C-1") == [entry]
        assert store.quarantine(after=entry.number) == [other]
        with store.writing() as writing:
            assert (writing.held(entry.number), writing.held_as("other")) == (entry, [other])

    def test_an_entry_changes_status_and_keeps_its_reason_unless_told(self, store: Store) -> None:
        with store.writing() as writing:
            writing.hold([held("k", subject="C-1"), held("l")])
        first, second = store.quarantine()
        with store.writing() as writing:
            writing.mark(first.number, "discarded")
            writing.mark(second.number, "waiting", ("New.", "Nouveau."))
        assert [entry.number for entry in store.quarantine("discarded")] == [first.number]
        assert store.quarantine("discarded")[0].reason == "It cannot be."
        assert [(e.reason, e.reason_fr) for e in store.quarantine("waiting")] == [("New.", "Nouveau.")]
        assert store.quarantine_of("C-1") == []

    def test_waiting_entries_are_found_by_stream_and_by_thing(self, store: Store) -> None:
        with store.writing() as writing:
            assert writing.waiting_for(["C-1|outage|a"], ["outage|a"]) == []
            writing.hold(
                [
                    held("1", status="waiting", stream="C-1|outage|a", thing="outage|a"),
                    held("2", status="waiting", stream="C-2|outage|a", thing="outage|a"),
                    held("3", status="discarded", stream="C-1|outage|a", thing="outage|a"),
                    held("4", status="waiting", stream="C-1|outage|b", thing="outage|b"),
                    held("5", status="open", stream="C-1|outage|a", thing="outage|a"),
                    held("6", status="open"),
                ]
            )
        with store.writing() as writing:
            assert [e.key for e in writing.waiting_for(["C-1|outage|a"], [])] == ["1", "5"]
            assert [e.key for e in writing.waiting_for(["C-1|outage|a"], ["outage|a"])] == ["1", "2", "5"]
            assert writing.waiting_for([], []) == []

    def test_positions_move_with_the_transaction(self, store: Store) -> None:
        assert store.position("kafka:0") is None
        for value in (7, 3_000_000_000):
            with store.writing() as writing:
                writing.track("kafka:0", value)
                writing.track("kafka:1", 1)
        assert (store.position("kafka:0"), store.position("kafka:1")) == (3_000_000_000, 1)

    def test_readers_see_nothing_before_the_commit(self, store: Store, open_store: Opener) -> None:
        other = open_store()
        with store.writing() as writing:
            writing.append([row("C-1|outage|a")])
            assert other.entries() == []
        assert len(other.entries()) == 1

    def test_concurrent_threads_lose_nothing_and_double_nothing(self, store: Store, open_store: Opener) -> None:
        other = open_store()

        def count_up(mine: Store) -> None:
            for _ in range(500):
                with mine.writing() as writing:
                    version = len(writing.bodies(["C-1|outage|a"]).get("C-1|outage|a", ())) + 1
                    append(writing, version)

        def append(writing: Writing, version: int) -> None:
            if version < 40:
                writing.append([row("C-1|outage|a", version)])
                return
            number = writing.tracked("number") or 40
            writing.append([row(f"C-1|outage|{number}")])
            writing.track("number", number + 1)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(count_up, one) for one in (store, other)]:
                done.result(timeout=300)
        found = store.entries(limit=2_000)
        assert len({(entry.stream, entry.position) for entry in found}) == len(found) == 1_000
        assert store.position("number") == 40 + 1_000 - 39

    def test_many_first_starts_at_once_make_the_tables_once(self, open_store: Opener) -> None:
        gate = threading.Barrier(6)

        def start(name: int) -> None:
            gate.wait()
            store = open_store()
            with store.writing() as writing:
                writing.append([row(f"C-{name}|outage|a")])

        with ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(start, name) for name in range(6)]:
                done.result(timeout=120)
        assert open_store().subjects() == [f"C-{name}" for name in range(6)]

    def test_a_closed_store_says_so(self, store: Store) -> None:
        store.close()
        with pytest.raises(LedgerError):
            store.entries()
