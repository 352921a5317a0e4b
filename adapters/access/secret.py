"""The secret of an API key: ``greffe_`` + 43 characters of 256 random bits + 6 of a checksum.

The prefix and the checksum let a secret scanner tell a leaked key from any other text without asking us, and let us
refuse a mistyped one without a look at the store. Kept at rest is the SHA-256 of the whole: a slow hash protects a
password because people choose guessable ones; 256 random bits cannot be guessed however fast each guess is, and a
fast hash keeps a request cheap. Without the secret the digest opens nothing.
"""

import hmac
import re
from hashlib import sha256
from zlib import crc32

PREFIX = "greffe_"
RANDOM_BYTES = 32
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS, _CHECK_CHARACTERS = 43, 6
_SHAPE = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM_CHARACTERS + _CHECK_CHARACTERS}}}", re.ASCII)


def secret_from(random: bytes) -> str:
    """The secret made of 32 random bytes, which the caller draws from the system's generator."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a secret is made of {RANDOM_BYTES} random bytes, not {len(random)}")
    body = PREFIX + _base62(int.from_bytes(random), _RANDOM_CHARACTERS)
    return body + _checksum(body)


def well_formed(text: str) -> bool:
    """Whether a text has the shape and the checksum of a secret."""
    if not _SHAPE.fullmatch(text):
        return False
    body, check = text[:-_CHECK_CHARACTERS], text[-_CHECK_CHARACTERS:]
    return hmac.compare_digest(check, _checksum(body))


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode()).digest()


def same(one: bytes, other: bytes) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def _checksum(body: str) -> str:
    return _base62(crc32(body.encode()), _CHECK_CHARACTERS)


def _base62(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
