"""``greffe replay`` by the live path: ``python -m tests.live.greffe replay FILE --at T --format json``.

Whatever judges ``greffe replay`` judges the live path by this command instead. The facts go into a new ledger (SQLite,
or the database of ``LIVE_LEDGER``) by HTTP, or through the broker that ``LIVE_BROKER`` names (``host:port``); the
statement comes from the API of a server, and is printed once it is found to be the one that replay prints. Exit status
1 if it is not. Any other command is greffe's own.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.logs import start_logs
from api.cli.main import main as greffe
from tests.live.path import Question, by_http, by_kafka, events_in, live, replayed
from tools.broker import Broker


def main() -> int:
    """Runs one command."""
    if sys.argv[1:2] != ["replay"]:
        return greffe()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command")
    parser.add_argument("file", type=Path)
    parser.add_argument("--at", required=True)
    parser.add_argument("--known-at")
    parser.add_argument("--reading", action="append", default=[])
    parser.add_argument("--format", choices=("json",))
    chosen = parser.parse_args()
    start_logs(TelemetrySettings(log_level="error"))
    question = Question(chosen.at, chosen.known_at, tuple(chosen.reading))
    broker = os.environ.get("LIVE_BROKER")
    record = by_kafka(_running(broker)) if broker else by_http
    with tempfile.TemporaryDirectory() as folder:
        address = os.environ.get("LIVE_LEDGER", str(Path(folder, "greffe.db")))
        found = live(events_in(chosen.file), question, address, record)
    sys.stdout.write(found.decode())
    if found != replayed(chosen.file, question):
        sys.stderr.write("the live statement is not the one that replay prints\n")
        return 1
    return 0


def _running(bootstrap: str) -> Broker:
    """A broker that somebody else started."""
    return Broker(Path(), "", Path(), {"PLAINTEXT": int(bootstrap.rpartition(":")[2])})


if __name__ == "__main__":
    sys.exit(main())
