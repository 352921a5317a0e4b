"""``greffe sign`` and ``greffe receipt`` as an administrator and a party use them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.bootstrap import opened
from adapters.evidence.verify import open_checkpoint, parse_key
from tests.api.cli.conftest import Greffe
from tests.support.proving import contracts, notice, record

ROOT = Path(__file__).parents[3]


@pytest.fixture
def signing(tmp_path: Path) -> list[str]:
    """The options of a signer of a ledger that holds three contracts."""
    with opened(str(tmp_path / "ledger.db"), create=True) as store:
        contracts(store, 3)
    return ["--ledger", str(tmp_path / "ledger.db"), "--key", str(tmp_path / "sign.key")]


def running(words: list[str]) -> "subprocess.Popen[str]":
    """A signer that looks often and signs seldom, in a process of its own."""
    settings = {"GREFFE_EVIDENCE__INTERVAL_SECONDS": "86400", "GREFFE_EVIDENCE__LOOK_SECONDS": "0.05"}
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "api.cli.main", "sign", *words],
        cwd=ROOT,
        env={**os.environ, **settings, "GREFFE_TELEMETRY__METRICS_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    )


def signed_size(process: "subprocess.Popen[str]") -> int:
    """Waits until the process says that it signed; how many entries."""
    assert process.stderr is not None
    for line in process.stderr:
        said = json.loads(line)
        if said["event"] == "checkpoint signed":
            return int(said["size"])
    raise AssertionError("the signer ended before it signed")


def test_a_key_is_made_once_and_signs_what_was_recorded(greffe: Greffe, signing: list[str]) -> None:
    assert greffe("sign", "once", *signing)[0] == 2
    status, key, said = greffe("sign", "init", *signing)
    assert (status, said) == (0, "The log's key, for the contract's annex:\n")
    assert parse_key(key.strip()).name.startswith("greffe/")
    status, _, said = greffe("sign", "init", *signing)
    assert status == 2
    assert "greffe sign rotate" in said
    status, out, _ = greffe("sign", "status", *signing, "--format", "json")
    assert (status, json.loads(out)["lagging"]) == (1, [{"what": "unsigned"}])
    assert greffe("sign", "once", *signing)[1].startswith("signed: 4 entries, root ")
    assert greffe("sign", "once", *signing, "--lang", "fr")[1] == "rien à signer : 4 entrées sont signées\n"
    status, out, _ = greffe("sign", "status", *signing)
    assert status == 0
    assert key.strip() in out
    status, out, _ = greffe("sign", "rotate", *signing, "--format", "json")
    assert status == 0
    assert json.loads(out)["key"] != key.strip()
    assert ", par passation de la précédente" in greffe("sign", "status", *signing, "--lang", "fr")[1]


def test_which_key_must_be_said(greffe: Greffe, signing: list[str]) -> None:
    status, _, said = greffe("sign", "once", *signing[:2])
    assert (status, said) == (2, "greffe: which key? give --key, or the setting evidence.signing_key\n")


def test_a_ledger_that_was_rolled_back_is_refused_loudly(greffe: Greffe, signing: list[str], tmp_path: Path) -> None:
    greffe("sign", "init", *signing)
    shutil.copy(tmp_path / "ledger.db", tmp_path / "before.db")
    assert greffe("sign", "once", *signing)[0] == 0
    for name in tmp_path.glob("ledger.db*"):
        name.unlink()
    shutil.copy(tmp_path / "before.db", tmp_path / "ledger.db")
    status, _, said = greffe("sign", "once", *signing)
    assert status == 1
    assert said.startswith("greffe: NOT SIGNED. this ledger was rolled back: 4 entries of its log were signed")
    with opened(signing[1]) as store:
        contracts(store, 5, first=10)
    status, _, said = greffe("sign", *signing, "--lang", "fr")
    assert status == 1
    assert "NON SIGNÉ. ce registre montre une autre histoire" in said


def test_a_signer_signs_at_once_for_a_notice_and_stops_when_asked(greffe: Greffe, signing: list[str]) -> None:
    key = parse_key(greffe("sign", "init", *signing)[1].strip())
    with running(signing) as process:
        try:
            assert signed_size(process) == 4
            with opened(signing[1]) as store:
                record(store, notice("one"))
                assert signed_size(process) == 6
                newest = store.checkpoint()
                assert newest is not None
                assert open_checkpoint(newest.note, key).size == 6
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


def test_a_signer_that_was_killed_is_followed_by_the_next(greffe: Greffe, signing: list[str]) -> None:
    key = parse_key(greffe("sign", "init", *signing)[1].strip())
    for number in range(2):
        with running(signing) as process:
            signed_size(process)
            process.kill()
        with opened(signing[1]) as store:
            contracts(store, 1, first=20 + number)
    assert greffe("sign", "once", *signing)[0] == 0
    with opened(signing[1]) as store:
        sizes = [open_checkpoint(one.note, key).size for one in store.checkpoints()]
        assert sizes == [4, 6, 8]


def test_receipts_are_written_and_checked_offline(greffe: Greffe, signing: list[str], tmp_path: Path) -> None:
    key = greffe("sign", "init", *signing)[1].strip()
    where = ["--ledger", signing[1]]
    one, two = str(tmp_path / "one.json"), str(tmp_path / "two.json")
    status, _, said = greffe("receipt", *where, "--contract", "C-1")
    assert (status, said) == (
        1,
        "greffe: nothing of C-1 is signed yet: is it the right contract, and has greffe sign run since?\n",
    )
    greffe("sign", "once", *signing)
    assert greffe("receipt", *where, "--contract", "C-1", "--out", one) == (0, "", "")
    with opened(signing[1]) as store:
        record(store, notice("one"))
    greffe("sign", "once", *signing)
    assert greffe("receipt", *where, "--contract", "C-1", "--fact", "urn:test#e-one", "--out", two)[0] == 0
    check = ["receipt", "check", "--key", key]
    assert greffe(*check, one)[:2][0] == 0
    assert "  2 of them are those of C-1, among them urn:test#e-one\n" in greffe(*check, two)[1]
    status, _, said = greffe(*check, one, two)
    assert status == 2
    assert "give a proof of consistency between these sizes" in said
    status, out, _ = greffe(*check, two, one, "--ledger", signing[1])
    assert status == 0
    assert out.endswith("Consistent: all of them are of one history.\n")
    with opened(signing[1]) as store:
        told = {"from": 4, "to": 6, "proof": [each.hex() for each in store.consistency_proof(4, 6)]}
    proof = tmp_path / "proof.json"
    proof.write_text(json.dumps(told))
    status, out, _ = greffe(*check, one, two, "--proof", str(proof), "--lang", "fr")
    assert (status, out.splitlines()[-1]) == (0, "Cohérent : tous sont de la même histoire.")
    proof.write_text(json.dumps(told | {"proof": ["00" * 32]}))
    status, out, _ = greffe(*check, one, two, "--proof", str(proof))
    assert status == 1
    assert f"TWO HISTORIES: {one} and {two}" in out
    bundle = str(tmp_path / "bundle.zip")
    made = greffe("bundle", *where, "--contract", "C-1", "--receipt", one, "--out", bundle)
    assert made[0] == 0, made
    status, out, _ = greffe(*check, one, two, bundle)
    assert f"{bundle}: its checkpoint holds; " in out
    assert "the facts and figures in it were not looked at: greffe verify" in out
    assert (status, out.splitlines()[-1]) == (0, "Consistent: all of them are of one history.")
    changed = json.loads(Path(two).read_text()) | {"tseq": 7}
    Path(two).write_text(json.dumps(changed))
    status, out, _ = greffe(*check, two)
    assert status == 1
    assert "DOES NOT HOLD" in out
    assert greffe("receipt", "check", "--key", "nonsense", one)[0] == 2
    assert greffe(*check, str(tmp_path / "none.json"))[0] == 2
    assert greffe("receipt", *where)[0] == 2
