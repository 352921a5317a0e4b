"""A short fuzz at every run; the long one is ``python -m tests.faults.fuzz``."""

from pathlib import Path

from tests.faults.fuzz import run
from tests.faults.mutations import CONTRACTS, golden


def test_changed_messages_are_each_applied_known_waiting_or_in_quarantine(tmp_path: Path) -> None:
    whole = CONTRACTS * len(golden())
    counts, wrong = run(str(tmp_path / "fuzz.db"), 2, whole + 1_500)
    assert wrong == []
    assert counts["recorded"] > whole / 2
    assert min(counts["duplicates"], counts["quarantined"]) > 100
