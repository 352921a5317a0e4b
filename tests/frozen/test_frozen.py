"""The statements of past facts are what they were, byte for byte; a change of a figure is told before it is let in."""

import json
from functools import cache
from pathlib import Path

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.time.instant import parse_instant
from tools.frozen import FACTS, QUESTIONS, Asked, Corpus, compare, load, main, save, statement, unannounced

LINE = "outscale-cgv-2019/sla8-load-balancer-availability"
ANNOUNCED = "## [Unreleased]\n\n### Figures that change\n\n- `{}`: from 2026-04 on.\n\n## [0.1.0]\n"


@cache
def corpus() -> Corpus:
    return load()


@pytest.mark.parametrize("dossier", corpus().facts)
def test_the_statements_of_a_dossier_are_what_they_were(dossier: str) -> None:
    differing = [
        str(figure)
        for asked, before in corpus().of(dossier)
        for figure in compare(asked, before, statement(corpus().facts[dossier], asked))
    ]
    assert differing == [], "python -m tools.frozen says which figures changed; CONTRIBUTING.md says what to do"


def test_the_corpus_speaks_of_every_document_and_of_every_reading() -> None:
    said = [json.loads(text)["contracts"] for text in corpus().statements]
    documents = {name for contracts in said for part in contracts.values() for name in part["documents"]}
    assert documents == set(load_catalogue().documents)
    contracts = {(asked.dossier, name) for asked, part in zip(corpus().asked, said, strict=True) for name in part}
    assert len(contracts) >= 130
    read = {reading.partition("=")[0] for asked in corpus().asked for reading in asked.readings}
    needs_a_text_of_its_own = {"cgv.version"}
    assert set(load_switches()) - read == needs_a_text_of_its_own


def test_the_corpus_asks_what_was_known_earlier() -> None:
    asked = [one for one in corpus().asked if parse_instant(one.known_at) < parse_instant(one.at)]
    assert len({one.known_at for one in asked}) > 50


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A small corpus in which a figure was another: an availability of April 2026."""
    asked = next(one for one in corpus().asked if one.dossier == "penalty-story")
    before = json.loads(statement(corpus().facts[asked.dossier], asked))
    [row] = [
        row
        for row in before["contracts"]["C-1"]["indicators"]
        if row["indicator"] == LINE and row["period"]["to"] == "2026-05-01T00:00:00+02:00"
    ]
    row["availability"] = "1/2"
    facts = {asked.dossier: corpus().facts[asked.dossier]}
    save(Corpus(facts, [asked], [json.dumps(before, ensure_ascii=False, separators=(",", ":"))]), tmp_path)
    return tmp_path


def test_a_changed_figure_is_printed_and_not_written_until_the_changelog_tells_it(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changelog = changed / "CHANGELOG.md"
    changelog.write_text(ANNOUNCED.format("outscale-cgv-2019/sla5-internet-availability"), "utf-8")
    before = load(changed).statements
    assert main([], changed, changelog) == 1
    said = capsys.readouterr()
    assert f"{LINE}: 1 changed" in said.out
    assert "2026-04-01T00:00:00+02:00 to 2026-05-01T00:00:00+02:00: availability 1/2 -> availability" in said.out
    assert f"does not name `{LINE}`" in said.err
    assert load(changed).statements == before
    changelog.write_text(ANNOUNCED.format(LINE), "utf-8")
    assert main(["--check"], changed, changelog) == 1
    assert main([], changed, changelog) == 0
    assert load(changed).statements != before
    assert main([], changed, changelog) == 0


def test_only_the_unreleased_part_of_the_changelog_counts() -> None:
    asked = Asked("d", "2026-05-01T00:00:00+02:00", "2026-05-01T00:00:00+02:00")
    figures = compare(asked, '{"readings":{},"contracts":{}}', '{"readings":{"x":"A"},"contracts":{}}')
    assert unannounced(figures, ANNOUNCED.format("x")) == []
    assert unannounced(figures, "## [Unreleased]\n" + ANNOUNCED.format("x").replace("Unreleased", "0.2.0")) == ["x"]


def test_other_bytes_for_the_same_figures_are_told_too() -> None:
    asked = Asked("d", "2026-05-01T00:00:00+02:00", "2026-05-01T00:00:00+02:00")
    figures = compare(asked, '{"readings":{},"contracts":{}}', '{"readings": {},"contracts":{}}')
    assert [figure.name for figure in figures] == ["spelling"]


def test_a_dossier_is_frozen_by_a_command_and_its_facts_never_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(Corpus({}, [], []), tmp_path)
    facts = tmp_path / "facts.jsonl"
    facts.write_text("\n".join(corpus().facts["late-story"]), "utf-8")
    words = ("--add", "late", str(facts), "--at", "2026-05-04T10:00:00+02:00")
    assert main(words, tmp_path) == 0
    assert main([*words, "--reading", "cap.example=B"], tmp_path) == 0
    assert [asked.readings for asked in load(tmp_path).asked] == [(), ("cap.example=B",)]
    facts.write_text("\n".join(corpus().facts["late-story"][:2]), "utf-8")
    assert main(words, tmp_path) == 2
    assert "frozen already" in capsys.readouterr().err
    assert (tmp_path / QUESTIONS).exists()
    assert (tmp_path / FACTS).exists()
