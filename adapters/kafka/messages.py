"""From a message to what the ledger takes in: its bytes, where it was, the fact it states or why it states none."""

from collections.abc import Sequence
from typing import Any

from adapters.cloudevents import MAX_BYTES, as_structured, decode_message, decode_structured, headers_text, too_long
from adapters.eventstore.batch import Received
from adapters.mappings.apply import map_message
from adapters.mappings.model import Mapping
from domain.errors import UndecodableEventError
from domain.time.instant import Instant

Headers = Sequence[tuple[str, bytes | None]]


def place_of(topic: str, partition: int, offset: int) -> str:
    """Where a message is, as people read it: ``greffe.events[3]@42``."""
    return f"{topic}[{partition}]@{offset}"


def position_name(topic: str, partition: int) -> str:
    """The name under which the ledger keeps the offset of the next message of a partition."""
    return f"kafka:{topic}:{partition}"


def received_of(record: Any, recorded: Instant) -> Received:
    """The message as the ledger takes it. A message without a value states nothing, and is refused like any other.

    A fact in binary mode is kept in structured form, so that the ledger holds one form alone; what cannot be read is
    kept byte for byte. Either way the headers are kept beside what is refused.
    """
    value: bytes = record.value or b""
    headers: Headers = record.headers
    origin = place_of(record.topic, record.partition, record.offset)
    try:
        if not headers:
            return Received(value, origin, decode_structured(value, recorded))
        fact = decode_message(headers, value, recorded)
        body = as_structured(headers, value)
        if len(body) > MAX_BYTES:
            raise too_long(MAX_BYTES)
    except UndecodableEventError as error:
        return Received(value, origin, error, headers=headers_text(headers))
    return Received(body, origin, fact, headers=headers_text(headers))


def mapped_of(record: Any, mappings: Sequence[Mapping], recorded: Instant) -> list[Received]:
    """What the mappings make of a tool's message: its facts, none if it is ignored, and what could not be mapped."""
    origin = place_of(record.topic, record.partition, record.offset)
    return [
        Received(body, origin, fact, headers=headers_text(record.headers))
        for body, fact in map_message(mappings, record.value or b"", recorded)
    ]
