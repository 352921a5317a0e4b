"""The public description of the wire, generated from the event models: JSON Schemas 2020-12 and AsyncAPI 3.0.

What no schema can say (an end must not come before its start) stands in the description, and decoding refuses it.
"""

import json
from inspect import cleandoc
from typing import Any

from pydantic import TypeAdapter

from domain.events.decode import MAX_SOURCE
from domain.events.model import MAX_ID
from domain.events.registry import PREFIX, event_class, known_topics

TOPIC = "greffe.events"
QUARANTINE = "greffe.quarantine"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ASYNCAPI_FILE = "asyncapi.json"
SCHEMA_FOLDER = "schema"

_ID = {"type": "string", "minLength": 1, "maxLength": MAX_ID, "pattern": r"^[^\x00-\x1f\x7f-\x9f]*$"}
_EXTENSIONS = {
    "correlationid": {**_ID, "description": "What the fact belongs to, in the sender's terms; kept."},
    "causationid": {**_ID, "description": "The event that caused this one; kept."},
    "traceparent": {**_ID, "description": "W3C trace context; kept."},
    "datacontenttype": {"type": "string", "description": "application/json, or another JSON media type."},
    "dataschema": {**_ID, "maxLength": MAX_SOURCE, "description": "The sender's schema of the data; not used."},
}


def generate() -> dict[str, str]:
    """Every file of the description, as its path below ``docs/`` and its text. Deterministic."""
    files = {f"{SCHEMA_FOLDER}/{file_name(topic)}": _text(schema_of(topic)) for topic in known_topics()}
    files[ASYNCAPI_FILE] = _text(asyncapi())
    return files


def file_name(topic: str) -> str:
    """``greffe.outage.recorded.v1`` is described by ``outage.recorded.v1.json``."""
    return f"{topic.removeprefix(PREFIX)}.json"


def schema_of(topic: str) -> dict[str, Any]:
    """The JSON Schema of a whole CloudEvent of this type, in structured mode."""
    model = event_class(topic)
    data = _untitled(TypeAdapter(model).json_schema(by_alias=True, ref_template="#/$defs/{model}"))
    definitions = data.pop("$defs", {})
    description = _prose(model)
    data.pop("description", None)
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": f"urn:greffe:schema:{topic.removeprefix(PREFIX)}",
        "title": topic,
        "description": description,
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {**_ID, "description": "With source, the idempotency key: the same pair twice is one fact."},
            "source": {**_ID, "maxLength": MAX_SOURCE, "description": "Who says so."},
            "type": {"const": topic},
            "subject": {**_ID, "description": "The contract id, or provider:<name> for all its contracts."},
            "time": {"type": "string", "format": "date-time", "description": "When it happened; offset required."},
            "recordedtime": {
                "type": "string",
                "format": "date-time",
                "description": "When the ledger came to know it; honoured in files, stamped by the live ledger.",
            },
            **_EXTENSIONS,
            "data": data,
        },
        "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
        "additionalProperties": False,
    }
    if definitions:
        schema["$defs"] = definitions
    return schema


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0 description of what the ledger reads from Kafka, and of what it sets aside."""
    names = {topic: topic.removeprefix(PREFIX) for topic in known_topics()}
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in names.values()}
    key = {"bindings": {"kafka": {"key": {**_ID, "description": "The event's subject: a contract keeps its order."}}}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Greffe",
            "version": "1",
            "description": "Facts about cloud service agreements, as CloudEvents 1.0 in structured or binary mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "facts": {
                "address": TOPIC,
                "description": "Facts, keyed by subject so that the facts of a contract stay in one partition.",
                "messages": messages,
            },
            "quarantine": {
                "address": QUARANTINE,
                "description": "Messages that could not be recorded, as they came in, keyed as they were.",
                "messages": {"refused": {"$ref": "#/components/messages/refused"}},
            },
        },
        "operations": {
            "recordFacts": {"action": "receive", "channel": {"$ref": "#/channels/facts"}},
            "setAside": {"action": "send", "channel": {"$ref": "#/channels/quarantine"}},
        },
        "components": {
            "messages": {
                **{
                    name: {
                        "name": topic,
                        "title": name,
                        "summary": _prose(event_class(topic)).splitlines()[0],
                        "payload": {"$ref": f"./{SCHEMA_FOLDER}/{file_name(topic)}"},
                        **key,
                    }
                    for topic, name in names.items()
                },
                "refused": {
                    "name": "greffe.quarantine",
                    "title": "refused",
                    "summary": "The bytes of a message that is no fact, or a fact that cannot be true.",
                    "payload": {"description": "The value as it was received; it may be no JSON at all."},
                    **key,
                },
            }
        },
    }


def _prose(model: type[Any]) -> str:
    """What the docstring of a model says, as Markdown."""
    return cleandoc(model.__doc__ or "").replace("``", "`")


def _untitled(schema: Any) -> Any:
    """The schema without the titles that only repeat the names of its fields."""
    if isinstance(schema, list):
        return [_untitled(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: _named(value) if name == "properties" else _untitled(value)
        for name, value in schema.items()
        if name != "title"
    }


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    return {field: _untitled(part) for field, part in fields.items()}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
