"""What a bundle shows of one stored event: its fields with their salts, or the leaves of those that are withheld."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from pydantic_core import from_json

from adapters.evidence.fields import fields_of
from adapters.evidence.leaf import Leaf
from adapters.evidence.verify import (
    ERASED,
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
    """A pattern of ``--redact`` that withholds what every fact must show."""


class Shown(NamedTuple):
    """The fields as a bundle writes them, and the event they make: None where it is not whole."""

    fields: list[dict[str, Any]]
    event: dict[str, Any] | None


def shown(leaf: Leaf, state: bytes, unseal: Unseal, hidden: Callable[[str], bool]) -> Shown:
    """What is shown of a stored event where the paths that are ``hidden`` are redacted."""
    wrapper = from_json(state)
    sealed = unseal(state)
    fields: list[dict[str, Any]] = []
    values: list[tuple[str, Any]] = []
    withheld: list[str] = []
    for path, value, salt, digest in fields_of(wrapper["event"], leaf.seed or b""):
        found = sealed.get(path)
        why = REDACTED if path not in ALWAYS and hidden(path) else None if found is None else found.why
        if why is not None:
            why = why if why in {REDACTED, ERASED} else UNAVAILABLE
            fields.append({"leaf": digest.hex(), "path": path, "why": why})
            withheld.append(path)
            values.append((path, WITHHELD[why]))
            continue
        if found is not None and found.salt is not None:
            value, salt = found.value, found.salt  # noqa: PLW2901 - what the seal hides stands for it
        fields.append({"path": path, "salt": salt.hex(), "value": value})
        values.append((path, value))
    personal = personal_paths(wrapper["event"]["type"])
    if any(path not in personal for path in withheld):
        return Shown(fields, None)
    return Shown(fields, {**put_together(values), "recordedtime": wrapper["recorded"]})


def subject_alone(leaf: Leaf, state: bytes, unseal: Unseal) -> list[dict[str, Any]]:
    """The fields of an event of which only the subject and the type are shown."""
    return shown(leaf, state, unseal, lambda _path: True).fields


def hiding(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path is to be redacted. Raises PatternError for a pattern that names what is always shown."""
    for pattern in patterns:
        always = sorted(path for path in ALWAYS if path == pattern)
        if always or not pattern:
            raise PatternError(f"--redact {pattern}: {' '.join(always) or 'nothing'} is never withheld")
    return lambda path: any(fnmatchcase(path, pattern) for pattern in patterns)


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
