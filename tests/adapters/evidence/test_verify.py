"""verify.py as the other party runs it: by itself, on other Pythons, in two languages, against forgers."""

import ast
import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785

from adapters.evidence import verify
from adapters.evidence.notes import verifier
from adapters.evidence.verify import NotProvenError, canonical, check_bundle, parse_canonical, unpack
from api.cli.main import main
from tests.adapters.evidence.conftest import Made
from tests.faults.changed_events import renumbered
from tests.faults.forging import Forger
from tests.support.bundles import CONTRACT, WITNESS, log_signer
from tests.support.histories import Histories, receipt_of

FILE = Path(verify.__file__)
OLDEST = (3, 9)
OTHERS = ("3.9", "3.13")


@pytest.fixture
def file(made: Made, tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(made.data)
    return path


def interpreter(version: str) -> str:
    """Another Python of this machine, where there is one that starts."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for path in (shutil.which(f"python{version}"), *sorted(kept.glob(f"{version}.*/bin/python"))):
        if path is not None:
            asked = [str(path), "-c", "import sys; print(sys.version)"]
            told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - a Python
            if told.stdout.startswith(version):
                return str(path)
    pytest.skip(f"no Python {version} on this machine")


def alone(python: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the file by itself, in a folder of its own, with nothing of ours in reach."""
    shutil.copy(FILE, folder / "verify.py")
    command = [python, "-I", "-X", "utf8", str(folder / "verify.py"), *words]
    clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=clean)  # noqa: S603


def test_the_file_is_for_python_3_9_and_the_standard_library_alone() -> None:
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=OLDEST)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)
    newer = {"match", "removeprefix_", "tomllib", "StrEnum", "Self", "UTC", "batched", "pairwise", "assert_never"}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names & newer == set()
    assert not [
        word for node in ast.walk(tree) if isinstance(node, ast.keyword) for word in [node.arg] if word == "strict"
    ]


@pytest.mark.parametrize("version", OTHERS)
def test_the_file_runs_by_itself_on_every_python_here(made: Made, file: Path, tmp_path: Path, version: str) -> None:
    python = interpreter(version)
    told = alone(python, tmp_path, str(file), "--key", verifier(made.key), "--witness", verifier(WITNESS.key))
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.endswith("RESULT: the bundle holds.\n")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(made.data[:-1])
    told = alone(python, tmp_path, str(cut), "--key", verifier(made.key), "--lang", "fr")
    assert (told.returncode, told.stderr) == (1, "")
    assert "RÉSULTAT : REFUSÉ. Ce dossier ne prouve rien." in told.stdout


def test_what_is_proven_and_what_is_not_is_said_in_both_languages(
    made: Made, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(file), "--key", verifier(made.key)]) == 0
    english = capsys.readouterr().out
    assert "C-1: 100 facts" in english
    assert "No fact up to the checkpoint that the log signed for under this name is left out." in english
    assert "That what a fact says is true" in english
    assert "a fact that nobody recorded leaves no trace" in english
    assert verify.main([str(file), "--key", verifier(made.key), "--lang", "fr"]) == 0
    french = capsys.readouterr().out
    assert "Aucun fait que le journal a signé sous ce nom jusqu'au point de contrôle ne manque." in french
    assert "Que ce que dit un fait est vrai" in french
    assert english.count("\n") == french.count("\n")


def test_a_key_or_a_file_that_cannot_be_used_is_not_a_refusal(
    made: Made, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(file), "--key", "nonsense"]) == 2
    assert verify.main([str(file.with_name("none.zip")), "--key", verifier(made.key)]) == 2
    assert main(["verify", str(file), "--key", "nonsense"]) == 2
    with pytest.raises(SystemExit):
        verify.main([str(file)])
    assert "cannot be used" in capsys.readouterr().err


def test_the_guides_in_a_bundle_are_ours_and_their_digests_known() -> None:
    for name, known in verify.GUIDES.items():
        assert sha256((FILE.parent / "guides" / name).read_bytes()).hexdigest() == known[0]


def test_greffe_verify_says_the_figures_were_recomputed(
    made: Made, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(file), "--key", verifier(made.key)]) == 0
    told = capsys.readouterr().out
    assert "were recomputed from the facts, texts and readings here: the same bytes" in told
    assert "NOT CHECKED" not in told.replace("NOT CHECKED BY THIS FILE\n 1. Signatures", "")


def test_greffe_verify_refuses_other_figures_and_other_texts_that_verify_py_leaves_to_it(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "forged.zip"
    forger = Forger(made.data)
    forger.members["statement.json"] = forger.members["statement.json"].replace(b'"claimable"', b'"accepted"', 1)
    path.write_bytes(forger.listed())
    assert verify.main([str(path), "--key", verifier(made.key)]) == 0
    assert main(["verify", str(path), "--key", verifier(made.key)]) == 1
    assert "statement.json: recomputed, it is another" in capsys.readouterr().out
    text = forger.members["agreements/outscale-cgv-2019.toml"]
    forger.members["agreements/outscale-cgv-2019.toml"] = text.replace(b"99.8", b"90.8", 1)
    path.write_bytes(forger.made(figures=True))
    assert main(["verify", str(path), "--key", verifier(made.key)]) == 1
    assert "is not a text of this program" in capsys.readouterr().out


def test_greffe_replay_of_a_bundle_prints_its_statement(
    made: Made, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(file), "--format", "json"]) == 0
    assert capsys.readouterr().out.encode() == unpack(made.data)["statement.json"]
    assert main(["replay", str(file), "--reading", "maintenance.mode=B", "--lang", "fr"]) == 0
    assert "maintenance.mode" in capsys.readouterr().out
    assert main(["replay", str(file), str(file)]) == 2
    assert main(["replay", str(file), "--contract", "C-2"]) == 2
    file.write_bytes(made.data[1:])
    assert main(["replay", str(file)]) == 2
    assert "this is no bundle" in capsys.readouterr().err


@pytest.mark.parametrize("place", [0, 50, 99])
def test_an_event_left_out_is_missed_wherever_it_stood(made: Made, place: int) -> None:
    forger = Forger(made.data)
    own = forger.claim["tenants"][0]["tenant"]
    mine = [number for number, line in enumerate(forger.lines) if json.loads(line["entry"])["tenant"] == own]
    del forger.lines[mine[place]]
    with pytest.raises(NotProvenError, match=r"an entry is missing|completeness: C-1"):
        check_bundle(forger.made(figures=True), made.key)


@pytest.mark.parametrize("place", [0, 50, 99])
def test_an_event_left_out_by_somebody_who_numbers_and_chains_the_others_anew_is_missed(made: Made, place: int) -> None:
    forger = Forger(made.data)
    own = forger.claim["tenants"][0]["tenant"]
    mine = [number for number, line in enumerate(forger.lines) if json.loads(line["entry"])["tenant"] == own]
    del forger.lines[mine[place]]
    renumbered(forger)
    with pytest.raises(NotProvenError, match=r"inclusion|completeness: C-1"):
        check_bundle(forger.made(figures=True), made.key)


def test_the_facts_of_the_provider_cannot_be_left_out(made: Made) -> None:
    forger = Forger(made.data)
    other = forger.claim["tenants"].pop()["tenant"]
    forger.lines = [line for line in forger.lines if json.loads(line["entry"])["tenant"] != other]
    forger.heads["tenants"].pop(other)
    with pytest.raises(NotProvenError, match="the facts of provider:outscale are left out"):
        check_bundle(forger.made(figures=True), made.key)


def test_a_receipt_of_the_same_history_is_continued(world: Histories) -> None:
    assert check_bundle(world.bundle, world.key, receipt=world.receipt).receipt == world.size
    assert check_bundle(world.old_bundle, world.key, receipt=world.old_receipt).receipt == world.old_size


def test_a_bundle_made_for_an_earlier_receipt_continues_it(made: Made) -> None:
    receipt = receipt_of(made.ledger.store, made.note)
    data = made.bundle(receipt=receipt)
    found = check_bundle(data, made.key, receipt=receipt)
    assert found.receipt == found.checkpoint.size


def test_two_histories_shown_to_two_parties_are_found_by_their_receipts(world: Histories) -> None:
    for bundle, receipt in ((world.bundle, world.fork_receipt), (world.fork_bundle, world.receipt)):
        check_bundle(bundle, world.key)
        with pytest.raises(NotProvenError, match="two histories"):
            check_bundle(bundle, world.key, receipt=receipt)


@pytest.mark.parametrize("number", range(5))
def test_a_bundle_and_a_receipt_that_do_not_go_together_are_refused(world: Histories, number: int) -> None:
    _, data, receipt = world.contradictions()[number]
    with pytest.raises(NotProvenError, match="the receipt: "):
        check_bundle(data, world.key, receipt=receipt)


def test_a_contract_is_the_one_its_facts_name(made: Made) -> None:
    forger = Forger(made.data)
    forger.claim["contract"] = forger.claim["tenants"][0]["subject"] = "C-9"
    with pytest.raises(NotProvenError, match="its subject or type is another"):
        check_bundle(forger.made(), made.key)


@pytest.mark.parametrize(
    "value",
    [
        0.0,
        -0.0,
        1e21,
        1e-7,
        123456789.125,
        5e-324,
        1.7976931348623157e308,
        -1.5,
        1e20,
        0.1,
        {"é": 1, "\ue000": 2, "\U0001f600": 3},
    ],
)
def test_values_are_spelt_as_rfc_8785_asks(value: object) -> None:
    assert canonical([value]) == rfc8785.dumps([value])
    assert canonical(parse_canonical(canonical([value]))) == canonical([value])


def test_the_contract_of_a_bundle_is_what_was_asked(made: Made) -> None:
    assert check_bundle(made.data, made.key).contract == CONTRACT


def test_why_a_bundle_is_refused_is_said_in_french(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "forged.zip"
    forger = Forger(made.data)
    forger.lines.pop()
    path.write_bytes(forger.made())
    assert verify.main([str(path), "--key", verifier(made.key), "--lang", "fr"]) == 1
    assert "la complétude : C-1 : il ne finit pas où le dit le journal" in capsys.readouterr().out
    other = log_signer(made.key.name, b"\7").key
    assert verify.main([str(path), "--key", verifier(other), "--lang", "fr"]) == 1
    assert "la clé que vous avez donnée ne l'a pas signé" in capsys.readouterr().out
