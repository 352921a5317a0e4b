"""Who asks for French is refused in French."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.cli.conftest import Greffe

ROOT = Path(__file__).parents[3]
SOURCES = [path for folder in ("domain", "projections", "adapters", "api") for path in (ROOT / folder).rglob("*.py")]
AT = ("--at", "2026-05-04T10:00:00+02:00")


@pytest.fixture
def facts(penalty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of facts, from a folder where there is no other."""
    monkeypatch.chdir(tmp_path)
    return penalty


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("replay", "absent.jsonl"), "absent.jsonl : ni fichier ni dossier de ce nom"),
        (("replay", "."), ". : est un dossier"),
        (("replay", "FACTS", "--reading", "maintenance.mod=A"), "vouliez-vous dire « maintenance.mode » ?"),
        (("replay", "FACTS", "--reading", "maintenance.mode=b"), "vouliez-vous dire « B » ?"),
        (("replay", "FACTS", "--contract", "C-9"), "aucun fait ne porte sur le contrat « C-9 » ; il y a : C-1"),
        (("replay", "FACTS", "--at", "hier"), "argument --at : attendu : une date et une heure RFC 3339"),
        (("replay", "FACTS", "--at"), "argument --at : il faut une valeur"),
        (("replay", "FACTS", "--at", "2026-02-30T10:00:00+01:00"), "n'existe pas au calendrier"),
        (("replay", "FACTS", "--format", "xml"), "argument --format : choix impossible : 'xml' (au choix : "),
        (("replay",), "il manque : FILE"),
        (("replay", "FACTS", "--no-such"), "arguments inconnus : --no-such"),
        (("due", "2026-03-31", "5 moons"), "« 5 moons » : unité inconnue « moons » ; vouliez-vous dire"),
        (("due", "2026-02-30", "5 days"), "« 2026-02-30 » : n'existe pas au calendrier"),
        (("explain", "FACTS", *AT, "penaltis.0"), "n'est pas un chiffre ; un chemin commence par l'un de"),
        (("explain", "FACTS", *AT, "penalties.99.payable"), "ligne(s), numérotées de 0 ; il n'y a pas de 99"),
        (("explain", "FACTS", *AT, "penalties[rule=x].payable"), "aucune ligne de penalties n'a rule=x ; il y a"),
        (("explain", "FACTS", *AT, "penalties[rool=x].payable"), "les lignes de penalties n'ont pas de champ « rool »"),
        (("agreements", "show", "outscale-cgv-2018"), "vouliez-vous dire « outscale-cgv-2019 » ?"),
        (("audit", "--ledger", "absent.db"), "absent.db : il n'y a pas de registre ici ; greffe ingest en fait un"),
        (("audit", "--ledger", "oracle://x"), "l'adresse d'un registre commence par postgresql:// ou sqlite:///"),
        (("sign", "once", "--ledger", "absent.db", "--key", "absent.key"), "il n'y a pas de registre ici"),
        (("sign", "once", "--ledger", "absent.db"), "quelle clé ? donnez --key, ou le réglage evidence.signing_key"),
        (("receipt", "--ledger", "absent.db"), "quel contrat ? donnez --contract"),
        (("verify", "absent.zip", "--key", "x"), "malformed key"),  # the file that runs alone has its own words
    ],
)
def test_refusal_is_in_the_language_that_was_asked_for(
    greffe: Greffe, facts: str, words: tuple[str, ...], said: str
) -> None:
    status, out, err = greffe(*(facts if word == "FACTS" else word for word in words), "--lang", "fr")
    assert (status, out) == (2, "")
    assert said in err
    assert err.splitlines()[-1].startswith("greffe")


def test_line_that_is_no_fact_is_refused_in_french(greffe: Greffe, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{\n", encoding="utf-8")
    status, _, err = greffe("replay", str(tmp_path / "bad.jsonl"), "--lang=fr")
    assert status == 2
    assert "bad.jsonl:1 : " in err
    assert "n'est pas du JSON" in err


def test_every_refusal_has_a_sentence_of_its_own_in_french() -> None:
    """The type check asks for two texts wherever an error is made; that one is not the other is asked here."""
    alike = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in _refusals()
        if len({ast.unparse(text) for text in call.args[:2]}) == 1 and not isinstance(call.args[0], ast.Starred)
    ]
    assert alike == []


def _refusals() -> Iterator[tuple[Path, ast.Call]]:
    """Every call that makes a GreffeError of two texts."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known = {"GreffeError"}
    while more := {one.name for one in classes if known & {ast.unparse(base) for base in one.bases}} - known:
        known |= more
    of_their_own = {
        one.name
        for one in classes
        if one.name in known - {"GreffeError"} and any(getattr(part, "name", "") == "__init__" for part in one.body)
    }
    of_their_own |= {one.name for one in classes if of_their_own & {ast.unparse(base) for base in one.bases}}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in known - of_their_own:
                yield path, node
