"""``greffe agreements`` on the command line, and what the lint of agreement files finds."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.catalogue import load_catalogue
from adapters.lint import lint_folders
from tests.api.cli.conftest import Greffe

NIMBUS = Path(__file__).parents[3] / "examples" / "agreements" / "nimbus-cloud-2026.toml"
Change = Callable[[str], str]


def changed(folder: Path, change: Change) -> list[str]:
    """The faults of a third provider's text once it was changed."""
    whole = NIMBUS.read_text(encoding="utf-8")
    other = change(whole)
    assert other != whole
    (folder / NIMBUS.name).write_text(other, encoding="utf-8")
    return [fault.text("en") for fault in lint_folders([folder]) if fault.level == "fault"]


def test_the_shipped_agreements_have_no_fault(greffe: Greffe) -> None:
    assert greffe("agreements", "lint") == (0, "no fault\n", "")
    assert greffe("agreements", "lint", "--lang", "fr") == (0, "aucun défaut\n", "")


def test_a_third_text_has_no_fault_and_a_warning_does_not_fail(greffe: Greffe) -> None:
    status, out, _ = greffe("agreements", "lint", "--agreements", str(NIMBUS.parent), "--format", "json")
    assert status == 0
    assert {fault["level"] for fault in json.loads(out)} <= {"warning"}


VARIANT = 'services = ["compute"]\nvariant = [{{ reading = "{}", value = "{}" }}]'
BORROWED = """
[[borrowed]]
document = "outscale-cgv-2019"
deadlines = ["nothing"]
reading = "maintenance.mode"
value = "B"
"""
EDITS = {
    "penalty.claim.delay": ('delay = "5 working days"', 'delay = "5 fortnights"', "unknown unit"),
    "incorporates.0": ("[precedence]", 'incorporates = ["nimbus-general"]\n[precedence]', "'nimbus-general'"),
    "surprise": ("[precedence]", 'surprise = "x"\n[precedence]', "Extra inputs"),
    "file": ("[precedence]", "[[", "not readable as TOML"),
    "indicator.0.variant.0.reading": (
        'services = ["compute"]', VARIANT.format("maintenance.mod", "B"), "did you mean 'maintenance.mode'",
    ),
    "indicator.0.variant.0.value": (
        'services = ["compute"]', VARIANT.format("maintenance.mode", "Z"), "has no reading 'Z'",
    ),
    "title.fr": ("Conditions de service Nimbus 2026", " ", "the French is missing"),
    "title.en": ("Nimbus terms of service 2026", " ", "the English is missing"),
    "penalty.rule.0.band.2.percent": ("percent = 50", "percent = 150", "150 is no percentage"),
    "penalty.rule.0.band.1.below": ("below = 99.0", "below = 99.95", "already the limit of another band"),
    "borrowed.0.deadlines": ("[precedence]", f"{BORROWED}\n[precedence]", "has the rule outscale-cgv-2019/nothing"),
    "indicator.1.id": ("storage-uptime", "compute-uptime", "is already the id of indicator.0"),
}  # fmt: skip


@pytest.mark.parametrize("key", EDITS)
def test_a_fault_is_told_with_its_file_its_key_and_a_sentence(tmp_path: Path, key: str) -> None:
    old, new, words = EDITS[key]
    faults = changed(tmp_path, lambda text: text.replace(old, new))
    assert any(fault.startswith(f"{NIMBUS.name}: {key}: ") and words in fault for fault in faults), faults


def test_a_fault_makes_the_command_fail(greffe: Greffe, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('id = "x"\n', encoding="utf-8")
    status, out, _ = greffe("agreements", "lint", "--agreements", str(tmp_path))
    assert status == 1
    assert "x.toml: version: Field required" in out


def test_a_folder_that_is_not_there_is_a_fault(greffe: Greffe, tmp_path: Path) -> None:
    status, out, _ = greffe("agreements", "lint", "--agreements", str(tmp_path / "nowhere"))
    assert status == 1
    assert "no such folder" in out


def test_the_list_has_every_document(greffe: Greffe) -> None:
    out = greffe("agreements", "list", "--lang", "fr")[1]
    assert all(document in out for document in load_catalogue().documents)
    rows = json.loads(greffe("agreements", "list", "--format", "json")[1])
    assert [row["document"] for row in rows] == list(load_catalogue().documents)


@pytest.mark.parametrize("document", load_catalogue().documents)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_rule_is_shown_with_its_title_and_clause(greffe: Greffe, document: str, lang: str) -> None:
    status, out, _ = greffe("agreements", "show", document, "--lang", lang)
    assert status == 0
    for rule in load_catalogue().agreement(document).rules_by_id.values():
        assert f"{rule.title.model_dump()[lang]} ({rule.clause}, {rule.id})" in out
    assert "None" not in out
    assert "Decimal" not in out


def test_figures_are_shown_with_their_units(greffe: Greffe) -> None:
    out = greffe("agreements", "show", "outscale-cgv-2019", "--lang", "fr")[1]
    assert "engagement : 99.8 %" in out
    assert "apprécié : par mois civil" in out
    assert "délai : 5 jours francs" in out
    assert "pour cent" not in out
    latency = greffe("agreements", "show", "ct-secure-temple")[1]
    assert "target: 150 ms" in latency


def test_variants_are_shown_by_reading_in_words(greffe: Greffe) -> None:
    out = greffe("agreements", "show", "outscale-cgv-2019")[1]
    assert "if read as pen.percentage_points = B (The gap is that difference relative to the promised rate): " in out


def test_exact_figures_are_in_the_json(greffe: Greffe) -> None:
    shown = json.loads(greffe("agreements", "show", "outscale-cgv-2019", "--format", "json")[1])
    rules = {row["rule"]: row for row in shown["sections"]["indicator"]}
    assert rules["outscale-cgv-2019/sla4-vm-availability"]["terms"]["target"] == "99.8"


def test_an_unknown_document_is_refused_with_the_nearest(greffe: Greffe) -> None:
    status, _, err = greffe("agreements", "show", "outscale-cgv")
    assert status == 2
    assert "did you mean 'outscale-cgv-2019'" in err


def test_coverage_answers_every_row(greffe: Greffe) -> None:
    status, out, _ = greffe("agreements", "coverage", "--format", "json")
    assert status == 0
    report = json.loads(out)
    assert report["faults"] == []
    assert sum(report["split"].values()) == report["total"] == len(report["rows"])
    assert "calculé" in greffe("agreements", "coverage", "--lang", "fr")[1]
