"""Seals the values of persons in events, before anything of them is written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.privacy.crypto import seal
from adapters.privacy.keystore import KeyStore, PersonKey, Whose
from adapters.privacy.token import ERASED, PREFIX
from domain.events.personal import Path, names_of, person_in, replaced, values_in
from domain.time.instant import Instant

Event = dict[str, Any]


def whose(event: Event) -> Whose:
    """Subject and person of an event that holds values of one."""
    return event["subject"], person_in(event)


def sealed(keys: KeyStore, events: Sequence[Event], erased: Mapping[Whose, Instant], now: Instant) -> list[Event]:
    """Events with their personal values sealed; ``erased`` says who was erased: what is said of them now is new."""
    wanted: dict[Whose, Instant | None] = {one: erased.get(one) for one in map(whose, events)}
    found = keys.keys_for(wanted, now)
    return [_with(event, found[whose(event)]) for event in events]


def sealed_as(first: Event, event: Event) -> Event:
    """An event that came again once its person was erased, with the tokens of the first one for its values.

    No key tells any more whether they are the same values: an event that says otherwise the same is the same.
    """
    tokens = {path: value for path, value in values_in(first).items() if value.startswith(PREFIX)}
    return replaced(event, lambda path, _: tokens.get(path, ERASED))


def is_sealed(event: Event) -> bool:
    """Whether every personal value of an event is sealed; an event of the ledger is, once it is migrated."""
    return all(value.startswith(PREFIX) for value in values_in(event).values())


def bytes_of(event: Event) -> bytes:
    """A sealed event as it is kept: its names in the order they came in, without spaces."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def place_of(event: Event, path: Path) -> tuple[str, str, str, str]:
    """What a sealed value is bound to."""
    return event["subject"], event["source"], event["id"], names_of(path)


def _with(event: Event, key: PersonKey) -> Event:
    return replaced(event, lambda path, value: str(seal(key.id, key.key, value, place_of(event, path))))


def persons_in(events: Iterable[Event]) -> set[Whose]:
    """Whose values these events hold."""
    return {whose(event) for event in events if values_in(event)}
