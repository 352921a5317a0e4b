"""Carries out the erasures that the ledger has recorded: destroys keys, and cleans what could not be sealed.

It may be done again at any time, by any process, and after a crash anywhere: the key store says up to where of the
ledger it was done, so a key store that was restored from a copy is brought up to date too.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pydantic_core import from_json

from adapters.eventstore.arriving import KINDS
from adapters.eventstore.mapper import CONTENT_BYTES, fact_of, key_of_unreadable
from adapters.eventstore.places import HOLD, erasures_of
from adapters.eventstore.store import Held, Store, stream_prefix, subject_of
from adapters.privacy.crypto import UnsoundSealError, unseal
from adapters.privacy.sealing import Event, place_of, whose
from adapters.privacy.token import ERASED, Token
from domain.aggregates.erasure import Said
from domain.events.person import PersonErased
from domain.events.personal import values_in
from domain.events.registry import topic_of
from domain.time.instant import Instant

Erasure = tuple[str, str, Instant]
"""Subject, person, and when it was recorded."""


def carry_out(store: Store, now: Instant) -> int:
    """Carries out what the ledger has recorded and nobody has carried out yet; returns how many keys were destroyed.

    Raises LedgerError where the ledger or the key store cannot be used; what is left is done next time.
    """
    if not store.persons.exists:
        return 0
    keys = store.persons.keys
    last, reached = store.last_position(), keys.reached
    if last == reached:
        return 0
    recorded = store.entries_as(topic_of(PersonErased), reached if reached < last else 0)
    erasures = [
        (fact.subject, fact.data.person_id, fact.recorded)
        for entry in recorded
        for fact in [fact_of(entry.state)]
        if entry.stream == erasures_of(fact.subject) or not _held_back(store, subject_of(entry.stream), now)
    ]
    if erasures:
        _clean(store, erasures)
    return keys.destroy(erasures, last, now)


def _held_back(store: Store, subject: str, now: Instant) -> bool:
    """Whether a hold is in force; an erasure from before erasures were decided about did not ask."""
    facts = [fact_of(state) for state in store.under(f"{stream_prefix(subject)}{HOLD}|")]
    return bool(Said(facts, now).holds(subject))


def _clean(store: Store, erasures: Sequence[Erasure]) -> None:
    """Overwrites the values of who is erased in what nobody could decode, and so nobody could seal."""
    unread = store.unread()
    if not unread:
        return
    values = {value for erasure in erasures for value in _values(store, *erasure)}
    forms = sorted({form for value in values for form in _forms(value)}, key=len, reverse=True)
    cleaned = [(entry, _without(entry, forms)) for entry in unread]
    changed = [(entry, new) for entry, new in cleaned if new != entry]
    if changed:
        with store.overwriting() as writing:
            for entry, new in changed:
                writing.overwrite(entry, new)


def _values(store: Store, subject: str, person: str, erased: Instant) -> Iterable[str]:
    """The values of a person that can still be opened."""
    states = [state for kind in KINDS for state in store.under(f"{stream_prefix(subject)}{kind}|")]
    events: list[Event] = [from_json(state)["event"] for state in states if fact_of(state).recorded <= erased]
    mine = [event for event in events if values_in(event) and whose(event) == (subject, person)]
    tokens = [(event, path, Token.parse(text)) for event in mine for path, text in values_in(event).items()]
    sealed = [(event, path, token) for event, path, token in tokens if token is not None]
    keys = store.persons.keys.opened(token.key for _, _, token in sealed)
    for event, path, token in sealed:
        if token.key in keys:
            try:
                yield unseal(token, keys[token.key], place_of(event, path)).value
            except UnsoundSealError:
                continue


def _without(entry: Held, forms: Iterable[bytes]) -> Held:
    """An entry without these values; what was said of its bytes would tell whether a guess is right, and goes too."""
    body, reason, french = entry.body, entry.reason, entry.reason_fr
    for form in forms:
        body = body.replace(form, ERASED.encode())
        reason, french = (text.replace(form.decode(), ERASED) for text in (reason, french))
    if (body, reason, french) == (entry.body, entry.reason, entry.reason_fr):
        return entry
    content = secrets.token_bytes(CONTENT_BYTES)
    key = key_of_unreadable(content)
    return replace(entry, body=body, reason=reason, reason_fr=french, content=content, key=key)


def _forms(value: str) -> set[bytes]:
    """A value as it stands in UTF-8, and in JSON with and without escapes."""
    return {value.encode(), *(json.dumps(value, ensure_ascii=escaped)[1:-1].encode() for escaped in (True, False))}
