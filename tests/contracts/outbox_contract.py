"""What every store's outbox must do: each thing once, a message one's at a time, and what a crash leaves."""

from typing import Any

import pytest

from adapters.eventstore.store import Store
from adapters.notify.rows import Claim, Notification, NotificationSearch
from adapters.notify.sending import NOTED_AT_ONCE
from domain.time.instant import Instant
from tests.contracts.store_contract import Opener
from tests.support.arrivals import NOW

LATER = Instant(NOW + 60_000_000)
LEASE = Instant(NOW + 1_000_000)


def notification(id_: str, recipient: str = "duty", grouped: str = "", contract: str = "C-1") -> Notification:
    return Notification(
        *(id_, contract, "thing", NOW, "7d", -604_800, "rule", recipient, "normal", grouped or f"at-once:{id_}"),
        *(NOW, NOW, b"{}"),
    )


class OutboxContract:
    """Inherited by one class per store."""

    @pytest.fixture
    def store(self, open_store: Opener) -> Store:
        return open_store()

    def claim(self, store: Store, *found: Notification, holder: str = "one", now: Instant = NOW) -> list[Claim]:
        with store.notifying() as outbox:
            outbox.plan(found)
            outbox.gather(now)
            return outbox.claim(now, Instant(now + 1_000_000), holder, 100)

    def test_a_notification_is_planned_once_and_again_only_where_it_was_withdrawn(self, store: Store) -> None:
        with store.notifying() as outbox:
            assert outbox.plan([notification("a"), notification("b")]) == 2
            assert outbox.plan([notification("a")]) == 0
            assert outbox.withdraw(["a", "never"]) == 1
            assert outbox.plan([notification("a")._replace(body=b"new")]) == 1
        assert [(one.id, one.body) for one in store.waiting()] == [("a", b"new"), ("b", b"{}")]
        assert {one.id for one in store.notifications(["C-1", "C-2"])} == {"a", "b"}

    def test_what_goes_together_makes_one_message_whose_name_never_changes(self, store: Store) -> None:
        first = self.claim(store, notification("a", grouped="digest:x"), notification("b", grouped="digest:x"))
        assert [len(one.notifications) for one in first] == [2]
        again = self.claim(store, now=LATER)
        assert [one.message.id for one in again] == [one.message.id for one in first]
        assert [one.message.attempts for one in (*first, *again)] == [1, 2]

    def test_a_message_is_one_s_until_its_lease_is_over_and_then_not_his_to_hand_over(
        self, store: Store, open_store: Opener
    ) -> None:
        ((message, _),) = self.claim(store, notification("a"))
        other = open_store()
        assert self.claim(other, holder="two") == []
        assert len(self.claim(other, holder="two", now=LATER)) == 1
        with store.notifying() as outbox:
            assert not outbox.hand_over(message.id, "one", LATER)
            assert outbox.hand_over(message.id, "two", LATER)
            outbox.put_off(message.id, "one", None, "too late")
            outbox.sent(message.id, "one", NOW)
            outbox.sent(message.id, "two", NOW)
        assert store.message_counts()["sent"] == 1
        assert store.notifications(["C-1"])[0].sent == NOW

    def test_what_was_handed_over_and_not_heard_of_is_not_sent_again_but_told_as_such(self, store: Store) -> None:
        ((message, _),) = self.claim(store, notification("a"))
        with store.notifying() as outbox:
            assert outbox.hand_over(message.id, "one", LEASE)
            assert outbox.doubtful(NOW) == []
            assert [one.id for one in outbox.doubtful(LATER)] == [message.id]
            assert outbox.doubt(message.id, "gone", "tell", LATER)
            assert not outbox.doubt(message.id, "gone", "tell", LATER)
            outbox.sent(message.id, "one", LATER)  # its answer comes after all: too late
        assert store.message_counts() | {"doubtful": 1, "sent": 0} == store.message_counts()
        ((repeat, carried),) = self.claim(store, now=LATER)
        assert repeat.id != message.id
        assert repeat.grouped == f"doubt:{message.id}"
        assert [one.id for one in carried] == ["a"]

    def test_a_receiver_that_knows_messages_again_gets_the_same_one_again(self, store: Store) -> None:
        ((message, _),) = self.claim(store, notification("a"))
        with store.notifying() as outbox:
            outbox.hand_over(message.id, "one", LEASE)
            assert outbox.doubt(message.id, "gone", "resend", LATER)
        assert [one.message.id for one in self.claim(store, now=LATER)] == [message.id]

    def test_what_surely_did_not_arrive_is_tried_again_when_it_is_time_or_given_up(self, store: Store) -> None:
        (one, two) = self.claim(store, notification("a"), notification("b"))
        with store.notifying() as outbox:
            outbox.put_off(one.message.id, "one", LATER, "busy")
            outbox.put_off(two.message.id, "one", None, "no such mailbox")
        assert self.claim(store, now=Instant(LATER - 1)) == []
        assert [each.message.error for each in self.claim(store, now=LATER)] == ["busy"]
        states = {each.id: each.state for each in store.notifications(["C-1"])}
        assert states == {one.notifications[0].id: "taken", two.notifications[0].id: "failed"}

    def test_claims_that_were_let_go_are_there_for_the_next(self, store: Store) -> None:
        ((message, _),) = self.claim(store, notification("a"))
        with store.notifying() as outbox:
            outbox.let_go([message.id], "one")
        ((again, _),) = self.claim(store, holder="two")
        assert (again.id, again.attempts) == (message.id, 1)

    def test_an_acknowledgement_is_for_everybody_who_was_told(self, store: Store) -> None:
        claims = self.claim(store, notification("a"), notification("b", "boss"), notification("c", contract="C-2"))
        with store.notifying() as outbox:
            for one in claims:
                outbox.hand_over(one.message.id, "one", LEASE)
                outbox.sent(one.message.id, "one", NOW)
            assert outbox.acknowledge("a", LATER) == 2
            assert outbox.acknowledge("a", LATER) == 0
            assert outbox.acknowledge("nothing", LATER) == 0

    def test_what_was_sent_is_noted_once(self, store: Store) -> None:
        ((message, carried),) = self.claim(store, notification("a"))
        with store.notifying() as outbox:
            assert outbox.unnoted(NOTED_AT_ONCE) == []
            outbox.hand_over(message.id, "one", LEASE)
            outbox.sent(message.id, "one", NOW)
            ((sent, told),) = outbox.unnoted(NOTED_AT_ONCE)
            outbox.noted([sent.id])
            assert outbox.unnoted(NOTED_AT_ONCE) == []
        assert [one.id for one in told] == [one.id for one in carried]
        assert [one.id for one in store.newest_messages(5)] == [message.id]
        assert [one.state for one in store.notifications_in(message.id)] == ["sent"]

    def ids(self, store: Store, **wanted: Any) -> list[str]:
        return [one.notification.id for one in store.told(NotificationSearch(**wanted))]

    def test_what_was_told_comes_in_pages_the_newest_first_each_once(self, store: Store) -> None:
        found = [
            notification(name)._replace(release=Instant(NOW + release), at=Instant(NOW + at))
            for name, release, at in (("a", 0, 0), ("b", 0, 1), ("c", 0, 1), ("d", 2, 0), ("e", 1, 5))
        ]
        with store.notifying() as outbox:
            outbox.plan(found)
        assert self.ids(store) == ["d", "e", "c", "b", "a"]
        seen: list[str] = []
        after = None
        while page := store.told(NotificationSearch(), after, 2):
            assert len(page) <= 2
            seen += [one.notification.id for one in page]
            after = page[-1].cursor
        assert seen == ["d", "e", "c", "b", "a"]

    def test_what_was_told_is_found_by_contract_state_recipient_and_whether_somebody_deals_with_it(
        self, store: Store
    ) -> None:
        claims = self.claim(
            store, notification("a"), notification("b", "boss"), notification("c", contract="C-2"), notification("d")
        )
        by_id = {one.notifications[0].id: one.message for one in claims}
        with store.notifying() as outbox:
            for name in ("a", "b"):
                outbox.hand_over(by_id[name].id, "one", LEASE)
                outbox.sent(by_id[name].id, "one", NOW)
            outbox.put_off(by_id["c"].id, "one", None, "no such mailbox")
            outbox.acknowledge("a", LATER)
            outbox.plan([notification("e", contract="C-3"), notification("f")])
            outbox.withdraw(["f"])
        assert self.ids(store, contracts=frozenset({"C-2", "C-3"})) == ["e", "c"]
        assert self.ids(store, contracts=frozenset()) == []
        assert self.ids(store, states=("sent", "failed")) == ["c", "b", "a"]
        assert self.ids(store, states=("taken",)) == ["d"]
        assert self.ids(store, states=("withdrawn",)) == ["f"]
        assert self.ids(store, recipient="boss") == ["b"]
        assert self.ids(store, acknowledged=True) == ["b", "a"]
        assert self.ids(store, acknowledged=False, states=("waiting", "failed")) == ["e", "c"]
        told = {one.notification.id: one.message for one in store.told(NotificationSearch())}
        assert told["e"] is None
        assert {name: (one.state, one.error) for name, one in told.items() if one} == {
            "a": ("sent", ""), "b": ("sent", ""), "c": ("failed", "no such mailbox"), "d": ("claimed", ""),
        }  # fmt: skip
        one = store.notification("b")
        assert one is not None
        assert (one.recipient, one.acknowledged) == ("boss", LATER)
        assert store.notification("never") is None

    def test_what_is_in_doubt_is_found_with_its_message_and_afterwards_with_the_one_that_repeats_it(
        self, store: Store
    ) -> None:
        (first, _) = self.claim(store, notification("a"), notification("b"))
        with store.notifying() as outbox:
            outbox.hand_over(first.message.id, "one", LEASE)
            outbox.doubt(first.message.id, "no answer", "tell", LATER)
        (doubted,) = first.notifications
        assert self.ids(store, doubtful=False) == [name for name in ("a", "b") if name != doubted.id]
        (told,) = store.told(NotificationSearch(doubtful=True))
        assert told.message is not None
        assert (told.notification.state, told.message.id, told.message.state) == (
            "waiting",
            first.message.id,
            "doubtful",
        )
        repeat = next(one for one in self.claim(store, now=LATER) if one.message.grouped.startswith("doubt:"))
        (told,) = store.told(NotificationSearch(doubtful=True))
        assert told.message is not None
        assert (told.notification.state, told.message.id) == ("taken", repeat.message.id)
