"""Every case of a folder by the live path, in one process: ``python -m tests.live.cases FOLDER``.

A case is a JSON object with ``events``, ``at``, and perhaps ``known_at`` and ``readings``; each has its own ledger.
Exit status 1 if a statement is not the one that ``greffe replay`` prints of the same events.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.logs import start_logs
from tests.live.path import Question, Recording, by_http, by_kafka, live, replayed
from tests.support.postgres import postgres_server
from tools.broker import broker_server


def cases_in(folder: Path) -> Iterator[dict[str, Any]]:
    """The cases of a folder that have events."""
    for path in sorted(folder.glob("*.json")):
        case = json.loads(path.read_text("utf-8"))
        if case.get("events"):
            yield case


def is_same(case: dict[str, Any], record: Recording, address: str | None = None) -> bool:
    """Whether the live statement of a case is the replayed one, byte for byte."""
    readings = tuple(f"{name}={value}" for name, value in case.get("readings", {}).items())
    question = Question(case["at"], case.get("known_at"), readings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "facts.jsonl")
        path.write_text("".join(json.dumps(event) + "\n" for event in case["events"]), "utf-8")
        found = live(case["events"], question, address or str(Path(folder, "greffe.db")), record)
        return found == replayed(path, question)


def main() -> int:
    """Runs them all, and says how many are the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kafka", action="store_true", help="through a broker started here (default: over HTTP)")
    parser.add_argument("--postgres", action="store_true", help="into PostgreSQL started here (default: SQLite)")
    chosen = parser.parse_args()
    start_logs(TelemetrySettings(log_level="error"))
    same = different = 0
    with ExitStack() as stack:
        record = by_kafka(stack.enter_context(broker_server())) if chosen.kafka else by_http
        server = stack.enter_context(postgres_server()) if chosen.postgres else None
        for case in cases_in(chosen.folder):
            address = None
            if server is not None:
                address = f"postgresql://{server.user}@127.0.0.1:{server.port}/{server.create_database()}"
            if is_same(case, record, address):
                same += 1
            else:
                different += 1
                sys.stdout.write(f"DIFFERENT {case.get('id')}\n")
    sys.stdout.write(f"{same} the same by the live path, {different} different\n")
    return 1 if different or not same else 0


if __name__ == "__main__":
    sys.exit(main())
