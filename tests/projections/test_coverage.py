"""The register of obligations: whole, answered, and answered by what exists."""

import importlib.util
from typing import Any

import pytest

from adapters.register import coverage_report, expected_rows, load_registers
from domain.agreements.obligation import Register, parse_register
from domain.errors import InvalidAgreementError
from projections.coverage import MODULES, Coverage, coverage, coverage_text

ROWS = 561
PER_DOCUMENT = {
    "outscale-cgv-2019": 197,
    "outscale-snc-fr": 53,
    "outscale-snc-en-2023": 91,
    "ct-secure-temple": 110,
    "ct-openiaas-v3": 110,
}
SPLIT = {"computed": 225, "duty": 78, "fact": 73, "silence": 14, "not-computable": 171}


FAULT = {
    "row": "d/a",
    "en": "names a rule that does not exist: d/other",
    "fr": "nomme une règle qui n'existe pas : d/other",
}


def row(name: str, **changes: Any) -> dict[str, Any]:
    given = {"id": name, "clause": "1", "actor": "provider", "title": {"en": "It does", "fr": "Il fait"}}
    return {**given, "answer": "computed", "by": ["projections.support"], **changes}


def register(*rows: dict[str, Any], document: str = "d") -> Register:
    return parse_register("d.toml", {"document": document, "obligation": list(rows)})


def report_on(*rows: dict[str, Any], expected: dict[str, list[str]] | None = None) -> Coverage:
    return coverage([register(*rows)], {"d/rule"}, {"greffe.ticket.opened.v1"}, expected)


def faults_of(*rows: dict[str, Any], expected: dict[str, list[str]] | None = None) -> list[tuple[str, str]]:
    return [(fault.row, fault.words.en) for fault in report_on(*rows, expected=expected).faults]


def test_shipped_register_answers_every_row_of_every_document() -> None:
    report = coverage_report()
    assert len(report.rows) == ROWS
    assert {document: sum(report.split(document).values()) for document in report.documents} == PER_DOCUMENT
    assert [fault.as_json() for fault in report.faults] == []


def test_shipped_register_split_by_answer() -> None:
    assert coverage_report().split() == SPLIT


def test_shipped_register_keeps_the_order_of_the_expected_rows() -> None:
    assert {r.document: [o.id for o in r.obligation] for r in load_registers()} == expected_rows()


def test_shipped_titles_and_reasons_are_written_in_both_languages() -> None:
    for read in load_registers():
        for obligation in read.obligation:
            for words in (obligation.title, obligation.why):
                assert words is None or words.en != words.fr, obligation.id


def test_shipped_duties_are_deadlines_of_their_own_document() -> None:
    for read in load_registers():
        duties = [o for o in read.obligation if o.answer == "duty"]
        assert all(name.startswith(f"{read.document}/") for o in duties for name in o.by)


def test_modules_that_may_answer_exist() -> None:
    assert [name for name in sorted(MODULES) if importlib.util.find_spec(name) is None] == []


def test_coverage_counts_answers_by_document_and_over_all() -> None:
    silent = row("b", answer="silence", says="no-rule", by=[])
    report = coverage([register(row("a"), silent), register(row("a"), document="e")], set(), set())
    assert report.split() == {"computed": 2, "duty": 0, "fact": 0, "silence": 1, "not-computable": 0}
    assert report.split("e")["computed"] == 1
    assert [r.id for r in report.rows] == ["d/a", "d/b", "e/a"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"by": ["d/other"]}, "names a rule that does not exist: d/other"),
        ({"by": ["projections.moon"]}, "names a module that does not exist: projections.moon"),
        ({"answer": "fact", "by": ["moon.risen"]}, "names an event type that does not exist: moon.risen"),
        (
            {"by": ["greffe.ticket.opened.v1"]},
            "the answer computed cannot be by an event type: greffe.ticket.opened.v1",
        ),
        ({"answer": "fact", "by": ["d/rule"]}, "the answer fact cannot be by a rule: d/rule"),
        (
            {"answer": "duty", "by": ["projections.support"]},
            "the answer duty cannot be by a module: projections.support",
        ),
    ],
)
def test_coverage_reports_an_answer_by_what_does_not_exist_or_does_not_fit(changes: dict[str, Any], fault: str) -> None:
    assert faults_of(row("a", **changes)) == [("d/a", fault)]


def test_coverage_accepts_rules_modules_and_event_types_that_exist() -> None:
    duty = row("b", answer="duty", by=["d/rule"])
    fact = row("c", answer="fact", by=["greffe.ticket.opened.v1"])
    assert faults_of(row("a", by=["d/rule", "projections.support"]), duty, fact) == []


def test_coverage_reports_rows_missing_unknown_and_twice() -> None:
    found = faults_of(row("a"), row("a"), row("z"), expected={"d": ["a", "b"], "e": ["c"]})
    assert found == [
        ("d/a", "answered 2 times"),
        ("d/b", "not answered"),
        ("e/c", "not answered"),
        ("d/z", "no such row in the documents"),
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"by": []}, "needs by"),
        ({"answer": "silence"}, "says goes with the answer silence"),
        ({"says": "no-rule"}, "says goes with the answer silence"),
        ({"answer": "not-computable", "by": []}, "needs why"),
        ({"answer": "perhaps"}, "answer"),
        ({"title": {"en": "It does"}}, r"title\.fr"),
    ],
)
def test_register_refuses_an_answer_that_is_not_whole(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidAgreementError, match=message):
        register(row("a", **changes))


def test_coverage_text_gives_the_split_and_the_faults() -> None:
    text = coverage_text(report_on(row("a"), row("b", by=["d/other"])), "en")
    assert text.splitlines() == [
        "     computed  tracked as a deadline  recorded as a fact  silence of the text  not computable  total",
        "d           2                      0                   0                    0               0      2",
        "all         2                      0                   0                    0               0      2",
        "",
        "d/b: names a rule that does not exist: d/other",
    ]


def test_coverage_text_of_rows_in_french() -> None:
    why = {"en": "Nobody knows.", "fr": "Nul ne sait."}
    silent = row("b", answer="silence", says="open-ended", by=[])
    lines = coverage_text(report_on(row("a", answer="not-computable", by=[], why=why), silent), "fr", rows=True)
    assert lines.splitlines()[4:] == [
        "d",
        "  1  Il fait  [a]",
        "    non calculable",
        "    Nul ne sait.",
        "  1  Il fait  [b]",
        "    silence du texte : open-ended",
    ]


def test_coverage_json_holds_rows_split_and_faults() -> None:
    answer = report_on(row("a", by=["d/other"])).as_json()
    assert (answer["total"], answer["split"]["computed"], answer["documents"]["d"]["computed"]) == (1, 1, 1)
    assert answer["faults"] == [FAULT]
    assert answer["rows"][0]["title"] == {"en": "It does", "fr": "Il fait"}
