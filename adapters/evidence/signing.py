"""Signing the log: a heads entry, then a checkpoint of the log that ends with it, if it goes on from the last one.

What the ledger says of its own log is checked against what this key signed before: nothing is signed of a ledger that
was rolled back or that shows another history. Times come from the caller.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.eventstore.store import Store
from adapters.evidence import memory
from adapters.evidence.entry import parse_entry
from adapters.evidence.headmap import HeadMap
from adapters.evidence.keyfile import KeyFileError
from adapters.evidence.leaf import Leaf
from adapters.evidence.memory import SigningKeyFile
from adapters.evidence.notes import Signer, verifier
from adapters.evidence.notices import notes_one
from adapters.evidence.signed import Signed, SigningKey
from adapters.evidence.verify import Checkpoint, NotProvenError, check_consistency, open_heads
from adapters.saying import french_of
from domain.errors import GreffeError
from domain.time.instant import Instant

PAGE = 10_000


class AnotherHistoryError(GreffeError):
    """The log of the ledger does not go on from what was signed; the text says how. Nothing is signed."""


class LogSigner:
    """Signs the log of one ledger with the key in a file. It keeps the map of heads, brought forward as the log grows.

    ``noticed`` says whether a legal notice was recorded since the last checkpoint, ``covers_notice`` whether the one
    that it signed last covers one that the checkpoint before did not.
    """

    def __init__(self, store: Store, key: Path) -> None:
        self._store = store
        self._key = key
        self._origin = store.log_origin()
        self._size = store.log_size()
        self._heads: HeadMap | None = None
        self.noticed = self.covers_notice = False
        newest = store.checkpoint()
        for page in self._pages(newest.size if newest else 0, self._size):
            self._note(page)

    def look(self) -> None:
        """Takes in what the log grew by."""
        size = self._store.log_size()
        for page in self._pages(self._size, size):
            self._note(page)
            if self._heads is not None:
                self._heads.update((leaf.tenant, (leaf.tseq, leaf.hash)) for leaf in page if leaf.tenant and leaf.tseq)
        self._size = max(size, self._size)

    def sign(self, at: Instant) -> Signed | None:
        """A new checkpoint, kept in the ledger; None where nothing was recorded since the last.

        Raises AnotherHistoryError, KeyFileError, LedgerError.
        """
        with memory.held(self._key) as key:
            last, note = key.last()
            check_is_current(self._store, key.signer, self._key)
            self._check_growth(last, self._at(self._store.log_size()))
            newest = self._store.checkpoint()
            if last.size and (newest is None or newest.size < last.size):
                self._keep(Signed(last.size, last.root, note, at))  # signed by one that ended before it was kept
            self.look()
            finished = None
            for index in self._left_unsigned(last.size):
                finished = self._checkpoint(key, last, self._at(index + 1), at)
                last = Checkpoint(self._origin, finished.size, finished.root)
            if any(leaf.tenant for page in self._pages(last.size, self._size) for leaf in page):
                return self._sign(key, last, at)
        self.covers_notice, self.noticed = finished is not None and self.noticed, False
        return finished

    def _left_unsigned(self, signed: int) -> list[int]:
        """Heads that a signer appended and did not live to sign: no other is at it while the key is held.

        Those that are not where the chains then stood are nobody's to sign; an audit tells them.
        """
        leaves = [leaf for page in self._pages(signed, self._size) for leaf in page if not leaf.tenant]
        found = []
        for leaf in leaves:
            said = parse_entry(leaf.entry)
            heads = HeadMap(self._store.heads(leaf.idx))
            if (said["size"], said["heads"], said["tenants"]) == (leaf.idx, heads.root().hex(), len(heads)):
                found.append(leaf.idx)
        return found

    def _sign(self, key: SigningKeyFile, last: Checkpoint, at: Instant) -> Signed:
        if self._heads is None:  # made ahead of the lock: it takes a second for 100,000 contracts
            self._heads = HeadMap(self._store.heads(self._size))
            self._heads.root()
        with self._store.writing() as writing:
            self.look()
            heads, size = self._heads.root(), self._size
            index = writing.append_heads(heads, len(self._heads), at)
        checkpoint = self._at(index + 1)
        self._check_heads(checkpoint, heads, size)
        made = self._checkpoint(key, last, checkpoint, at)
        self._size = checkpoint.size
        self.covers_notice, self.noticed = self.noticed, False
        return made

    def _checkpoint(self, key: SigningKeyFile, last: Checkpoint, now: Checkpoint, at: Instant) -> Signed:
        self._check_growth(last, now)
        made = Signed(now.size, now.root, key.sign(now), at)
        self._keep(made)
        return made

    def _pages(self, start: int, end: int) -> Iterator[list[Leaf]]:
        for first in range(start, end, PAGE):
            yield self._store.leaves(first, min(first + PAGE, end))

    def _note(self, page: list[Leaf]) -> None:
        self.noticed = self.noticed or any(notes_one(leaf.entry) for leaf in page)

    def _keep(self, made: Signed) -> None:
        with self._store.writing() as writing:
            writing.add_checkpoint(made)

    def _at(self, size: int) -> Checkpoint:
        with _as_another_history():
            return Checkpoint(self._origin, size, self._store.log_root(size))

    def _check_growth(self, last: Checkpoint, now: Checkpoint) -> None:
        """Raises AnotherHistoryError unless the tree of ``now`` begins with the one signed last."""
        if last.origin != now.origin:
            raise KeyFileError(
                f"{self._key}: the key of {last.origin}, and this is the ledger of {now.origin}",
                f"{self._key} : la clé de {last.origin}, et ce registre est {now.origin}",
            )
        if now.size < last.size:
            raise AnotherHistoryError(
                f"this ledger was rolled back: {last.size} entries of its log were signed, and it has {now.size}."
                " Nothing is signed until the ledger that was signed is back",
                f"ce registre est revenu en arrière : {last.size} entrées de son journal furent signées, et il en a"
                f" {now.size}. Rien n'est signé tant que le registre qui fut signé n'est pas revenu",
            )
        with _as_another_history():
            if last.size:
                proof = self._store.consistency_proof(last.size, now.size)
                check_consistency(last.size, now.size, proof, last.root, now.root)

    def _check_heads(self, checkpoint: Checkpoint, heads: bytes, size: int) -> None:
        """Raises AnotherHistoryError unless the log ends with the heads that were worked out for this size."""
        with _as_another_history():
            leaf = self._store.leaf(checkpoint.size - 1)
            proof = self._store.inclusion_proof(checkpoint.size - 1, checkpoint.size)
            said = open_heads(leaf.entry.decode() if leaf else "", size, proof, checkpoint)
            if said != heads:
                raise NotProvenError("the entry of heads is not the one that was added")


def check_is_current(store: Store, signer: Signer, path: Path) -> SigningKey:
    """The key as the ledger lists it. Raises KeyFileError unless it is the one that signs the log now."""
    current = next(reversed(store.signing_keys()), None)
    if current is None or current.key != verifier(signer.key):
        said = "no key yet; greffe sign init makes one" if current is None else f"{current.key} since {current.since}"
        dit = (
            "sans clé encore ; greffe sign init en fait une"
            if current is None
            else f"{current.key} depuis {current.since}"
        )
        raise KeyFileError(
            f"{path}: not the key that signs this ledger, which is {said}",
            f"{path} : n'est pas la clé qui signe ce registre, signé par {dit}",
        )
    return current


@contextmanager
def _as_another_history() -> Iterator[None]:
    """What does not lead from what was signed to what the ledger says now."""
    try:
        yield
    except (NotProvenError, ValueError) as error:
        raise AnotherHistoryError(
            f"this ledger shows another history than the one that was signed: {error}. Nothing is signed until the"
            " ledger that was signed is back",
            f"ce registre montre une autre histoire que celle qui fut signée : {french_of(error)}. Rien n'est signé"
            " tant que le registre qui fut signé n'est pas revenu",
        ) from None
