"""Comparisons: rows paired by what they are about, only what changes, and the euros of the difference."""

from collections.abc import Sequence
from typing import Any

import pytest

from projections.diff import changes, euros, total
from projections.diff_text import diff_words
from tests.support.dossier import Happening, statement
from tests.support.story import AT, LINE, late_story, penalty_story


def sides(happenings: Sequence[Happening], *readings: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return statement(*happenings, at=AT), statement(*happenings, at=AT, readings=readings)


def answer(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    found = [change.as_json() | {"title": None} for change in changes(one, other)]
    side = {"readings": [], "at": None, "known_at": None, "documents": None}
    money = euros(one, other)
    contracts = {"C-1": {"euros": money, "changes": found}} if found else {}
    return {
        "reading": side,
        "against": side,
        "readings": [],
        "total": total([money["penalties_payable"]]),
        "contracts": contracts,
    }


def row(section: str, **fields: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        name: []
        for name in ("indicators", "support", "support_objectives", "penalties", "deadlines", "amounts", "findings")
    }
    return {**empty, "documents": [], "qualification": None, section: [fields] if fields else []}


def test_a_statement_against_itself_changes_nothing() -> None:
    one, other = sides(penalty_story())
    assert changes(one, other) == []


@pytest.mark.parametrize(("lang", "words"), [("en", "0 changes"), ("fr", "0 changement")])
def test_nothing_that_changes_is_said(lang: str, words: str) -> None:
    one, other = sides(penalty_story())
    assert words in diff_words(answer(one, other), lang)


def test_art_11_maintenance_that_stays_in_the_period_changes_its_line_and_its_penalty() -> None:
    one, other = sides(penalty_story(), "maintenance.mode=B")
    found = {change.section: change for change in changes(one, other)}
    line = found["indicators"]
    assert line.rule == LINE
    assert line.clause == "Annex A SLA8"
    assert line.before is not None
    assert line.after is not None
    assert (line.before["reference_seconds"], line.after["reference_seconds"]) == ("2586600", "2588400")
    assert "state" not in line.after
    penalty = found["penalties"]
    assert penalty.about == {"period_end": "2026-04-30", "rule": "outscale-cgv-2019/pen-formula"}


def test_the_euros_are_the_difference_of_the_payable_penalties() -> None:
    one, other = sides(penalty_story(), "maintenance.mode=B")
    money = euros(one, other)["penalties_payable"]
    assert money["before"] == one["penalties"][0]["payable"]
    assert money["after"] == other["penalties"][0]["payable"]
    assert money["difference"].startswith("-")


def test_a_penalty_keeps_its_row_when_its_lines_change() -> None:
    line = {"indicator": "d/a", "resource": None, "amount": "1", "clause": "1"}
    fields: dict[str, Any] = {"period_end": "2026-01-31", "rule": "d/p", "clause": "8", "payable": "1", "caps": []}
    one = row("penalties", **fields, lines=[line])
    other = row("penalties", **fields, lines=[{**line, "indicator": "d/b"}])
    (change,) = changes(one, other)
    assert change.before == {"lines": [line]}
    text = diff_words(answer(one, other), "en")
    assert "line d/a (1): only in the first, 1 EUR" in text
    assert "line d/b (1): only in the second, 1 EUR" in text


def test_amounts_are_paired_by_rule_and_what_they_are_about() -> None:
    one = row("amounts", rule="d/i", invoice="INV-1", amount="10", unit="EUR", clause="15", events=["a"])
    other = row("amounts", rule="d/i", invoice="INV-1", amount="31/3", unit="EUR", clause="15", events=["a", "b"])
    (change,) = changes(one, other)
    assert change.about == {"rule": "d/i", "invoice": "INV-1"}
    text = diff_words(answer(one, other), "en")
    assert "d/i, invoice INV-1 (15)" in text
    assert "amount: 10 EUR -> 31/3 ≈ 10.33 EUR" in text
    assert "events" not in text


def test_events_are_told_where_they_are_all_that_changed() -> None:
    one = row("amounts", rule="d/i", amount="10", unit="EUR", clause="15", events=["a"])
    other = row("amounts", rule="d/i", amount="10", unit="EUR", clause="15", events=["a", "b"])
    assert "events: a -> a, b" in diff_words(answer(one, other), "en")


def test_sums_in_other_units_are_no_euros() -> None:
    one = row("amounts", rule="d/m", amount="60", unit="seconds", clause="15", month="2026-01")
    other = row("amounts", rule="d/m", amount="90", unit="seconds", clause="15", month="2026-01")
    assert euros(one, other)["amounts"] == {}
    assert len(changes(one, other)) == 1


def test_a_deadline_whose_start_changes_is_one_change() -> None:
    fields = {"rule": "d/x", "opened_by": "s#1", "clause": "4", "state": "met", "owed_by": "client"}
    one, other = row("deadlines", **fields, **{"from": "A"}), row("deadlines", **fields, **{"from": "B"})
    (change,) = changes(one, other)
    assert (change.before, change.after) == ({"from": "A"}, {"from": "B"})


def test_long_fractions_are_cut_in_text_and_exact_in_json() -> None:
    long = "1000000000000000000000000000000000001/300000000000000000000000000000000000"
    one = row("penalties", period_end="2026-01-31", rule="d/p", clause="8", payable="3", lines=[], caps=[])
    other = row("penalties", period_end="2026-01-31", rule="d/p", clause="8", payable=long, lines=[], caps=[])
    assert euros(one, other)["penalties_payable"]["after"] == long
    text = diff_words(answer(one, other), "fr")
    assert "à payer : 3 EUR -> ≈ 3.33 EUR" in text
    assert long not in text


def test_an_exclusion_that_differs_is_told_with_its_rule_clause_and_event() -> None:
    taken = {"rule": "d/e", "clause": "11", "event": "s#1", "seconds": "60"}
    fields = {"indicator": "d/a", "resource": None, "period": {"from": "2026-01-01T00:00:00+01:00"}, "clause": "1"}
    one, other = row("indicators", **fields, exclusions=[taken]), row("indicators", **fields, exclusions=[])
    assert "excluded, 11 (d/e), s#1: 60 s -> 0 s" in diff_words(answer(one, other), "en")


def test_many_rows_of_one_side_are_one_sentence() -> None:
    one = row("indicators")
    other = row("indicators")
    other["indicators"] = [
        {
            "indicator": "d/a",
            "resource": None,
            "period": {"from": f"2026-0{month}-01T00:00:00+01:00", "to": f"2026-0{month + 1}-01T00:00:00+01:00"},
            "state": "met",
            "clause": "1",
        }
        for month in (1, 2, 3)
    ]
    assert "d/a (1): only in the second, 3 rows, kept" in diff_words(answer(one, other), "en")


def test_no_python_is_printed() -> None:
    for readings in (("maintenance.mode=B",), ("hours.elapsed=B",), ("pen.percentage_points=B", "reserve.anchor=C")):
        for story in (penalty_story(), late_story()):
            for lang in ("en", "fr"):
                text = diff_words(answer(*sides(story, *readings)), lang)
                assert not any(mark in text for mark in ("['", "{'", "None", "True", "False"))
