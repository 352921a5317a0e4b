"""CloudEvents over HTTP: one structured event, a batch of them, or binary mode with ``ce-`` headers.

Each event comes out as the bytes of one JSON object, as a file or a message would hold it: one path for all.
"""

import json
from collections.abc import Iterable
from urllib.parse import unquote

from pydantic_core import from_json

from domain.errors import UndecodableEventError
from projections.spelling import dump

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"
PREFIX = "ce-"
WHITE_SPACE = " \t\r\n"


class UnsupportedMediaError(UndecodableEventError):
    """A content type that holds no event."""


def events_in(headers: Iterable[tuple[str, str]], body: bytes) -> list[bytes]:
    """The events of a request, each as JSON. Raises UndecodableEventError where the body is not what its type says."""
    named = [(name.lower(), value) for name, value in headers]
    media = next((value for name, value in named if name == "content-type"), "")
    kind = media.partition(";")[0].strip().lower()
    if kind == BATCH:
        return _batch(body)
    attributes = [(name.removeprefix(PREFIX), value) for name, value in named if name.startswith(PREFIX)]
    if kind == STRUCTURED or (kind == BINARY and not attributes):
        _check(body)
        return [body]
    if kind == BINARY or (attributes and kind.endswith("+json")):
        _check(body)
        return [_structured([*attributes, ("datacontenttype", media)], body)]
    raise UnsupportedMediaError(
        f"expected {STRUCTURED}, {BATCH}, or {BINARY} with {PREFIX} headers",
        "content-type",
        f"attendu : {STRUCTURED}, {BATCH}, ou {BINARY} avec des en-têtes {PREFIX}",
    )


def _structured(attributes: Iterable[tuple[str, str]], data: bytes) -> bytes:
    """The JSON object of an event in binary mode; header values are percent-encoded (HTTP binding, 3.1.3.2)."""
    parts = [f"{dump(name)}:{dump(unquote(value))}" for name, value in attributes]
    return b"{" + ",".join(parts).encode() + b',"data":' + data + b"}"


def _check(body: bytes) -> None:
    try:
        from_json(body, allow_inf_nan=False)
    except ValueError:
        raise _not_json() from None


def _batch(body: bytes) -> list[bytes]:
    """The elements of a JSON array, each as it was written."""
    _check(body)
    text = body.decode()
    place = _skip(text, 0)
    if text[place] != "[":
        raise UndecodableEventError("expected a JSON array of events", "body", "attendu : un tableau JSON d'événements")
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    found = []
    place = _skip(text, place + 1)
    try:
        while text[place] != "]":
            _, end = decoder.raw_decode(text, place)
            found.append(text[place:end].encode())
            place = _skip(text, end)
            place = _skip(text, place + 1) if text[place] == "," else place
    except RecursionError:
        raise _not_json() from None
    return found


def _skip(text: str, place: int) -> int:
    while text[place] in WHITE_SPACE:
        place += 1
    return place


def _not_json() -> UndecodableEventError:
    return UndecodableEventError("is not JSON", "body", "n'est pas du JSON")
