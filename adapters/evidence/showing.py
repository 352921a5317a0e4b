"""What a bundle shows of one stored event: its fields with their salts, or the leaves of those that are withheld."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from pydantic_core import from_json

from adapters.evidence.fields import fields_of
from adapters.evidence.leaf import Leaf
from adapters.evidence.verify import (
    REDACTED,
    UNAVAILABLE,
    WITHHELD,
    canonical,
    personal_paths,
    put_together,
)
from adapters.privacy.opening import Opened
from domain.errors import GreffeError

ALWAYS = frozenset({"id", "source", "specversion", "subject", "time", "type"})
"""Never withheld from a fact that is opened: without them it is nobody's."""


Unseal = Callable[[bytes], Mapping[str, Opened]]
"""The personal values of a stored state that are sealed, by their paths."""


class PatternError(GreffeError):
    """A pattern of what to redact that names what every fact must show, or nothing at all."""


PERSONS = "persons"
"""The pattern that stands for every personal value, whatever its path."""
Hidden = Callable[[str, str], bool]
"""Whether the value of a type of fact at a path is to be redacted."""


class Shown(NamedTuple):
    """The fields as a bundle writes them, and the event they make: None where it is not whole."""

    fields: list[dict[str, Any]]
    event: dict[str, Any] | None


def shown(leaf: Leaf, state: bytes, unseal: Unseal, hidden: Hidden) -> Shown:
    """What is shown of a stored event where the paths that are ``hidden`` are redacted."""
    wrapper = from_json(state)
    sealed, type_ = unseal(state), wrapper["event"]["type"]
    fields: list[dict[str, Any]] = []
    values: list[tuple[str, Any]] = []
    withheld: list[str] = []
    for path, value, salt, digest in fields_of(wrapper["event"], leaf.seed or b""):
        found = sealed.get(path)
        why: str | None = None if found is None else found.why
        if why is not None and why not in WITHHELD:
            why = UNAVAILABLE
        if why is None and path not in ALWAYS and hidden(type_, path):
            why = REDACTED
        if why is not None:
            fields.append({"leaf": digest.hex(), "path": path, "why": why})
            withheld.append(path)
            values.append((path, WITHHELD[why]))
            continue
        if found is not None and found.salt is not None:
            value, salt = found.value, found.salt  # noqa: PLW2901 - what the seal hides stands for it
        fields.append({"path": path, "salt": salt.hex(), "value": value})
        values.append((path, value))
    personal = personal_paths(type_)
    if any(path not in personal for path in withheld):
        return Shown(fields, None)
    return Shown(fields, {**put_together(values), "recordedtime": wrapper["recorded"]})


def subject_alone(leaf: Leaf, state: bytes, unseal: Unseal) -> list[dict[str, Any]]:
    """The fields of an event of which only the subject and the type are shown."""
    return shown(leaf, state, unseal, lambda _type, _path: True).fields


def hiding(patterns: Sequence[str]) -> Hidden:
    """What the patterns redact. Raises PatternError for one that names what is always shown."""
    for pattern in ALWAYS.intersection(patterns):
        raise PatternError(
            f"redact {pattern}: {pattern} is never withheld", f"redact {pattern} : {pattern} n'est jamais occulté"
        )
    return lambda type_, path: any(_hides(pattern, type_, path) for pattern in patterns)


def check_patterns(patterns: Sequence[str], shown_: Iterable[tuple[str, Shown]]) -> None:
    """Raises PatternError for a pattern that names no value of (type, what is shown of it): it may be misspelt."""
    paths = {(type_, field["path"]) for type_, one in shown_ for field in one.fields}
    for pattern in patterns:
        if pattern != PERSONS and not any(_hides(pattern, *place) for place in paths):
            raise PatternError(
                f"redact {pattern}: no value of these facts is at such a path",
                f"redact {pattern} : aucune valeur de ces faits n'est à un tel chemin",
            )


def _hides(pattern: str, type_: str, path: str) -> bool:
    return path in personal_paths(type_) if pattern == PERSONS else fnmatchcase(path, pattern)


def line_of(leaf: Leaf, proof: Sequence[bytes], fields: Sequence[Mapping[str, Any]] | None) -> bytes:
    """The line of an entry in ``entries.jsonl``; ``fields`` is None where only its seal is shown."""
    said: dict[str, Any] = {
        "entry": leaf.entry.decode(),
        "index": leaf.idx,
        "proof": [one.hex() for one in proof],
    }
    if fields is not None:
        said["fields"] = list(fields)
    return canonical(said) + b"\n"


def facts_lines(events: Sequence[Mapping[str, Any]]) -> bytes:
    """``facts.jsonl``: the events in order of time, one to a line."""
    return b"".join(canonical(event) + b"\n" for event in events)
