"""Which values of facts are personal, and whose: the one list that sealing, opening and erasing go by.

Ids that a sender chooses for a person (``person.id``, ``account.id``) are not sealed: they are what an erasure names,
and must not be names themselves. Free texts (a ``basis``, a ``reason``) are for facts, not for persons.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from domain.events.model import MAX_ID
from domain.fact import AnyFact

Path = tuple[str, ...]

ACCOUNT, FACT = "account:", "fact:"
DATA = "data"


@dataclass(frozen=True, slots=True)
class Personal:
    """The personal values of one type of fact, as paths below ``data``, and whose they are.

    ``person`` is the path of the person's id, said after ``prefix``. Where there is none the values are of nobody the
    facts name: the fact itself stands for the person.
    """

    paths: tuple[Path, ...]
    person: Path = ()
    prefix: str = ""


PERSONAL: Mapping[str, Personal] = {
    "greffe.contact.designated.v1": Personal(
        (("person", "name"), ("person", "email"), ("person", "phone")), ("person", "id")
    ),
    "greffe.contract.signed.v1": Personal((("account", "email"),), ("account", "id"), ACCOUNT),
    "greffe.deletion.certified.v1": Personal((("signatory",), ("title",))),
    "greffe.notice.sent.v1": Personal((("to",),)),
}
"""By stored type. The entry of a type is kept when the type gets a new version: facts keep the version they have."""


def values_in(event: Mapping[str, Any]) -> dict[Path, str]:
    """The personal values of a well-formed event, by path from ``data`` on; empty for most events."""
    personal = PERSONAL.get(event["type"])
    if personal is None:
        return {}
    found = {path: _at(event[DATA], path) for path in personal.paths}
    return {(DATA, *path): value for path, value in found.items() if isinstance(value, str)}


def person_in(event: Mapping[str, Any]) -> str:
    """Whose the personal values of a well-formed event are. Raises KeyError for a type that has none."""
    return _person(PERSONAL[event["type"]], event[DATA], f"{event['source']}#{event['id']}")


def person_of(fact: AnyFact) -> str | None:
    """Whose personal values a fact holds; None where it holds none."""
    personal = PERSONAL.get(fact.data.TOPIC)
    if personal is None or all(_at(fact.data, path) is None for path in personal.paths):
        return None
    return _person(personal, fact.data, fact.ref)


def person_of_fact(ref: str) -> str:
    """The person that stands for ``source#id``; a digest of it where it is too long for an id."""
    person = f"{FACT}{ref}"
    return person if len(person) <= MAX_ID else f"{FACT}sha256:{sha256(ref.encode()).hexdigest()}"


def replaced(event: Mapping[str, Any], put: Callable[[Path, str], str]) -> dict[str, Any]:
    """The event with each personal value replaced by what ``put`` makes of it; the order of its names stays."""
    new = dict(event)
    for path, value in values_in(event).items():
        inner = new
        for name in path[:-1]:
            inner[name] = dict(inner[name])
            inner = inner[name]
        inner[path[-1]] = put(path, value)
    return new


def names_of(path: Path) -> str:
    """A path as people and proofs write it: ``data.person.email``."""
    return ".".join(path)


def may_name(topic: str, path: tuple[Any, ...]) -> bool:
    """Whether what stands at a path below ``data`` of a type of fact is a personal value, or should hold one."""
    personal = PERSONAL.get(topic)
    return personal is not None and any(one[: len(path)] == path for one in personal.paths)


def _person(personal: Personal, data: Any, ref: str) -> str:
    if not personal.person:
        return person_of_fact(ref)
    return f"{personal.prefix}{_at(data, personal.person)}"


def _at(thing: Any, path: Path) -> Any:
    """What is at a path of a JSON object or of a model; None where there is nothing."""
    for name in path:
        thing = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
    return thing
