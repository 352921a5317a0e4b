"""The work of one write transaction: keys and streams read at once, facts decided in order, writes gathered.

Every fact of every file passes here, so the loop is flat, and what depends only on a subject and a type of fact is
worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from adapters.cloudevents import MAX_BYTES, canonical, decode_structured, parse_object, same_content
from adapters.eventstore.mapper import CONFLICT, UNREADABLE, content_of, fact_of, head_of, key_of, key_of_unreadable
from adapters.eventstore.store import Held, Row, Status, Writing, stream_prefix
from domain.aggregates.registry import PROVIDER, Aggregate, aggregate_of, stream_of, wrong_subject
from domain.aggregates.verdict import ACCEPT, Accept, Known, Refuse, Verdict, Wait
from domain.errors import UndecodableEventError
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.time.instant import Instant, format_instant

MOST_PLACES = 100_000


class Received(NamedTuple):
    """One event as it came in: its bytes, where it came from, what it decodes to, and its line there if it has one."""

    body: bytes
    origin: str
    fact: AnyFact | UndecodableEventError
    line: int = 0

    @property
    def place(self) -> str:
        """Where it came from, for a person: ``facts.jsonl:12``."""
        return f"{self.origin}:{self.line}" if self.line else self.origin


@dataclass(slots=True)
class Outcome:
    """How many facts of a batch were recorded, known already, left waiting, or put in quarantine."""

    recorded: int = 0
    duplicates: int = 0
    waiting: int = 0
    quarantined: int = 0
    subjects: set[str] = field(default_factory=set)

    def __iadd__(self, other: Self) -> Self:
        self.recorded += other.recorded
        self.duplicates += other.duplicates
        self.waiting += other.waiting
        self.quarantined += other.quarantined
        self.subjects |= other.subjects
        return self

    def counts(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "recorded": self.recorded,
            "duplicates": self.duplicates,
            "waiting": self.waiting,
            "quarantined": self.quarantined,
        }


class Place(NamedTuple):
    """What is common to the facts of one type about one subject."""

    wrong: Refuse | None
    topic: str
    prefix: str
    aggregate: Aggregate | None


class Places:
    """The place of a fact, by its subject and type."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._places: dict[tuple[str, type[Any]], Place] = {}

    def of(self, fact: AnyFact) -> Place:
        """Where a fact belongs, and whether it may be said of its subject at all."""
        key = fact.subject, type(fact.data)
        place = self._places.get(key)
        if place is None:
            if len(self._places) >= MOST_PLACES:
                self._places.clear()
            kind, _ = stream_of(fact)
            place = self._places[key] = Place(
                wrong_subject(fact, self._known),
                topic_of(type(fact.data)),
                f"{stream_prefix(fact.subject)}{kind}|",
                aggregate_of(type(fact.data)),
            )
        return place


class Item(NamedTuple):
    """A received event with its idempotency key, the hash of its bytes, its place and its stream."""

    received: Received
    key: str
    content: bytes
    place: Place | None
    stream: str


class Session:
    """Decides facts inside one transaction; ``write`` writes what was gathered."""

    def __init__(self, writing: Writing, known: Known, places: Places, recorded: Instant, outcome: Outcome) -> None:
        self.outcome = outcome
        self._writing = writing
        self._places = places
        self._recorded = recorded
        self._head = head_of(recorded)
        self._shared = _SharedThings(self, known)
        self._known = replace(known, shared=self._shared)
        self._states: dict[str, Any] = {}
        self._last: dict[str, AnyFact] = {}
        self._versions: dict[str, int] = {}
        self._rows: list[Row] = []
        self._keys: list[tuple[str, bytes]] = []
        self._items: dict[str, Item] = {}
        self._held: list[Held] = []
        self._waiting: dict[str, list[tuple[Held, AnyFact]]] = {}
        self._grown: dict[str, None] = {}

    def take(self, batch: Sequence[Received]) -> None:
        """Decides every fact of a batch, in order; then those that waited for what came."""
        items = [self._item(received) for received in batch]
        recorded = self._writing.contents([item.key for item in items])
        self._read([item.stream for item in items if item.place is not None and item.place.aggregate is not None])
        own = self._items
        for item in items:
            key = item.key
            if key in own or key in recorded:
                self._again(item, own[key].content if key in own else recorded[key])
                continue
            own[key] = item
            self._keys.append((key, item.content))
            if item.place is None:
                self._refuse(item, *_words(item.received.fact))
                continue
            fact: AnyFact = item.received.fact  # type: ignore[assignment]  # only facts have a place
            verdict = self._decide(fact, item.place, item.stream)
            if isinstance(verdict, Accept):
                self._accept(fact, item.place, item.stream, item.received.body)
            elif _undecided(verdict):
                self._wait(item, fact, verdict)
            else:
                self._refuse(item, verdict.reason, verdict.reason_fr)
        self._let_in()

    def retry(self, entry: Held) -> None:
        """Decides one held entry again."""
        try:
            fact = decode_structured(entry.body, self._recorded, MAX_BYTES)
        except UndecodableEventError:
            self.outcome.quarantined += 1
            return
        key = key_of(fact.source, fact.id)
        if entry.key.startswith(UNREADABLE):  # nothing could be read from it when it came
            self._writing.mark(entry.number, "retried")
            self.take([Received(entry.body, entry.origin, fact)])
            return
        first = self._writing.contents([key]).get(key)
        if first != entry.content and not self._given_up(key, first):
            self.outcome.quarantined += 1
            return
        match self._try_again(entry, fact):
            case "retried":
                self._keys.append((key, entry.content))
                self._let_in()
            case "waiting":
                self.outcome.waiting += 1
            case _:
                self.outcome.quarantined += 1

    def write(self) -> None:
        """Writes everything that was gathered."""
        if self._rows:
            self._writing.append(self._rows)
        if self._keys:
            self._writing.remember(self._keys)
        held = [*self._held, *(entry for entries in self._waiting.values() for entry, _ in entries)]
        if held:
            self._writing.hold(held)
        waiting = sum(entry.status == "waiting" for entry in held)
        self.outcome.waiting += waiting
        self.outcome.quarantined += len(held) - waiting

    def exists(self, stream: str) -> bool:
        """Whether a stream has an event, written already or in this transaction."""
        self._read([stream])
        return self._versions[stream] > 0

    def _item(self, received: Received) -> Item:
        content = content_of(received.body)
        fact = received.fact
        if isinstance(fact, UndecodableEventError):
            # A line too long to be kept has no bytes: its place stands for it.
            content = content if received.body else content_of(received.place.encode())
            return Item(received, key_of_unreadable(content), content, None, "")
        place = self._places.of(fact)
        name = fact.ref if place.aggregate is None else place.aggregate.key(fact.data)
        return Item(received, key_of(fact.source, fact.id), content, place, place.prefix + name)

    def _read(self, streams: Sequence[str]) -> None:
        """Reads the state and length of streams not read yet."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self._versions]
        if not missing:
            return
        found = self._writing.bodies(missing)
        self._versions.update(dict.fromkeys(missing, 0))
        for stream, bodies in found.items():
            state = None
            for body in bodies:
                fact = fact_of(body)
                aggregate = aggregate_of(type(fact.data))
                if aggregate is not None:
                    state = aggregate.evolve(aggregate.initial if state is None else state, fact)
            self._states[stream] = state
            self._versions[stream] = len(bodies)

    def _decide(self, fact: AnyFact, place: Place, stream: str) -> Verdict:
        if place.wrong is not None:
            return place.wrong
        aggregate = place.aggregate
        if aggregate is None:
            return ACCEPT
        state = self._states.get(stream)
        last = self._last.pop(stream, None)
        if last is not None:
            state = self._states[stream] = aggregate.evolve(aggregate.initial if state is None else state, last)
        return aggregate.decide(aggregate.initial if state is None else state, fact, self._known)

    def _accept(self, fact: AnyFact, place: Place, stream: str, body: bytes) -> None:
        if place.aggregate is None:
            version = 1
        else:
            version = self._versions[stream] = self._versions[stream] + 1
            self._last[stream] = fact  # folded in when the stream is asked again: most are not
            self._grown[stream] = None
        self._rows.append(Row(stream, version, place.topic, self._head + body + b"}"))
        outcome = self.outcome
        outcome.recorded += 1
        outcome.subjects.add(fact.subject)

    def _wait(self, item: Item, fact: AnyFact, verdict: Wait | Refuse) -> None:
        thing = _thing(item.stream)
        entry = self._entry(item, verdict.reason, verdict.reason_fr)
        entry = replace(entry, status=_status(verdict), stream=item.stream, thing=thing)
        self._waiting.setdefault(thing, []).append((entry, fact))

    def _refuse(self, item: Item, reason: str, reason_fr: str) -> None:
        self._held.append(self._entry(item, reason, reason_fr))

    def _entry(self, item: Item, reason: str, reason_fr: str) -> Held:
        entry = Held(
            status="open",
            reason=reason,
            reason_fr=reason_fr,
            origin=item.received.place,
            received=format_instant(self._recorded),
            body=item.received.body,
            key=item.key,
            content=item.content,
        )
        fact = item.received.fact
        if isinstance(fact, UndecodableEventError):
            return entry
        topic = topic_of(type(fact.data))
        return replace(entry, source=fact.source, fact_id=fact.id, subject=fact.subject, type=topic)

    def _let_in(self) -> None:
        """Decides again what waits for a stream that grew, until nothing more comes in."""
        while self._grown:
            grown, self._grown = self._grown, {}
            streams = list(grown)
            for entry in self._writing.waiting_for(streams, [_thing(s) for s in streams if s.startswith(PROVIDER)]):
                status = self._try_again(entry, decode_structured(entry.body, self._recorded, MAX_BYTES))
                if (entry.status, status) == ("waiting", "open"):
                    self.outcome.quarantined += 1
            for thing in dict.fromkeys(map(_thing, streams)) if self._waiting else ():
                self._let_in_from_batch(thing, grown)

    def _let_in_from_batch(self, thing: str, grown: dict[str, None]) -> None:
        shared = any(stream.startswith(PROVIDER) and _thing(stream) == thing for stream in grown)
        left = []
        for held, fact in self._waiting.pop(thing, ()):
            entry = held
            if not shared and entry.stream not in grown:
                left.append((entry, fact))
                continue
            place = self._places.of(fact)
            verdict = self._decide(fact, place, str(entry.stream))
            if isinstance(verdict, Accept):
                self._accept(fact, place, str(entry.stream), entry.body)
                continue
            entry = replace(entry, status=_status(verdict), reason=verdict.reason, reason_fr=verdict.reason_fr)
            if _undecided(verdict):
                left.append((entry, fact))
            else:
                self._held.append(entry)
        if left:
            self._waiting[thing] = left

    def _try_again(self, entry: Held, fact: AnyFact) -> Status:
        """What becomes of a held fact: ``retried`` when it comes in now, else its entry says why not."""
        place = self._places.of(fact)
        stream = place.prefix + (fact.ref if place.aggregate is None else place.aggregate.key(fact.data))
        self._read([stream])
        verdict = self._decide(fact, place, stream)
        if isinstance(verdict, Accept):
            self._accept(fact, place, stream, entry.body)
            self._writing.mark(entry.number, "retried")
            return "retried"
        status = _status(verdict)
        if (status, verdict.reason) != (entry.status, entry.reason):
            self._writing.mark(entry.number, status, (verdict.reason, verdict.reason_fr))
        return status

    def _again(self, item: Item, first: bytes) -> None:
        """The same key again: the same fact once more, or another content, which is a conflict."""
        fact = item.received.fact
        if item.content == first or isinstance(fact, UndecodableEventError) or self._said_before(item, fact):
            self.outcome.duplicates += 1
            return
        content = content_of(canonical(parse_object(item.received.body)))
        again = f"{item.key}{CONFLICT}{content.hex()}"
        if again in self._items or self._writing.contents([again]):
            self.outcome.duplicates += 1
            return
        self._items[again] = item
        self._keys.append((again, content))
        self._refuse(
            item._replace(key=again),
            f"{fact.ref} came again with another content; the first one is kept.",
            f"{fact.ref} est revenu avec un autre contenu ; le premier est conservé.",
        )

    def _said_before(self, item: Item, fact: AnyFact) -> bool:
        """Whether a fact says what the first of its key says, in other bytes (spaces, order of names)."""
        here = self._items.get(item.key)
        if here is not None:
            first = here.received.fact
            return not isinstance(first, UndecodableEventError) and same_content(first, fact)
        recorded = map(fact_of, self._writing.bodies([item.stream]).get(item.stream, ()))
        held = self._writing.held_as(item.key)[:1]
        firsts = [*(one for one in recorded if one.ref == fact.ref), *(decode_structured(one.body) for one in held)]
        return any(same_content(first, fact) for first in firsts)

    def _given_up(self, key: str, first: bytes | None) -> bool:
        """Whether the first fact of a key was discarded, so that another may take its place."""
        return any(one.content == first and one.status == "discarded" for one in self._writing.held_as(key))


class _SharedThings:
    """(kind, id) of what is known for a provider as a whole, looked up in the ledger when a fact speaks of it."""

    def __init__(self, session: Session, known: Known) -> None:
        self._session = session
        self._prefixes = [stream_prefix(f"{PROVIDER}{name}") for name in known.providers or ()]

    def __contains__(self, thing: object) -> bool:
        match thing:
            case (kind, name):
                return any(self._session.exists(f"{prefix}{kind}|{name}") for prefix in self._prefixes)
            case _:
                return False


def _undecided(verdict: Wait | Refuse) -> bool:
    """Whether a further fact may still make it true."""
    return isinstance(verdict, Wait) or verdict.correctable


def _status(verdict: Wait | Refuse) -> Status:
    return "waiting" if isinstance(verdict, Wait) else "open"


def _thing(stream: str) -> str:
    """``kind|name`` of a stream: what it is about, whoever's it is."""
    return stream.partition("|")[2]


def _words(error: object) -> tuple[str, str]:
    assert isinstance(error, UndecodableEventError)
    return str(error), error.french
