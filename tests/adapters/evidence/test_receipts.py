"""Receipts: what they prove to who has the log's key, what is refused, and forks that two of them show."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.eventstore.sqlite import SqliteStore
from adapters.eventstore.store import Store
from adapters.evidence import memory
from adapters.evidence.forks import IncomparableError, Shown, UnreadableError, fork_among, read, read_proof
from adapters.evidence.keyring import rotate
from adapters.evidence.memory import SigningKeyFile
from adapters.evidence.merkle import Frontier
from adapters.evidence.receipt import NotSignedError, Receipts
from adapters.evidence.signing import LogSigner
from adapters.evidence.verify import Checkpoint, NotProvenError, check_receipt, pack
from tests.contracts.store_contract import Opener
from tests.contracts.test_stores import OnPostgres, OnSqlite
from tests.support.arrivals import NOW, measured
from tests.support.proving import contracts, log_key, notice, record, sign


class ReceiptContract:
    """Inherited by one class per store."""

    def test_a_receipt_holds_with_the_key_alone_and_says_where_the_contract_stood(
        self, open_store: Opener, tmp_path: Path
    ) -> None:
        store = open_store()
        path, key = log_key(store, tmp_path)
        receipts = Receipts(store)
        contracts(store, 40)
        record(store, notice(1, "C-7"), measured("m-1", subject="C-7"))
        sign(store, path)
        first = receipts.of("C-7", "urn:test#e-1")
        proven = check_receipt(json.loads(json.dumps(first)), key)
        assert (proven.tseq, proven.checkpoint.size) == (3, 43)
        assert json.loads(first["fact"]["entry"])["type"] == "greffe.notice.sent.v1"
        contracts(store, 5, first=50)
        record(store, measured("m-2", subject="C-7"), measured("m-3", subject="C-7"))
        assert receipts.of("C-7") == {name: first[name] for name in first if name != "fact"}, "signed is signed"
        sign(store, path)
        second = check_receipt(receipts.of("C-7"), key)
        assert (second.tseq, second.checkpoint.size) == (5, 51)
        assert check_receipt(Receipts(store).of("C-54"), key).tseq == 1
        rotate(store, path, NOW)
        contracts(store, 1, first=90)
        sign(store, path)
        last = receipts.of("C-90")
        assert check_receipt(last, key).checkpoint.size == 53, "the first key vouches for the next"
        (handover,) = last["handovers"]
        for wrong in ([], [handover[:-1]], [handover.replace("\n51\n", "\n50\n")], ["nonsense"], [None]):
            with pytest.raises(NotProvenError):
                check_receipt(last | {"handovers": wrong}, key)

    def test_there_is_no_receipt_of_what_is_not_signed(self, open_store: Opener, tmp_path: Path) -> None:
        store = open_store()
        path, _ = log_key(store, tmp_path)
        receipts = Receipts(store)
        contracts(store, 1)
        with pytest.raises(NotSignedError, match="nothing of C-1 is signed yet"):
            receipts.of("C-1")
        sign(store, path)
        record(store, notice(1))
        for contract, fact in (("C-2", None), ("C-1", "urn:test#e-1"), ("C-1", "urn:test#none"), ("C-1", "none")):
            with pytest.raises(NotSignedError, match="signed yet"):
                receipts.of(contract, fact)


class TestReceiptsOnSqlite(OnSqlite, ReceiptContract):
    pass


class TestReceiptsOnPostgres(OnPostgres, ReceiptContract):
    pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = SqliteStore(tmp_path / "ledger.db")
    yield store
    store.close()


def changed(value: Any) -> Iterator[Any]:
    """Every copy of a JSON value in which one thing is another, or not there."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {other: value[other] for other in value if other != name}
            for other in changed(inner):
                yield value | {name: other}
    elif isinstance(value, list):
        yield [*value, "00" * 32]
        for at, inner in enumerate(value):
            yield [*value[:at], *value[at + 1 :]]
            for other in changed(inner):
                yield [*value[:at], other, *value[at + 1 :]]
    elif isinstance(value, int):
        yield from (value + 1, str(value), 10**30)
    else:
        middle = len(value) // 2
        yield from (f"{value} ", None)
        yield value[:middle] + ("0" if value[middle : middle + 1] != "0" else "1") + value[middle + 1 :]


def test_a_receipt_in_which_anything_was_changed_is_refused(store: Store, tmp_path: Path) -> None:
    path, key = log_key(store, tmp_path)
    contracts(store, 9)
    record(store, notice(1, to="legal@client.example"))
    sign(store, path)
    receipt = Receipts(store).of("C-1", "urn:test#e-1")
    fields = {one["path"]: one.get("value", one.get("why")) for one in receipt["fact"]["fields"]}
    assert (fields["data.channel"], fields["data.to"]) == ("registered-letter", "redacted")
    check_receipt(receipt, key)
    refused = 0
    for other in changed(receipt):
        if "fact" in other and proving(other) != proving(receipt):
            with pytest.raises(NotProvenError):
                check_receipt(other, key)
            refused += 1
    assert refused > 150
    for nonsense in (None, [], "receipt", 7, {}, receipt | {"tenant": "\ud800"}, receipt | {"tseq": True}):
        with pytest.raises(NotProvenError):
            check_receipt(nonsense, key)


def proving(receipt: dict[str, Any]) -> dict[str, Any]:
    """What of a receipt proves something: of a field that is withheld the leaf does, its path and the reason do not."""
    told = {name: value for name, value in receipt.items() if name != "contract" or "fact" in receipt}
    fact = told.get("fact")
    if isinstance(fact, dict) and isinstance(fact.get("fields"), list):
        told["fact"] = {**fact, "fields": [_proving(one) for one in fact["fields"]]}
    return told


def _proving(field: Any) -> Any:
    names = {"leaf", "path", "why"}
    if not isinstance(field, dict) or set(field) != names or not all(isinstance(field[name], str) for name in names):
        return field
    return field["leaf"] if field["why"] == "redacted" and field["path"].startswith("data.t") else field


def test_two_histories_are_found_from_the_receipts_of_two_parties(store: Store, tmp_path: Path) -> None:
    path, key = log_key(store, tmp_path)
    contracts(store, 5)
    sign(store, path)
    (tmp_path / "one.json").write_text(json.dumps(Receipts(store).of("C-1")))
    contracts(store, 3, first=6)
    sign(store, path)
    (tmp_path / "two.json").write_text(json.dumps(Receipts(store).of("C-1")))
    one, two = (read(tmp_path / name, key, {}) for name in ("one.json", "two.json"))
    assert fork_among([two, one], {}, store.consistency_proof) is None
    assert fork_among([one, one], {}, None) is None
    with pytest.raises(IncomparableError, match="give a proof of consistency"):
        fork_among([one, two], {}, None)
    told = {"from": 6, "to": 10, "proof": [each.hex() for each in store.consistency_proof(6, 10)]}
    (tmp_path / "proof.json").write_text(json.dumps(told))
    proofs: dict[Any, Any] = {}
    read_proof(tmp_path / "proof.json", proofs)
    assert fork_among([one, two], proofs, None) is None

    with memory.held(path) as held:  # the operator signs another history for another party
        forked = [_forked(held, size) for size in (6, 8, 12)]
    same, between, later = forked
    found = fork_among([one, same], {}, None)
    assert found is not None
    assert "two roots were signed for 6 entries" in found.why
    for other in (between, later):
        found = fork_among([one, two, other], {}, store.consistency_proof)
        assert found is not None
        assert "no proof leads from" in found.why


def _forked(key: SigningKeyFile, size: int) -> Shown:
    """A checkpoint that the log's key signed, of entries that are not those of the ledger."""
    grown = Frontier()
    for number in range(size):
        grown.append(bytes([number]) * 32)
    checkpoint = Checkpoint(key.signer.key.name, size, grown.root())
    key.sign(checkpoint)
    return Shown(f"forked at {size}", checkpoint)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 100_000])
def test_what_is_no_receipt_is_unreadable(store: Store, tmp_path: Path, content: bytes) -> None:
    _, key = log_key(store, tmp_path)
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableError):
        read(path, key, {})
    with pytest.raises(UnreadableError):
        read_proof(path, {})
    with pytest.raises(UnreadableError):
        read(tmp_path / "none", key, {})
    path.write_bytes(pack({"checkpoint": b"", "other": b""}))
    with pytest.raises(UnreadableError, match="not a bundle"):
        read(path, key, {})
    path.write_bytes(b"PK\x03\x04nonsense")
    with pytest.raises(NotProvenError, match="not a bundle"):
        read(path, key, {})


def test_a_receipt_is_brought_forward_from_one_checkpoint_to_the_next(store: Store, tmp_path: Path) -> None:
    path, key = log_key(store, tmp_path)
    signer, receipts = LogSigner(store, path), Receipts(store)
    for number in range(1, 6):
        contracts(store, 1, first=number)
        record(store, measured(f"m-{number}"))
        assert signer.sign(NOW) is not None
        assert check_receipt(receipts.of("C-1"), key).tseq == number + 1
        assert receipts.of("C-1") == Receipts(store).of("C-1")
