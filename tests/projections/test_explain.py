"""Explanations: every sum shown holds, every event is named, nobody is."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.readings import select
from domain.time.instant import parse_instant
from projections.basis import Basis
from projections.explain.ceilings import limits_of
from projections.explain.deadline import recomputed
from projections.explain.explanation import Explanation, explain
from projections.explain.fact_words import details
from projections.explain.path import UnknownFigureError, parse_path
from projections.explain.words import explanation_words
from projections.intake import Intake
from projections.replay import Question, bases
from projections.statement import SECTIONS, Derived, derive
from tests.support.arithmetic import equations
from tests.support.dossier import Happening, cloud_temple, facts, outscale
from tests.support.story import APRIL, AT, LINE, late_story, penalty_story, support_story

ROW = f"indicators[indicator={LINE}][period.from={APRIL}]"
STORIES = {"penalty": penalty_story(), "support": support_story(), "late": late_story()}


def world(happenings: Sequence[Happening], *readings: str, at: str = AT) -> tuple[Basis, Derived]:
    intake = Intake()
    for fact in facts(*happenings):
        intake.add(fact)
    latest = intake.latest_recorded
    assert latest is not None
    question = Question(parse_instant(at), latest, select(load_switches(), readings))
    ((_, basis, notes),) = bases(intake, question, load_catalogue())
    assert basis is not None
    return basis, derive(basis, notes)


def explained(path: str, happenings: Sequence[Happening], *readings: str, lang: str = "en") -> Explanation:
    (found,) = explain(*world(happenings, *readings), path, lang)
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("story", "least"), [("penalty", 500), ("support", 50), ("late", 400)])
def test_every_sum_that_is_shown_holds(story: str, least: int, lang: str) -> None:
    basis, derived = world(STORIES[story])
    printed = derived.as_json()
    sections = [section for section in (*SECTIONS, "qualification") if printed[section]]
    found = [sum_ for s in sections for one in explain(basis, derived, s, lang) for sum_ in equations(one.steps)]
    assert len(found) > least
    assert [sentence for sentence, sides in found if len(set(sides)) > 1] == []


def test_a_breach_is_told_from_the_period_to_the_verdict() -> None:
    found = explained(ROW, penalty_story())
    text = "\n".join(found.steps)
    assert "Out of the reference time: m-1, 2026-04-22 02:00 to 02:30, 1800 s (30 min)" in text
    assert "outscale-cgv-2019/meas-planned-maintenance" in text
    assert "Nothing was measured 2026-04-23 00:00 to 01:00: 3600 s (1 h)." in text
    assert "Reference time: 2592000 - 5400 = 2586600 s" in text
    assert "Outage o-1 (load-balancer), 2026-04-22 00:00 to 10:48: 38880 s (10 h 48 min), by urn:test#e-" in text
    assert "Less 1800 s (30 min) under" in text
    assert "Counted: 38880 - 1800 = 37080 s" in text
    assert "Allowed: 2586600 x (1 - 99.8/100) = 5173.2 s." in text
    assert "37080 > 5173.2: more than allowed." in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_last_sum_of_a_line_is_its_availability(lang: str) -> None:
    found = explained(ROW, penalty_story(), lang=lang)
    assert equations(found.steps)[-1][1][-1] == Fraction(found.row["availability"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_last_sum_of_interest_is_its_amount(lang: str) -> None:
    found = explained("amounts[rule=outscale-cgv-2019/pay-late-interest]", late_story(), lang=lang)
    assert equations(found.steps)[-1][1][-1] == Fraction(found.row["amount"])
    assert "1200" in found.steps[-1]


def test_annex_b_a_penalty_is_told_with_its_invoices_reserves_caps_and_window() -> None:
    found = explained("penalties.0", penalty_story())
    text = "\n".join(found.steps)
    assert "reserve r-1, 2026-04-22 12:48" in text
    assert "2025-05: 10000.00 (INV-2025-05)" in text
    assert "120000 / 12 months = 10000 EUR." in text
    assert "10000 (INV-2026-04) x 30 / 100 = 3000" in text
    assert text.count("it does not bind") == 2
    assert "(last day 2026-05-06)" in text
    payable = next(step for step in found.steps if step.startswith("Payable: min("))
    assert f"= {found.row['payable']} ≈" in payable


def test_art_8_the_cap_that_binds_is_told_as_binding() -> None:
    story = [*penalty_story(), *penalty_story()[-3:]]
    longer = [
        (time, name, {**data, "ended_at": "2026-04-29T00:00:00+02:00"} if name == "outage.recorded" else data)
        for time, name, data in story[:-3]
    ]
    longer[-1] = (
        "2026-04-30T00:00:00+02:00",
        "reserve.notified",
        {**longer[-1][2], "to": "2026-04-29T00:00:00+02:00"},
    )
    basis, derived = world(longer)
    (row,) = derived.penalties
    (cap,) = row.caps
    assert {limit.rule: limit.amount for limit in limits_of(basis, derived, row)}[cap.rule] == cap.amount == 3000
    (found,) = explain(basis, derived, "penalties.0")
    assert "Cap: 3000 EUR; it binds." in found.steps


def test_no_rule_is_told_as_silence_and_not_as_zero() -> None:
    story: list[Happening] = [
        ("2026-01-01T00:00:00+01:00", "contract.signed", cloud_temple()),
        (
            "2026-03-10T12:00:00+01:00",
            "outage.recorded",
            {
                "outage": "o-1",
                "service": "compute",
                "detected_at": "2026-03-10T00:00:00+01:00",
                "started_at": "2026-03-10T00:00:00+01:00",
                "ended_at": "2026-03-10T12:00:00+01:00",
                "extent": "total",
            },
        ),
    ]
    found = explained("penalties.0", story)
    assert found.row["state"] == "no-rule"
    assert found.value == "no-rule"
    assert "the amount does not exist, it is not zero" in found.steps[-1]


def test_every_deadline_with_a_delay_is_computed_again_step_by_step() -> None:
    basis, derived = world(penalty_story())
    rows = [row for row in derived.deadlines if row.due is not None and not row.rule.endswith("pay-on-receipt")]
    assert rows
    for row in rows:
        found = recomputed(basis, row)
        assert found is not None, row.rule
        assert (found[1].due, found[1].last_day) == (row.due, row.last_day)


def test_art_11_the_claim_window_is_told_in_clear_days_in_french() -> None:
    found = explained("deadlines[rule=outscale-cgv-2019/claim-5-clear-days]", penalty_story(), lang="fr")
    assert "Le texte dit : 5 jours francs." in found.steps
    assert "  À partir de 2026-04-30, 5 jours francs : 2026-05-06" in found.steps


def test_a_support_clock_names_its_hours_and_the_days_it_was_closed() -> None:
    basis, derived = world(support_story())
    (found,) = [one for one in explain(basis, derived, "support") if "gti" in (one.rule or "")]
    text = "\n".join(found.steps)
    assert "It runs 08:00-18:00 on working days." in text
    assert "Closed: 2026-03-07 closed, 2026-03-08 closed." in text
    assert f"{found.row['elapsed_seconds']} <= {found.row['allowed_seconds']} s: in time." in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_persons_and_accounts_are_never_named(lang: str) -> None:
    basis, derived = world(penalty_story())
    for section in (*SECTIONS, "qualification"):
        if section == "qualification" or derived.as_json()[section]:
            texts = [one.as_json() for one in explain(basis, derived, section, lang)]
            assert not any(word in str(texts) for word in ("Durand", "client-one.example", "Client One", "acc-1"))


def test_an_addressee_and_whoever_acts_in_person_are_left_out() -> None:
    notice = {"notice": "n-1", "topic": "other", "channel": "email", "to": "camille@client-one.example"}
    access = {"by": "Camille Durand", "third_party": False, "written": False}
    certified = {"scopes": ["all"], "signatory": "Camille Durand", "title": "Director"}
    signed = ("2025-01-01T00:00:00+01:00", "contract.signed", outscale())
    story: list[Happening] = [
        signed,
        ("2026-01-02T00:00:00+01:00", "notice.sent", notice),
        ("2026-01-03T00:00:00+01:00", "access.requested", access),
        ("2026-01-04T00:00:00+01:00", "deletion.certified", certified),
    ]
    told = [details(fact) for fact in facts(*story)]
    assert not any(word in str(told) for word in ("Durand", "client-one.example", "Director"))
    assert told[1] == {"notice": "n-1", "topic": "other", "channel": "email"}


def test_a_chosen_reading_is_told_with_its_meaning() -> None:
    found = explained(ROW, penalty_story(), "maintenance.mode=B")
    (reading,) = [one for one in found.readings if one.parameter == "maintenance.mode"]
    assert reading.chosen
    assert reading.value == "B"
    assert reading.meaning == load_switches()["maintenance.mode"].values["B"].en


def test_a_default_reading_that_bears_on_a_figure_is_told_as_the_default() -> None:
    found = explained(ROW, penalty_story())
    (reading,) = [one for one in found.readings if one.parameter == "maintenance.mode"]
    assert (reading.value, reading.chosen) == ("A", False)


def test_the_text_in_force_is_named_with_its_version() -> None:
    found = explained(ROW, penalty_story(), lang="fr").as_json()
    assert found["document"]["id"] == "outscale-cgv-2019"
    assert found["document"]["version"] == "2019-12"
    assert found["clause"] == "Annex A SLA8"
    assert found["events"] == sorted(found["events"], key=lambda event: event["time"])


def test_the_text_form_holds_the_steps_the_clause_and_the_events() -> None:
    found = explained(ROW, penalty_story(), lang="fr")
    text = explanation_words([found.as_json()], "fr")
    assert "Clause : Annex A SLA8" in text
    assert all(step in text for step in found.steps)
    assert all(fact.ref in text for fact in found.facts)


@pytest.mark.parametrize(("lang", "first"), [("en", "resource —, target 99.8"), ("fr", "ressource —, engagement 99.8")])
def test_a_field_that_holds_rows_is_told_in_words(lang: str, first: str) -> None:
    basis, derived = world(penalty_story())
    told = explanation_words([one.as_json() for one in explain(basis, derived, "penalties.0.lines", lang)], lang)
    assert first in told
    assert "{" not in told.splitlines()[1]
    nothing = explanation_words([one.as_json() for one in explain(basis, derived, "penalties.0.caps", lang)], lang)
    assert "[]" not in nothing.splitlines()[1]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("indicator.0", "did you mean 'indicators'"),
        ("penalties[period_end=2026-03-31", "cannot read '[period_end=2026-03-31'"),
        ("", "a path starts with one of"),
    ],
)
def test_a_path_that_is_none_is_refused_with_what_there_is(path: str, sentence: str) -> None:
    with pytest.raises(UnknownFigureError, match=sentence.replace("[", r"\[")):
        parse_path(path)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("penalties[period_end=2026-03-31]", "there is 2026-04-30"),
        ("penalties.7", "1 row"),
        ("penalties.0.nothing", "they have period_end, lines"),
        ("penalties[nothing=1]", "rows have no 'nothing'"),
        ("support", "support has no row"),
    ],
)
def test_a_figure_that_does_not_exist_is_refused_with_what_there_is(path: str, sentence: str) -> None:
    basis, derived = world(penalty_story())
    with pytest.raises(UnknownFigureError, match=sentence):
        explain(basis, derived, path)


def _down(start: str, end: str, name: str) -> list[Happening]:
    outage = {"outage": name, "service": "internal-network", "started_at": start, "ended_at": end, "extent": "total"}
    reserve = {"reserve": f"r-{name}", "outage": name, "from": start, "to": end, "documented": True}
    return [(end, "outage.recorded", outage), (end, "reserve.notified", reserve)]


def test_art_8_time_that_an_earlier_penalty_compensated_is_taken_out_by_name() -> None:
    line = "outscale-cgv-2019/sla6-internal-network-availability"
    claim = {
        "claim": "cl-1",
        "period_end": "2026-02-28",
        "indicators": [line],
        "reserves": ["r-o-1"],
        "computation_attached": True,
    }
    story = [
        *penalty_story()[:-4],
        *_down("2026-02-10T00:00:00+01:00", "2026-02-12T00:00:00+01:00", "o-1"),
        ("2026-03-02T10:00:00+01:00", "penalty.claimed", claim),
        ("2026-03-10T10:00:00+01:00", "penalty.accepted", {"claim": "cl-1"}),
        *_down("2026-04-10T00:00:00+02:00", "2026-04-11T00:00:00+02:00", "o-2"),
    ]
    found = explained("penalties[period_end=2026-04-30]", story)
    text = "\n".join(found.steps)
    assert "Reserved, each second once: 259200 s (3 d)." in text
    assert "Less 172800 s (2 d), compensated with the penalty of 2026-02-28 (" in text
    assert "259200 - 172800 = 86400 s." in text


def test_art_8_a_suspended_penalty_names_the_invoice_that_is_late() -> None:
    story = [one for one in penalty_story() if one[2] != {"invoice": "INV-2025-12"}]
    found = explained("penalties.0", story)
    assert found.row["state"] == "suspended"
    assert any("Invoice INV-2025-12 was due on 2026-01-28 and is not paid" in step for step in found.steps)
