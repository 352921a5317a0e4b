"""A closed set of facts is admitted the same whatever the order of its lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregates.admission import admit
from domain.aggregates.registry import aggregate_of, decide, evolve, stream_of
from domain.aggregates.verdict import Accept, Known, Refuse, Wait
from domain.events.decode import decode
from domain.events.registry import event_class, known_topics
from domain.fact import AnyFact, by_order
from domain.time.instant import parse_instant
from tests.domain.aggregates.said import said

GOLDEN = Path(__file__).parents[1] / "events" / "golden"
DAY = "2026-01-{:02}T12:00:00+01:00"


def opened(ticket: str, day: int) -> AnyFact:
    return said("ticket.opened", DAY.format(day), ticket=ticket, kind="incident", complete=True)


def resolved(ticket: str, day: int) -> AnyFact:
    return said("ticket.resolved", DAY.format(day), ticket=ticket)


def golden() -> list[AnyFact]:
    """One fact of every type, all at one instant and about the same things: followers name what openers open."""
    return [decode(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(GOLDEN.glob("*.json"))]


VALID = [fact for fact in golden() if aggregate_of(type(fact.data)) is not None]


def test_admission_of_nothing_is_empty() -> None:
    admission = admit([])
    assert (admission.accepted, admission.waiting, admission.refused) == ([], [], [])


def test_admission_sorts_what_it_holds_by_time_source_and_id() -> None:
    first, second = resolved("T-1", 1), resolved("T-2", 2)
    assert [fact for fact, _ in admit([second, first]).waiting] == [first, second]


def test_admission_holds_what_waits_and_what_is_refused_with_the_reasons() -> None:
    early, again, orphan = resolved("T-1", 1), opened("T-1", 4), resolved("T-9", 3)
    admission = admit([orphan, again, early, opened("T-1", 2)])
    assert admission.accepted == [opened("T-1", 2)]
    assert [fact for fact, _ in admission.waiting] == [orphan]
    assert isinstance(admission.waiting[0][1], Wait)
    assert [fact for fact, _ in admission.refused] == [early, again]
    assert all(isinstance(verdict, Refuse) for _, verdict in admission.refused)


@pytest.mark.parametrize(("recorded", "admitted"), [("2016-06-01", True), ("2015-06-01", False), ("2067-06-01", False)])
def test_admission_believes_no_clock_that_is_decades_off(recorded: str, admitted: bool) -> None:
    fact = opened("T-1", 2)._replace(recorded=parse_instant(f"{recorded}T12:00:00Z"))
    assert (admit([fact]).accepted == [fact]) is admitted


@pytest.mark.parametrize(("seconds", "admitted"), [(2**53 - 1, True), (2**53, False), (str(2**53), False)])
def test_admission_takes_no_count_that_is_not_read_alike_everywhere(seconds: int | str, admitted: bool) -> None:
    fact = said("consumption.metered", resource_type="vm", month="2026-03", seconds=seconds)
    assert (admit([fact]).accepted == [fact]) is admitted


def test_admission_of_the_same_id_in_two_contracts_is_two_things() -> None:
    here = said("ticket.opened", ticket="T-1", kind="other", complete=True)
    there = said("ticket.opened", subject="C-2", ticket="T-1", kind="other", complete=True)
    assert len(admit([here, there]).accepted) == 2


def test_admission_checks_subjects() -> None:
    lost = said("qualification.lost", subject="provider:nimbus", service="s")
    assert admit([lost]).accepted == [lost]
    assert [fact for fact, _ in admit([lost], Known(providers=frozenset())).refused] == [lost]


def test_admission_of_one_fact_of_every_type_is_whole() -> None:
    facts = golden()
    assert len(facts) == len(known_topics())
    assert len(admit(facts).accepted) == len(facts)


@given(st.permutations(VALID))
def test_admission_of_a_valid_set_is_whole_in_any_order(facts: list[AnyFact]) -> None:
    assert sorted(admit(facts).accepted, key=by_order) == sorted(VALID, key=by_order)


@given(st.permutations(VALID))
def test_live_decisions_accept_a_valid_set_in_any_order_of_arrival(facts: list[AnyFact]) -> None:
    """A live ledger decides one by one, and again what waits when its stream grows: nothing is lost."""
    states: dict[tuple[str, str], object] = {}
    waiting: list[AnyFact] = []
    accepted: list[AnyFact] = []
    for arrived in facts:
        waiting.append(arrived)
        grew = True
        while grew:
            grew = False
            for fact in list(waiting):
                stream = stream_of(fact)
                if decide(states.get(stream), fact) == Accept():
                    states[stream] = evolve(states.get(stream), fact)
                    waiting.remove(fact)
                    accepted.append(fact)
                    grew = True
    assert waiting == []
    assert sorted(accepted, key=by_order) == sorted(VALID, key=by_order)


@given(st.lists(st.tuples(st.sampled_from(["T-1", "T-2"]), st.booleans(), st.integers(1, 5)), unique=True), st.data())
def test_admission_does_not_depend_on_the_order_of_lines(
    said_of: list[tuple[str, bool, int]], data: st.DataObject
) -> None:
    """Valid or not, conflicts included."""
    facts = [(opened if opens else resolved)(ticket, day) for ticket, opens, day in said_of]
    one, other = admit(facts), admit(data.draw(st.permutations(facts)))
    assert sorted(one.accepted, key=by_order) == sorted(other.accepted, key=by_order)
    assert (one.waiting, one.refused) == (other.waiting, other.refused)
    assert len(one.accepted) + len(one.waiting) + len(one.refused) == len(facts)


def test_every_aggregate_is_complete_and_every_type_has_a_stream() -> None:
    for fact in golden():
        kind, name = stream_of(fact)
        assert kind
        assert isinstance(name, str)
        aggregate = aggregate_of(event_class(type(fact.data).TOPIC))
        if aggregate is not None:
            state = aggregate.evolve(aggregate.initial, fact)
            assert aggregate.evolve(state, fact) is not None
            assert not hasattr(state, "__dict__")


def test_evolve_never_refuses_even_what_decide_would() -> None:
    """Rules may tighten; a stream once accepted stays readable."""
    for fact in golden():
        state = None
        for _ in range(3):
            state = evolve(state, fact)
