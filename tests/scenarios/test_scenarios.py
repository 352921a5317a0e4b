"""Each scenario is one JSON file: facts as they come in, what the contracts say of them, the clause and the sum.

``replay`` answers those with facts, ``due`` those that are one delay. Nothing in the files was copied from an answer.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import DONE, main
from tests.support.expectations import surprises, unlike

SCENARIOS = sorted(Path(__file__).parent.glob("*.json"))


def ask(scenario: dict[str, Any], folder: Path) -> list[str]:
    """The words of the command that answers a scenario."""
    if "due" in scenario:
        words = ["due", scenario["due"]["start"], scenario["due"]["delay"]]
        readings = scenario["due"].get("readings", {})
    else:
        facts = folder / "facts.jsonl"
        facts.write_text("".join(f"{json.dumps(event)}\n" for event in scenario["events"]), encoding="utf-8")
        words = ["replay", str(facts), "--at", scenario["at"]]
        words += ["--known-at", scenario["known_at"]] if "known_at" in scenario else []
        readings = scenario.get("readings", {})
    return [
        *words,
        *(w for name, value in readings.items() for w in ("--reading", f"{name}={value}")),
        "--format",
        "json",
    ]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_texts_say_what_was_worked_out_by_hand(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = json.loads(path.read_text(encoding="utf-8"))
    assert main(ask(scenario, tmp_path)) == DONE
    answer = json.loads(capsys.readouterr().out)
    assert unlike(answer, scenario.get("expect_due", {})) == {}
    assert [words for expected in scenario.get("expect", []) for words in surprises(expected, answer)] == []


def test_a_scenario_names_its_clause_and_its_computation() -> None:
    for path in SCENARIOS:
        scenario = json.loads(path.read_text(encoding="utf-8"))
        assert scenario["id"] == path.stem
        assert scenario["clause"]
        assert scenario["why"]
