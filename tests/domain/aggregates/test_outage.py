"""An outage is recorded once and ends after it starts, whatever order its facts arrive in."""

from itertools import permutations
from typing import Any

import pytest

from domain.aggregates.admission import admit
from domain.aggregates.verdict import Known
from domain.fact import AnyFact, by_order
from tests.domain.aggregates.said import accepted, refused, said, waits


def clock(hour: int) -> str:
    return f"2026-01-14T{hour:02}:00:00+01:00"


def recorded(time: int = 12, start: int = 10, **more: Any) -> AnyFact:
    data = {"outage": "o-1", "service": "vm", "started_at": clock(start), "extent": "total"} | more
    return said("outage.recorded", clock(time), **data)


def ended(time: int, end: int) -> AnyFact:
    return said("outage.ended", clock(time), outage="o-1", ended_at=clock(end), confirmed_by="monitoring")


def corrected(time: int, **hours: int) -> AnyFact:
    moments = {name: clock(hour) for name, hour in hours.items()}
    return said("outage.corrected", clock(time), outage="o-1", reason="drift", **moments)


def retracted(time: int = 20) -> AnyFact:
    return said("outage.retracted", clock(time), outage="o-1", reason="wrong client")


def explained(time: int = 20) -> AnyFact:
    return said("outage.cause-established", clock(time), outage="o-1", cause="client")


def reserved(reserve: str = "r-1", time: int = 20) -> AnyFact:
    period = {"from": clock(10), "to": clock(11)}
    return said("reserve.notified", clock(time), reserve=reserve, outage="o-1", documented=True, **period)


def test_outage_second_recording_of_an_id_is_refused() -> None:
    second = refused(recorded(13, service="volume"), recorded())
    assert second.reason == "The id 'o-1' already names another outage."
    assert second.reason_fr == "L'identifiant « o-1 » désigne déjà une autre interruption."


@pytest.mark.parametrize("fact", [ended(13, 11), corrected(13, ended_at=11), explained(), retracted(), reserved()])
def test_outage_not_recorded_yet_is_waited_for(fact: AnyFact) -> None:
    waiting = waits(fact)
    assert waiting.reason == "No outage 'o-1' is known yet: this fact waits for it."
    assert waiting.reason_fr == "Aucune interruption « o-1 » n'est encore connue : ce fait l'attend."
    assert accepted(fact, recorded())


def test_outage_of_the_provider_as_a_whole_may_be_reserved_on() -> None:
    """A client reserves its rights on an outage that was recorded once for all the provider's clients."""
    assert accepted(reserved(), known=Known(shared=frozenset({("outage", "o-1")})))
    assert waits(reserved(), known=Known(shared=frozenset({("ticket", "o-1")})))


def test_outage_cannot_end_before_it_starts() -> None:
    early = refused(ended(13, 9), recorded())
    assert early.reason == (
        "The outage would end (2026-01-14T09:00:00+01:00) before it starts (2026-01-14T10:00:00+01:00)."
    )
    assert "avant d'avoir commencé" in early.reason_fr


def test_outage_may_end_the_moment_it_starts() -> None:
    assert accepted(ended(13, 10), recorded())


def test_outage_correction_cannot_make_it_end_before_it_starts() -> None:
    assert refused(corrected(13, started_at=12), recorded(ended_at=clock(11)))
    assert refused(corrected(13, ended_at=9), recorded(ended_at=clock(11)))


def test_outage_correction_is_judged_against_the_last_correction() -> None:
    later_end = corrected(13, ended_at=15)
    assert accepted(corrected(14, started_at=12), recorded(ended_at=clock(11)), later_end)
    assert refused(corrected(14, started_at=16), recorded(ended_at=clock(11)), later_end)


def test_outage_correction_is_read_in_the_order_of_its_time_not_of_its_arrival() -> None:
    """The correction of 14:00 stands, though that of 13:00 arrives after it."""
    last = corrected(14, ended_at=15)
    assert accepted(corrected(16, started_at=14), recorded(), last, corrected(13, ended_at=11))
    assert refused(corrected(16, started_at=16), recorded(), last, corrected(13, ended_at=20))


def test_outage_recording_is_the_base_of_corrections_even_if_it_is_dated_after_them() -> None:
    assert refused(ended(22, 11), recorded(time=21, start=10), corrected(13, started_at=12))


def test_outage_running_has_no_end_to_contradict() -> None:
    assert accepted(corrected(13, started_at=23), recorded())


def test_outage_contradiction_that_a_correction_may_heal_is_worth_deciding_again() -> None:
    assert refused(ended(13, 9), recorded()).correctable
    healed = admit([recorded(), ended(13, 9), corrected(14, started_at=8)])
    assert len(healed.accepted) == 3


def test_outage_reserve_id_names_one_reserve() -> None:
    assert refused(reserved(time=21), recorded(), reserved(time=20)).reason == (
        "The id 'r-1' already names another reserve."
    )
    assert accepted(reserved("r-2"), recorded(), reserved("r-1"))


VALID = (
    recorded(ended_at=clock(11)),
    corrected(13, ended_at=15),
    corrected(14, started_at=12),
    ended(16, 13),
    explained(17),
    reserved(time=18),
)


def test_outage_any_order_of_arrival_admits_the_same_facts() -> None:
    for order in permutations(VALID):
        admission = admit(order)
        assert (admission.waiting, admission.refused) == ([], [])
        assert sorted(admission.accepted, key=by_order) == sorted(VALID, key=by_order)
