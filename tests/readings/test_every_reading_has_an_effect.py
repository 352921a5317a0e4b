"""Every coded reading decides a figure: the same facts under each of its values, with the figure of each."""

from itertools import combinations
from typing import Any

import pytest

from adapters.catalogue import load_switches
from tests.readings.every import SCENARIOS, name_of
from tests.readings.scenario import Scenario

SWITCHES = load_switches()
EACH_VALUE = [(one, value) for one in SCENARIOS for value in one.found]


def test_there_is_a_story_for_every_coded_reading_and_for_no_other() -> None:
    assert {one.parameter for one in SCENARIOS} == set(SWITCHES)


@pytest.mark.parametrize("parameter", SWITCHES)
def test_any_two_values_of_a_reading_give_two_results(parameter: str) -> None:
    stories = [one.found for one in SCENARIOS if one.parameter == parameter]
    for found in stories:
        assert set(found) == set(SWITCHES[parameter].values)
    for one, other in combinations(SWITCHES[parameter].values, 2):
        assert any(found[one] != found[other] for found in stories), f"{parameter}: {one} and {other} never differ"


@pytest.mark.parametrize(("scenario", "value"), EACH_VALUE, ids=name_of)
def test_the_figure_under_each_value(scenario: Scenario, value: str) -> None:
    assert scenario.figures(f"{scenario.parameter}={value}") == scenario.found[value]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_without_a_choice_the_default_is_read(scenario: Scenario) -> None:
    assert scenario.figures() == usual(scenario)


def usual(scenario: Scenario) -> list[Any]:
    """The figures under the default reading."""
    return scenario.found[scenario.usual or SWITCHES[scenario.parameter].default]
