"""One log at two sizes, a fork of it, another log, and the receipts that were given along the way."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.eventstore.ledger import Ledger
from adapters.eventstore.store import Store
from adapters.evidence.headmap import HeadMap
from adapters.evidence.notes import Signer
from adapters.evidence.verify import COSIGNATURE, Key, parse_checkpoint, split_note
from domain.time.instant import Instant, parse_instant
from tests.faults.forging import Forger
from tests.support.bundles import (
    CONTRACT,
    HOUR,
    START,
    bundle_of,
    checkpointed,
    events,
    ledger_at,
    log_signer,
    record,
    signed_event,
)

EARLY = 60


@dataclass(frozen=True, slots=True)
class Histories:
    """``bundle`` is of the whole log; ``old_bundle`` of its beginning, ``fork_bundle`` of another end of that.

    ``part`` withholds, ``neighbour`` is of another contract of the log, ``other_bundle`` of another log.
    """

    key: Key
    bundle: bytes
    part: bytes
    neighbour: bytes
    old_bundle: bytes
    fork_bundle: bytes
    other_bundle: bytes
    old_receipt: bytes
    receipt: bytes
    fork_receipt: bytes
    neighbour_receipt: bytes
    other_log: str

    @property
    def size(self) -> int:
        return _said(self.bundle)[0]

    @property
    def old_size(self) -> int:
        return _said(self.old_bundle)[0]

    @property
    def old_root(self) -> bytes:
        return _said(self.old_bundle)[1]

    @property
    def fork_size(self) -> int:
        return _said(self.fork_bundle)[0]

    @property
    def fork_root(self) -> bytes:
        return _said(self.fork_bundle)[1]

    def stranger(self, random: Random) -> Key:
        """The key of somebody else under the log's name."""
        return Signer(self.key.name, Ed25519PrivateKey.from_private_bytes(random.randbytes(32))).key

    def witness(self, random: Random) -> Key:
        """A witness that has seen nothing."""
        return Signer(
            "witness.example/two", Ed25519PrivateKey.from_private_bytes(random.randbytes(32)), COSIGNATURE
        ).key

    def signed_again(self, random: Random) -> bytes:
        """The bundle with its checkpoint signed by another key under the log's name."""
        forger = Forger(self.bundle)
        text = split_note(forger.members["checkpoint"])[0]
        other = Signer(self.key.name, Ed25519PrivateKey.from_private_bytes(random.randbytes(32)))
        forger.members["checkpoint"] = f"{text}\n{other.line(text)}".encode()
        return forger.made()

    def contradictions(self) -> list[tuple[str, bytes, bytes]]:
        """(what, a bundle, a receipt) that do not go together, though each alone is right."""
        return [
            ("a receipt of the other history", self.bundle, self.fork_receipt),
            ("the other history under our receipt", self.fork_bundle, self.receipt),
            ("a bundle older than the receipt", self.old_bundle, self.receipt),
            ("a receipt the bundle was not made for", self.bundle, self.old_receipt),
            ("a receipt of another contract", self.bundle, self.neighbour_receipt),
        ]


@contextmanager
def histories(folder: Path) -> Iterator[Histories]:
    """Makes them all in a folder."""
    told = events()
    with ExitStack() as stack:
        ledger = stack.enter_context(ledger_at(folder, "log.db"))
        record(ledger, told[:EARLY])
        old_note = checkpointed(ledger.store, Instant(START + 50 * HOUR))
        old_bundle, old_receipt = bundle_of(ledger.store, old_note), receipt_of(ledger.store, old_note)
        fork = _forked(stack, folder)
        record(ledger, told[EARLY:], Instant(START + 60 * HOUR))
        note = checkpointed(ledger.store)
        record(fork, [*told[EARLY:-1], signed_event("fork", "C-4")], Instant(START + 60 * HOUR))
        fork_note = checkpointed(fork.store)
        other = stack.enter_context(ledger_at(folder, "other.db"))
        record(other, told)
        other_note = checkpointed(other.store)
        april = {"start": parse_instant("2026-04-01T00:00:00+02:00"), "end": parse_instant("2026-05-01T00:00:00+02:00")}
        yield Histories(
            key=log_signer(ledger.store.log_origin()).key,
            bundle=bundle_of(ledger.store, note),
            part=bundle_of(ledger.store, note, redact=("data.*.email",), **april),
            neighbour=bundle_of(ledger.store, note, contract="C-2"),
            old_bundle=old_bundle,
            fork_bundle=bundle_of(fork.store, fork_note),
            other_bundle=bundle_of(other.store, other_note),
            old_receipt=old_receipt,
            receipt=receipt_of(ledger.store, note),
            fork_receipt=receipt_of(fork.store, fork_note),
            neighbour_receipt=receipt_of(ledger.store, note, "C-2"),
            other_log=other.store.log_origin(),
        )


def receipt_of(store: Store, note: bytes, contract: str = CONTRACT) -> bytes:
    """What the log hands over about a contract at a checkpoint."""
    size = parse_checkpoint(split_note(note)[0]).size
    leaf, listed = store.leaves_of(contract, size)[-1], store.leaf(size - 1)
    assert listed is not None
    assert leaf.tenant is not None
    return json.dumps(
        {
            "v": 1,
            "log": store.log_origin(),
            "tenant": leaf.tenant,
            "tseq": leaf.tseq,
            "leaf": leaf.hash.hex(),
            "index": leaf.idx,
            "size": size,
            "checkpoint": note.decode(),
            "inclusion": [one.hex() for one in store.inclusion_proof(leaf.idx, size)],
            "heads": {
                "index": size - 1,
                "entry": listed.entry.decode(),
                "inclusion": [one.hex() for one in store.inclusion_proof(size - 1, size)],
                "proof": [one.hex() for one in HeadMap(store.heads(size - 1)).proof(leaf.tenant)],
            },
            "handovers": [],
        }
    ).encode()


def _forked(stack: ExitStack, folder: Path) -> Ledger:
    """The log as it stands, as a ledger of its own."""
    for path in folder.glob("log.db*"):
        shutil.copy(path, folder / path.name.replace("log.db", "fork.db"))
    return stack.enter_context(ledger_at(folder, "fork.db"))


def _said(data: bytes) -> tuple[int, bytes]:
    checkpoint = parse_checkpoint(split_note(Forger(data).members["checkpoint"])[0])
    return checkpoint.size, checkpoint.root
