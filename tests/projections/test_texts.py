"""Two agreements side by side: matched by what they promise, silence said as silence."""

import json

import pytest

from adapters.catalogue import load_catalogue
from api.cli.main import main
from domain.errors import UnknownDocumentError
from projections.texts import Texts, as_json, compared_texts, lines, sides

GENERAL, FRENCH, TEMPLE = "outscale-cgv-2019", "outscale-snc-en-2023", "ct-secure-temple"


def compared(one: str, other: str, *, whole: bool = False) -> Texts:
    return compared_texts(*sides(load_catalogue([]), one, other, whole=whole))


def test_text_differs_in_nothing_from_itself() -> None:
    found = compared(f"{GENERAL}@2019-12", GENERAL)
    assert found.rows == ()
    assert found.same > 50


def test_lines_are_matched_by_their_service_whatever_their_names() -> None:
    rows = {
        row.one.rule.id: row.other and row.other.rule.id
        for row in compared(GENERAL, FRENCH).rows
        if row.one is not None
    }
    assert rows["sla4-vm-availability"] == "sla9-vm-availability"
    assert rows["sla4-command-api-availability"] == "sla9-command-api-availability"


def test_only_the_terms_that_differ_are_said() -> None:
    (vm,) = (row for row in compared(GENERAL, FRENCH).rows if row.one and row.one.rule.id == "sla4-vm-availability")
    one, other = lines(vm, "fr")
    assert "engagement : 99.8 %" in one
    assert "engagement : 99.7 %" in other
    assert not set(one) & set(other)
    assert not any(line.startswith("services") for line in one + other)


def test_silence_of_a_text_is_said_and_never_filled() -> None:
    told = as_json(compared(GENERAL, TEMPLE))
    penalty = [row for row in told["differences"] if row["section"] == "penalty"]
    assert penalty
    assert all(row["other"] is None for row in penalty)
    assert {row["one"]["clause"] for row in penalty} >= {"Annex B", "art. 11"}


def test_what_a_text_incorporates_is_promised_along_with_it_and_is_then_no_silence() -> None:
    alone, whole = (as_json(compared(FRENCH, TEMPLE, whole=asked)) for asked in (False, True))
    assert (alone["one"]["along"], whole["one"]["along"]) == ([], [{"document": GENERAL, "version": "2019-12"}])
    assert whole["other"]["along"] == []
    texts = {row["one"]["rule"].partition("/")[0] for row in whole["differences"] if row["one"]}
    assert texts == {FRENCH, GENERAL}
    only_temple = [{row["other"]["rule"] for row in told["differences"] if not row["one"]} for told in (alone, whole)]
    assert only_temple[1] < only_temple[0]


def test_two_conventions_on_the_same_general_terms_share_them_and_neither_is_silent_on_what_they_promise() -> None:
    alone, whole = (compared("outscale-snc-fr", FRENCH, whole=asked) for asked in (False, True))
    assert whole.same > alone.same + 50
    silent = [row.one or row.other for row in whole.rows if row.one is None or row.other is None]
    assert [one for one in silent if one is not None and one.text.id == GENERAL] == []
    met = {row.other.rule.id: row.one.rule.id for row in whole.rows if row.one and row.other}
    assert met["sla9-vm-availability"] == "sla4-vm-availability", "the table of one is in its general terms"


def test_support_acts_of_two_providers_meet_by_what_they_measure_and_their_priority() -> None:
    rows = [row for row in compared(GENERAL, TEMPLE).rows if row.one and row.one.rule.id == "support-gti-sev1"]
    assert [row.other and row.other.rule.id for row in rows] == ["sup-gti-p1"]


def test_unknown_text_or_version_is_refused() -> None:
    for name in ("outscale-cgv-2020", f"{GENERAL}@2031"):
        with pytest.raises(UnknownDocumentError):
            compared(name, TEMPLE)


@pytest.mark.parametrize(("lang", "silence"), [("en", "silent: it promises nothing"), ("fr", "silence : rien de tel")])
def test_greffe_agreements_diff_prints_both_sides(capsys: pytest.CaptureFixture[str], lang: str, silence: str) -> None:
    assert main(["agreements", "diff", GENERAL, TEMPLE, "--lang", lang]) == 0
    told = capsys.readouterr().out
    assert silence in told
    assert "SLA4" in told
    assert main(["agreements", "diff", GENERAL, TEMPLE, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["one"]["document"] == GENERAL
    assert main(["agreements", "diff", FRENCH, TEMPLE, "--whole"]) == 0
    assert f"A: {FRENCH} (2023-06-28), {GENERAL} (2019-12)" in capsys.readouterr().out
