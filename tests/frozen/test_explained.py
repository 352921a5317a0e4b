"""Where a reading decides a figure, words tell it in both languages: its sums hold, its clause is named."""

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.readings import select
from domain.time.instant import parse_instant
from projections.explain.explanation import explain
from projections.explain.words import explanation_words
from projections.replay import Question, bases, replay
from projections.statement import SECTIONS, derive
from projections.text import statement_words
from projections.titles import titles_of
from tests.frozen.test_frozen import corpus
from tests.support.arithmetic import equations
from tools.frozen import Asked, intake_of

READINGS = (
    "calendar.holidays=B",
    "cap.example=B",
    "change_notice.anchor=B",
    "credit.validity=A",
    "ct.slice30=A",
    "deletion.technical_90=A",
    "durability.snapshot_star=B",
    "hierarchy.002_vs_004=B",
    "internet.overlap_incidents=B",
    "liability.gap=B",
    "min_billing=A",
    "payment.due_date=A",
    "pen.form=A",
    "pen.percentage_points=B",
    "pen.scope_metric=B",
    "resource.aggregation=B",
    "sla.degraded_counts=B",
    "sla.source=C",
    "support.pause_overlap=B",
    "year.length=B",
)


def asked_with(reading: str) -> Asked:
    """The first question about the dossier of a reading that chooses it so."""
    return next(
        asked for asked in corpus().asked if asked.readings == (reading,) and reading.startswith(f"{asked.dossier}=")
    )


@pytest.mark.parametrize("reading", READINGS)
def test_every_figure_of_a_contested_dossier_is_explained_in_both_languages(reading: str) -> None:
    asked = asked_with(reading)
    readings = select(load_switches(), asked.readings)
    question = Question(parse_instant(asked.at), parse_instant(asked.known_at), readings)
    catalogue = load_catalogue()
    for contract, basis, notes in bases(intake_of(corpus().facts[asked.dossier]), question, catalogue):
        assert basis is not None
        derived = derive(basis, notes)
        printed = derived.as_json()
        for section in (name for name in (*SECTIONS, "qualification") if printed[name]):
            told = {lang: explain(basis, derived, section, lang) for lang in ("en", "fr")}
            assert len(told["en"]) == len(told["fr"]) > 0
            for one in (*told["en"], *told["fr"]):
                assert one.contract == contract
                assert one.steps
                assert [said for said, sides in equations(one.steps) if len(set(sides)) > 1] == []
                clause = one.row.get("clause")
                assert clause is None or clause in explanation_words([one.as_json()], one.lang)
            assert [one.steps for one in told["en"]] != [one.steps for one in told["fr"]]


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(
    "reading",
    [
        *("ct.period_sla6_7_10=A", "credit.validity=A", "deletion.technical_90=A", "durability.snapshot_star=B"),
        *("pen.form=B", "pen.mixed_periods=B", "year.length=B"),
    ],
)
def test_words_of_a_contested_statement_name_each_figure_with_its_clause(reading: str, lang: str) -> None:
    asked = asked_with(reading)
    readings = select(load_switches(), asked.readings)
    question = Question(parse_instant(asked.at), parse_instant(asked.known_at), readings)
    catalogue = load_catalogue()
    derived = list(replay(intake_of(corpus().facts[asked.dossier]), question, catalogue))
    titles = titles_of(catalogue)
    said = "".join(statement_words(derived, question.at, question.known_at, readings, lang=lang, titles=titles))
    for contract, one in derived:
        printed = one.as_json()
        told = [row["clause"] for name in ("penalties", "amounts") for row in printed[name]]
        told += [row["clause"] for row in printed["indicators"] if row["state"] == "breached"]
        assert contract in said
        assert [clause for clause in told if clause not in said] == []
