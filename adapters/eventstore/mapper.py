"""Facts to stored events and back: the event as it was received, wrapped with the instant the ledger came to know it.

The stored topic is the public type of the fact, never the name of a Python module; upcasters run when it is read.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pydantic_core import from_json

from adapters.cloudevents import MAX_BYTES, parse_object
from adapters.eventstore.store import Held
from adapters.privacy.token import shortened
from domain.events.decode import decode
from domain.events.personal import PERSONAL, replaced
from domain.fact import AnyFact
from domain.time.instant import Instant, format_instant, parse_instant

MOST_HELD = 4 * MAX_BYTES
"""More than sealing can make of the longest event that is taken in."""
SOURCE_BYTES = 12
CONTENT_BYTES = 16
UNREADABLE = "?"
"""How the key of bytes that no fact could be read from begins; no source's key begins like it."""
CONFLICT = "\n"
"""What stands in the key of a fact that came again with another content; in no fact's id."""


def head_of(recorded: Instant) -> bytes:
    """What comes before the received event in a stored one; a closing brace comes after it."""
    return b'{"recorded":"%b","event":' % format_instant(recorded).encode()


def fact_of(state: bytes) -> AnyFact:
    """The fact in a stored event, upcast to its current version; what is sealed stays so."""
    wrapper = from_json(state)
    event = legible(wrapper["event"])
    event.pop("recordedtime", None)  # the sender's, which does not count here
    return decode(event, parse_instant(wrapper["recorded"]))


def fact_in(entry: Held) -> AnyFact:
    """The fact in an entry of the quarantine: the ledger came to know it when it was received.

    Raises UndecodableEventError for an entry that holds none.
    """
    limit = MAX_BYTES if entry.key.startswith(UNREADABLE) else MOST_HELD
    return kept_fact(parse_object(entry.body, limit), parse_instant(entry.received))


def kept_fact(event: dict[str, Any], recorded: Instant) -> AnyFact:
    """The fact in an event whose personal values may be sealed. Raises UndecodableEventError."""
    return decode(legible(event), recorded)


def legible(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its sealed values as short as the models of facts ask for."""
    if event.get("type") not in PERSONAL or type(event.get("data")) is not dict:
        return event
    return replaced(event, lambda _, value: shortened(value))


def key_of(source: str, fact_id: str) -> str:
    """The idempotency key of a fact. Keys of one source lie in the order of its ids: quick for counters and dates."""
    return _of_source(source) + fact_id


@lru_cache(maxsize=10_000)
def _of_source(source: str) -> str:
    return urlsafe_b64encode(blake2b(source.encode(), digest_size=SOURCE_BYTES).digest()).decode()


def key_of_unreadable(content: bytes) -> str:
    """The key of bytes that no fact could be read from."""
    return f"{UNREADABLE}{content.hex()}"


def content_of(received: bytes) -> bytes:
    """A hash of the bytes received: equal bytes are the same fact; others are compared decoded."""
    return blake2b(received, digest_size=CONTENT_BYTES).digest()
