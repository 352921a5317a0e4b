"""A few hundred changed bundles at every run; ten thousand are ``python -m tests.faults.tampering``."""

from tests.faults.changed_bundles import CLASSES
from tests.faults.tampering import run
from tests.support.histories import Histories


def test_every_changed_bundle_is_refused_and_nothing_crashes(world: Histories) -> None:
    told, wrong = run(world, 300, 3)
    assert wrong == []
    assert len(told) == len(CLASSES) + 1
    assert sum(sum(counts.values()) for counts in told.values()) >= 240
