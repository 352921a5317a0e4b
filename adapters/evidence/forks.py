"""Whether checkpoints that were shown to several parties are of one history.

Each is signed by the log itself, so two that cannot be of one history prove that it has shown two: a fork.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from adapters.evidence.verify import (
    Checkpoint,
    Key,
    NotProvenError,
    Receipt,
    check_consistency,
    check_receipt,
    decoded,
    hex_members,
    member,
    open_checkpoint,
    parse_canonical,
    unpack,
)
from adapters.saying import french_of
from domain.errors import GreffeError

MOST_BYTES = 512 * 1024 * 1024
ZIP = b"PK\x03\x04"
Proofs = Mapping[tuple[int, int], Sequence[bytes]]
"""By (size of the smaller tree, size of the greater)."""


class UnreadableError(GreffeError):
    """A file is neither a receipt nor a bundle; the text says which and why."""


class IncomparableError(GreffeError):
    """Whether two checkpoints are of one history cannot be said without a proof of consistency."""


class Shown(NamedTuple):
    """A checkpoint, who showed it, and the receipt that it comes from, if it comes from one."""

    name: str
    checkpoint: Checkpoint
    receipt: Receipt | None = None


class Fork(NamedTuple):
    """Two checkpoints of one log that are not of one history, and what shows it."""

    one: Shown
    other: Shown
    why: str


def read(path: Path, key: Key, proofs: dict[tuple[int, int], Sequence[bytes]]) -> Shown:
    """The checkpoint of a receipt or of a bundle, once it holds; a bundle's proof of consistency goes to ``proofs``.

    Raises UnreadableError for another file, NotProvenError for what does not hold.
    """
    content = content_of(path)
    if not content.startswith(ZIP):
        receipt = check_receipt(_json(path, content), key)
        return Shown(str(path), receipt.checkpoint, receipt)
    members = unpack(content)
    try:
        said = parse_canonical(members["handovers.json"])
        handovers = [each.encode() for each in said]
        checkpoint = open_checkpoint(members["checkpoint"], key, handovers)
    except (KeyError, AttributeError, TypeError, ValueError):
        raise UnreadableError(f"{path}: not a bundle", f"{path} : n'est pas un dossier") from None
    if "consistency.json" in members:
        said = parse_canonical(members["consistency.json"])
        proofs[member(said, "size", int), checkpoint.size] = hex_members(said, "proof")
    return Shown(str(path), checkpoint)


def read_proof(path: Path, proofs: dict[tuple[int, int], Sequence[bytes]]) -> None:
    """Adds the proof that ``GET /v1/log/consistency`` answers with. Raises UnreadableError."""
    said = _json(path, content_of(path))
    try:
        proofs[member(said, "from", int), member(said, "to", int)] = hex_members(said, "proof")
    except NotProvenError as error:
        raise UnreadableError(
            f"{path}: not a proof of consistency: {error}",
            f"{path} : n'est pas une preuve de cohérence : {french_of(error)}",
        ) from None


def fork_among(
    shown: Sequence[Shown], proofs: Proofs, ask: Callable[[int, int], Sequence[bytes]] | None
) -> Fork | None:
    """The first two that are not of one history; None where all are.

    ``ask`` gives a proof that is not among ``proofs``, or raises ValueError where the ledger has none. Raises
    IncomparableError where a proof is missing and nobody can be asked.
    """
    for one, other in pairwise(sorted(shown, key=lambda each: each.checkpoint.size)):
        old, new = one.checkpoint, other.checkpoint
        if old.origin != new.origin:
            raise IncomparableError(
                f"{one.name} is of the log {old.origin}, {other.name} of {new.origin}",
                f"{one.name} est du journal {old.origin}, {other.name} de {new.origin}",
            )
        if old.size == new.size:
            if old.root != new.root:
                return Fork(one, other, f"two roots were signed for {old.size} entries")
            continue
        try:
            proof = proofs.get((old.size, new.size))
            if proof is None:
                if ask is None:
                    raise IncomparableError(
                        f"{one.name} is of {old.size} entries and {other.name} of {new.size}: give a proof of"
                        " consistency between these sizes (--proof), or the ledger (--ledger)",
                        f"{one.name} est de {old.size} entrées et {other.name} de {new.size} : donnez une preuve de"
                        " cohérence entre ces tailles (--proof), ou le registre (--ledger)",
                    )
                proof = ask(old.size, new.size)
            check_consistency(old.size, new.size, proof, old.root, new.root)
        except (NotProvenError, ValueError) as error:
            return Fork(one, other, f"no proof leads from {old.size} entries to {new.size}: {error}")
    return None


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises UnreadableError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}", f"{path} : {french_of(error)}") from None
    if len(content) > MOST_BYTES:
        raise UnreadableError(
            f"{path}: too large for a receipt or a bundle", f"{path} : trop grand pour un reçu ou un dossier"
        )
    return content


def _json(path: Path, content: bytes) -> Any:
    try:
        return decoded(content.decode())
    except (NotProvenError, UnicodeDecodeError):
        raise UnreadableError(f"{path}: neither a receipt nor a bundle", f"{path} : ni reçu ni dossier") from None
