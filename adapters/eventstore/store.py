"""What every store must do; ``tests/contracts/store_contract.py`` holds each of them to it."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Status = Literal["waiting", "open", "retried", "discarded"]
STATUSES: tuple[Status, ...] = ("waiting", "open", "retried", "discarded")


@dataclass(frozen=True, slots=True)
class Held:
    """One entry that is not in the ledger: waiting for its partner, or refused with a reason.

    ``body`` is what was received, byte for byte (empty for a line too long to keep); ``origin`` says where it came
    from (``file.jsonl:12``). An entry with a ``stream`` is decided again when that grows, or a provider's stream of the
    same ``thing``: it waits, or was refused in a way that a further fact may put right. ``key`` and ``content`` are
    those of the mapper. ``headers`` is the JSON text of the headers the message came with, where it came with some.
    """

    status: Status
    reason: str
    reason_fr: str
    origin: str
    received: str
    body: bytes
    key: str
    content: bytes
    stream: str | None = None
    thing: str | None = None
    source: str | None = None
    fact_id: str | None = None
    subject: str | None = None
    type: str | None = None
    headers: str | None = None
    number: int = 0


HELD_FIELDS = (
    *("status", "reason", "reason_fr", "origin", "received", "body", "key", "content"),
    *("stream", "thing", "source", "fact_id", "subject", "type", "headers"),
)
"""The columns of an entry, in the order of the class; the number is the store's."""


Row = tuple[str, int, str, bytes]
"""One event to append: stream, version (counted from 1 within the stream), topic, state."""


class Entry(NamedTuple):
    """One event of the ledger as stored: its position (gaps are possible) and its state."""

    position: int
    stream: str
    topic: str
    state: bytes


class Writing(Protocol):
    """One write transaction: everything in it is committed together, or nothing is."""

    def contents(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes already recorded under these idempotency keys."""

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The states of each of these streams, oldest version first; streams without events are left out."""

    def append(self, rows: Sequence[Row]) -> None:
        """Appends events. A version that exists raises the library's IntegrityError and undoes the transaction."""

    def remember(self, keys: Iterable[tuple[str, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs; a key that exists takes the new content."""

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""

    def waiting_for(self, streams: Sequence[str], things: Sequence[str]) -> list[Held]:
        """The unsettled entries that depend on one of these streams, or on one of these things, oldest first."""

    def held(self, number: int) -> Held | None:
        """One entry of the quarantine."""

    def held_as(self, key: str) -> list[Held]:
        """The entries of one idempotency key, oldest first."""

    def mark(self, number: int, status: Status, reasons: tuple[str, str] | None = None) -> None:
        """Changes the status of an entry, and its reasons (English, French) where given."""

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""

    def show(self, generation: int, views: Iterable[tuple[str, bytes]]) -> None:
        """Writes the view of each contract in a generation, replacing the one before."""

    def drop_generations(self, keep: int) -> None:
        """Deletes the views of every other generation."""


class Store(Protocol):
    """A durable, append-only store of facts with a quarantine and views. Failures are LedgerError."""

    def writing(self) -> AbstractContextManager[Writing]:
        """One write transaction; writers wait for each other."""

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The events recorded after a position, in the order of their commits."""

    def entries_of(self, subject: str) -> list[Entry]:
        """The events of one subject, in the order of their commits."""

    def states(self, stream: str) -> list[bytes]:
        """The states of one stream, oldest version first."""

    def subjects(self) -> list[str]:
        """Every subject that has an event, sorted."""

    def quarantine(self, status: Status | None = None, after: int = 0) -> list[Held]:
        """The entries of the quarantine above a number, oldest first."""

    def quarantine_of(self, subject: str) -> list[Held]:
        """The entries of one subject that are waiting or open, oldest first."""

    def entry(self, number: int) -> Held | None:
        """One entry of the quarantine."""

    def view(self, contract: str) -> bytes | None:
        """The current view of a contract."""

    def views(self) -> list[str]:
        """The contracts that have a view in the current generation, sorted."""

    def position(self, name: str) -> int | None:
        """The position recorded under a name."""

    def close(self) -> None:
        """Closes every connection."""


def stream_id(subject: str, kind: str, name: str) -> str:
    """The id of a stream: ``subject|kind|name``, with the separators of the subject escaped."""
    return f"{stream_prefix(subject)}{kind}|{name}"


def stream_prefix(subject: str) -> str:
    """What the ids of a subject's streams start with, and no other's."""
    if "%" in subject or "|" in subject:
        subject = subject.replace("%", "%25").replace("|", "%7C")
    return f"{subject}|"


def subject_of(stream: str) -> str:
    """The subject of a stream; empty for the ledger's own."""
    subject = stream.partition("|")[0]
    return subject.replace("%7C", "|").replace("%25", "%") if "%" in subject else subject


def subject_range(subject: str) -> tuple[str, str]:
    """The half-open range of stream ids of a subject, in the order of their bytes."""
    start = stream_prefix(subject)
    return start, f"{start[:-1]}{chr(ord('|') + 1)}"
