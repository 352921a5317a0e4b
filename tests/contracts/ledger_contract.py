"""What the ledger does with facts, on every store: once each, decided, held with a reason, never lost."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.cloudevents import too_long
from adapters.eventstore.ledger import DISCARDED, Ledger, Received
from adapters.eventstore.store import Held
from domain.errors import LedgerError
from domain.time.instant import format_instant, parse_instant
from tests.contracts.store_contract import Opener
from tests.support.arrivals import (
    KNOWN,
    NOW,
    PROVIDER,
    Event,
    answered,
    event,
    ledger,
    measured,
    opened,
    otherwise,
    outage,
    raw,
    received,
    reserve,
    signed,
)

LATER = parse_instant("2026-06-02T09:30:00.25+02:00")


def ids(one: Ledger) -> list[str]:
    return [fact.id for fact in one.facts()]


def corrected(one: Event, **data: Any) -> Event:
    return {**one, "data": {**one["data"], **data}}


class LedgerContract:
    """Inherited by one class per store."""

    @pytest.fixture
    def ledger(self, open_store: Opener) -> Ledger:
        return ledger(open_store())

    def test_facts_come_back_as_they_were_sent(self, ledger: Ledger) -> None:
        batch = received(signed(), outage(1), measured(2), reserve(3))
        outcome = ledger.record(batch, NOW)
        assert (outcome.recorded, outcome.duplicates, outcome.waiting, outcome.quarantined) == (4, 0, 0, 0)
        assert outcome.subjects == {"C-1"}
        assert list(ledger.facts()) == [item.fact for item in batch]
        assert ledger.facts_of("C-1") == [item.fact for item in batch]

    def test_two_facts_that_would_have_one_name_are_not_both_recorded(self, ledger: Ledger) -> None:
        one = event("b", "notice.sent", {"notice": "n-1", "topic": "other", "channel": "email"})
        other = {**one, "source": f"{one['source']}#a", "data": {**one["data"], "notice": "n-2"}}
        one = {**one, "id": f"a#{one['id']}"}
        assert f"{one['source']}#{one['id']}" == f"{other['source']}#{other['id']}"
        outcome = ledger.record(received(signed(), one, other), NOW)
        assert (outcome.recorded, outcome.quarantined) == (2, 1)
        (held,) = ledger.store.quarantine()
        assert held.reason.startswith("source has a #")

    def test_the_ledger_stamps_its_own_time_and_ignores_the_senders(self, ledger: Ledger) -> None:
        ledger.record(received(signed(recordedtime="2020-01-01T00:00:00Z"), recorded=LATER), LATER)
        (fact,) = ledger.facts()
        assert format_instant(fact.recorded) == "2026-06-02T09:30:00.25+02:00"
        assert format_instant(fact.time) == "2026-01-01T00:00:00+01:00"

    @pytest.mark.parametrize("split", [True, False])
    def test_the_same_fact_twice_is_one(self, ledger: Ledger, split: bool) -> None:
        arrivals = [outage(1), outage(1), otherwise(outage(1))]
        assert raw(arrivals[2]) != raw(arrivals[0])
        batches = [[one] for one in arrivals] if split else [arrivals]
        outcomes = [ledger.record(received(*batch), NOW) for batch in batches]
        assert sum(outcome.recorded for outcome in outcomes) == 1
        assert sum(outcome.duplicates for outcome in outcomes) == 2
        assert (ids(ledger), ledger.store.quarantine()) == (["e-1"], [])

    def test_the_recordedtime_of_a_sender_is_ignored_whatever_it_says_when_a_held_fact_comes_again(
        self, ledger: Ledger
    ) -> None:
        waiting = {**reserve(2), "recordedtime": "rubbish"}
        assert ledger.record(received(waiting), NOW).waiting == 1
        assert ledger.record(received(otherwise(waiting)), NOW).duplicates == 1

    @pytest.mark.parametrize("said", [[10**30], {"data": [2**53]}, [1.5], 7, None])
    def test_a_recordedtime_that_is_no_text_is_refused_and_stops_nothing(self, ledger: Ledger, said: object) -> None:
        outcome = ledger.record(received(signed(recordedtime=said), outage(1)), NOW)
        assert (outcome.recorded, outcome.quarantined) == (1, 1)
        (held,) = ledger.store.quarantine()
        assert held.reason.startswith("recordedtime: expected a text"), held.reason
        assert "attendu : un texte" in held.reason_fr

    @pytest.mark.parametrize("split", [True, False])
    def test_another_content_is_a_conflict_held_once(self, ledger: Ledger, split: bool) -> None:
        other = corrected(outage(1), service="volume")
        arrivals = [outage(1), other, other, otherwise(other), outage(1)]
        for batch in [[one] for one in arrivals] if split else [arrivals]:
            ledger.record(received(*batch), NOW)
        assert ids(ledger) == ["e-1"]
        (entry,) = ledger.store.quarantine()
        assert (entry.status, entry.source, entry.fact_id, entry.subject) == ("open", "urn:test", "e-1", "C-1")
        assert entry.reason == "urn:test#e-1 came again with another content; the first one is kept."
        assert entry.reason_fr == "urn:test#e-1 est revenu avec un autre contenu ; le premier est conservé."
        assert json.loads(entry.body) == other

    def test_another_content_about_another_thing_is_a_conflict_too(self, ledger: Ledger) -> None:
        ledger.record(received(outage(1)), NOW)
        outcome = ledger.record(received(outage(1, name="o-2"), opened(1), outage(1, subject="C-2")), NOW)
        assert (outcome.recorded, outcome.quarantined) == (0, 3)

    def test_the_same_id_of_another_source_is_another_fact(self, ledger: Ledger) -> None:
        outcome = ledger.record(received(measured(1), measured(1, source="urn:other"), measured(1, source="urn")), NOW)
        assert outcome.recorded == 3

    def test_a_failure_in_the_transaction_leaves_no_trace(self, ledger: Ledger) -> None:
        with pytest.raises((LedgerError, OverflowError)):
            ledger.record(received(outage(1), reserve(2, "unknown")), NOW, {"kafka:0": 2**70})
        assert (ids(ledger), ledger.store.quarantine(), ledger.store.position("kafka:0")) == ([], [], None)
        assert ledger.record(received(outage(1)), NOW).recorded == 1, "its key was not kept either"

    def test_positions_are_committed_with_the_facts(self, ledger: Ledger) -> None:
        ledger.record(received(outage(1)), NOW, {"kafka:greffe.events:0": 41, "kafka:greffe.events:3": 7})
        assert ledger.store.position("kafka:greffe.events:0") == 41
        assert ledger.store.position("kafka:greffe.events:3") == 7

    def test_what_is_committed_first_is_recorded_first_whatever_the_clocks_say(self, ledger: Ledger) -> None:
        for number, clock in enumerate((LATER, NOW, NOW)):
            ledger.record(received(measured(number)), clock)
        assert [fact.recorded - LATER for fact in ledger.facts()] == [0, 1, 2]

    @pytest.mark.parametrize("split", [True, False])
    def test_of_two_facts_that_exclude_each_other_the_first_recorded_stands(self, ledger: Ledger, split: bool) -> None:
        """In one batch both are known at one instant: the earlier in time stands."""
        early = {**outage(2), "time": "2026-03-01T09:30:00+01:00"}
        for batch in [[outage(1)], [early]] if split else [[outage(1), early]]:
            ledger.record(received(*batch), NOW)
        assert ids(ledger) == (["e-1"] if split else ["e-2"])

    def test_of_two_that_waited_the_first_received_is_let_in(self, ledger: Ledger) -> None:
        early = {**reserve(3), "time": "2026-03-01T11:00:00+01:00"}
        for one in (reserve(2), early, outage(1)):
            ledger.record(received(one), NOW)
        assert ids(ledger) == ["e-1", "e-2"]

    def test_an_empty_batch_changes_nothing(self, ledger: Ledger) -> None:
        assert ledger.record([], NOW).recorded == 0
        assert ids(ledger) == []

    def test_a_fact_waits_for_its_partner_in_the_same_batch(self, ledger: Ledger) -> None:
        outcome = ledger.record(received(reserve(2), answered(4), outage(1), opened(3)), NOW)
        assert (outcome.recorded, outcome.waiting) == (4, 0)
        assert ids(ledger) == ["e-1", "e-3", "e-2", "e-4"]
        assert ledger.store.quarantine() == []

    def test_a_fact_waits_for_its_partner_in_a_later_batch(self, ledger: Ledger) -> None:
        first = ledger.record(received(reserve(2), answered(4)), NOW)
        assert (first.recorded, first.waiting) == (0, 2)
        assert [entry.status for entry in ledger.store.quarantine()] == ["waiting", "waiting"]
        assert ledger.store.quarantine()[0].reason == "No outage 'o-1' is known yet: this fact waits for it."
        assert ledger.record(received(reserve(2)), NOW).duplicates == 1, "waiting is known"
        assert ledger.record(received(otherwise(reserve(2))), NOW).duplicates == 1, "in other bytes as well"
        second = ledger.record(received(outage(1)), LATER)
        assert (second.recorded, second.waiting) == (2, 0)
        assert ids(ledger) == ["e-1", "e-2"]
        assert [fact.recorded for fact in ledger.facts()] == [LATER, NOW], (
            "known since it came, not since it was let in"
        )
        assert [entry.status for entry in ledger.store.quarantine()] == ["retried", "waiting"]
        assert ledger.record(received(reserve(2)), LATER).duplicates == 1

    def test_a_chain_of_waiting_facts_comes_in_together(self, ledger: Ledger) -> None:
        """The correction would end the outage before it starts, until the other correction moves the start."""
        end = {"outage": "o-1", "ended_at": "2026-03-01T08:30:00+01:00", "confirmed_by": "monitoring"}
        start = {"outage": "o-1", "reason": "clock", "started_at": "2026-03-01T08:00:00+01:00"}
        first = ledger.record(
            received(
                event(2, "outage.ended", end, "2026-03-02T10:00:00+01:00"),
                event(3, "outage.corrected", start, "2026-03-03T10:00:00+01:00"),
            ),
            NOW,
        )
        assert first.waiting == 2
        assert ledger.record(received(outage(1)), NOW).recorded == 3
        assert sorted(ids(ledger)) == ["e-1", "e-2", "e-3"]

    def test_a_correctable_refusal_is_refused_until_a_fact_puts_it_right(self, ledger: Ledger) -> None:
        end = {"outage": "o-1", "ended_at": "2026-03-01T08:30:00+01:00", "confirmed_by": "monitoring"}
        ledger.record(received(event(2, "outage.ended", end, "2026-03-02T10:00:00+01:00")), NOW)
        ledger.record(received(outage(1)), NOW)
        (entry,) = ledger.store.quarantine()
        assert entry.status == "open"
        assert entry.reason.startswith("The outage would end")
        assert entry.reason_fr.startswith("L'interruption finirait")
        start = {"outage": "o-1", "reason": "clock", "started_at": "2026-03-01T08:00:00+01:00"}
        ledger.record(received(event(3, "outage.corrected", start, "2026-03-03T10:00:00+01:00")), NOW)
        assert ids(ledger) == ["e-1", "e-3", "e-2"]

    @pytest.mark.parametrize("split", [True, False])
    def test_a_waiting_fact_that_turns_out_false_is_refused_with_the_reason(self, ledger: Ledger, split: bool) -> None:
        early = event(2, "ticket.answered", {"ticket": "t-1", "automatic": False}, "2025-01-01T10:00:00+01:00")
        batches: list[list[Event]] = [[early], [opened(1)]] if split else [[early, opened(1)]]
        for batch in batches:
            outcome = ledger.record(received(*batch), NOW)
        assert outcome.quarantined == 1
        (entry,) = ledger.store.quarantine()
        assert entry.status == "open"
        assert "before the ticket 't-1'" in entry.reason
        assert "avant le ticket « t-1 »" in entry.reason_fr

    def test_waiting_facts_of_other_contracts_are_left_alone(self, ledger: Ledger) -> None:
        ledger.record(received(reserve(2), reserve(3, subject="C-2")), NOW)
        ledger.record(received(outage(1)), NOW)
        assert [fact.subject for fact in ledger.facts()] == ["C-1", "C-1"]

    @pytest.mark.parametrize("order", ["outage first", "reserve first", "one batch", "one batch, reserve first"])
    def test_a_reserve_on_an_outage_of_the_whole_provider_is_taken(self, ledger: Ledger, order: str) -> None:
        wide = outage(1, subject=PROVIDER)
        batches: dict[str, list[list[Event]]] = {
            "outage first": [[wide], [reserve(2)]],
            "reserve first": [[reserve(2)], [wide]],
            "one batch": [[wide, reserve(2)]],
            "one batch, reserve first": [[reserve(2), wide]],
        }
        for batch in batches[order]:
            ledger.record(received(*batch), NOW)
        assert ids(ledger) == ["e-1", "e-2"]
        assert [entry for entry in ledger.store.quarantine() if entry.status != "retried"] == []

    def test_a_refused_fact_is_held_with_its_reason_in_two_languages(self, ledger: Ledger) -> None:
        outcome = ledger.record(received(outage(1), outage(2)), NOW)
        assert (outcome.recorded, outcome.quarantined) == (1, 1)
        (entry,) = ledger.store.quarantine("open")
        assert entry.reason == "The id 'o-1' already names another outage."
        assert entry.reason_fr == "L'identifiant « o-1 » désigne déjà une autre interruption."
        assert (entry.origin, entry.type, entry.received) == (
            "facts.jsonl:2",
            "greffe.outage.recorded.v1",
            format_instant(NOW),
        )
        assert entry.body == raw(outage(2))
        assert ledger.record(received(outage(2)), NOW).duplicates == 1, "held once, however often it comes"
        assert len(ledger.store.quarantine()) == 1

    def test_a_provider_that_no_agreement_knows_is_refused(self, ledger: Ledger) -> None:
        assert ledger.record(received(measured(1, subject="provider:nobody")), NOW).quarantined == 1
        assert "nobody" in ledger.store.quarantine()[0].reason

    @pytest.mark.parametrize("time", ["1970-01-01T00:00:00Z", "2999-12-31T12:00:00Z"])
    def test_a_fact_of_a_clock_that_is_wrong_is_refused(self, ledger: Ledger, time: str) -> None:
        assert ledger.record(received({**outage(1), "time": time}), NOW).quarantined == 1
        assert "one of the two clocks is wrong" in ledger.store.quarantine()[0].reason

    def test_a_count_that_is_not_read_alike_everywhere_is_refused_and_has_no_leaf(self, ledger: Ledger) -> None:
        metered = {"resource_type": "vm", "month": "2026-03"}
        facts = [event(at, "consumption.metered", {**metered, "seconds": 2**53 - 1 + at}) for at in (0, 1)]
        outcome = ledger.record(received(*facts), NOW)
        assert (outcome.recorded, outcome.quarantined, ledger.store.log_size()) == (1, 1, 1)
        assert "a number is not read alike everywhere" in ledger.store.quarantine()[0].reason

    @pytest.mark.parametrize("body", [b"{", b"\xff\xfe\x00binary\x00", b"[]", b"null", b'{"specversion":"1.0"}'])
    def test_bytes_that_say_nothing_are_held_as_they_are(self, ledger: Ledger, body: bytes) -> None:
        outcome = ledger.record(received(body, outage(1), body), NOW)
        assert (outcome.recorded, outcome.quarantined, outcome.duplicates) == (1, 1, 1)
        (entry,) = ledger.store.quarantine()
        assert (entry.body, entry.status, entry.origin) == (body, "open", "facts.jsonl:1")
        assert entry.reason
        assert entry.reason_fr
        assert ledger.retry([entry.number], LATER).quarantined == 1
        assert ledger.store.entry(entry.number) == entry

    def test_lines_too_long_to_keep_are_each_held_by_their_place(self, ledger: Ledger) -> None:
        batch = [Received(b"", "facts.jsonl", too_long(1_000), line) for line in (3, 9, 3)]
        outcome = ledger.record(batch, NOW)
        assert (outcome.quarantined, outcome.duplicates) == (2, 1)
        assert [entry.origin for entry in ledger.store.quarantine()] == ["facts.jsonl:3", "facts.jsonl:9"]
        assert "longer than the limit" in ledger.store.quarantine()[0].reason

    def test_retry_lets_in_what_can_be_true_now(self, ledger: Ledger) -> None:
        """The provider was not known when the fact came; an agreement was added since."""
        ledger.record(received(measured(1, subject="provider:nimbus"), outage(2), outage(3)), NOW)
        wiser = Ledger(ledger.store, replace(KNOWN, providers=frozenset({"outscale", "nimbus"})))
        outcome = wiser.retry(None, LATER)
        assert (outcome.recorded, outcome.quarantined) == (1, 1)
        assert [(fact.id, fact.recorded) for fact in wiser.facts()] == [("e-2", NOW), ("e-1", NOW)]
        assert [entry.status for entry in ledger.store.quarantine()] == ["retried", "open"]

    def test_retry_lets_in_those_that_waited_for_it(self, ledger: Ledger) -> None:
        ledger.record(received(reserve(2, name="r-1"), outage(1, subject=PROVIDER)), NOW)
        ledger.record(received(answered(4)), NOW)
        numbers = [entry.number for entry in ledger.store.quarantine("waiting")]
        outcome = ledger.retry(numbers, NOW)
        assert (outcome.recorded, outcome.waiting) == (0, 1)
        ledger.record(received(opened(3)), NOW)
        assert ids(ledger) == ["e-1", "e-2", "e-3", "e-4"]

    def test_retry_of_a_settled_or_unknown_entry_says_so(self, ledger: Ledger) -> None:
        ledger.record(received(reserve(2)), NOW)
        ledger.record(received(outage(1)), NOW)
        (entry,) = ledger.store.quarantine()
        with pytest.raises(LedgerError, match=f"entry {entry.number} is retried already"):
            ledger.retry([entry.number], NOW)
        with pytest.raises(LedgerError, match="no entry 99"):
            ledger.retry([99], NOW)

    def test_retry_of_a_conflict_keeps_the_first(self, ledger: Ledger) -> None:
        ledger.record(received(outage(1), corrected(outage(1), service="volume")), NOW)
        (entry,) = ledger.store.quarantine()
        assert ledger.retry([entry.number], NOW).quarantined == 1
        assert ids(ledger) == ["e-1"]

    def test_retry_of_a_conflict_takes_the_second_once_the_first_is_given_up(self, ledger: Ledger) -> None:
        wrong = outage(1, subject="provider:nobody")
        right = outage(1)
        ledger.record(received(wrong, right), NOW)
        first, second = ledger.store.quarantine()
        ledger.discard(first.number, "sent about the wrong subject", NOW)
        assert ledger.retry([second.number], NOW).recorded == 1
        assert [(fact.id, fact.subject) for fact in ledger.facts()] == [("e-1", "C-1")]
        assert ledger.record(received(right), NOW).duplicates == 1
        ledger.record(received(wrong), NOW)
        assert ids(ledger) == ["e-1"], "what was given up does not come back"

    def test_discarding_is_an_event_and_the_entry_stays_readable(self, ledger: Ledger) -> None:
        ledger.record(received(outage(1), outage(2)), NOW)
        (entry,) = ledger.store.quarantine()
        ledger.discard(entry.number, "entered twice, says « ops »", LATER)
        (kept,) = ledger.store.quarantine()
        assert isinstance(kept, Held)
        assert (kept.status, kept.body, kept.reason) == ("discarded", entry.body, entry.reason)
        event_of_it = ledger.store.entries()[-1]
        assert event_of_it.topic == DISCARDED
        said = json.loads(event_of_it.state)
        assert said == {
            "recorded": format_instant(LATER),
            "event": {
                "entry": entry.number,
                "source": "urn:test",
                "id": "e-2",
                "subject": "C-1",
                "why": entry.reason,
                "reason": "entered twice, says « ops »",
            },
        }
        assert ids(ledger) == ["e-1"], "a decision about the quarantine is no fact of a contract"
        assert ledger.record(received(outage(2)), LATER).duplicates == 1
        with pytest.raises(LedgerError, match="is discarded already"):
            ledger.discard(entry.number, "again", LATER)

    def test_hostile_names_are_only_names(self, ledger: Ledger) -> None:
        names = ["a|b", "%7C", "'; DROP TABLE held; --", "é" * 200, "\\", "{}", "%s", '"']
        batch = received(
            *(opened(index, name) for index, name in enumerate(names)),
            *(opened(f"s{index}", "t-1", subject=name) for index, name in enumerate(names)),
            *({**opened(0, "q"), "id": name, "source": name} for name in names),
        )
        outcome = ledger.record(batch, NOW)
        assert (outcome.recorded, outcome.quarantined) == (2 * len(names) + 1, len(names) - 1)
        for index, name in enumerate(names):
            assert [fact.id for fact in ledger.facts_of(name)] == [f"e-s{index}"]

    def test_a_long_file_reads_the_same_in_any_batching(self, ledger: Ledger) -> None:
        arrivals = [
            signed(),
            *(outage(n, f"o-{n}") for n in range(30)),
            *(reserve(f"r{n}", f"o-{n}") for n in range(30)),
        ]
        arrivals.reverse()
        for start in range(0, len(arrivals), 7):
            ledger.record(received(*arrivals[start : start + 7]), NOW)
        assert sorted(ids(ledger)) == sorted(one["id"] for one in arrivals)
        assert ledger.store.quarantine("waiting") == []
