"""What signs for the log: each checkpoint against the tree, its signatures against the keys."""

from collections.abc import Iterator
from hashlib import sha256, sha384, sha512

from adapters.audit.fault import Fault, fault
from adapters.audit.signers import Signers, holds
from adapters.audit.whole import Whole
from adapters.evidence.signed import Cosignature, Signed, Timestamp
from adapters.evidence.verify import NotProvenError, parse_checkpoint, parse_key, split_note

BEING_SIGNED = 600_000_000
"""Microseconds for which heads may wait for their checkpoint: the signer is at it."""


def check_checkpoint(signed: Signed, origin: str, whole: Whole, signers: Signers) -> Iterator[Fault]:
    """What is wrong with a checkpoint: its note, its root, who signed it."""
    where = f"checkpoint of {signed.size} leaves", f"point de contrôle de {signed.size} feuilles"
    try:
        text, lines = split_note(signed.note)
        said = parse_checkpoint(text)
    except (NotProvenError, AttributeError) as error:
        yield _wrong(where, f"cannot be read: {error}", f"illisible : {error}")
        return
    if (said.origin, said.size, said.root) != (origin, signed.size, signed.root):
        yield _wrong(where, "its row is not what its note says", "sa ligne n'est pas ce que dit sa note")
    found = whole.roots.get(said.size)
    if found is not None and found != said.root:
        yield _wrong(
            where,
            "the leaves before it do not give the root that was signed: the log was changed",
            "les feuilles qui le précèdent ne donnent pas la racine signée : le journal a été changé",
        )
    if said.size not in whole.signed_for:
        yield _wrong(where, "no entry of heads ends it", "aucune entrée de têtes ne le termine")
    if not signers.signed(text, lines, said.size):
        yield _wrong(where, "no key of the log signed it", "aucune clé du journal ne l'a signé")


def check_cosignature(signed: Signed, made: Cosignature) -> Iterator[Fault]:
    """What is wrong with a witness's signature of a checkpoint, by the key it stands under."""
    try:
        text, lines = split_note(signed.note + made.line.encode())
        sound = holds(parse_key(made.key), text, lines[-1:])
    except (NotProvenError, AttributeError, TypeError):
        sound = False
    if not sound:
        where = f"checkpoint of {made.size} leaves", f"point de contrôle de {made.size} feuilles"
        yield _wrong(
            where, f"the cosignature of {made.key} is not one", f"la cosignature de {made.key} n'en est pas une"
        )


def check_timestamp(signed: Signed, made: Timestamp) -> Iterator[Fault]:
    """Whether a timestamp is over the checkpoint it stands beside; who made it is told with the roots, elsewhere."""
    if not any(digest(signed.note).digest() in made.token for digest in (sha256, sha384, sha512)):
        where = f"checkpoint of {made.size} leaves", f"point de contrôle de {made.size} feuilles"
        said = (
            f"the timestamp of {made.authority} is of something else",
            f"l'horodatage de {made.authority} est d'autre chose",
        )
        yield _wrong(where, *said)


def _wrong(where: tuple[str, str], english: str, french: str) -> Fault:
    return fault("checkpoint", (f"{where[0]}: {english}", f"{where[1]} : {french}"))
