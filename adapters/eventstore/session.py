"""The work of one write transaction: keys and streams read at once, facts decided in order, writes gathered.

Every fact of every file passes here, so the loop is flat, and what depends only on a subject and a type of fact is
worked out once.

The facts of one batch are known at one instant, so those of one stream are decided in the order (time, source, id), a
provider's before the contracts' that may speak of them. What waits is decided again in the order it came.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from adapters.cloudevents import (
    MAX_BYTES,
    as_structured,
    canonical,
    decode_message,
    headers_of,
    parse_object,
    same_content,
)
from adapters.eventstore.arriving import Arriving, Elsewhere
from adapters.eventstore.batch import Outcome, Read, Received
from adapters.eventstore.mapper import (
    CONFLICT,
    CONTENT_BYTES,
    MOST_HELD,
    UNREADABLE,
    content_of,
    fact_in,
    fact_of,
    head_of,
    key_of,
    key_of_unreadable,
)
from adapters.eventstore.places import Place, Places
from adapters.eventstore.store import Held, Row, Status, Writing
from adapters.eventstore.streams import SharedThings, Streams
from domain.aggregates.magnitude import too_great
from domain.aggregates.moment import wrong_moment
from domain.aggregates.naming import shared_name
from domain.aggregates.registry import PROVIDER
from domain.aggregates.verdict import ACCEPT, Accept, Known, Refuse, Verdict, Wait
from domain.errors import UndecodableEventError
from domain.events.person import PersonErased
from domain.events.registry import topic_of
from domain.fact import AnyFact, as_recorded, by_order
from domain.time.instant import Instant, format_instant

if TYPE_CHECKING:
    from adapters.privacy.persons import Persons

ERASED = topic_of(PersonErased)
Item = tuple[Received, str, bytes, Place | None, str]
"""A received event with its idempotency key, the hash of its bytes, its place and its stream."""


class Session:
    """Decides facts inside one transaction; ``write`` writes what was gathered."""

    def __init__(
        self,
        writing: Writing,
        known: Known,
        places: Places,
        recorded: Instant,
        persons: "Persons",
    ) -> None:
        self.outcome = Outcome()
        self.erases = False
        self._writing = writing
        self._places = places
        self._recorded = recorded
        self._head = head_of(recorded)
        self._streams = Streams(writing)
        self._arriving = Arriving(writing, self._streams, persons, recorded)
        self._of_providers = replace(known, beside=Elsewhere(writing, self._gathered, recorded))
        self._of_contracts = replace(self._of_providers, shared=SharedThings(self._streams, known))
        self._rows: list[Row] = []
        self._keys: dict[str, bytes] = {}
        self._held: list[Held] = []
        self._waiting: dict[str, list[tuple[Held, AnyFact]]] = {}
        self._grown: dict[str, None] = {}

    def take(self, batch: Sequence[Received]) -> list[Received]:
        """Decides every fact of a batch, in order; then those that waited for what came. The batch, as it is kept."""
        items = self._items(batch)
        recorded = self._writing.contents([item[1] for item in items])
        self._streams.read([item[4] for item in items if item[3] is not None and item[3].aggregate is not None])
        keys = self._keys
        turns: list[Item] = []
        again: list[Item] = []
        places: dict[str, list[int]] = {}
        in_turns = False
        for item in items:
            _, key, content, place, stream = item
            if key in keys or key in recorded:
                again.append(item)
                continue
            keys[key] = content
            if place is not None:
                in_turns = in_turns or place.of_provider or place.topic == ERASED
                if place.aggregate is not None:
                    if stream in places:
                        places[stream].append(len(turns))
                    else:
                        places[stream] = [len(turns)]
            turns.append(item)
        for mine in places.values():
            if len(mine) > 1:
                for position, item in zip(mine, sorted([turns[one] for one in mine], key=_order), strict=True):
                    turns[position] = item
        if in_turns:
            turns.sort(key=_turn)
        for item in turns:
            self._take_in_turn(item)
        for item in again:
            key = item[1]
            self._again(item, keys[key] if key in keys else recorded[key])
        self._let_in()
        return [item[0] for item in items]

    def _take_in_turn(self, item: Item) -> None:
        """Decides one fact that did not come before."""
        received, _, _, place, stream = item
        fact = received.fact
        if place is None or isinstance(fact, UndecodableEventError):
            self._refuse(item, *_words(fact))
            return
        verdict = self._decide(fact, place, stream)
        if isinstance(verdict, Accept):
            self._accept(fact, place, stream, self._head + received.body + b"}")
        elif _undecided(verdict):
            self._wait(item, fact, verdict)
        else:
            self._refuse(item, verdict.reason, verdict.reason_fr)

    def retry(self, entry: Held, read: Read | None = None) -> None:
        """Decides one held entry again; ``read`` gives the events of what is a tool's message and no event itself."""
        unread = entry.key.startswith(UNREADABLE)  # nothing could be read from it when it came: it is as it was sent
        headers = headers_of(entry.headers) if unread else []
        try:
            fact = decode_message(headers, entry.body, self._recorded, MAX_BYTES) if unread else fact_in(entry)
        except UndecodableEventError:
            self._read_again(entry, () if read is None else read(entry.body))
            return
        key = key_of(fact.source, fact.id)
        if unread:
            self._writing.mark(entry.number, "retried")
            body = as_structured(headers, entry.body)
            (kept,) = self.take([Received(body, entry.origin, fact, headers=entry.headers)])
            if kept.body != body:  # its values of persons are sealed now; what came unread must not keep them
                content = secrets.token_bytes(CONTENT_BYTES)
                new = replace(entry, body=kept.body, content=content, key=key_of_unreadable(content))
                self._writing.overwrite(entry, new)
            return
        first = self._writing.contents([key]).get(key)
        if first != entry.content and not self._given_up(key, first):
            self.outcome.quarantined += 1
            return
        match self._try_again(entry, fact):
            case "retried":
                self._keys[key] = entry.content
                self._let_in()
            case "waiting":
                self.outcome.waiting += 1
            case _:
                self.outcome.quarantined += 1

    def _read_again(self, entry: Held, made: Sequence[tuple[bytes, AnyFact | UndecodableEventError]]) -> None:
        """Takes the events of a message; the entry stays while a part of the message is still refused."""
        if not made or any(isinstance(fact, UndecodableEventError) for _, fact in made):
            self.outcome.quarantined += 1
            return
        self._writing.mark(entry.number, "retried")
        self.take([Received(body, entry.origin, fact, headers=entry.headers) for body, fact in made])

    def write(self) -> None:
        """Writes everything that was gathered."""
        if self._rows:
            self._writing.append(self._rows)
        if self._keys:
            self._writing.remember(self._keys.items())
        held = [*self._held, *(entry for entries in self._waiting.values() for entry, _ in entries)]
        if held:
            self._writing.hold(held)
        waiting = sum(entry.status == "waiting" for entry in held)
        self.outcome.waiting += waiting
        self.outcome.quarantined += len(held) - waiting

    def _items(self, batch: Sequence[Received]) -> list[Item]:
        places = self._places
        items: list[Item] = []
        personal: list[int] = []
        for received in batch:
            body, fact = received.body, received.fact
            content = content_of(body)
            if isinstance(fact, UndecodableEventError):
                # A line too long to be kept has no bytes: its place stands for it.
                content = content if body else content_of(received.place.encode())
                items.append((received, key_of_unreadable(content), content, None, ""))
                continue
            data = fact.data
            place = places.get((fact.subject, type(data))) or places.of(fact)
            name = fact.ref if place.aggregate is None else place.aggregate.key(data)
            if place.personal:
                personal.append(len(items))
            items.append((received, key_of(fact.source, fact.id), content, place, place.prefix + name))
        if personal:
            sealed = self._arriving.sealed([(items[one][0], items[one][-1]) for one in personal])
            for one, received in zip(personal, sealed, strict=True):
                items[one] = (received, items[one][1], content_of(received.body), *items[one][3:])
        return items

    def _gathered(self, prefix: str) -> list[bytes]:
        """The states of this transaction's streams that start so, not written yet."""
        return [state for stream, _, _, state in self._rows if stream.startswith(prefix)]

    def _decide(self, fact: AnyFact, place: Place, stream: str) -> Verdict:
        wrong = place.wrong or wrong_moment(fact) or too_great(fact) or shared_name(fact)
        if wrong is not None:
            return wrong
        aggregate = place.aggregate
        if aggregate is None:
            return ACCEPT
        known = self._of_providers if place.of_provider else self._of_contracts
        return aggregate.decide(self._streams.state(stream, aggregate), fact, known)

    def _accept(self, fact: AnyFact, place: Place, stream: str, state: bytes) -> None:
        version = 1
        if place.aggregate is not None:
            version = self._streams.grow(stream, fact)
            self._grown[stream] = None
            if place.topic == ERASED:
                self.erases = True
        if place.wakes is not None:
            self._grown[place.wakes] = None
        self._rows.append((stream, version, place.topic, state))
        outcome = self.outcome
        outcome.recorded += 1
        outcome.subjects.add(fact.subject)

    def _wait(self, item: Item, fact: AnyFact, verdict: Wait | Refuse) -> None:
        stream = item[-1]
        entry = replace(
            self._entry(item, verdict.reason, verdict.reason_fr),
            status=_status(verdict),
            stream=stream,
            thing=_thing(stream),
        )
        self._waiting.setdefault(_thing(stream), []).append((entry, fact))

    def _refuse(self, item: Item, reason: str, reason_fr: str) -> None:
        self._held.append(self._entry(item, reason, reason_fr))

    def _entry(self, item: Item, reason: str, reason_fr: str) -> Held:
        received, key, content, _, _ = item
        entry = Held(
            status="open",
            reason=reason,
            reason_fr=reason_fr,
            origin=received.place,
            received=format_instant(self._recorded),
            body=received.body,
            key=key,
            content=content,
            headers=received.headers,
        )
        fact = received.fact
        if isinstance(fact, UndecodableEventError):
            return entry
        topic = topic_of(type(fact.data))
        return replace(entry, source=fact.source, fact_id=fact.id, subject=fact.subject, type=topic)

    def _let_in(self) -> None:
        """Decides again what waits for a stream that grew, until nothing more comes in."""
        while self._grown:
            grown, self._grown = self._grown, {}
            streams = list(grown)
            things = [_thing(stream) for stream in streams if stream.startswith(PROVIDER)]
            waiting = [(fact_in(entry), entry) for entry in self._writing.waiting_for(streams, things)]
            for fact, entry in sorted(waiting, key=_as_recorded):
                status = self._try_again(entry, fact)
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
                self._accept(fact, place, str(entry.stream), self._head + entry.body + b"}")
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
        self._streams.read([stream])
        verdict = self._decide(fact, place, stream)
        if isinstance(verdict, Accept):
            if place.topic == ERASED:  # what came to be known before it is let in is erased too
                fact = fact._replace(recorded=self._recorded)
            self._accept(fact, place, stream, head_of(fact.recorded) + entry.body + b"}")
            self._writing.mark(entry.number, "retried")
            return "retried"
        status = _status(verdict)
        if (status, verdict.reason) != (entry.status, entry.reason):
            self._writing.mark(entry.number, status, (verdict.reason, verdict.reason_fr))
        return status

    def _again(self, item: Item, first: bytes) -> None:
        """The same key again: the same fact once more, or another content, which is a conflict."""
        received, key, content, place, stream = item
        fact = received.fact
        if content == first or isinstance(fact, UndecodableEventError) or self._said_before(fact, key, stream):
            self.outcome.duplicates += 1
            return
        meant = content_of(canonical(parse_object(received.body, MOST_HELD)))
        again = f"{key}{CONFLICT}{meant.hex()}"
        if again in self._keys or self._writing.contents([again]):
            self.outcome.duplicates += 1
            return
        self._keys[again] = meant
        self._refuse(
            (received, again, content, place, stream),
            f"{fact.ref} came again with another content; the first one is kept.",
            f"{fact.ref} est revenu avec un autre contenu ; le premier est conservé.",
        )

    def _said_before(self, fact: AnyFact, key: str, stream: str) -> bool:
        """Whether a fact says what the first of its key says, in other bytes (spaces, order of names)."""
        mine = [state for of_stream, _, _, state in self._rows if of_stream == stream]
        recorded = map(fact_of, [*self._writing.bodies([stream]).get(stream, ()), *mine])
        turned_away = [*self._held, *(entry for entries in self._waiting.values() for entry, _ in entries)]
        held = [*self._writing.held_as(key), *(entry for entry in turned_away if entry.key == key)]
        again = map(fact_in, held)
        firsts = [*(one for one in recorded if one.ref == fact.ref), *again]
        return any(same_content(first, fact) for first in firsts)

    def _given_up(self, key: str, first: bytes | None) -> bool:
        """Whether the first fact of a key was discarded, so that another may take its place."""
        return any(one.content == first and one.status == "discarded" for one in self._writing.held_as(key))


def _as_recorded(waiting: tuple[AnyFact, Held]) -> Any:
    return as_recorded(waiting[0])


def _order(item: Item) -> Any:
    fact = item[0].fact
    assert not isinstance(fact, UndecodableEventError)
    return by_order(fact)


def _turn(item: Item) -> int:
    """Facts of providers before those of contracts; erasures last, when it is known what there is to erase."""
    place = item[3]
    if place is not None and place.topic == ERASED:
        return 2
    return 0 if item[-1].startswith(PROVIDER) else 1


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
