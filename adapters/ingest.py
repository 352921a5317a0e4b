"""From a file of facts to the ledger: read, decode, record in batches; what cannot be applied is held."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from adapters.cloudevents import read_jsonl
from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.files import collection_paused
from domain.time.instant import Instant

BATCH = 5_000


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
        lines = _received(stream, name, on_bytes)
        while items := list(islice(lines, batch)):
            outcome += ledger.record(items, clock())
    return outcome


def _received(stream: BinaryIO, name: str, on_bytes: Callable[[int], None] | None) -> Iterator[Received]:
    for line in read_jsonl(stream):
        yield Received(line.raw, name, line.fact, line.number)
        if on_bytes is not None:
            on_bytes(line.size)
