"""What every store must do; ``tests/contracts/store_contract.py`` holds each of them to it."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from adapters.eventstore.auditing import Auditable
from adapters.evidence.leaf import Log
from adapters.evidence.signed import Proofs, Proving
from adapters.notify.rows import OutboxReads, OutboxWriting
from domain.time.instant import Instant

if TYPE_CHECKING:
    from adapters.privacy.persons import Persons

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


NEVER = Instant(2**63 - 1)
"""Stands in the tables for an instant that never comes; greater than any other."""


class Indexed(NamedTuple):
    """What the index keeps of one fact of the ledger; the fact itself stays where it is."""

    position: int
    subject: str
    type: str
    time: Instant
    recorded: Instant
    source: str
    id: str
    correlation: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """Which facts are looked for. None or empty: any. Spans are half-open: from ``since`` on, before ``until``.

    ``subjects`` is who may be seen: with none in it, nothing is found.
    """

    subjects: Collection[str] | None = None
    types: Collection[str] = ()
    since: Instant | None = None
    until: Instant | None = None
    recorded_since: Instant | None = None
    recorded_until: Instant | None = None
    correlation: str | None = None
    source: str | None = None
    id: str | None = None
    newest_first: bool = False


class Deadline(NamedTuple):
    """One deadline as it stands at ``at``; ``due`` is None where the text gives no figure.

    ``number`` is its place in the statement of its contract; ``body`` the row as statements print it.
    """

    contract: str
    number: int
    rule: str
    owed_by: str
    state: str
    due: Instant | None
    at: Instant
    body: bytes

    @property
    def cursor(self) -> "DeadlineCursor":
        """Where to go on after it."""
        return (NEVER if self.due is None else self.due, self.contract, self.number)


DeadlineCursor = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class DeadlineSearch:
    """Which deadlines are looked for. None or empty: any. ``contracts`` is who may be seen."""

    contracts: Collection[str] | None = None
    states: Collection[str] = ()
    owed_by: str | None = None
    due_before: Instant | None = None
    rule: str | None = None


class Revision(NamedTuple):
    """How many facts the ledger has learnt of a contract, and when it learnt the last one."""

    facts: int
    last: Instant


class Derivation(NamedTuple):
    """What was derived for a contract that had been touched so many times.

    ``body`` is its statement, None where it stays; its deadlines are those at ``at``, and hold until ``stale_at``.
    """

    contract: str
    touched: int
    body: bytes | None
    deadlines: Sequence[Deadline]
    stale_at: Instant
    at: Instant = Instant(0)


class DeadlineChange(NamedTuple):
    """How a deadline read before and after the live views were written; None where there was, or is, none.

    ``taken`` is how far the ledger was taken in by then, ``at`` the instant at which the deadline stands.
    """

    number: int
    contract: str
    taken: int
    at: Instant
    before: bytes | None
    after: bytes | None


class Writing(Proving, OutboxWriting, Protocol):
    """One write transaction: everything in it is committed together, or nothing is."""

    def contents(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The content hashes already recorded under these idempotency keys."""

    def bodies(self, streams: Sequence[str]) -> dict[str, list[bytes]]:
        """The states of each of these streams, oldest version first; streams without events are left out."""

    def under(self, prefix: str) -> list[bytes]:
        """The states of every stream whose id starts so."""

    def held_about(self, subject: str, types: Collection[str]) -> list[Held]:
        """The entries of these types about a subject, settled ones too, oldest first."""

    def append(self, rows: Sequence[Row]) -> None:
        """Appends events, and a leaf of the log for each.

        A version that exists raises the library's IntegrityError and undoes the transaction.
        """

    def append_heads(self, root: bytes, tenants: int, at: Instant) -> int:
        """Appends an entry to the log that commits to the map of all heads; returns its index, the size before it."""

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

    def overwrite(self, entry: Held, new: Held) -> None:
        """Puts another body and other reasons in an entry, and forgets what was known of its content."""

    def mark(self, number: int, status: Status, reasons: tuple[str, str] | None = None) -> None:
        """Changes the status of an entry, and its reasons (English, French) where given."""

    def announced(self, numbers: Sequence[int]) -> None:
        """Notes that somebody was told of these entries of the quarantine, a thousand at most."""

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""


class Viewing(Protocol):
    """One transaction on the views; no other runs beside it, and ingest is not held up where the store can do so.

    Views come in generations: readers see the current one, the next is built beside it.
    """

    def tracked(self, name: str) -> int | None:
        """The position recorded under a name."""

    def track(self, name: str, position: int) -> None:
        """Records a position under a name."""

    def index(self, generation: int, facts: Sequence[Indexed]) -> None:
        """Adds facts to the index."""

    def touch(self, generation: int, contracts: Sequence[str]) -> None:
        """Says that these contracts are to be derived again."""

    def touch_all(self, generation: int) -> None:
        """Says that every contract of the generation is to be derived again."""

    def show(self, generation: int, derivations: Sequence[Derivation]) -> int:
        """Writes what was derived, but for contracts touched since; returns how many were written."""

    def forget_changes(self, before: Instant) -> None:
        """Deletes the changes of deadlines that stood before an instant."""

    def drop_before(self, generation: int, limit: int) -> bool:
        """Deletes some rows of the generations before one; whether there may be more."""


class Store(Log, Proofs, Auditable, OutboxReads, Protocol):
    """A durable, append-only store of facts with their log, a quarantine and views. Failures are LedgerError.

    ``persons``: the keys that the values of persons are sealed by, in a store of their own.
    """

    persons: "Persons"

    def writing(self) -> AbstractContextManager[Writing]:
        """One write transaction; writers wait for each other."""

    def overwriting(self) -> AbstractContextManager[Writing]:
        """One write transaction that leaves nothing behind of what it replaces, where the store can see to that."""

    def entries_as(self, topic: str, after: int = 0) -> list[Entry]:
        """The events of one type recorded after a position, in the order of their commits."""

    def last_position(self) -> int:
        """The position of the last event, 0 where there is none."""

    def under(self, prefix: str) -> list[bytes]:
        """The states of every stream whose id starts so."""

    def unread(self) -> list[Held]:
        """The entries of the quarantine that no fact could be read from, settled ones too, oldest first."""

    def entries(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """The events recorded after a position, in the order of their commits."""

    def entries_of(self, subject: str, after: int = 0) -> list[Entry]:
        """The events of one subject recorded after a position, in the order of their commits."""

    def states(self, stream: str) -> list[bytes]:
        """The states of one stream, oldest version first."""

    def subjects(self) -> list[str]:
        """Every subject that has an event, sorted."""

    def quarantine(self, status: Status | None = None, after: int = 0) -> list[Held]:
        """The entries of the quarantine above a number, oldest first."""

    def held_after(self, number: int, limit: int) -> list[tuple[int, str | None]]:
        """(number, subject) of the entries of the quarantine above a number, oldest first."""

    def quarantine_of(self, subject: str) -> list[Held]:
        """The entries of one subject that are waiting or open, oldest first."""

    def unsettled(self) -> dict[str, int]:
        """How many entries of the quarantine are waiting, and how many are open."""

    def unannounced(self, limit: int) -> list[Held]:
        """Entries that are refused (open) and that nobody has been told of, oldest first."""

    def entry(self, number: int) -> Held | None:
        """One entry of the quarantine."""

    def view(self, contract: str) -> bytes | None:
        """The current view of a contract."""

    def views(self) -> list[str]:
        """The contracts that have a view in the current generation, sorted."""

    def derived(self, contracts: Collection[str] | None = None) -> dict[str, tuple[int, int]]:
        """(generation, how often touched when last derived) by contract: another one once its view may read otherwise.

        Read before a view, it tells later whether the view that was read still stands.
        """

    def viewing(self) -> AbstractContextManager[Viewing]:
        """One transaction on the views."""

    def notifying(self) -> AbstractContextManager[OutboxWriting]:
        """One write transaction on the outbox."""

    def search(self, wanted: Search, after: int | None = None, limit: int = 100) -> list[Entry]:
        """A page of the facts looked for, in the order of their positions, beyond a position."""

    def indexed(self, wanted: Search, limit: int) -> list[Indexed]:
        """The facts looked for as the index has them, in the order of their positions: what they say is not read."""

    def entries_at(self, positions: Collection[int]) -> list[Entry]:
        """The events at these positions, in their order; a few hundred at most."""

    def deadlines(
        self, wanted: DeadlineSearch, after: DeadlineCursor | None = None, limit: int = 100
    ) -> list[Deadline]:
        """A page of the deadlines looked for, the next due first, those without a figure last."""

    def deadlines_of(self, contract: str, wanted: DeadlineSearch) -> list[Deadline]:
        """Every deadline looked for of one contract, in the order of its statement."""

    def revisions(self, contracts: Collection[str]) -> dict[str, Revision]:
        """How far each of these contracts is known; one without facts is left out."""

    def deadline_changes(self, after: int, taken: int, limit: int = 100) -> list[DeadlineChange]:
        """Changes of deadlines above a number, oldest first, of when no more of the ledger was taken in than that."""

    def last_deadline_change(self) -> int:
        """The number of the newest change of a deadline; 0 where none is kept."""

    def touched(self, generation: int, limit: int) -> list[tuple[str, int]]:
        """(contract, times touched) of contracts to be derived again."""

    def stale(self, generation: int, now: Instant, limit: int) -> list[tuple[str, int]]:
        """(contract, times touched) of contracts whose deadlines may have changed by ``now``, without a new fact."""

    def differing(self, one: int, other: int) -> list[str]:
        """The contracts whose statements differ between two generations, where neither is to be derived again."""

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
