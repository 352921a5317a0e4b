"""What stands in a stored event where a person's value was: which key seals it, the sealed bytes, its field's leaf."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from typing import NamedTuple, Self

MARK = "greffe-sealed:"
PREFIX = f"{MARK}v1:"
_SHAPE = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{16}}):([A-Za-z0-9+/]+={{0,2}}):([0-9a-f]{{64}})")

ERASED = "[erased]"
"""What is read where the person was erased: a fact of the ledger says so."""
UNAVAILABLE = "[key not available]"
"""What is read where the key is missing and nobody erased the person: a loss, not an erasure."""
SEALED = "[sealed]"
"""What is read by who may not open it."""


class Token(NamedTuple):
    """A sealed value. ``leaf`` is that of its field in the log, made with a salt that is sealed with the value."""

    key: str
    sealed: bytes
    leaf: bytes

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The token in a text; None for any other text."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        try:
            return cls(found[1], b64decode(found[2], validate=True), bytes.fromhex(found[3]))
        except Error:
            return None

    def __str__(self) -> str:
        return f"{PREFIX}{self.key}:{b64encode(self.sealed).decode()}:{self.leaf.hex()}"


def shortened(text: str) -> str:
    """A sealed value as facts are read with it: short, the same for the same value of the same fact, and unreadable."""
    return f"{MARK}{text[-64:]}" if text.startswith(PREFIX) else text
