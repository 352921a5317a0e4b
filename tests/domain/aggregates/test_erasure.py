"""Erasures of a closed set of facts: decided as a live ledger decides them, by what the others said by then."""

from typing import Any

from domain.aggregates.admission import Admission, admit
from domain.events.decode import decode
from domain.fact import AnyFact
from domain.time.instant import Instant
from tests.support.arrivals import NOW, Event
from tests.support.persons import certificate, contact, erased, hold, released

HOUR = 3_600_000_000


def facts(*told: Event) -> list[AnyFact]:
    """Facts that came to be known an hour after each other."""
    return [decode(one, Instant(NOW + number * HOUR)) for number, one in enumerate(told)]


def ids(admission: Admission) -> dict[str, Any]:
    return {
        "accepted": {fact.id for fact in admission.accepted},
        "waiting": [fact.id for fact, _ in admission.waiting],
        "refused": [fact.id for fact, _ in admission.refused],
    }


def test_an_erasure_of_a_person_no_fact_names_waits() -> None:
    assert ids(admit(facts(contact(1), erased(2, "p-2"))))["waiting"] == ["e-2"]


def test_one_that_came_first_is_let_in() -> None:
    assert ids(admit(facts(erased(2), contact(1))))["accepted"] == {"e-1", "e-2"}


def test_a_second_one_is_refused_unless_the_person_was_named_since() -> None:
    assert ids(admit(facts(contact(1), erased(2), erased(3))))["refused"] == ["e-3"]
    assert ids(admit(facts(contact(1), erased(2), contact(3), erased(4))))["refused"] == []


def test_a_hold_blocks_it_until_it_is_released() -> None:
    assert ids(admit(facts(contact(1), hold(2), erased(3))))["refused"] == ["e-3"]
    assert ids(admit(facts(contact(1), hold(2), erased(3), released(4))))["refused"] == []
    assert ids(admit(facts(contact(1), erased(3), hold(2))))["refused"] == []


def test_a_hold_that_has_run_out_blocks_nothing() -> None:
    assert ids(admit(facts(contact(1), hold(2, until="2026-05-31"), erased(3))))["refused"] == []


def test_a_hold_of_another_contract_blocks_nothing() -> None:
    other = {**hold(2), "subject": "C-2"}
    assert ids(admit(facts(contact(1), other, erased(3))))["refused"] == []


def test_the_signatory_of_a_fact_is_named_by_the_fact() -> None:
    told = facts(certificate(), erased(2, "fact:urn:test#e-cert"), erased(3, "fact:urn:test#e-other"))
    assert ids(admit(told))["waiting"] == ["e-3"]


def test_the_order_of_the_lines_has_no_meaning() -> None:
    told = facts(contact(1), hold(2), erased(3), released(4), erased(5), contact(6), erased(7))
    assert ids(admit(told))["refused"] == ["e-5"]
    assert ids(admit(told)) == ids(admit(reversed(told)))
