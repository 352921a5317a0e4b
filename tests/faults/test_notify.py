"""A short campaign against the notifier; ``python -m tests.faults.notify`` runs the long one."""

from pathlib import Path

from tests.faults.notified import Campaign, Plan
from tests.support.mailbox import hook_server, mail_server


def test_a_notifier_that_is_killed_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    plan = Plan(kills=1, contracts=6, longest=0.05)
    with mail_server() as mailbox, hook_server() as hook:
        counts = Campaign(plan, str(tmp_path / "ledger.db"), tmp_path, mailbox, hook).run()
    assert counts.is_sound
    assert (counts.due, counts.received, counts.doubles) == (24, 24, 0)
