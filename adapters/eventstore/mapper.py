"""Facts to stored events and back: the event as it was received, wrapped with the instant the ledger came to know it.

The stored topic is the public type of the fact, never the name of a Python module; upcasters run when it is read.
"""

from hashlib import blake2b

from eventsourcing.persistence import StoredEvent
from pydantic_core import from_json

from domain.events.decode import decode
from domain.fact import AnyFact
from domain.time.instant import Instant, format_instant, parse_instant

KEY_BYTES = 16
CONTENT_BYTES = 32


def stored(stream: str, version: int, topic: str, received: bytes, recorded: str) -> StoredEvent:
    """The stored form of one received event. ``recorded`` is the ledger's own stamp as RFC 3339 text."""
    state = b'{"recorded":"%b","event":%b}' % (recorded.encode(), received)
    return StoredEvent(originator_id=stream, originator_version=version, topic=topic, state=state)


def fact_of(state: bytes) -> AnyFact:
    """The fact in a stored event, upcast to its current version."""
    wrapper = from_json(state)
    return decode(wrapper["event"], parse_instant(wrapper["recorded"]))


def stamp(instant: Instant) -> str:
    """The ledger's stamp as stored text."""
    return format_instant(instant)


def key_of(source: str, fact_id: str) -> bytes:
    """The idempotency key of a fact: 16 bytes over its source and id."""
    return blake2b(f"{source}\n{fact_id}".encode(), digest_size=KEY_BYTES).digest()


def content_of(received: bytes) -> bytes:
    """A hash of the bytes received: equal bytes are the same fact; others are compared decoded."""
    return blake2b(received, digest_size=CONTENT_BYTES).digest()
