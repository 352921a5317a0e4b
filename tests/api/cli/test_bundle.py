"""``greffe bundle``, ``verify`` and ``replay`` of a bundle, as the two parties of a dispute use them."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.evidence import verify
from tests.api.cli.conftest import Greffe
from tests.support.authority import POLICY, authority

RECEIPT = "receipt.json"


@pytest.fixture
def dated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The root of a timestamp authority that the signer's settings name; the test runs in its folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "authority"
    folder.mkdir()
    with authority(folder) as running:
        root = tmp_path / "root.pem"
        root.write_bytes(running.root.public_bytes(Encoding.PEM))
        config = tmp_path / "sign.toml"
        config.write_text(f'[evidence]\nauthorities = ["{running.url} {root} {POLICY}"]\n')
        monkeypatch.setenv("GREFFE_CONFIG", str(config))
        yield root


def test_what_one_party_makes_the_other_verifies_and_replays(
    greffe: Greffe, ledger: str, penalty: str, dated: Path, tmp_path: Path
) -> None:
    ours, key_file = ("--ledger", ledger), ("--key", str(tmp_path / "sign.key"))
    assert greffe("ingest", "--file", penalty, *ours)[0] == 0
    asked = ("bundle", "--contract", "C-1", *ours)
    status, _, said = greffe(*asked, "--out", "early.zip")
    assert (status, Path("early.zip").exists()) == (1, False)
    assert "greffe sign once" in said
    key = greffe("sign", "init", *ours, *key_file)[1].strip()
    assert greffe("sign", "once", *ours, *key_file)[0] == 0
    assert greffe("receipt", "--contract", "C-1", "--out", RECEIPT, *ours)[0] == 0
    late = tmp_path / "late.jsonl"
    late.write_bytes(Path(penalty).read_bytes().splitlines()[0].replace(b'"e-001"', b'"e-x"').replace(b"C-1", b"C-5"))
    assert greffe("ingest", "--file", str(late), *ours)[0] == 0
    assert greffe("sign", "rotate", *ours, *key_file)[0] == 0
    assert greffe("sign", "once", *ours, *key_file)[0] == 0

    status, out, said = greffe(*asked, "--out", "F.zip", "--receipt", RECEIPT)
    assert (status, said) == (0, "")
    assert out.startswith("F.zip: ")
    assert greffe(*asked, "--out", "F.zip")[0] == 2  # a bundle is never written over another file
    assert zipfile.ZipFile("F.zip").testzip() is None

    checked = ("F.zip", "--key", key, "--receipt", RECEIPT)
    status, told, said = greffe("verify", *checked, "--tsa-root", str(dated))
    assert (status, said) == (0, "")
    assert "the same bytes" in told
    assert f"policy {POLICY}" in told
    assert "Your receipt was given when the log had" in told
    assert "NOT CHECKED" not in told
    assert "that you gave, or by one that it handed over to" in told
    assert greffe("verify", *checked, "--lang", "fr")[1].endswith("RÉSULTAT : le dossier tient.\n")

    statement = greffe("replay", "F.zip", "--format", "json")[1]
    assert statement.encode() == verify.unpack(Path("F.zip").read_bytes())["statement.json"]
    other = greffe("replay", "F.zip", "--format", "json", "--reading", "maintenance.mode=B")[1]
    assert '"maintenance.mode":"B"' in other
    assert other != statement

    assert verify.main([*checked, "--save-note", "note"]) == 0
    with zipfile.ZipFile("F.zip") as file:
        file.extract("timestamps/1.tsr")
    stamp = ["openssl", "ts", "-verify", "-in", "timestamps/1.tsr", "-data", "note", "-CAfile", str(dated)]
    assert subprocess.run(stamp, capture_output=True, check=False).returncode == 0  # noqa: S603 - the system's


def test_facts_recorded_since_the_checkpoint_are_told(
    greffe: Greffe, ledger: str, penalty: str, support: str, tmp_path: Path
) -> None:
    ours, key_file = ("--ledger", ledger), ("--key", str(tmp_path / "sign.key"))
    lines = Path(penalty).read_bytes().splitlines(keepends=True)
    first, rest = tmp_path / "first.jsonl", tmp_path / "rest.jsonl"
    first.write_bytes(b"".join(lines[:5]))
    rest.write_bytes(b"".join(lines[5:7]))
    greffe("ingest", "--file", str(first), *ours)
    greffe("sign", "init", *ours, *key_file)
    greffe("sign", "once", *ours, *key_file)
    greffe("ingest", "--file", str(rest), *ours)
    status, _, said = greffe("bundle", "--contract", "C-1", "--out", str(tmp_path / "F.zip"), *ours, "--lang", "fr")
    assert status == 0
    assert said.startswith("2 faits enregistrés depuis le point de contrôle ne sont pas dans le dossier")
    words = ("--figure", "penalties.0", "--from", "2026-01-01T00:00:00Z")
    status, _, said = greffe("bundle", "--contract", "C-1", "--out", str(tmp_path / "G.zip"), *words, *ours)
    assert (status, said) == (2, "greffe: --figure goes without --from and --to\n")
    shutil.copy(support, tmp_path / "H.zip")
    assert greffe("replay", str(tmp_path / "H.zip"))[0] == 2
    assert greffe("verify", str(tmp_path / "H.zip"), "--key", "x")[0] == 2
