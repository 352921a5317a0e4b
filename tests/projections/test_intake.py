"""Taking facts in from files: once each, the first of two in conflict, and what was known at a date."""

from projections.intake import Intake, as_known
from tests.support.dossier import fact

FIRST = "2026-06-01T12:00:00+02:00"
LATER = "2026-06-02T12:00:00+02:00"
X, Y = {"parameter": "p", "value": "A", "reason": "x"}, {"parameter": "p", "value": "B", "reason": "x"}


def taken_in(*said: tuple[dict[str, str], str]) -> Intake:
    intake = Intake()
    for data, recorded in said:
        intake.add(fact(1, "2026-01-01T00:00:00+01:00", "reading.selected", data, {"recordedtime": recorded}))
    return intake


def values(intake: Intake) -> list[str]:
    return [one.data.value for one in intake.facts.values()]


def test_same_fact_twice_is_one_known_since_the_first_time() -> None:
    intake = taken_in((X, LATER), (X, FIRST))
    known = as_known(intake, fact(2, FIRST, "reading.selected", X).time)
    assert values(known) == ["A"]
    assert [one.recorded for one in known.facts.values()] == [fact(2, FIRST, "reading.selected", X).time]
    assert (intake.conflicts, known.conflicts) == ([], [])


def test_conflict_keeps_the_first_line() -> None:
    intake = taken_in((X, FIRST), (Y, FIRST), (Y, FIRST))
    assert values(intake) == ["A"]
    assert [(first.data.value, other.data.value) for first, other in intake.conflicts] == [("A", "B"), ("A", "B")]


def test_conflict_known_before_the_first_line_was_is_the_one_kept() -> None:
    known_at = fact(2, FIRST, "reading.selected", X).time
    assert values(as_known(taken_in((X, LATER), (Y, FIRST)), known_at)) == ["B"]
    assert as_known(taken_in((X, LATER), (Y, FIRST)), known_at).conflicts == []
    known = as_known(taken_in((X, LATER), (Y, FIRST), (X, FIRST)), known_at)
    assert values(known) == ["B"]
    assert len(known.conflicts) == 1


def test_conflict_counts_for_the_default_dates() -> None:
    intake = taken_in((X, FIRST), (Y, LATER))
    assert intake.latest_recorded == fact(2, LATER, "reading.selected", X).time
