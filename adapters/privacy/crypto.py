"""How a value is sealed: AES-256-GCM under a key of its person, bound to its place in its fact.

The same value at the same place gives the same token under the same key: nonce and salt come from the value and its
place by a keyed hash (RFC 8452 calls such a nonce synthetic). So a fact that is sent twice is the same fact twice, and
nothing but the key tells whether a guess is right. The leaf commits to the salted value, not to the sealed bytes, for
which GCM would accept several keys.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256, sha512
from typing import NamedTuple

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.privacy.token import Token
from domain.errors import GreffeError

KEY_BYTES = SALT_BYTES = 32
NONCE_BYTES = 12
_PURPOSE = b"greffe/seal/v1"


class UnsoundSealError(GreffeError):
    """A sealed value that its own key does not open: it was altered, or moved from elsewhere."""


class Plain(NamedTuple):
    """A value that was sealed, and the salt of its leaf."""

    value: str
    salt: bytes


def seal(key_id: str, key: bytes, value: str, place: Sequence[str]) -> Token:
    """The value sealed at a place: the subject, source and id of its fact and, last, the dotted path."""
    opening, deriving = _pair(key)
    about, plain = rfc8785.dumps(list(place)), value.encode()
    drawn = hmac.digest(deriving, about + b"\0" + plain, sha512)
    salt, nonce = drawn[:SALT_BYTES], drawn[SALT_BYTES : SALT_BYTES + NONCE_BYTES]
    sealed = nonce + AESGCM(opening).encrypt(nonce, salt + plain, about)
    return Token(key_id, sealed, leaf_of(place[-1], value, salt))


def unseal(token: Token, key: bytes, place: Sequence[str]) -> Plain:
    """The value in a token. Raises UnsoundSealError for one that was not made so, with this key, at this place."""
    nonce, sealed = token.sealed[:NONCE_BYTES], token.sealed[NONCE_BYTES:]
    try:
        opened = AESGCM(_pair(key)[0]).decrypt(nonce, sealed, rfc8785.dumps(list(place)))
        plain = Plain(opened[SALT_BYTES:].decode(), opened[:SALT_BYTES])
    except (InvalidTag, ValueError):
        raise UnsoundSealError(
            f"{place[-1]}: a sealed value was altered", f"{place[-1]} : une valeur scellée a été altérée"
        ) from None
    if leaf_of(place[-1], *plain) != token.leaf:
        raise UnsoundSealError(
            f"{place[-1]}: a sealed value is not what its leaf says",
            f"{place[-1]} : une valeur scellée n'est pas ce que dit sa feuille",
        )
    return plain


def leaf_of(path: str, value: str, salt: bytes) -> bytes:
    """The leaf of a field in the log."""
    return sha256(b"\0" + salt + rfc8785.dumps([path, value])).digest()


def _pair(key: bytes) -> tuple[bytes, bytes]:
    """Two keys of a person's one: what encrypts, and what nonces and salts are drawn with."""
    both = hmac.digest(key, _PURPOSE, sha512)
    return both[:KEY_BYTES], both[KEY_BYTES:]
