"""Opens sealed values, for who may read them: the one way from a token back to a value.

Whether a person was erased is a fact of the ledger; it is heeded from the moment it is recorded, whatever keys are
still there (a key store that was restored, an erasure that is still to be carried out). A key that is missing without
one is a loss, and is said to be so.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json

from adapters.eventstore.mapper import fact_of
from adapters.eventstore.places import ERASURE
from adapters.eventstore.store import Store, stream_prefix
from adapters.privacy.crypto import UnsoundSealError, unseal
from adapters.privacy.sealing import Event, place_of, whose
from adapters.privacy.token import ERASED, SEALED, UNAVAILABLE, Token
from domain.events.personal import Path, names_of, replaced, values_in
from domain.time.instant import Instant, parse_instant

BEFORE = "person.erased"
"""The kind of the streams that erasures had before they were decided about."""


class Opened(NamedTuple):
    """What became of a personal value: it and the salt of its leaf, or why there is none."""

    value: str | None
    salt: bytes | None
    why: Literal["erased", "unavailable", "redacted"] | None = None

    @property
    def text(self) -> str:
        """The value, or what stands for it."""
        if self.value is not None:
            return self.value
        return ERASED if self.why == "erased" else UNAVAILABLE


class Opening:
    """Opens the values of persons in stored events of one ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def fields(self, state: bytes) -> dict[str, Opened]:
        """The personal values of one stored event, by dotted path."""
        wrapper = from_json(state)
        (found,) = self._opened([wrapper])
        return {names_of(path): opened for path, opened in found.items()}

    def event(self, state: bytes) -> Event:
        """One stored event with its personal values opened, or with what stands for them."""
        return self.events([from_json(state)])[0]

    def events(self, wrappers: Sequence[dict[str, Any]]) -> list[Event]:
        """Stored events, as the JSON objects that they are, with their personal values opened."""
        found = self._opened(wrappers)
        return [
            replaced(wrapper["event"], lambda path, _, mine=mine: mine[path].text)  # type: ignore[misc]
            for wrapper, mine in zip(wrappers, found, strict=True)
        ]

    def _opened(self, wrappers: Sequence[dict[str, Any]]) -> list[dict[Path, Opened]]:
        personal = [(wrapper, values_in(wrapper["event"])) for wrapper in wrappers]
        tokens = {text: Token.parse(text) for _, values in personal for text in values.values()}
        subjects = {wrapper["event"]["subject"] for wrapper, values in personal if values}
        erased = {subject: erased_of(self._store, subject) for subject in subjects}
        wanted = [token.key for token in tokens.values() if token is not None]
        keys = self._store.persons.keys.opened(wanted) if wanted and self._store.persons.exists else {}
        return [
            {path: _open(wrapper, path, tokens[text], erased, keys) for path, text in values.items()}
            for wrapper, values in personal
        ]


def withheld(state: bytes) -> dict[str, Opened]:
    """The personal values of one stored event, for who may not open them."""
    return {names_of(path): Opened(None, None, "redacted") for path in values_in(from_json(state)["event"])}


def closed(event: Event) -> Event:
    """An event as who may not open it reads it."""
    return replaced(event, lambda _, __: SEALED)


def erased_of(store: Store, subject: str) -> dict[str, Instant]:
    """Who of a subject was erased, and when last, on the recorded axis."""
    found: dict[str, Instant] = {}
    for kind in (ERASURE, BEFORE):
        for fact in map(fact_of, store.under(f"{stream_prefix(subject)}{kind}|")):
            person = fact.data.person_id
            found[person] = max(fact.recorded, found.get(person, fact.recorded))
    return found


def _open(
    wrapper: dict[str, Any],
    path: Path,
    token: Token | None,
    erased: dict[str, dict[str, Instant]],
    keys: dict[str, bytes],
) -> Opened:
    event = wrapper["event"]
    subject, person = whose(event)
    gone = erased[subject].get(person)
    if gone is not None and parse_instant(wrapper["recorded"]) <= gone:
        return Opened(None, None, "erased")
    if token is None or token.key not in keys:
        return Opened(None, None, "unavailable")
    try:
        return Opened(*unseal(token, keys[token.key], place_of(event, path)))
    except UnsoundSealError:
        return Opened(None, None, "unavailable")
