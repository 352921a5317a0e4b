"""The two ways to choose a reading: with the question, and by a fact of the parties from a time on."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.catalogue import load_switches
from api.cli.main import main
from domain.errors import UnknownReadingError
from domain.events.decode import encode
from domain.readings import select
from tests.projections.penalties.world import at
from tests.readings.every import SCENARIOS, name_of
from tests.readings.scenario import NEVER_PRINTED, Scenario
from tests.readings.test_every_reading_has_an_effect import usual
from tests.support.dossier import facts

SWITCHES = load_switches()
ONE_EACH = list({one.parameter: one for one in reversed(SCENARIOS)}.values())
CHOICES = [
    (one, value) for one in SCENARIOS for value in one.found if value != (one.usual or SWITCHES[one.parameter].default)
]


def a_moment_later(time: str) -> str:
    return str(datetime.fromisoformat(time) + timedelta(seconds=1))


def other_value(scenario: Scenario) -> str:
    return next(value for one, value in CHOICES if one is scenario)


def replayed(scenario: Scenario, folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What ``greffe replay`` prints for the story of a scenario."""
    lines = [json.dumps(encode(fact)) for fact in facts(*scenario.story, *scenario.extra)]
    told = folder / "facts.jsonl"
    told.write_text("\n".join(lines), encoding="utf-8")
    beside = [word for reading in scenario.beside for word in ("--reading", reading)]
    texts = [word for path in scenario.agreements for word in ("--agreements", str(path))]
    asked = ["replay", str(told), "--at", at(scenario.asked), "--format", "json", *beside, *texts, *words]
    assert main(asked) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


@pytest.mark.parametrize("scenario", ONE_EACH, ids=name_of)
def test_the_question_chooses_and_the_statement_names_it(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = other_value(scenario)
    printed = replayed(scenario, tmp_path, capsys, "--reading", f"{scenario.parameter}={value}")
    assert printed["readings"][scenario.parameter] == value
    assert set(printed["readings"]) == set(SWITCHES)
    section = printed["contracts"]["C-1"][scenario.section]
    assert scenario.figures_in(section) == scenario.found[value]


@pytest.mark.parametrize(("scenario", "value"), CHOICES, ids=name_of)
def test_a_fact_governs_what_starts_at_its_time(scenario: Scenario, value: str) -> None:
    chosen = scenario.with_choice(value, scenario.starts)
    assert chosen.figures() == scenario.found[value]
    if scenario.section not in NEVER_PRINTED:
        assert all(row["readings"][scenario.parameter] == value for row in chosen.rows())


@pytest.mark.parametrize(("scenario", "value"), CHOICES, ids=name_of)
def test_a_fact_governs_nothing_that_started_before_it(scenario: Scenario, value: str) -> None:
    chosen = scenario.with_choice(value, scenario.late or a_moment_later(scenario.starts))
    assert chosen.figures() == usual(scenario)
    assert all(scenario.parameter not in row.get("readings", {}) for row in chosen.rows())


@pytest.mark.parametrize("scenario", ONE_EACH, ids=name_of)
def test_the_question_wins_over_a_fact(scenario: Scenario) -> None:
    value = other_value(scenario)
    asked = f"{scenario.parameter}={scenario.usual or SWITCHES[scenario.parameter].default}"
    chosen = scenario.with_choice(value, scenario.starts)
    assert chosen.figures(asked) == usual(scenario)
    assert all(scenario.parameter not in row.get("readings", {}) for row in chosen.rows(asked))


def test_of_two_facts_the_later_one_governs_what_starts_after_it() -> None:
    scenario = next(one for one in ONE_EACH if one.parameter == "clear_days.act_window")
    twice = scenario.with_choice("C", "2026-02-01").with_choice("B", "2026-03-01")
    assert twice.figures() == scenario.found["B"]
    back = twice.with_choice("A", "2026-04-01")
    assert back.figures() == scenario.found["A"]
    assert all("readings" not in row for row in back.rows())


@pytest.mark.parametrize("parameter", SWITCHES)
def test_a_misspelt_parameter_is_refused_with_the_nearest_name(parameter: str) -> None:
    wrong = parameter[:-1] + ("x" if parameter[-1] != "x" else "z")
    with pytest.raises(UnknownReadingError, match=f"^unknown reading '{wrong}'; did you mean '{parameter}'"):
        select(SWITCHES, [f"{wrong}=A"])


@pytest.mark.parametrize("parameter", SWITCHES)
def test_an_unknown_value_is_refused_with_the_ones_there_are(parameter: str) -> None:
    letters = ", ".join(SWITCHES[parameter].values)
    with pytest.raises(UnknownReadingError, match=f"^{parameter} has no reading 'Z'; it has {letters}$"):
        select(SWITCHES, [f"{parameter}=Z"])
    with pytest.raises(UnknownReadingError, match="did you mean 'B'"):
        select(SWITCHES, [f"{parameter}=b"])


@pytest.mark.parametrize("question", SWITCHES.settled)
def test_a_settled_question_has_only_one_reading(question: str) -> None:
    with pytest.raises(UnknownReadingError, match=f"^{question} has only one reading"):
        select(SWITCHES, [f"interp.{question}=A"])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("maintenance.mod=B", "unknown reading 'maintenance.mod'; did you mean 'maintenance.mode'?"),
        ("interp.clear_day.effect=B", "did you mean 'clear_days.effect'?"),
        ("overlap=C", "overlap has no reading 'C'; it has A, B"),
        ("overlap=b", "did you mean 'B'?"),
        ("overlap", "expected PARAM=VALUE, got 'overlap'"),
        ("notice.contact=B", "notice.contact has only one reading, it cannot be chosen"),
        ("conflict.firewall_star=B", "conflict.firewall_star has only one reading, it cannot be chosen"),
    ],
)
def test_the_command_refuses_in_one_line(
    word: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "facts.jsonl"
    told.write_text("", encoding="utf-8")
    assert main(["replay", str(told), "--reading", word]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        ("maintenance.mod", "B", "maintenance.mode"),
        ("overlap", "C", "A, B"),
        ("notice.contact", "B", "notice.contact"),
    ],
)
def test_a_fact_that_chooses_what_cannot_be_chosen_is_refused_and_told(parameter: str, value: str, said: str) -> None:
    scenario = next(one for one in ONE_EACH if one.parameter == "overlap")
    chosen = scenario.with_choice(value, scenario.starts, parameter)
    assert chosen.figures() == usual(scenario)
    (refused,) = [f for f in chosen.statement()["findings"] if f["code"] == "refused-fact"]
    assert said in refused["message"]


def test_readings_chosen_together_each_have_their_effect() -> None:
    scenario = next(one for one in ONE_EACH if one.parameter == "clear_days.act_window")
    both = replace(scenario, beside=("clear_days.weekend=B",))
    assert both.figures("clear_days.act_window=B") == [(at("2026-05-05"), "2026-05-04")]


@pytest.mark.parametrize("value", ["A", "B", "C"])
def test_a_choice_within_a_month_that_a_new_text_cuts_loses_no_part_of_it(value: str) -> None:
    scenario = next(one for one in ONE_EACH if one.parameter == "sla.mid_period_switch")
    chosen = scenario.with_choice(value, "2026-06-10")
    balancers = [row["period"] for row in chosen.statement()["indicators"] if "load-balancer" in row["indicator"]]
    june = sorted((one["from"], one["to"]) for one in balancers if one["from"] < at("2026-07-01"))
    assert june == [(at("2026-06-01"), at("2026-06-15")), (at("2026-06-15"), at("2026-07-01"))]
