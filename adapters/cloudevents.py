"""CloudEvents 1.0 at the door: bytes from Kafka, HTTP or a file become facts, or a refusal a person understands.

Structured mode is one JSON object; binary mode is Kafka's ``ce_`` headers with the data as value. Canonical bytes and
their hash say whether two events with one key are the same event. Duplicate names in an object are refused: a reader
that keeps the first and one that keeps the last would tell a court two different stories.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import from_json

from domain.errors import UndecodableEventError
from domain.events.decode import decode, encode, same_content
from domain.events.model import shown
from domain.events.refusal import path_of
from domain.fact import AnyFact
from domain.time.instant import Instant

__all__ = [
    "MAX_BYTES",
    "canonical",
    "content_hash",
    "decode_binary",
    "decode_message",
    "decode_structured",
    "encode",
    "parse_object",
    "same_content",
]

MAX_BYTES = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_SPACED_NAME = re.compile(rb'"[ \t\r\n]')
_STRUCTURED = "application/cloudevents"
_HEADER = "ce_"


def decode_structured(value: bytes, recorded: Instant | None = None, limit: int = MAX_BYTES) -> AnyFact:
    """The fact in one JSON object of at most ``limit`` bytes.

    ``recorded``: the live ledger's stamp; None in a replay, where ``recordedtime`` counts, else ``time``.
    Raises UndecodableEventError, and nothing else, whatever the bytes.
    """
    return decode(parse_object(value, limit), recorded)


def decode_binary(
    headers: Iterable[tuple[str, bytes | None]], value: bytes, recorded: Instant | None = None, limit: int = MAX_BYTES
) -> AnyFact:
    """The fact in a Kafka message of binary mode: attributes in ``ce_`` headers, ``value`` is the data.

    Headers without the prefix are the transport's, and ignored, but ``content-type``. Raises UndecodableEventError.
    """
    event: dict[str, Any] = {}
    for name, content in headers:
        key = name.lower()
        if key.startswith(_HEADER):
            attribute = key.removeprefix(_HEADER)
        elif key == "content-type":
            attribute = "datacontenttype"
        else:
            continue
        if attribute in event or attribute == "data":
            raise UndecodableEventError("is given twice", path_of((attribute,)))
        event[attribute] = _header_text(attribute, content)
    event["data"] = parse_object(value, limit, "data")
    return decode(event, recorded)


def decode_message(
    headers: Iterable[tuple[str, bytes | None]], value: bytes, recorded: Instant | None = None, limit: int = MAX_BYTES
) -> AnyFact:
    """The fact in a Kafka message of either mode: binary if it has ``ce_`` headers and no CloudEvents content type."""
    headers = list(headers)
    names = {name.lower(): content for name, content in headers}
    content_type = (names.get("content-type") or b"").lstrip().lower()
    if not content_type.startswith(_STRUCTURED.encode()) and any(name.startswith(_HEADER) for name in names):
        return decode_binary(headers, value, recorded, limit)
    return decode_structured(value, recorded, limit)


def _header_text(attribute: str, content: bytes | None) -> str:
    try:
        return (content or b"").decode()
    except UnicodeDecodeError:
        raise UndecodableEventError("expected UTF-8 text", path_of((attribute,))) from None


def parse_object(value: bytes, limit: int = MAX_BYTES, field: str | None = None) -> dict[str, Any]:
    """The JSON object in the bytes: UTF-8, no byte order mark, no NaN, no name twice. Raises UndecodableEventError."""
    if len(value) > limit:
        raise UndecodableEventError(f"{len(value)} bytes are more than the limit of {limit}", field)
    try:
        event = from_json(value, allow_inf_nan=False)
    except ValueError as error:
        raise UndecodableEventError(_not_json(value, str(error)), field) from None
    if type(event) is not dict:
        raise UndecodableEventError(f"expected a JSON object, got {shown(event)}", field)
    # Each name in the text is followed by a colon. As many of these as names kept: none was there twice. Otherwise
    # (nested objects, a quote and colon inside a text, unusual white space) the careful reader decides.
    data = event.get("data")
    names = len(event) + (len(data) if type(data) is dict else 0)
    if value.count(b'":') != names or _SPACED_NAME.search(value):
        _refuse_duplicates(value, field)
    return event


def _not_json(value: bytes, reason: str) -> str:
    if not value.strip():
        return "expected a JSON object, got nothing"
    if value.startswith(_BOM):
        return "starts with a byte order mark; expected plain UTF-8"
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        return f"is not UTF-8 text: byte {error.start + 1} is not part of a character"
    if "recursion" in reason:
        return "is nested too deeply"
    where = f" ({reason})"
    if any(word in text for word in ("NaN", "Infinity")):
        return f"is not JSON{where}; NaN and Infinity are not JSON numbers"
    return f"is not JSON{where}"


def _refuse_duplicates(value: bytes, field: str | None) -> None:
    def pairs(found: list[tuple[str, Any]]) -> None:
        names = set()
        for name, _ in found:
            if name in names:
                path = path_of((field, name)) if field else path_of((name,))
                raise UndecodableEventError("is given twice in one object", path)
            names.add(name)

    try:
        json.loads(value, object_pairs_hook=pairs, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise UndecodableEventError("is not JSON", field) from None


def canonical(event: Mapping[str, Any]) -> bytes:
    """The one way to write the event's content: names sorted, no spaces, UTF-8. Leaves out ``recordedtime`` alone."""
    content = {name: value for name, value in event.items() if name != "recordedtime"}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def content_hash(event: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(event)).hexdigest()
