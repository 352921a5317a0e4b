"""A short fuzz at every run; the long one is ``python -m tests.faults.fuzz``."""

from pathlib import Path

from tests.faults.fuzz import FEWEST_CONTRACTS, run
from tests.faults.mutations import golden


def test_changed_messages_are_each_applied_known_waiting_or_in_quarantine(tmp_path: Path) -> None:
    whole = FEWEST_CONTRACTS * len(golden())
    counts, wrong = run(str(tmp_path / "fuzz.db"), 2, whole + 2_000)
    assert wrong == []
    assert counts["recorded"] > whole / 2
    assert min(counts["duplicates"], counts["quarantined"]) > 100
