"""What a log was signed with, as a ledger keeps it."""

from typing import NamedTuple, Protocol

from domain.time.instant import Instant


class Signed(NamedTuple):
    """A checkpoint: how many leaves the log had, their root, and the note that the log signed, without cosignatures."""

    size: int
    root: bytes
    note: bytes
    made: Instant


class Cosignature(NamedTuple):
    """What a witness added to a checkpoint: its key as it is printed, and its line of the note, with the line end."""

    size: int
    key: str
    line: str
    made: Instant


class Timestamp(NamedTuple):
    """What an authority (its address) answered for the signed note of a checkpoint: an RFC 3161 response, DER."""

    size: int
    authority: str
    token: bytes
    made: Instant


class SigningKey(NamedTuple):
    """A key of the log as it is printed, in the order they signed, from 1; ``note`` is the hand-over of the one before.

    It signs checkpoints of more than ``since`` leaves.
    """

    number: int
    key: str
    since: int
    note: bytes | None
    made: Instant


class Proofs(Protocol):
    """How what the log was signed with is read. Failures are LedgerError."""

    def checkpoints(self, after: int = 0, limit: int = 100) -> list[Signed]:
        """The checkpoints of more than ``after`` leaves, smallest first."""

    def checkpoint(self, size: int | None = None) -> Signed | None:
        """The checkpoint of a size; the newest where none is given."""

    def cosignatures(self, size: int) -> list[Cosignature]:
        """The cosignatures of a checkpoint, in the order they came."""

    def cosigned_last(self, key: str) -> int:
        """The size of the newest checkpoint that a witness cosigned; 0 for none."""

    def timestamps(self, size: int) -> list[Timestamp]:
        """The timestamps of a checkpoint, in the order they came."""

    def dated_last(self, authority: str) -> Timestamp | None:
        """The newest timestamp of an authority."""

    def signing_keys(self) -> list[SigningKey]:
        """The keys that sign, or signed, the log, in their order."""


class Proving(Protocol):
    """How it is kept, in a write transaction. What is there already stays as it is."""

    def add_checkpoint(self, signed: Signed) -> None:
        """Keeps a checkpoint."""

    def add_cosignature(self, cosignature: Cosignature) -> None:
        """Keeps a cosignature."""

    def add_timestamp(self, timestamp: Timestamp) -> None:
        """Keeps a timestamp."""

    def add_key(self, key: SigningKey) -> None:
        """Keeps a key of the log. Raises LedgerError where another has its number."""
