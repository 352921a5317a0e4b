"""From the JSON object of a CloudEvent to a fact, or to a refusal that names the field. Pure; see adapters for bytes.

This is the hot path of every replay: the envelope is checked by hand, the data by the compiled validator of its type.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from domain.errors import InvalidInstantError, UndecodableEventError
from domain.events.model import MAX_ID, shown
from domain.events.refusal import explained, not_an_instant, path_of, suggestion, wanted
from domain.events.registry import known_topics, topic_of, validator
from domain.events.upcasters import UPCASTERS, Upcaster, upcast
from domain.fact import AnyFact, Fact
from domain.time.instant import Instant, format_instant, parse_instant

REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "data")
OPTIONAL = ("recordedtime", "correlationid", "causationid", "traceparent", "datacontenttype", "dataschema")
MAX_SOURCE = 500

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_JSON_MEDIA = re.compile(r"application/(?:json|[!#$&^_.+a-z0-9-]+\+json)(?:\s*;.*)?", re.IGNORECASE)
_LENGTHS = {"source": MAX_SOURCE, "dataschema": MAX_SOURCE}
_KEPT = ("correlationid", "causationid", "traceparent")
_REQUIRED = len(REQUIRED)
_REQUIRED_AND_STAMP = _REQUIRED + 1
_VALIDATORS: dict[str, Callable[..., Any]] = {}
_NAMES: dict[str, str] = {}
_MOST_NAMES = 250_000


def decode(
    event: Mapping[str, Any], recorded: Instant | None = None, upcasters: Mapping[str, Upcaster] = UPCASTERS
) -> AnyFact:
    """The fact that the JSON object of a CloudEvents 1.0 event states.

    ``recorded`` is the ledger's own stamp and wins; without it ``recordedtime`` counts, else ``time``.
    A ``recordedtime`` that does not count is a text all the same, as every attribute is: it is stored and proved.
    Raises UndecodableEventError for anything that is not a well-formed event of a known type.
    """
    try:
        source, subject = _NAMES[event["source"]], _NAMES[event["subject"]]
        id_, topic, data, time = event["id"], event["type"], event["data"], event["time"]
        validate = _VALIDATORS[topic]
        usual = (
            event["specversion"] == "1.0"
            and len(event) == (_REQUIRED_AND_STAMP if "recordedtime" in event else _REQUIRED)
            and type(id_) is str
            and 0 < len(id_) <= MAX_ID
            and id_.isprintable()
        )
    except (KeyError, TypeError):
        usual = False
    if not usual:
        _check_envelope(event)
        source, subject, id_, time = _shared(event["source"]), _shared(event["subject"]), event["id"], event["time"]
        topic, data, validate = _newest(event["type"], event["data"], upcasters)
    field = "time"
    try:
        happened = parse_instant(time)
        if "recordedtime" in event:
            field = "recordedtime"
            if recorded is None:
                recorded = parse_instant(event[field])
            elif type(event[field]) is not str:
                raise wanted(field, "a text", "un texte", event[field])
        model = validate(data, by_alias=True, by_name=False)
    except InvalidInstantError as error:
        raise not_an_instant(error, field, event.get(field)) from None
    except ValidationError as error:
        raise explained(error, topic) from None
    if recorded is None:
        recorded = happened
    if usual:
        return Fact(source, id_, subject, happened, recorded, model)
    correlation, causation, trace = (event.get(name) for name in _KEPT)
    return Fact(source, id_, subject, happened, recorded, model, correlation, causation, trace)


def _shared(name: str) -> str:
    """One object for all the facts of a source or a subject; they are few, and named by a million facts."""
    if len(_NAMES) >= _MOST_NAMES:
        _NAMES.clear()
    return _NAMES.setdefault(name, name)


def _newest(
    topic: str, data: dict[str, Any], upcasters: Mapping[str, Upcaster]
) -> tuple[str, dict[str, Any], Callable[..., Any]]:
    """The data in the newest version of its type, and what validates it."""
    try:
        topic, data = upcast(topic, data, upcasters)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise UndecodableEventError(
            f"is not what {topic} says it is", "data", f"n'est pas conforme à {topic}"
        ) from None
    if topic not in _VALIDATORS:
        if topic not in known_topics():
            near, proche = suggestion(topic, known_topics())
            raise UndecodableEventError(
                f"{shown(topic)} is not a type this ledger knows{near}",
                "type",
                f"{shown(topic)} n'est pas un type que ce registre connaît{proche}",
            )
        _VALIDATORS[topic] = validator(topic)
    return topic, data, _VALIDATORS[topic]


def _check_envelope(event: Mapping[str, Any]) -> None:
    """The envelope once more, slowly, to say exactly what is wrong; returns if nothing is."""
    for name in event:
        if name not in REQUIRED and name not in OPTIONAL:
            near, proche = suggestion(name, (*REQUIRED, *OPTIONAL))
            raise UndecodableEventError(
                f"is not an attribute this ledger knows{near}",
                path_of((name,)),
                f"n'est pas un attribut que ce registre connaît{proche}",
            )
    for name in REQUIRED:
        if name not in event:
            raise UndecodableEventError("is required", name, "est obligatoire")
    if event["specversion"] != "1.0":
        raise wanted("specversion", '"1.0"', "« 1.0 »", event["specversion"])
    for name, value in event.items():
        if name not in ("specversion", "time", "recordedtime", "data"):
            _check_text(name, value)
    if not isinstance(event["data"], dict):
        raise wanted("data", "an object", "un objet", event["data"])
    media = event.get("datacontenttype", "application/json")
    if not _JSON_MEDIA.fullmatch(media):
        raise wanted("datacontenttype", "application/json", "application/json", media)


def _check_text(name: str, value: object) -> None:
    longest = _LENGTHS.get(name, MAX_ID)
    if not isinstance(value, str):
        raise wanted(name, "a text", "un texte", value)
    if not value:
        raise UndecodableEventError("must not be empty", name, "ne doit pas être vide")
    if len(value) > longest:
        raise wanted(name, f"at most {longest} characters", f"au plus {longest} caractères", value)
    if _CONTROL.search(value):
        raise wanted(name, "a text without control characters", "un texte sans caractère de contrôle", value)


def encode(fact: AnyFact) -> dict[str, Any]:
    """The fact as the JSON object of a CloudEvent, ``recordedtime`` included; instants in Europe/Paris.

    ``decode(encode(fact)) == fact``; two facts that say the same thing encode alike.
    """
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": fact.id,
        "source": fact.source,
        "type": topic_of(type(fact.data)),
        "subject": fact.subject,
        "time": format_instant(fact.time),
        "recordedtime": format_instant(fact.recorded),
    }
    extensions = (
        ("correlationid", fact.correlation),
        ("causationid", fact.causation),
        ("traceparent", fact.traceparent),
    )
    event.update((name, value) for name, value in extensions if value is not None)
    event["data"] = to_jsonable_python(fact.data, by_alias=True, exclude_none=True)
    return event


def same_content(one: AnyFact, other: AnyFact) -> bool:
    """Whether two facts with one key say the same thing, however it was written and whenever it came to be known."""
    return (
        one.subject == other.subject
        and one.time == other.time
        and type(one.data) is type(other.data)
        and one.data == other.data
        and (one.correlation, one.causation, one.traceparent) == (other.correlation, other.causation, other.traceparent)
    )
