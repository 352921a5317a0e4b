"""``python -m tests.faults.zombie``: a worker that stops, as by SIGSTOP, with its first batch in hand.

Continued, it goes on as if nothing had been: it learns that it was declared dead only after it has tried to record.
"""

import json
import os
import signal
import sys

from adapters.clock import now
from adapters.kafka.figures import FENCED
from adapters.kafka.ingest import ingest_topic
from adapters.settings.load import load
from adapters.telemetry.logs import start_logs
from api.cli.stopping import stop_on_signals
from domain.time.instant import Instant


def main() -> int:
    """Works until it is told to stop; prints what it recorded and how many batches it gave up."""
    settings = load(os.environ, None).settings
    start_logs(settings.telemetry)
    calls = 0
    stopped = False

    def clock() -> Instant:
        """Asked a second time in the same round, the worker is about to record what it has read."""
        nonlocal calls, stopped
        calls += 1
        if calls == 2 and not stopped:
            stopped = True
            os.kill(os.getpid(), signal.SIGSTOP)
        return now()

    with stop_on_signals() as stopping:

        def next_round() -> bool:
            nonlocal calls
            calls = 0
            return stopping()

        outcome = ingest_topic(os.environ["GREFFE_LEDGER"], settings.kafka, [], clock, next_round, views=False)
    fenced = sum(
        sample.value for metric in FENCED.collect() for sample in metric.samples if sample.name[-6:] == "_total"
    )
    sys.stdout.write(json.dumps({**outcome.counts(), "fenced": fenced}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
