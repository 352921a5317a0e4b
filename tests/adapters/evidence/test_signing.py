"""The signer, on both stores: what it signs can be checked with its key alone, and what it refuses to sign."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.eventstore.store import Store
from adapters.evidence import memory
from adapters.evidence.copies import keys_of
from adapters.evidence.headmap import HeadMap
from adapters.evidence.keyfile import KeyFileError, read
from adapters.evidence.keyring import begin, rotate
from adapters.evidence.signing import AnotherHistoryError, LogSigner
from adapters.evidence.verify import (
    Checkpoint,
    NotProvenError,
    check_consistency,
    check_head,
    open_checkpoint,
    open_heads,
    parse_key,
)
from domain.errors import LedgerError
from tests.contracts.store_contract import Opener
from tests.contracts.test_stores import OnPostgres, OnSqlite
from tests.support.arrivals import NOW, measured
from tests.support.proving import contracts, log_key, notice, record, sign


class SigningContract:
    """Inherited by one class per store; ``open_store`` opens the same ledger once more."""

    @pytest.fixture
    def store(self, open_store: Opener) -> Store:
        return open_store()

    def test_a_checkpoint_proves_where_every_contract_stands(self, store: Store, tmp_path: Path) -> None:
        path, key = log_key(store, tmp_path)
        contracts(store, 300)
        record(store, measured("m-1", subject="C-7"))
        size = sign(store, path)
        made = store.checkpoint(size)
        assert made is not None
        checkpoint = open_checkpoint(made.note, key)
        assert checkpoint == (store.log_origin(), size, made.root)
        entry = store.leaf(size - 1)
        assert entry is not None
        root = open_heads(entry.entry.decode(), size - 1, store.inclusion_proof(size - 1, size), checkpoint)
        heads = store.heads(size)
        map_ = HeadMap(heads)
        assert len(heads) == 300
        for subject in ("C-1", "C-7", "C-300"):
            head = store.head_of(subject)
            assert head is not None
            check_head(head.tenant, head.tseq, head.hash, proof=map_.proof(head.tenant), root=root)

    def test_each_checkpoint_goes_on_from_the_one_before_and_nothing_new_signs_nothing(
        self, store: Store, tmp_path: Path
    ) -> None:
        path, key = log_key(store, tmp_path)
        signer = LogSigner(store, path)
        assert signer.sign(NOW) is None
        for first in (1, 4, 9):
            contracts(store, 3, first)
            assert signer.sign(NOW) is not None
            assert signer.sign(NOW) is None
        signed = [open_checkpoint(one.note, key) for one in store.checkpoints()]
        assert [one.size for one in signed] == [4, 8, 12]
        for old, new in pairwise(signed):
            proof = store.consistency_proof(old.size, new.size)
            check_consistency(old.size, new.size, proof, old.root, new.root)
        assert store.checkpoints(4, 1)[0].size == 8
        assert LogSigner(store, path).sign(NOW) is None

    def test_a_ledger_that_was_rolled_back_or_rewritten_is_not_signed(self, store: Store, tmp_path: Path) -> None:
        path, _ = log_key(store, tmp_path)
        contracts(store, 3)
        size = sign(store, path)
        contracts(store, 3, first=4)
        for wrong, said in ((size + 10, "was rolled back"), (size, "another history")):
            with memory.held(path) as key:
                key.sign(Checkpoint(store.log_origin(), wrong, bytes(32)))
            entries = store.log_size()
            with pytest.raises(AnotherHistoryError, match=said):
                LogSigner(store, path).sign(NOW)
            assert store.log_size() == entries, "nothing is written into a ledger that is not believed"

    def test_a_key_of_another_ledger_or_without_its_memory_signs_nothing(self, store: Store, tmp_path: Path) -> None:
        path, _ = log_key(store, tmp_path)
        contracts(store, 1)
        other = tmp_path / "other.key"
        memory.make(other, "greffe/another")
        with pytest.raises(KeyFileError, match="not the key that signs this ledger"):
            LogSigner(store, other).sign(NOW)
        (tmp_path / "sign.key.signed").unlink()
        with pytest.raises(KeyFileError, match="put the newest of its checkpoints there"):
            LogSigner(store, path).sign(NOW)
        (tmp_path / "sign.key.signed").write_bytes(b"nonsense")
        with pytest.raises(KeyFileError, match="not a checkpoint that this key signed"):
            LogSigner(store, path).sign(NOW)
        with pytest.raises(KeyFileError, match="greffe sign init"):
            LogSigner(store, tmp_path / "none").sign(NOW)

    def test_what_was_signed_and_not_kept_is_kept_by_the_next_signer(self, store: Store, tmp_path: Path) -> None:
        path, key = log_key(store, tmp_path)
        contracts(store, 3)
        size = store.log_size()
        with memory.held(path) as held:
            note = held.sign(Checkpoint(store.log_origin(), size, store.log_root(size)))
        with store.writing() as writing:
            writing.append_heads(bytes(32), 0, NOW)  # of a signer that was killed before it signed
        assert LogSigner(store, path).sign(NOW) is None
        assert store.checkpoints()[0].note == note
        contracts(store, 1, first=4)
        open_checkpoint(store.checkpoints(sign(store, path) - 1)[0].note, key)

    @pytest.mark.parametrize("more", [0, 2])
    def test_heads_whose_signer_was_killed_are_signed_by_the_next(
        self, store: Store, tmp_path: Path, more: int
    ) -> None:
        path, key = log_key(store, tmp_path)
        contracts(store, 3)
        first = sign(store, path)
        contracts(store, 2, first=4)
        record(store, notice(1))
        with store.writing() as writing:  # of a signer that was killed before it signed
            heads = HeadMap(writing.heads())
            index = writing.append_heads(heads.root(), len(heads), NOW)
        contracts(store, more, first=6)
        signer = LogSigner(store, path)
        made = signer.sign(NOW)
        assert made is not None
        assert signer.covers_notice
        sizes = [open_checkpoint(one.note, key).size for one in store.checkpoints()]
        assert sizes == [first, index + 1, *([index + 2 + more] if more else [])]
        assert made.size == sizes[-1] == store.log_size()
        assert signer.sign(NOW) is None
        assert all(one.root == store.log_root(one.size) for one in store.checkpoints())

    def test_signers_at_once_do_no_harm(self, open_store: Opener, tmp_path: Path) -> None:
        path, key = log_key(open_store(), tmp_path)
        stores = [open_store() for _ in range(3)]

        def work(number: int) -> None:
            signer = LogSigner(stores[number], path)
            for one in range(4):
                contracts(stores[number], 1, first=10 * number + one)
                signer.sign(NOW)

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, range(3)))
        store = stores[0]
        signed = [open_checkpoint(one.note, key) for one in store.checkpoints()]
        assert signed[-1].size == store.log_size()
        assert all(one.root == store.log_root(one.size) for one in signed)
        recorded = [leaf for leaf in store.leaves(0, store.log_size()) if leaf.tenant]
        assert len(recorded) == 12
        assert len(signed) == store.log_size() - 12, "a heads entry for each checkpoint, and no other"

    def test_a_new_key_is_handed_over_to_and_old_proofs_hold(self, store: Store, tmp_path: Path) -> None:
        path, first = log_key(store, tmp_path)
        signer = LogSigner(store, path)
        contracts(store, 2)
        assert signer.sign(NOW) is not None
        made, old = rotate(store, path, NOW)
        second = parse_key(made.key)
        assert read(old).key == first
        assert read(path).key == second
        contracts(store, 2, first=3)
        assert signer.sign(NOW) is not None, "a signer that runs goes on with the new key"
        rotate(store, path, NOW)
        contracts(store, 2, first=5)
        assert signer.sign(NOW) is not None
        notes = [one.note for one in store.checkpoints()]
        handovers = [one.note for one in store.signing_keys() if one.note is not None]
        assert len(handovers) == 2
        for note in notes:
            open_checkpoint(note, first, handovers)
        open_checkpoint(notes[0], first)
        for note in notes[1:]:
            open_checkpoint(note, second, handovers)
            with pytest.raises(NotProvenError):
                open_checkpoint(note, first)
        with pytest.raises(NotProvenError):
            open_checkpoint(notes[0], second, handovers)
        assert keys_of(store).count(b"greffe key hand-over") == 2

    @pytest.mark.parametrize("done", ["made", "listed", "memory moved"])
    def test_a_rotation_that_was_interrupted_is_finished_by_the_next(
        self, store: Store, tmp_path: Path, done: str
    ) -> None:
        path, first = log_key(store, tmp_path)
        contracts(store, 2)
        sign(store, path)
        kept = {one.name: one.read_bytes() for one in tmp_path.glob("sign.key*")}
        rotate(store, path, NOW)
        following = {f"sign.key.next{name}": (tmp_path / f"sign.key{name}").read_bytes() for name in ("", ".signed")}
        for one in tmp_path.glob("sign.key*"):
            one.unlink()
        if done == "memory moved":
            kept["sign.key.signed"] = following.pop("sign.key.next.signed")
        if done == "made":
            following["sign.key.next"] = kept["sign.key"]  # some key that the ledger never knew of
        for name, content in (kept | following).items():
            (tmp_path / name).write_bytes(content)
            (tmp_path / name).chmod(0o600)
        if done == "made":
            with pytest.raises(KeyFileError, match="not the key that signs this ledger"):
                rotate(store, path, NOW)
            return
        with pytest.raises(KeyFileError):
            LogSigner(store, path).sign(NOW)
        rotate(store, path, NOW)
        contracts(store, 1, first=3)
        sign(store, path)
        assert [one.note is not None for one in store.signing_keys()] == [False, True]
        assert read(tmp_path / "sign.key.1").key == first

    def test_a_lost_key_is_followed_by_one_that_nobody_vouches_for(self, store: Store, tmp_path: Path) -> None:
        path, first = log_key(store, tmp_path)
        contracts(store, 2)
        sign(store, path)
        with pytest.raises(KeyFileError, match="--without-hand-over"):
            begin(store, tmp_path / "new.key", NOW)
        made = begin(store, tmp_path / "new.key", NOW, without_hand_over=True)
        contracts(store, 2, first=3)
        size = sign(store, tmp_path / "new.key")
        newest = store.checkpoint()
        assert newest is not None
        assert open_checkpoint(newest.note, parse_key(made.key)).size == size
        with pytest.raises(NotProvenError):
            open_checkpoint(newest.note, first)
        with pytest.raises(KeyFileError, match="not the key that signs this ledger"):
            LogSigner(store, path).sign(NOW)

    def test_a_legal_notice_is_seen_among_what_was_recorded(self, store: Store, tmp_path: Path) -> None:
        path, _ = log_key(store, tmp_path)
        signer = LogSigner(store, path)
        contracts(store, 2)
        signer.look()
        assert not signer.noticed
        record(store, notice(1))
        signer.look()
        assert signer.noticed
        assert LogSigner(store, path).noticed, "seen by a signer that starts afterwards too"
        signer.sign(NOW)
        assert not signer.noticed
        assert not LogSigner(store, path).noticed

    def test_what_was_signed_is_never_changed_or_deleted(self, store: Store, tmp_path: Path) -> None:
        path, _ = log_key(store, tmp_path)
        contracts(store, 1)
        sign(store, path)
        for statement in (
            "UPDATE proof_checkpoint SET size = 7",
            "DELETE FROM proof_checkpoint",
            "DELETE FROM proof_key",
        ):
            with pytest.raises(LedgerError, match="never changed or deleted"), store.writing() as writing:
                writing.rows(statement)  # type: ignore[attr-defined]


class TestSigningOnSqlite(OnSqlite, SigningContract):
    pass


class TestSigningOnPostgres(OnPostgres, SigningContract):
    pass
