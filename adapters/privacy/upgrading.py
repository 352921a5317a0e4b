"""A ledger from before values of persons were sealed: they are sealed where they stand, ahead of its log.

What its keys and its quarantine say of the content of such facts is said anew: a plain hash would tell whether a guess
is right.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

from adapters.cloudevents import canonical, parse_object
from adapters.eventstore.arriving import PERSONS
from adapters.eventstore.mapper import CONFLICT, MOST_HELD, content_of, fact_of, key_of
from adapters.eventstore.writing import Writes
from adapters.privacy.keystore import Whose
from adapters.privacy.persons import Persons
from adapters.privacy.sealing import Event, bytes_of, is_sealed, sealed, whose
from domain.errors import UndecodableEventError
from domain.events.person import PersonErased
from domain.events.personal import PERSONAL, values_in
from domain.events.registry import topic_of
from domain.time.instant import Instant, parse_instant

PAGE = 500
_TYPES = ",".join("?" * len(PERSONAL))


def seal_stored(writing: Writes, position: str, persons: Persons, now: Instant) -> int:
    """Seals every fact and every entry of the quarantine that holds values of persons; returns how many."""
    erased = _erased(writing)
    count = 0
    for page in _pages(writing, position):
        states = [(place, from_json(state)) for place, state in page]
        plain = [(place, state) for place, state in states if values_in(state["event"])]
        plain = [(place, state) for place, state in plain if not is_sealed(state["event"])]
        events = _sealed(persons, [state for _, state in plain], erased, now)
        for (place, state), event in zip(plain, events, strict=True):
            body = bytes_of(event)
            kept = b'{"recorded":%b,"event":%b}' % (json.dumps(state["recorded"]).encode(), body)
            writing.rows(f"UPDATE stored_events SET state = ? WHERE {position} = ?", kept, place)  # noqa: S608 - ours
            _remember(writing, key_of(event["source"], event["id"]), content_of(body))
        count += len(plain)
    count += _seal_held(writing, persons, now)
    if count:
        writing.track(PERSONS, persons.keys.number)
    return count


def _erased(writing: Writes) -> dict[Whose, Instant]:
    """Who was erased already, and when: their values were kept all the same, and go with the keys they get now."""
    erased: dict[Whose, Instant] = {}
    for (state,) in writing.rows("SELECT state FROM stored_events WHERE topic = ?", topic_of(PersonErased)):
        fact = fact_of(state)
        whose = (fact.subject, fact.data.person_id)
        erased[whose] = max(fact.recorded, erased.get(whose, fact.recorded))
    return erased


def _pages(writing: Writes, position: str) -> Iterator[list[tuple[int, bytes]]]:
    after = 0
    while found := writing.rows(
        f"SELECT {position}, state FROM stored_events WHERE {position} > ? AND topic IN ({_TYPES})"  # noqa: S608 - ours
        f" ORDER BY {position} LIMIT {PAGE}",
        after,
        *PERSONAL,
    ):
        yield [(place, state) for place, state in found]
        after = found[-1][0]


def _seal_held(writing: Writes, persons: Persons, now: Instant) -> int:
    count = 0
    for number, body, key in writing.rows(f"SELECT number, body, key FROM held WHERE type IN ({_TYPES})", *PERSONAL):  # noqa: S608
        try:
            event = parse_object(body, MOST_HELD)
        except UndecodableEventError:
            continue
        if not values_in(event) or is_sealed(event):
            continue
        (event,) = sealed(persons.keys, [event], {}, now)
        mine = bytes_of(event)
        new = key
        if CONFLICT in key:
            meant = content_of(canonical(event))
            new = f"{key.partition(CONFLICT)[0]}{CONFLICT}{meant.hex()}"
            writing.rows("UPDATE fact_key SET key = ?, content = ? WHERE key = ?", new, meant, key)
        else:
            _remember(writing, key, content_of(mine))
        writing.rows(
            "UPDATE held SET body = ?, content = ?, key = ? WHERE number = ?", mine, content_of(mine), new, number
        )
        count += 1
    return count


def _sealed(persons: Persons, states: list[dict[str, Any]], erased: dict[Whose, Instant], now: Instant) -> list[Event]:
    """The events of these states, sealed; those of who was erased under a key as old as what it seals."""
    events = [state["event"] for state in states]
    found = {}
    for number, state in enumerate(states):
        event = state["event"]
        if whose(event) in erased:
            recorded, gone = parse_instant(state["recorded"]), erased[whose(event)]
            before = {whose(event): gone} if gone < recorded else {}
            (found[number],) = sealed(persons.keys, [event], before, recorded)
    others = [number for number in range(len(events)) if number not in found]
    if others:
        kept = sealed(persons.keys, [events[number] for number in others], {}, now)
        found |= dict(zip(others, kept, strict=True))
    return [found[number] for number in range(len(events))]


def _remember(writing: Writes, key: str, content: bytes) -> None:
    writing.rows("UPDATE fact_key SET content = ? WHERE key = ?", content, key)
