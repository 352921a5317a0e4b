"""A witness as a third party runs it, asked over HTTP by the log's side."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.evidence.cosigning import CosigningError, cosign
from adapters.evidence.keyfile import KeyFileError, make, read
from adapters.evidence.merkle import Frontier, consistency_proof
from adapters.evidence.notes import Signer, checkpoint_text, signed, verifier
from adapters.evidence.verify import COSIGNATURE, ED25519, Checkpoint, Key, leaf_hash, parse_key
from api.cli.main import main
from tests.support.witness import witness, witness_process

ORIGIN = "ledger.example/log"


class Log:
    """A log of numbered entries that signs its checkpoints."""

    def __init__(self, word: str = "entry") -> None:
        self.signer = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"7" * 32))
        self._word = word

    def note(self, size: int) -> bytes:
        text = checkpoint_text(Checkpoint(ORIGIN, size, self._grown(size)[0].root()))
        return signed(text, self.signer.line(text))

    def consistency(self, old: int, size: int) -> list[bytes]:
        nodes = self._grown(size)[1]
        return consistency_proof(old, size, lambda level, index: nodes[level, index])

    def _grown(self, size: int) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
        grown, nodes = Frontier(), {}
        for number in range(size):
            completed = grown.append(leaf_hash(f"{self._word} {number}".encode()))
            nodes.update({(level, index): value for level, index, value in completed})
        return grown, nodes


def ask(url: str, key: Key, log: Log, size: int, old: int) -> int | None:
    with httpx.Client() as client:
        found = cosign(
            client, url, key, log.note(size), old=old, consistency=lambda known: log.consistency(known, size)
        )
    return found.time


def test_witness_cosigns_a_log_that_only_grows_and_remembers_it_across_restarts(tmp_path: Path) -> None:
    log = Log()
    with witness_process(tmp_path, log.signer.key) as (url, key):
        first = ask(url, key, log, 3, old=0)
        assert first is not None
        assert ask(url, key, log, 3, old=3) is not None
    with witness_process(tmp_path, log.signer.key) as (url, key):
        second = ask(url, key, log, 8, old=0)  # we forgot what it saw: it says, and is asked again from there
        assert second is not None
        assert second >= first


def test_witness_never_cosigns_a_second_history(tmp_path: Path) -> None:
    log, fork = Log(), Log("another entry")
    with witness(tmp_path, log.signer.key) as (url, key):
        ask(url, key, log, 5, old=0)
        for size, old in ((5, 0), (5, 5), (9, 5), (9, 0)):
            with pytest.raises(CosigningError, match="did not cosign: 4"):
                ask(url, key, fork, size, old)
        with pytest.raises(CosigningError, match="has seen another log"):
            ask(url, key, log, 2, old=0)
        assert ask(url, key, log, 6, old=5) is not None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old x\n\n", 400),
        (b"old -1\n\n", 400),
        (b"old 01\n\n", 400),
        (b"old 0\n?\n\n", 400),
        (b"old 0\n\nno note", 400),
        (b"\xff" * 200, 400),
        (b"old 0\n" + b"\n" * 70_000, 413),
    ],
)
def test_witness_answers_nonsense_with_a_sentence(served: str, body: bytes, status: int) -> None:
    answer = httpx.post(f"{served}/add-checkpoint", content=body)
    assert answer.status_code == status
    assert answer.text.strip()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with witness(tmp_path_factory.mktemp("witness"), Log().signer.key) as (url, _):
        yield url


def test_an_answer_that_is_not_the_witness_s_is_refused(served: str) -> None:
    log = Log()
    other = Signer("other.example", Ed25519PrivateKey.from_private_bytes(b"9" * 32), COSIGNATURE)
    with pytest.raises(CosigningError, match="no signature of its own"):
        ask(served, other.key, log, 1, old=0)
    with pytest.raises(CosigningError):
        ask("http://127.0.0.1:1", other.key, log, 1, old=0)


def test_key_is_for_its_owner_alone_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    made = make(path, ORIGIN, ED25519)
    assert read(path).key == made.key
    with pytest.raises(KeyFileError, match="never overwritten"):
        make(path, ORIGIN, ED25519)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="others may read"):
        read(path)


@pytest.mark.parametrize("text", ["", "PRIVATE+KEY", "PRIVATE+KEY+a+b+c", "PRIVATE+KEY+a+00000000+AQ==", "\x00" * 9])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="not a private key"):
        read(path)


def test_key_of_a_witness_is_made_once_and_its_public_part_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["witness", "new-key", "--name", "counsel.example", "--key", str(tmp_path / "witness.key")]
    assert main([*words, "--lang", "fr"]) == 0
    printed = capsys.readouterr()
    assert parse_key(printed.out.strip()) == read(tmp_path / "witness.key").key
    assert printed.err == "Remettez cette clé à ceux qui se fieront au témoin :\n"
    assert main(words) == 2
    assert "a key is never overwritten" in capsys.readouterr().err


def test_witness_that_cannot_start_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(words: Sequence[str]) -> str:
        assert main(["witness", *words]) == 2
        return capsys.readouterr().err

    key = tmp_path / "log.key"
    make(key, ORIGIN, ED25519)
    run = ["run", "--state", str(tmp_path / "seen.db"), "--port", "0", "--log"]
    assert "not of a witness" in refused([*run, verifier(Log().signer.key), "--key", str(key)])
    witness_key = tmp_path / "witness.key"
    make(witness_key, "counsel.example", COSIGNATURE)
    assert "--log nonsense: malformed key" in refused([*run, "nonsense", "--key", str(witness_key)])
    (tmp_path / "seen.db").write_bytes(b"not a database" * 100)
    assert "cannot remember" in refused([*run, verifier(Log().signer.key), "--key", str(witness_key)])
