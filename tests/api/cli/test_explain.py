"""``greffe explain`` on the command line."""

import json

from tests.api.cli.conftest import Greffe
from tests.support.story import APRIL, AT, LINE

ROW = f"indicators[indicator={LINE}][period.from={APRIL}].availability"


def test_one_figure_is_told_in_words(greffe: Greffe, penalty: str) -> None:
    status, out, err = greffe("explain", penalty, "--at", AT, "--contract", "C-1", ROW)
    assert (status, err) == (0, "")
    assert "Clause: Annex A SLA8" in out
    assert "37080 > 5173.2: more than allowed." in out
    assert "urn:test#e-" in out


def test_one_figure_is_told_in_french(greffe: Greffe, penalty: str) -> None:
    out = greffe("explain", penalty, "--at", AT, "--contract", "C-1", "penalties.0.payable", "--lang", "fr")[1]
    assert "≈ 1233.54 EUR (réclamable)" in out
    assert "Chiffre d'affaires mensuel moyen, hors taxes" in out


def test_json_is_exact(greffe: Greffe, penalty: str) -> None:
    out = greffe("explain", penalty, "--at", AT, ROW, "--format", "json")[1]
    (found,) = json.loads(out)
    assert found["value"] == found["row"]["availability"] == "7082/7185"
    assert found["figure"].endswith(".availability")


def test_a_figure_that_is_not_there_is_refused_with_what_there_is(greffe: Greffe, penalty: str) -> None:
    status, out, err = greffe("explain", penalty, "--at", AT, "penalties[period_end=2026-03-31]")
    assert (status, out) == (2, "")
    assert "there is 2026-04-30" in err


def test_an_unknown_contract_is_refused_with_those_there_are(greffe: Greffe, penalty: str) -> None:
    status, _, err = greffe("explain", penalty, "--contract", "C-9", "qualification")
    assert status == 2
    assert "there is C-1" in err


def test_a_wall_of_figures_is_refused(greffe: Greffe, penalty: str) -> None:
    status, _, err = greffe("explain", penalty, "--at", AT, "indicators")
    assert status == 2
    assert "add a condition such as [field=value]" in err


def test_support_and_qualification_are_told(greffe: Greffe, support: str) -> None:
    assert greffe("explain", support, "--at", AT, "support", "--lang", "fr")[0] == 0
    assert "Service" in greffe("explain", support, "--at", AT, "qualification")[1]
