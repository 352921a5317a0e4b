"""What every store must do; ``tests/contracts/store.py`` holds each of them to it."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from eventsourcing.persistence import StoredEvent

Status = Literal["waiting", "open", "retried", "discarded"]


@dataclass(frozen=True, slots=True)
class Held:
    """One entry that is not in the ledger: waiting for its partner, or refused with a reason.

    ``body`` is what was received, byte for byte; ``origin`` says where it came from (``file.jsonl:12``).
    ``stream`` is the stream whose first fact would let a waiting entry in.
    """

    status: Status
    reason: str
    reason_fr: str
    origin: str
    received: str
    body: bytes
    stream: str | None = None
    source: str | None = None
    fact_id: str | None = None
    subject: str | None = None
    type: str | None = None
    key: bytes | None = None
    content: bytes | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of the ledger as stored: its position (gaps are possible) and its canonical event."""

    position: int
    stream: str
    topic: str
    body: bytes


class Writing(Protocol):
    """One write transaction: everything in it is committed together, or nothing is."""

    def contents(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The content hashes already recorded under these idempotency keys."""

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The events of each of these streams, oldest version first; streams without events are left out."""

    def append(self, events: Sequence[StoredEvent]) -> None:
        """Appends events. A version that exists raises the library's IntegrityError and undoes the transaction."""

    def remember(self, keys: Iterable[tuple[bytes, bytes]]) -> None:
        """Records (idempotency key, content hash) pairs."""

    def hold(self, entries: Sequence[Held]) -> None:
        """Adds entries to the quarantine."""

    def waiting_for(self, streams: Sequence[str]) -> list[Held]:
        """The entries that wait for one of these streams."""

    def held(self, number: int) -> Held | None:
        """One entry of the quarantine."""

    def mark(self, number: int, status: Status) -> None:
        """Changes the status of an entry."""

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""

    def show(self, generation: int, views: Iterable[tuple[str, bytes]]) -> None:
        """Writes the view of each contract in a generation, replacing the one before."""

    def drop_generations(self, keep: int) -> None:
        """Deletes the views of every other generation."""


class Store(Protocol):
    """A durable, append-only store of facts with a quarantine and views."""

    def writing(self) -> AbstractContextManager[Writing]:
        """One write transaction; writers wait for each other."""

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The facts recorded after a position, in the order of their commits."""

    def entries_of(self, subject: str) -> list[Entry]:
        """The facts of one subject, in the order of their commits."""

    def quarantine(self, status: Status | None = None) -> list[Held]:
        """The entries of the quarantine, oldest first."""

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
    return f"{_escaped(subject)}|{kind}|{name}"


def subject_range(subject: str) -> tuple[str, str]:
    """The half-open range of stream ids of a subject."""
    start = f"{_escaped(subject)}|"
    return start, f"{start[:-1]}{chr(ord('|') + 1)}"


def _escaped(subject: str) -> str:
    return subject.replace("%", "%25").replace("|", "%7C") if "%" in subject or "|" in subject else subject
