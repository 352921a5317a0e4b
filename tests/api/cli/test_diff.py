"""``greffe diff`` on the command line."""

import json
from pathlib import Path

import pytest

from adapters.catalogue import load_switches
from domain.errors import GreffeError
from domain.time.instant import parse_instant
from projections.comparison import side_of
from tests.api.cli.conftest import Greffe
from tests.support.story import AT

MODES = load_switches()["maintenance.mode"].values


def test_readings_are_told_with_their_meaning_and_the_euros(greffe: Greffe, penalty: str) -> None:
    words = ("diff", penalty, "--at", AT, "--reading", "maintenance.mode=A", "--against", "maintenance.mode=B")
    status, out, err = greffe(*words, "--lang", "fr")
    assert (status, err) == (0, "")
    assert f"A : {MODES['A'].fr}" in out
    assert "≈ 1233.54 EUR -> " in out
    assert "temps de référence : 2586600 s -> 2588400 s" in out


def test_json_is_exact_and_names_clauses(greffe: Greffe, penalty: str) -> None:
    out = greffe("diff", penalty, "--at", AT, "--reading", "maintenance.mode=B", "--format", "json")[1]
    answer = json.loads(out)
    change = next(one for one in answer["contracts"]["C-1"]["changes"] if one["section"] == "indicators")
    assert change["clause"] == "Annex A SLA8"
    assert change["title"]["fr"] == "Disponibilité des répartiteurs de charge"
    assert answer["readings"][0]["reading"]["value"] == "B"
    assert "/" in answer["total"]["difference"]


def test_nothing_that_changes_is_said_and_is_no_failure(greffe: Greffe, penalty: str) -> None:
    status, out, _ = greffe("diff", penalty, "--at", AT, "--reading", "maintenance.mode=A")
    assert status == 0
    assert "0 changes" in out


def test_documents_are_compared(greffe: Greffe, penalty: str) -> None:
    words = (
        "--reading",
        "documents=outscale-cgv-2019",
        "--against",
        "documents=outscale-snc-en-2023+outscale-cgv-2019",
    )
    out = greffe("diff", penalty, "--at", AT, *words)[1]
    assert "documents: outscale-cgv-2019 -> outscale-snc-en-2023, outscale-cgv-2019" in out


def test_dates_and_knowledge_are_compared(greffe: Greffe, penalty: str) -> None:
    out = greffe("diff", penalty, "--reading", "at=2026-04-22T11:00:00+02:00", "--against", f"at={AT}")[1]
    assert "First: at 2026-04-22 11:00" in out
    known = greffe("diff", penalty, "--at", AT, "--reading", "known-at=2026-04-21T00:00:00+02:00")[1]
    assert "Penalties payable: 0 EUR -> " in known
    assert "≈ 1233.54 EUR (+" in known


def test_a_side_is_read() -> None:
    side = side_of(["maintenance.mode=B, at=2026-01-01T00:00:00Z", "documents=a+b", "default"])
    assert side.words == ("maintenance.mode=B",)
    assert side.at == parse_instant("2026-01-01T01:00:00+01:00")
    assert side.documents == ("a", "b")


@pytest.mark.parametrize("words", ["at=today", "documents=", "known-at="])
def test_a_side_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(GreffeError):
        side_of([words])


@pytest.mark.parametrize("side", ["maintenance.mode=Z", "documents=outscale-cgv-2091", "nothing"])
def test_what_does_not_exist_is_refused_on_the_command_line(greffe: Greffe, penalty: str, side: str) -> None:
    status, out, err = greffe("diff", penalty, "--at", AT, "--reading", side)
    assert (status, out) == (2, "")
    assert err.startswith("greffe: ")


def test_bundle_is_not_read_as_lines_of_facts(greffe: Greffe, tmp_path: Path) -> None:
    bundle = tmp_path / "F.zip"
    bundle.write_bytes(b"PK\x05\x06" + bytes(18))
    for words in (("diff", str(bundle), "--against", "maintenance.mode=B"), ("ingest", "--file", str(bundle))):
        status, out, said = greffe(*words)
        assert (status, out, said.count("\n")) == (2, "", 1)
        assert "facts are wanted here, not a zip" in said
