"""Signing: notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.evidence.verify import COSIGNATURE, ED25519, Checkpoint, Key, cosigned, key_id


class Signer:
    """A private key with the name it signs under. ``algorithm`` is that of a log or of a witness."""

    def __init__(self, name: str, private: Ed25519PrivateKey, algorithm: int = ED25519) -> None:
        public = private.public_key().public_bytes_raw()
        self.key = Key(name, key_id(name, bytes([algorithm]) + public), algorithm, public)
        self._private = private

    def line(self, text: str, time: int = 0) -> str:
        """The signature line of a text; ``time`` (POSIX seconds) is said by witnesses only."""
        if self.key.algorithm == COSIGNATURE:
            signature = time.to_bytes(8, "big") + self._private.sign(cosigned(text, time))
        else:
            signature = self._private.sign(text.encode())
        return f"\u2014 {self.key.name} {_encoded(self.key.id + signature)}\n"


def verifier(key: Key) -> str:
    """The key as it is printed and given by hand: ``name+hash+base64``."""
    return f"{key.name}+{key.id.hex()}+{_encoded(bytes([key.algorithm]) + key.public)}"


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """The text of a checkpoint, to be signed."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{_encoded(checkpoint.root)}\n"


def signed(text: str, *lines: str) -> bytes:
    """The note of a text with its signature lines."""
    return f"{text}\n{''.join(lines)}".encode()


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()
