"""``python -m tests.faults.notify``: kills the notifier while notifications are due; prints what came, and what twice.

0 when nothing was lost and nothing came twice without saying so, 1 when not.
"""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, fields
from pathlib import Path

from tests.faults.notified import TARGETS, Campaign, Plan
from tests.support.mailbox import hook_server, mail_server
from tests.support.postgres import postgres_server


def main() -> int:
    """Runs a campaign on each store that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.notify", description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    choices = {"target": TARGETS, "on_doubt": ("tell", "resend")}
    for field in fields(Plan):
        name = f"--{field.name.replace('_', '-')}"
        parser.add_argument(name, type=type(field.default), default=field.default, choices=choices.get(field.name))
    chosen = parser.parse_args()
    plan = Plan(**{field.name: getattr(chosen, field.name) for field in fields(Plan)})
    stores = ("sqlite", "postgresql") if chosen.store == "both" else (chosen.store,)
    return max(_run(store, plan) for store in stores)


def _run(store: str, plan: Plan) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="greffe-notify-")))
        mailbox, hook = stack.enter_context(mail_server()), stack.enter_context(hook_server())
        address = str(folder / "ledger.db")
        if store == "postgresql":
            server = stack.enter_context(postgres_server())
            address = server.url(server.create_database())
        counts = Campaign(plan, address, folder, mailbox, hook).run()
        sys.stdout.write(json.dumps({"store": store, "target": plan.target, **asdict(counts)}) + "\n")
        sys.stdout.flush()
        return 0 if counts.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
