"""From a file of facts to the ledger: read, decode, record in batches; what cannot be applied is held."""

from collections.abc import Callable
from itertools import islice
from typing import BinaryIO

from adapters.cloudevents import read_jsonl
from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.files import collection_paused
from domain.time.instant import Instant

BATCH = 1_000
"""Large enough that a commit costs little per fact, small enough that its facts stay in the processor's cache."""


def ingest_file(
    ledger: Ledger,
    stream: BinaryIO,
    name: str,
    clock: Callable[[], Instant],
    on_bytes: Callable[[int], None] | None = None,
    *,
    batch: int = BATCH,
) -> Outcome:
    """Records every line of a stream; each batch is one transaction stamped by the clock. Empty lines are skipped."""
    outcome = Outcome()
    with collection_paused():
        lines = read_jsonl(stream)
        while read := list(islice(lines, batch)):
            outcome += ledger.record([Received(raw, name, fact, number) for number, fact, _, raw in read], clock())
            if on_bytes is not None:
                on_bytes(sum(line.size for line in read))
            read.clear()  # before the next facts are made, in the same memory
    return outcome
