"""Private keys of logs and witnesses, one to a file that only its owner may read."""

import base64
import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.evidence.notes import Signer
from adapters.evidence.verify import COSIGNATURE, ED25519, is_name
from adapters.saying import french_of
from domain.errors import GreffeError

PREFIX = "PRIVATE+KEY"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileError(GreffeError):
    """A file of a private key cannot be made or used; the text says why."""


def make(path: Path, name: str, algorithm: int) -> Signer:
    """A new key under ``name``, written to a file that must not exist yet (mode 0600).

    Raises KeyFileError where the file exists or cannot be made, or the name has a space or a plus sign.
    """
    if not is_name(name):
        raise KeyFileError(
            f"{name!r} cannot name a key: no spaces, no plus sign",
            f"« {name} » ne peut pas nommer une clé : ni espace, ni signe plus",
        )
    private = Ed25519PrivateKey.generate()
    signer = Signer(name, private, algorithm)
    body = base64.b64encode(bytes([algorithm]) + private.private_bytes_raw()).decode()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileError(
            f"{path}: exists already; a key is never overwritten",
            f"{path} : existe déjà ; une clé n'est jamais écrasée",
        ) from None
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{PREFIX}+{name}+{signer.key.id.hex()}+{body}\n")
        file.flush()
        os.fsync(file.fileno())
    return signer


def read(path: Path) -> Signer:
    """The key of a file. Raises KeyFileError for one that others may read, or that holds no key."""
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise KeyFileError(
                    f"{path}: others may read this key; chmod 600 {path}",
                    f"{path} : d'autres peuvent lire cette clé ; chmod 600 {path}",
                )
            text = file.read()
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
    except UnicodeDecodeError:
        raise KeyFileError(f"{path}: not a private key", f"{path} : n'est pas une clé privée") from None
    try:
        return _parsed(text.removesuffix("\n"))
    except ValueError:
        raise KeyFileError(f"{path}: not a private key", f"{path} : n'est pas une clé privée") from None


def _parsed(text: str) -> Signer:
    word, key, name, digest, encoded = text.split("+", 4)
    body = base64.b64decode(encoded, validate=True)
    signer = Signer(name, Ed25519PrivateKey.from_private_bytes(body[1:]), body[0])
    if f"{word}+{key}" != PREFIX or body[0] not in {ED25519, COSIGNATURE} or signer.key.id.hex() != digest:
        raise ValueError("another key")
    return signer
