"""The ledger: takes facts in, once each, decided by the domain, and keeps what it cannot apply.

One batch is one transaction: events, idempotency keys, quarantine entries and the sender's position are committed
together or not at all, so a crash anywhere is harmless and a batch sent again changes nothing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from eventsourcing.persistence import StoredEvent

from adapters.cloudevents import MAX_BYTES, decode_structured, same_content
from adapters.eventstore.mapper import KEY_BYTES, content_of, fact_of, key_of, stamp, stored
from adapters.eventstore.store import Held, Store, Writing, stream_id
from domain.aggregates.registry import Accept, Known, Refuse, State, Wait, decide, evolve, stream_of
from domain.errors import LedgerError, UndecodableEventError
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.time.instant import Instant

PAGE = 5_000
DISCARDED = "greffe.quarantine.discarded.v1"


@dataclass(frozen=True, slots=True)
class Received:
    """One event as it came in: its bytes, where it came from, and what it decodes to."""

    body: bytes
    origin: str
    fact: AnyFact | UndecodableEventError


@dataclass(slots=True)
class Outcome:
    """How many facts of a batch were recorded, known already, left waiting, or put in quarantine."""

    recorded: int = 0
    duplicates: int = 0
    waiting: int = 0
    quarantined: int = 0
    subjects: set[str] = field(default_factory=set)

    def __iadd__(self, other: "Outcome") -> "Outcome":
        self.recorded += other.recorded
        self.duplicates += other.duplicates
        self.waiting += other.waiting
        self.quarantined += other.quarantined
        self.subjects |= other.subjects
        return self


class Ledger:
    """A store, and the names that facts may refer to (documents, readings)."""

    def __init__(self, store: Store, known: Known) -> None:
        self.store = store
        self._known = known

    def record(
        self, batch: Sequence[Received], recorded: Instant, position: tuple[str, int] | None = None
    ) -> Outcome:
        """Records a batch in one transaction, stamped ``recorded``; ``position`` (name, value) is committed with it."""
        with self.store.writing() as writing:
            session = _Session(writing, self._known, recorded)
            session.take(batch)
            session.commit()
            if position is not None:
                writing.track(*position)
        return session.outcome

    def facts(self, after: int = 0) -> Iterator[AnyFact]:
        """Every fact, in the order of the commits."""
        for _, fact in self.positioned_facts(after):
            yield fact

    def positioned_facts(self, after: int = 0) -> Iterator[tuple[int, AnyFact]]:
        """(position, fact) of every fact recorded after a position."""
        while entries := self.store.entries(after, PAGE):
            for entry in entries:
                if entry.topic != DISCARDED:
                    yield entry.position, fact_of(entry.body)
            after = entries[-1].position

    def facts_of(self, subject: str) -> list[AnyFact]:
        """The facts of one contract or provider."""
        return [fact_of(entry.body) for entry in self.store.entries_of(subject)]

    def retry(self, numbers: Sequence[int] | None, recorded: Instant) -> Outcome:
        """Tries quarantine entries again (all that are open or waiting when ``numbers`` is None)."""
        if numbers is None:
            numbers = [e.number for e in self.store.quarantine() if e.status in {"open", "waiting"}]
        with self.store.writing() as writing:
            session = _Session(writing, self._known, recorded)
            for number in numbers:
                session.retry(_open_entry(writing, number))
            session.commit()
        return session.outcome

    def discard(self, number: int, reason: str, recorded: Instant) -> None:
        """Gives up an entry for good. The decision is itself an event of the ledger; the entry stays readable."""
        with self.store.writing() as writing:
            entry = _open_entry(writing, number)
            writing.mark(number, "discarded")
            body = _discarded(entry, reason)
            writing.append([stored(f"greffe:quarantine|entry|{number}", 1, DISCARDED, body, stamp(recorded))])


class _Session:
    """The work of one transaction: streams read, decisions taken, writes gathered until ``commit``."""

    def __init__(self, writing: Writing, known: Known, recorded: Instant) -> None:
        self._writing = writing
        self._known = known
        self._recorded = recorded
        self._stamp = stamp(recorded)
        self._states: dict[str, State] = {}
        self._versions: dict[str, int] = {}
        self._events: list[StoredEvent] = []
        self._keys: dict[bytes, bytes] = {}
        self._held: list[Held] = []
        self._grown: dict[str, None] = {}
        self.outcome = Outcome()

    def take(self, batch: Sequence[Received]) -> None:
        """Decides every fact of a batch, in order; then those that waited for what came."""
        keys = [_key(item) for item in batch]
        streams = [None if isinstance(item.fact, UndecodableEventError) else _stream(item.fact) for item in batch]
        recorded = self._writing.contents(keys)
        self._read([stream for stream in streams if stream is not None])
        for item, key, stream in zip(batch, keys, streams, strict=True):
            content = content_of(item.body)
            known = self._keys.get(key) or recorded.get(key)
            if known is not None:
                self._known_already(item, content, known, stream)
                continue
            self._keys[key] = content
            if isinstance(item.fact, UndecodableEventError) or stream is None:
                self._hold(_refusal(item, content, self._stamp, str(item.fact), str(item.fact)))
            else:
                self._decide(item, content, item.fact, stream)
        self._let_in()

    def retry(self, entry: Held) -> None:
        """Decides one held entry again."""
        try:
            fact = decode_structured(entry.body, self._recorded, MAX_BYTES)
        except UndecodableEventError:
            self.outcome.quarantined += 1
            return
        key = key_of(fact.source, fact.id)
        content = content_of(entry.body)
        if entry.status == "open" and self._writing.contents([key]).get(key, content) != content:
            self.outcome.quarantined += 1
            return
        stream = _stream(fact)
        self._read([stream])
        match decide(self._states.get(stream), fact, self._known):
            case Accept():
                self._accept(fact, stream, entry.body)
                self._keys[key] = content
                self._writing.mark(entry.number, "retried")
                self._let_in()
            case Wait():
                self.outcome.waiting += 1
            case Refuse():
                self.outcome.quarantined += 1

    def commit(self) -> None:
        """Writes everything that was gathered."""
        if self._events:
            self._writing.append(self._events)
        if self._keys:
            known = self._writing.contents(list(self._keys))
            self._writing.remember([pair for pair in self._keys.items() if pair[0] not in known])
        if self._held:
            self._writing.hold(self._held)

    def _read(self, streams: Sequence[str]) -> None:
        """Reads the state and length of streams not read yet."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self._versions]
        found = self._writing.bodies(missing) if missing else {}
        for stream in missing:
            state: State = None
            for body in found.get(stream, ()):
                state = evolve(state, fact_of(body))
            self._states[stream] = state
            self._versions[stream] = len(found.get(stream, ()))

    def _decide(self, item: Received, content: bytes, fact: AnyFact, stream: str) -> None:
        match decide(self._states[stream], fact, self._known):
            case Accept():
                self._accept(fact, stream, item.body)
            case Wait() as verdict:
                entry = _refusal(item, content, self._stamp, verdict.reason, verdict.reason_fr)
                self._hold(replace(entry, status="waiting", stream=stream))
            case Refuse() as verdict:
                entry = _refusal(item, content, self._stamp, verdict.reason, verdict.reason_fr)
                self._hold(replace(entry, status="waiting", stream=stream) if verdict.correctable else entry)

    def _accept(self, fact: AnyFact, stream: str, body: bytes) -> None:
        version = self._versions[stream] + 1
        self._versions[stream] = version
        self._states[stream] = evolve(self._states[stream], fact)
        self._events.append(stored(stream, version, topic_of(type(fact.data)), body, self._stamp))
        self._grown[stream] = None
        self.outcome.recorded += 1
        self.outcome.subjects.add(fact.subject)

    def _let_in(self) -> None:
        """Decides again what waits for a stream that grew, until nothing more comes in."""
        while self._grown:
            streams, self._grown = list(self._grown), {}
            stored_entries = self._writing.waiting_for(streams)
            for entry in stored_entries:
                if self._try_again(entry):
                    self._writing.mark(entry.number, "retried")
            wanted = set(streams)
            for entry in [held for held in self._held if held.status == "waiting" and held.stream in wanted]:
                if self._try_again(entry):
                    self._held.remove(entry)
                    self.outcome.waiting -= 1

    def _try_again(self, entry: Held) -> bool:
        fact = decode_structured(entry.body, self._recorded, MAX_BYTES)
        stream = _stream(fact)
        self._read([stream])
        if not isinstance(decide(self._states[stream], fact, self._known), Accept):
            return False
        self._accept(fact, stream, entry.body)
        return True

    def _known_already(self, item: Received, content: bytes, known: bytes, stream: str | None) -> None:
        """The same key again: the same fact once more, or another content, which is a conflict."""
        if content == known or stream is None or self._said_before(item, stream):
            self.outcome.duplicates += 1
            return
        fact = item.fact
        assert not isinstance(fact, UndecodableEventError)
        again = key_of(fact.source, f"{fact.id}\n{content.hex()}")
        if again in self._keys or self._writing.contents([again]):
            self.outcome.duplicates += 1
            return
        self._keys[again] = content
        self._hold(
            _refusal(
                item, content, self._stamp,
                f"{fact.ref} is already recorded with another content; a fact is never overwritten.",
                f"{fact.ref} est déjà enregistré avec un autre contenu ; un fait n'est jamais remplacé.",
            )
        )

    def _said_before(self, item: Received, stream: str) -> bool:
        """Whether the fact says what the stored fact of the same key says, in other bytes (spaces, order of names)."""
        assert not isinstance(item.fact, UndecodableEventError)
        mine = [event.state for event in self._events if event.originator_id == stream]
        waiting = [decode_structured(held.body) for held in self._held if held.stream == stream]
        before = [fact_of(body) for body in [*self._writing.bodies([stream]).get(stream, []), *mine]]
        return any(fact.ref == item.fact.ref and same_content(fact, item.fact) for fact in [*before, *waiting])

    def _hold(self, entry: Held) -> None:
        self._held.append(entry)
        if entry.status == "waiting":
            self.outcome.waiting += 1
        else:
            self.outcome.quarantined += 1


def _stream(fact: AnyFact) -> str:
    return stream_id(fact.subject, *stream_of(fact))


def _key(item: Received) -> bytes:
    if isinstance(item.fact, UndecodableEventError):
        return content_of(item.body)[:KEY_BYTES]
    return key_of(item.fact.source, item.fact.id)


def _refusal(item: Received, content: bytes, received: str, reason: str, reason_fr: str) -> Held:
    entry = Held(
        status="open", reason=reason, reason_fr=reason_fr, origin=item.origin, received=received, body=item.body,
        key=_key(item), content=content,
    )
    fact = item.fact
    if isinstance(fact, UndecodableEventError):
        return entry
    return replace(
        entry, source=fact.source, fact_id=fact.id, subject=fact.subject, type=topic_of(type(fact.data))
    )


def _open_entry(writing: Writing, number: int) -> Held:
    entry = writing.held(number)
    if entry is None:
        raise LedgerError(f"the quarantine has no entry {number}")
    if entry.status not in {"open", "waiting"}:
        raise LedgerError(f"entry {number} is {entry.status} already")
    return entry


def _discarded(entry: Held, reason: str) -> bytes:
    said = {"entry": entry.number, "source": entry.source, "id": entry.fact_id, "why": entry.reason, "reason": reason}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
