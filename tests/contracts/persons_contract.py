"""What the ledger does with values of persons, on every store: sealed before they are written, erased for good."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic_core import from_json
from sqlalchemy import select, update

from adapters.eventstore.ledger import Ledger
from adapters.evidence.fields import commitment, fields_of
from adapters.privacy.keystore import KEYS, KeyStore
from adapters.privacy.master import before, coming, make, read
from adapters.privacy.opening import Opening
from adapters.privacy.persons import of_file
from adapters.privacy.token import ERASED, PREFIX, UNAVAILABLE
from domain.errors import LedgerError
from domain.events.personal import values_in
from tests.contracts.store_contract import Opener
from tests.support.arrivals import NOW, PROVIDER, event, ledger, otherwise, received
from tests.support.persons import (
    ADDRESSEE,
    ALL,
    EMAIL,
    NAME,
    PERSONS,
    PHONE,
    VALUES,
    contact,
    erased,
    hold,
    notice,
    released,
)


def opened(one: Ledger, subject: str = "C-1") -> list[str]:
    """Every personal value that the ledger opens, in the order of the facts."""
    events = [Opening(one.store).event(entry.state) for entry in one.store.entries_of(subject)]
    return [value for event in events for value in values_in(event).values()]


class PersonsContract:
    """Inherited by one class per store."""

    @pytest.fixture
    def ledger(self, open_store: Opener) -> Ledger:
        return ledger(open_store())

    def test_values_are_sealed_before_they_are_written_and_opened_as_they_were(self, ledger: Ledger) -> None:
        assert ledger.record(received(*ALL), NOW).recorded == 4
        kept = [
            value for entry in ledger.store.entries() for value in values_in(from_json(entry.state)["event"]).values()
        ]
        assert len(kept) == 7
        assert all(value.startswith(PREFIX) for value in kept)
        assert sorted(opened(ledger)) == sorted(VALUES)

    def test_rotated_master_key_opens_what_was_sealed_before_and_the_one_before_opens_nothing(
        self, ledger: Ledger, open_store: Opener
    ) -> None:
        ledger.record(received(*ALL), NOW)
        other = Ledger(open_store(), ledger._known)  # as in another process: it has the store open
        assert sorted(opened(other)) == sorted(VALUES)
        place = ledger.store.persons.place
        assert place is not None
        first = place.master.read_text()
        assert ledger.store.persons.keys.rotate() == len(PERSONS)
        assert (place.master.read_text() != first, before(place.master).read_text()) == (True, first)
        assert not coming(place.master).exists()
        assert sorted(opened(other)) == sorted(opened(ledger)) == sorted(VALUES)
        other.record(received(contact(5, subject="C-7")), NOW)
        assert opened(ledger, "C-7") == opened(Ledger(open_store(), ledger._known), "C-7") == [NAME, EMAIL, PHONE]
        place.master.write_text(first)
        with pytest.raises(LedgerError, match="not the master key"):
            opened(Ledger(open_store(), ledger._known))

    def test_rotation_cut_short_is_undone_or_done_by_whoever_comes_next(
        self, ledger: Ledger, open_store: Opener
    ) -> None:
        ledger.record(received(*ALL), NOW)
        place = ledger.store.persons.place
        assert place is not None
        left = make(coming(place.master))  # ended before the keys were wrapped anew
        assert sorted(opened(Ledger(open_store(), ledger._known))) == sorted(VALUES)
        ledger.store.persons.keys.rotate()
        assert read(place.master) == left
        place.master.rename(coming(place.master))  # ended before it took the other's place
        before(place.master).rename(place.master)
        assert sorted(opened(Ledger(open_store(), ledger._known))) == sorted(VALUES)
        assert read(place.master) == left
        assert not coming(place.master).exists()

    def test_key_that_was_altered_stops_a_rotation_before_it_changes_anything(self, ledger: Ledger) -> None:
        ledger.record(received(*ALL), NOW)
        keys, place = ledger.store.persons.keys, ledger.store.persons.place
        assert place is not None
        first = place.master.read_text()
        with keys._begin() as connection:
            row = connection.execute(select(KEYS)).first()
            assert row is not None
            connection.execute(update(KEYS).where(KEYS.c.id == row.id).values(wrapped=bytes(row.wrapped)[::-1]))
        with pytest.raises(LedgerError, match="was altered"):
            keys.rotate()
        assert place.master.read_text() == first
        with keys._begin() as connection:
            kept = connection.execute(select(KEYS).where(KEYS.c.id != row.id)).all()
        assert keys.opened([one.id for one in kept]).keys() == {one.id for one in kept}

    def test_the_same_fact_again_is_one_and_another_value_is_a_conflict(self, ledger: Ledger) -> None:
        ledger.record(received(*ALL), NOW)
        assert ledger.record(received(*ALL, *map(otherwise, ALL)), NOW).duplicates == 8
        assert ledger.record(received(contact(1, name="Another Name")), NOW).quarantined == 1
        (entry,) = ledger.store.quarantine()
        assert b"Another Name" not in entry.body
        assert ledger.record(received(contact(1, name="Another Name")), NOW).duplicates == 1

    def test_one_person_of_one_subject_has_one_key_whoever_seals(self, ledger: Ledger, open_store: Opener) -> None:
        other = Ledger(open_store(), ledger._known)
        ledger.record(received(contact(1)), NOW)
        other.record(received(contact(2), contact(3, subject="C-2")), NOW)
        states = [from_json(entry.state)["event"] for entry in ledger.store.entries()]
        keys = [{value.split(":")[2] for value in values_in(one).values()} for one in states]
        assert [len(one) for one in keys] == [1, 1, 1]
        assert keys[0] == keys[1] != keys[2]

    def test_an_erased_person_is_unreadable_and_the_others_are_not(self, ledger: Ledger) -> None:
        ledger.record(received(*ALL, contact(2, "p-2", "Other Person", "other@client-one.example")), NOW)
        assert ledger.record(received(erased(9)), NOW).recorded == 1
        left = opened(ledger)
        assert left.count(ERASED) == 3
        assert {"Other Person", ADDRESSEE} <= {*left}
        assert not {NAME, EMAIL} & {*left}

    @pytest.mark.parametrize("person", PERSONS)
    def test_every_kind_of_person_can_be_erased(self, ledger: Ledger, person: str) -> None:
        ledger.record(received(*ALL), NOW)
        assert ledger.record(received(erased(9, person)), NOW).recorded == 1
        assert ERASED in opened(ledger)
        assert UNAVAILABLE not in opened(ledger)

    def test_an_erased_fact_that_is_sent_again_is_known_and_not_kept_again(self, ledger: Ledger) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.record(received(erased(9)), NOW)
        assert ledger.record(received(contact(1), otherwise(contact(1))), NOW).duplicates == 2
        assert ledger.record(received({**contact(1), "time": "2026-03-05T10:00:00+01:00"}), NOW).quarantined == 1
        assert all(NAME.encode() not in entry.body for entry in ledger.store.quarantine())
        assert opened(ledger) == [ERASED] * 3

    def test_who_is_named_again_after_an_erasure_is_sealed_anew_and_can_be_erased_again(self, ledger: Ledger) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.record(received(erased(9)), NOW)
        ledger.record(received(contact(2)), NOW)
        assert opened(ledger) == [ERASED] * 3 + [NAME, EMAIL, PHONE]
        assert ledger.record(received(erased(10)), NOW).recorded == 1
        assert opened(ledger) == [ERASED] * 6

    def test_a_second_erasure_is_refused_and_one_of_an_unknown_person_waits(self, ledger: Ledger) -> None:
        assert ledger.record(received(erased(9)), NOW).waiting == 1
        ledger.record(received(contact(1)), NOW)
        assert opened(ledger) == [ERASED] * 3, "what it waited for came, and went"
        assert ledger.record(received(erased(10)), NOW).quarantined == 1
        assert "was erased already" in ledger.store.quarantine()[-1].reason
        ledger.record(received(contact(2)), NOW)
        assert opened(ledger) == [ERASED] * 3 + [NAME, EMAIL, PHONE], "a refused one does not erase who is named again"

    def test_a_hold_blocks_an_erasure_until_it_is_released(self, ledger: Ledger) -> None:
        ledger.record(received(contact(1), hold(2)), NOW)
        assert ledger.record(received(erased(9)), NOW).quarantined == 1
        (entry,) = ledger.store.quarantine()
        assert "hold is in force: 'h-1'" in entry.reason
        assert ledger.retry([entry.number], NOW).quarantined == 1
        assert opened(ledger) == [NAME, EMAIL, PHONE]
        ledger.record(received(released(3)), NOW)
        assert opened(ledger) == [ERASED] * 3
        assert ledger.store.quarantine("open") == []

    def test_a_hold_that_has_run_out_blocks_nothing(self, ledger: Ledger) -> None:
        ledger.record(received(contact(1), hold(2, until="2026-05-31"), hold(3, "h-2", until="2026-06-02")), NOW)
        assert ledger.record(received(erased(9)), NOW).quarantined == 1
        assert "in force: 'h-2'." in ledger.store.quarantine()[0].reason

    def test_an_erasure_is_of_one_subject_alone(self, ledger: Ledger) -> None:
        ledger.record(received(contact(1), contact(2, subject="C-2"), notice(3, subject=PROVIDER)), NOW)
        ledger.record(received(erased(9)), NOW)
        assert opened(ledger, "C-2") == [NAME, EMAIL, PHONE]

    def test_a_key_that_is_lost_is_not_an_erasure(self, ledger: Ledger) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.store.persons.keys.destroy([("C-1", "p-1", NOW)], 0, NOW)
        assert opened(ledger) == [UNAVAILABLE] * 3

    def test_the_commitment_of_an_event_is_to_its_plain_values_and_outlives_them(self, ledger: Ledger) -> None:
        ledger.record(received(*ALL), NOW)
        before = [(one.hash, one.entry) for one in ledger.store.leaves(0, ledger.store.log_size())]
        root = ledger.store.log_root(len(before))
        ledger.record(received(erased(9), erased(10, "account:acc-1")), NOW)
        assert [(one.hash, one.entry) for one in ledger.store.leaves(0, len(before))] == before
        assert ledger.store.log_root(len(before)) == root
        for one in ledger.store.logged(0, ledger.store.log_size()):
            assert one.state is not None
            assert one.leaf.seed is not None
            fields = fields_of(from_json(one.state)["event"], one.leaf.seed)
            assert commitment(fields).hex() == from_json(one.leaf.entry)["pc"]

    def test_what_could_not_be_read_is_cleaned_when_its_person_is_erased(self, ledger: Ledger) -> None:
        torn = f'{{"oops": "{NAME}, Camille W\\u00fcrtz"'.encode()
        ledger.record(received(contact(1), torn), NOW)
        ledger.record(received(erased(9)), NOW)
        (entry,) = ledger.store.quarantine()
        assert entry.body == b'{"oops": "[erased], [erased]"'

    def test_a_fact_that_waits_keeps_its_values_sealed_and_is_erased_too(self, ledger: Ledger) -> None:
        ledger.record(received(notice(1), notice(2)), NOW)
        (entry,) = ledger.store.quarantine()
        assert PREFIX.encode() in entry.body
        assert ledger.record(received(erased(9, "fact:urn:test#e-2")), NOW).recorded == 1
        assert ledger.store.persons.keys.opened([entry.body.split(b":v1:")[1].split(b":")[0].decode()]) == {}

    def test_nothing_is_written_where_no_key_can_be_had(self, ledger: Ledger, tmp_path: Path) -> None:
        place = ledger.store.persons.place
        assert place is not None
        ledger.store.persons.close()
        ledger.store.persons.place = place._replace(address=str(tmp_path))
        with pytest.raises(LedgerError):
            ledger.record(received(contact(1), event(2, "resources.blocked", {"ground": "law"})), NOW)
        assert ledger.store.entries() == []

    def test_another_key_store_than_the_ledgers_seals_nothing_until_it_is_adopted(
        self, ledger: Ledger, tmp_path: Path
    ) -> None:
        ledger.record(received(contact(1)), NOW)
        ledger.store.persons.close()
        ledger.store.persons.place = of_file(tmp_path / "another")
        with pytest.raises(LedgerError, match="is not this ledger's"):
            ledger.record(received(contact(2)), NOW)
        ledger.adopt_key_store()
        ledger.record(received(contact(2)), NOW)
        assert opened(ledger) == [UNAVAILABLE] * 3 + [NAME, EMAIL, PHONE]

    def test_processes_that_need_a_key_at_once_get_one(self, ledger: Ledger) -> None:
        place = ledger.store.persons.place
        assert place is not None
        wanted = {("C-1", f"p-{number}"): None for number in range(20)}
        stores = [KeyStore(place) for _ in range(4)]
        with ThreadPoolExecutor(len(stores)) as pool:
            found = list(pool.map(lambda one: one.keys_for(wanted, NOW), stores))
        assert found == [found[0]] * len(stores)
        for one in stores:
            one.close()
