"""From a file of a tool's messages to the ledger, one message a line; what cannot be mapped is held as it came."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import BinaryIO

from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.mappings.apply import map_message
from adapters.mappings.files import message_lines
from adapters.mappings.model import Mapping
from domain.time.instant import Instant

BATCH = 500


def ingest_messages(
    ledger: Ledger,
    stream: BinaryIO,
    name: str,
    clock: Callable[[], Instant],
    mappings: Sequence[Mapping],
    *,
    on_bytes: Callable[[int], None] | None = None,
) -> Outcome:
    """Records what the mappings make of every line; the facts of a message are committed together."""
    outcome = Outcome()
    lines = message_lines(stream)
    while read := list(islice(lines, BATCH)):
        received = [
            Received(body, name, fact, number) for number, line, _ in read for body, fact in map_message(mappings, line)
        ]
        outcome += ledger.record(received, clock())
        if on_bytes is not None:
            on_bytes(sum(size for *_, size in read))
    return outcome
