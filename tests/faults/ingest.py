"""``python -m tests.faults.ingest``: kills, restarts, duplicates and disorder over one run; prints the counts.

0 when the ledger holds each fact exactly once and every statement equals a clean replay, 1 when not.
"""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

from tests.faults.campaign import Campaign, Plan
from tests.support.postgres import postgres_server
from tools.broker import broker_server


def main() -> int:
    """Runs a campaign on each store that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    for field in fields(Plan):
        kind = type(field.default)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    chosen = parser.parse_args()
    plan = Plan(**{field.name: getattr(chosen, field.name) for field in fields(Plan)})
    stores = ("sqlite", "postgresql") if chosen.store == "both" else (chosen.store,)
    return max(_run(store, plan) for store in stores)


def _run(store: str, plan: Plan) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="greffe-faults-")))
        broker = stack.enter_context(broker_server())
        restart = None
        ledger = str(folder / "ledger.db")
        if store == "postgresql":
            server = stack.enter_context(postgres_server())
            ledger = server.url(server.create_database())

            def restart() -> None:
                server.stop("immediate")
                server.start()

        say = lambda text: sys.stderr.write(f"{store}: {text}\n")  # noqa: E731 - one line of progress
        verdict, told = Campaign(plan, broker, ledger, folder, restart, say).run()
        sys.stdout.write(json.dumps({"store": store, "seed": plan.seed, **told, **verdict.as_json()}) + "\n")
        sys.stdout.flush()
        return 0 if verdict.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
