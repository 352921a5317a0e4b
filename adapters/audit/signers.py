"""Who may sign for the log: the keys given, or else those the ledger lists, and those they hand over to."""

from collections.abc import Iterator, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.audit.fault import Fault, fault
from adapters.evidence.notes import verifier
from adapters.evidence.signed import SigningKey
from adapters.evidence.verify import COSIGNATURE, Key, NotProvenError, Reign, cosigned, parse_key, reigns

Line = tuple[str, bytes, bytes, str]
"""A signature line of a note: name, key id, signature, and the line itself."""


class Signers:
    """The keys that sign, each for checkpoints of some sizes. There are many checkpoints: each is verified quickly."""

    def __init__(self, listed: Sequence[SigningKey], given: Sequence[Key]) -> None:
        self._listed = listed
        self._given = given
        self._handovers = [row.note for row in listed if isinstance(row.note, bytes)]
        first = [key for row in listed if row.note is None and (key := _key(row.key)) is not None]
        self._own = [reign for key in first for reign in self._reigns(key)]
        self._reigning = [reign for key in given for reign in self._reigns(key)] if given else self._own

    def signed(self, text: str, lines: Sequence[Line], size: int) -> bool:
        """Whether one that reigned at this size signed the text."""
        return any(
            reign.after < size <= (size if reign.until is None else reign.until) and holds(reign.key, text, lines)
            for reign in self._reigning
        )

    def faults(self) -> Iterator[Fault]:
        """What is wrong with the list of keys that the ledger keeps."""
        since = {verifier(reign.key): reign.after for reign in self._own if reign.after >= 0}
        for number, row in enumerate(self._listed, 1):
            begins = row.note is None and _key(row.key) is not None and (number > 1 or row.since == 0)
            if row.number != number or not (begins or since.get(row.key) == row.since):
                words = (
                    f"key {row.number} of the log, {row.key}: no key before it handed over to it so",
                    f"clé {row.number} du journal, {row.key} : aucune clé avant elle ne lui a ainsi passé la main",
                )
                yield fault("signing-key", words)
        for key in self._given:
            if verifier(key) not in {row.key for row in self._listed}:
                words = (
                    f"the ledger does not list the key that was given, {verifier(key)}",
                    f"le registre ne connaît pas la clé donnée, {verifier(key)}",
                )
                yield fault("signing-key", words)

    def _reigns(self, key: Key) -> list[Reign]:
        try:
            return reigns(key, self._handovers)
        except NotProvenError:
            return [Reign(key, -1, None)]


def holds(key: Key, text: str, lines: Sequence[Line]) -> bool:
    """Whether one of the lines is the key's signature of the text."""
    public = Ed25519PublicKey.from_public_bytes(key.public)
    for name, key_id, signature, _ in lines:
        if (name, key_id) != (key.name, key.id):
            continue
        message, found = text.encode(), signature
        if key.algorithm == COSIGNATURE:
            message, found = cosigned(text, int.from_bytes(signature[:8], "big")), signature[8:]
        try:
            public.verify(found, message)
        except InvalidSignature:
            return False
        return True
    return False


def _key(text: object) -> Key | None:
    try:
        return parse_key(str(text))
    except (NotProvenError, ValueError):
        return None
