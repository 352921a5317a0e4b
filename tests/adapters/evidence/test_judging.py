"""Receipts judged against the log of a ledger: its own, one that forked or was put back, a stranger's."""

import shutil
from pathlib import Path

import pytest

from adapters.bootstrap import opened
from adapters.evidence.judging import Judge, judge_receipt
from adapters.evidence.receipt import Receipts
from adapters.evidence.verify import Key
from projections.spelling import dump
from tests.support.proving import contracts, log_key, sign


@pytest.fixture
def told(tmp_path: Path) -> tuple[Path, Key, bytes]:
    """A folder with a signed ledger as it was, another as it went on, the log's key, and a receipt of the latter."""
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    with opened(str(before / "greffe.db"), create=True) as store:
        path, key = log_key(store, before)
        contracts(store, 3)
        sign(store, path)
    shutil.copytree(before, after)
    with opened(str(after / "greffe.db")) as store:
        contracts(store, 2, first=10)
        sign(store, after / path.name)
        return tmp_path, key, dump(Receipts(store).of("C-1")).encode()


def test_receipt_of_this_very_log_is_continued(told: tuple[Path, Key, bytes]) -> None:
    folder, key, receipt = told
    with opened(str(folder / "after" / "greffe.db")) as store:
        judged = judge_receipt(receipt, key, store, "en")
        assert (judged.outcome, judged.said) == ("holds", [("continued", ["7", "7"])])
        contracts(store, 1, first=20)
        sign(store, folder / "after" / "sign.key")
        assert judge_receipt(receipt, key, store, "en").said == [("continued", ["7", "9"])]


def test_ledger_that_was_put_back_or_went_another_way_shows_a_fork(told: tuple[Path, Key, bytes]) -> None:
    folder, key, receipt = told
    with opened(str(folder / "before" / "greffe.db")) as store:
        assert judge_receipt(receipt, key, store, "en").outcome == "fork"
        contracts(store, 5, first=30)
        sign(store, folder / "before" / "sign.key")
        judged = judge_receipt(receipt, key, store, "en")
        assert (judged.outcome, judged.said) == ("fork", [("fork", ["7", "10"])])


def test_receipt_of_another_log_is_told_as_a_strangers(told: tuple[Path, Key, bytes], tmp_path: Path) -> None:
    _, key, receipt = told
    with opened(str(tmp_path / "other.db"), create=True) as store:
        judged = judge_receipt(receipt, key, store, "en")
        assert judged.outcome == "holds"
        assert judged.said[0][0] == "stranger"
        assert judge_receipt(receipt, log_key(store, tmp_path)[1], store, "fr").outcome == "refused"


def test_key_that_is_none_leaves_a_bundle_unjudged() -> None:
    judged = Judge().bundle(b"PK", "x.zip", "no key", "fr")
    assert (judged.outcome, judged.why.startswith("inutilisable : --key")) == ("unusable", True)
