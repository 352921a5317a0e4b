"""The readings that can be chosen, what the shipped file holds, and how readings follow one another over time."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.catalogue import load_switches
from domain.agreements.section import Words
from domain.errors import InvalidAgreementError, UnknownReadingError
from domain.readings import Readings, ReadingTimeline, Switches, parse_switches, select

SWITCHES = load_switches()
DOCUMENTS = ("outscale-cgv-2019", "outscale-snc-fr", "outscale-snc-en-2023", "ct-secure-temple", "ct-openiaas-v3")

CODED = 120
"""119 questions have two answers or more; the holidays of one convention are a 120th, named in another question."""
SETTLED = 37
"""The rest of the 156 questions: 18 to be applied as written, 19 figures or labels that differ between two texts."""


def words(text: str) -> dict[str, str]:
    return {"en": text, "fr": text}


def row(parameter: str, **changes: Any) -> dict[str, Any]:
    values = {"A": words("one way"), "B": words("the other")}
    given = {"parameter": parameter, "clause": "1", "default": "A", "touches": ["findings"], "why": words("because")}
    return {**given, "values": values, **changes}


def switches(*rows: Mapping[str, Any], settled: tuple[Mapping[str, Any], ...] = ()) -> Switches:
    return parse_switches({"switch": list(rows), "settled": list(settled)})


def test_shipped_readings_are_all_of_the_registers_questions() -> None:
    assert len(SWITCHES) == CODED
    assert len(SWITCHES.settled) == SETTLED
    assert sum(name.startswith("conflict.") for name in SWITCHES.settled) == 19
    assert "calendar.001_holidays" in SWITCHES


@pytest.mark.parametrize("parameter", SWITCHES)
def test_shipped_switch_has_letters_from_a_on_and_a_default_among_them(parameter: str) -> None:
    switch = SWITCHES[parameter]
    assert list(switch.values) == ["A", "B", "C"][: len(switch.values)]
    assert {switch.default, *switch.default_by_document.values()} <= set(switch.values)
    assert set(switch.default_by_document) <= set(DOCUMENTS)
    assert any(document in switch.clause for document in DOCUMENTS)


@pytest.mark.parametrize("parameter", SWITCHES)
def test_shipped_switch_says_each_of_its_values_otherwise_in_two_languages(parameter: str) -> None:
    switch = SWITCHES[parameter]
    sentences = [*switch.values.values(), switch.why]
    assert all(sentence.en.endswith(".") and sentence.fr.endswith(".") for sentence in sentences)
    assert len({sentence.en for sentence in sentences}) == len(sentences)
    assert len({sentence.fr for sentence in sentences}) == len(sentences)
    assert all(sentence.en != sentence.fr for sentence in sentences)


def test_shipped_settled_questions_say_what_is_followed_and_where() -> None:
    for name, settled in SWITCHES.settled.items():
        assert any(document in settled.clause for document in DOCUMENTS), name
        assert settled.text.en != settled.text.fr, name


def test_shipped_defaults_that_are_not_the_first_letter() -> None:
    other = {name: switch.default for name, switch in SWITCHES.items() if switch.default != "A"}
    assert other == {
        "az.star_on_api": "B",
        "decree.2011_219": "B",
        "durability.snapshot_star": "B",
        "hierarchy.002_vs_004": "B",
        "internet.overlap_incidents": "B",
        "sla.degraded_counts": "B",
    }


def test_convention_signature_instant_differs_from_text_to_text() -> None:
    default = Readings(SWITCHES)
    assert "".join(default.get("convention.signature_instant", document) for document in DOCUMENTS) == "AAABB"
    assert default.get("convention.signature_instant") == "A"
    assert default.all("ct-openiaas-v3")["convention.signature_instant"] == "B"
    chosen = select(SWITCHES, ["convention.signature_instant=A"])
    assert chosen.get("convention.signature_instant", "ct-secure-temple") == "A"


def test_selected_value_wins_over_the_default() -> None:
    readings = select(SWITCHES, ["maintenance.mode=B", "interp.term.midnight = B"])
    assert dict(readings.selected) == {"maintenance.mode": "B", "term.midnight": "B"}
    assert readings.get("maintenance.mode") == "B"
    assert readings.get("maintenance.overrun") == "A"


def test_all_readings_come_in_parameter_order() -> None:
    assert list(Readings(SWITCHES).all()) == sorted(SWITCHES)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("maintenance.mod=B", "did you mean 'maintenance.mode'"),
        ("interp.clear_day.act_window=B", "did you mean 'clear_days.act_window'"),
        ("maintenance.mode=D", "it has A, B, C"),
        ("maintenance.mode=b", "did you mean 'B'"),
        ("maintenance.mode=", "no reading ''"),
        ("maintenance.mode", "PARAM=VALUE"),
        ("ct.breach_delay=B", "only one reading"),
        ("conflict.lbu_9978_998=A", "only one reading"),
    ],
)
def test_select_refuses_what_cannot_be_chosen_and_names_the_nearest(word: str, message: str) -> None:
    with pytest.raises(UnknownReadingError, match=message):
        select(SWITCHES, [word])


def test_select_refuses_two_values_of_one_parameter() -> None:
    with pytest.raises(UnknownReadingError, match="two readings, A and B"):
        select(SWITCHES, ["overlap=A", "interp.overlap=B"])
    assert select(SWITCHES, ["overlap=B", "overlap=B"]).get("overlap") == "B"


def test_unknown_parameter_is_refused_wherever_it_is_read() -> None:
    readings = Readings(SWITCHES)
    with pytest.raises(UnknownReadingError, match=r"did you mean 'maintenance\.mode'"):
        readings.get("maintenance.mod")
    with pytest.raises(UnknownReadingError, match="it has A, B"):
        readings.with_selected({"overlap": "Z"})


def test_with_selected_leaves_the_first_readings_as_they_were() -> None:
    first = select(SWITCHES, ["overlap=B"])
    second = first.with_selected({"maintenance.mode": "C"})
    assert (first.get("maintenance.mode"), second.get("maintenance.mode")) == ("A", "C")
    assert second.get("overlap") == "B"
    with pytest.raises(TypeError):
        second.selected["overlap"] = "A"  # type: ignore[index]


def test_differs_from_tells_what_is_read_otherwise() -> None:
    default = Readings(SWITCHES)
    assert default.differs_from(select(SWITCHES, ["overlap=A"])) == {}
    assert select(SWITCHES, ["overlap=B"]).differs_from(default) == {"overlap": "B"}
    assert default.differs_from(select(SWITCHES, ["overlap=B"])) == {"overlap": "A"}


def test_differs_from_sees_a_choice_that_differs_for_one_document_only() -> None:
    chosen = select(SWITCHES, ["convention.signature_instant=A"])
    assert chosen.differs_from(Readings(SWITCHES)) == {"convention.signature_instant": "A"}


def test_timeline_without_selections_is_the_question_itself() -> None:
    base = select(SWITCHES, ["overlap=B"])
    timeline = ReadingTimeline(base)
    assert timeline.at(-1) is timeline.at(10**18) is timeline.base is base


def test_timeline_selection_governs_from_its_instant_on() -> None:
    selections = [(20, "overlap", "A"), (10, "overlap", "B"), (10, "maintenance.mode", "C")]
    timeline = ReadingTimeline(Readings(SWITCHES), selections)
    assert [timeline.at(instant).get("overlap") for instant in (9, 10, 19, 20)] == ["A", "B", "B", "A"]
    assert timeline.at(10).get("maintenance.mode") == timeline.at(99).get("maintenance.mode") == "C"
    assert timeline.at(12) is timeline.at(13)


def test_timeline_of_two_selections_at_one_instant_the_later_wins() -> None:
    timeline = ReadingTimeline(Readings(SWITCHES), [(10, "maintenance.mode", "C"), (10, "maintenance.mode", "B")])
    assert timeline.at(10).get("maintenance.mode") == "B"


def test_timeline_question_wins_over_selections() -> None:
    timeline = ReadingTimeline(select(SWITCHES, ["overlap=A"]), [(10, "overlap", "B"), (10, "maintenance.mode", "B")])
    assert timeline.at(10).get("overlap") == "A"
    assert timeline.at(10).get("maintenance.mode") == "B"


def test_timeline_leaves_out_what_no_text_knows() -> None:
    timeline = ReadingTimeline(Readings(SWITCHES), [(10, "no.such", "A"), (10, "overlap", "Z")])
    assert timeline.at(10) is timeline.base


def test_timeline_differences_are_those_of_the_parameters_asked() -> None:
    timeline = ReadingTimeline(Readings(SWITCHES), [(10, "overlap", "B"), (10, "maintenance.mode", "B")])
    assert timeline.differences(timeline.at(9), ["overlap"]) == {}
    assert timeline.differences(timeline.at(10), ["overlap", "term.midnight"]) == {"overlap": "B"}


def test_parse_gives_switches_in_parameter_order() -> None:
    assert list(switches(row("b"), row("a"))) == ["a", "b"]
    assert switches(row("a"))["a"].why == Words(en="because", fr="because")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"default": "C"}, "default C is none of its values"),
        ({"default_by_document": {"d": "C"}}, "default C is none of its values"),
        ({"values": {"A": words("alone")}}, "at least 2"),
        ({"values": {"A": words("one"), "B": {"en": "only English"}}}, r"values\.B\.fr"),
        ({"touches": ["moon"]}, "touches"),
        ({"reason": "?"}, "reason"),
    ],
)
def test_parse_refuses_a_malformed_switch(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidAgreementError, match=message):
        switches(row("a", **changes))


def test_parse_refuses_a_name_used_twice() -> None:
    with pytest.raises(InvalidAgreementError, match="named twice: a"):
        switches(row("a"), settled=({"id": "a", "clause": "1", "rule": "so", "text": words("settled")},))
