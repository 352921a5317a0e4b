"""Facts to stored events and back: the event as it was received, wrapped with the instant the ledger came to know it.

The stored topic is the public type of the fact, never the name of a Python module; upcasters run when it is read.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import blake2b

from pydantic_core import from_json

from domain.events.decode import decode
from domain.fact import AnyFact
from domain.time.instant import Instant, format_instant, parse_instant

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
    """The fact in a stored event, upcast to its current version."""
    wrapper = from_json(state)
    return decode(wrapper["event"], parse_instant(wrapper["recorded"]))


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
