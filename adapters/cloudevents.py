"""CloudEvents 1.0 at the door: bytes from Kafka, HTTP or a file become facts, or a refusal a person understands.

Structured mode is one JSON object; binary mode is Kafka's ``ce_`` headers with the data as value. Canonical bytes and
their hash say whether two events with one key are the same event. Duplicate names in an object are refused: a reader
that keeps the first and one that keeps the last would tell a court two different stories.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from pydantic_core import from_json

from domain.errors import UndecodableEventError
from domain.events.decode import decode, encode, same_content
from domain.events.model import shown
from domain.events.refusal import path_of
from domain.fact import AnyFact
from domain.time.instant import Instant

__all__ = [
    "MAX_BYTES",
    "Line",
    "as_structured",
    "canonical",
    "content_hash",
    "decode_binary",
    "decode_message",
    "decode_structured",
    "encode",
    "headers_of",
    "headers_text",
    "parse_object",
    "read_jsonl",
    "same_content",
]

MAX_BYTES = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_WHITE_SPACE = b" \t\r\n"
_STRUCTURED = "application/cloudevents"
_HEADER = "ce_"
_NUMBERS_EN = "; NaN and Infinity are not JSON numbers"
_NUMBERS_FR = " ; NaN et Infinity ne sont pas des nombres JSON"


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
            raise UndecodableEventError("is given twice", path_of((attribute,)), "figure deux fois")
        event[attribute] = _header_text(attribute, content)
    event["data"] = parse_object(value, limit, "data")
    return decode(event, recorded)


def decode_message(
    headers: Iterable[tuple[str, bytes | None]], value: bytes, recorded: Instant | None = None, limit: int = MAX_BYTES
) -> AnyFact:
    """The fact in a Kafka message of either mode: binary if it has ``ce_`` headers and no CloudEvents content type."""
    headers = list(headers)
    if _is_binary(headers):
        return decode_binary(headers, value, recorded, limit)
    return decode_structured(value, recorded, limit)


def as_structured(headers: Iterable[tuple[str, bytes | None]], value: bytes) -> bytes:
    """A message that ``decode_message`` reads, in structured mode: its value, or its attributes around its data."""
    headers = list(headers)
    if not _is_binary(headers):
        return value
    attributes = {
        "datacontenttype" if name.lower() == "content-type" else name.lower().removeprefix(_HEADER): content
        for name, content in headers
        if name.lower().startswith(_HEADER) or name.lower() == "content-type"
    }
    text = {name: (content or b"").decode() for name, content in attributes.items()}
    return json.dumps(text, ensure_ascii=False).encode()[:-1] + b', "data": ' + value + b"}"


def headers_text(headers: Iterable[tuple[str, bytes | None]]) -> str | None:
    """Headers as JSON, their values in base64, in their order; None where there are none."""
    pairs = [[name, None if value is None else b64encode(value).decode()] for name, value in headers]
    return json.dumps(pairs) if pairs else None


def headers_of(text: str | None) -> list[tuple[str, bytes | None]]:
    """The headers that ``headers_text`` wrote."""
    return [(name, None if value is None else b64decode(value)) for name, value in json.loads(text or "[]")]


def _is_binary(headers: list[tuple[str, bytes | None]]) -> bool:
    names = {name.lower(): content for name, content in headers}
    content_type = (names.get("content-type") or b"").lstrip().lower()
    return not content_type.startswith(_STRUCTURED.encode()) and any(name.startswith(_HEADER) for name in names)


def _header_text(attribute: str, content: bytes | None) -> str:
    try:
        return (content or b"").decode()
    except UnicodeDecodeError:
        raise UndecodableEventError(
            "expected UTF-8 text", path_of((attribute,)), "attendu : un texte en UTF-8"
        ) from None


def parse_object(value: bytes, limit: int = MAX_BYTES, field: str | None = None) -> dict[str, Any]:
    """The JSON object in the bytes: UTF-8, no byte order mark, no NaN, no name twice. Raises UndecodableEventError."""
    if len(value) > limit:
        raise too_long(limit, field)
    try:
        event = from_json(value, allow_inf_nan=False)
    except ValueError as error:
        raise UndecodableEventError(*_not_json(value, str(error), field)) from None
    if type(event) is not dict:
        raise UndecodableEventError(
            f"expected a JSON object, got {shown(event)}",
            field,
            f"attendu : un objet JSON ; reçu : {shown(event, 'fr')}",
        )
    # White space apart, each name is followed by a quote and a colon: at least as many of these as names. Exactly as
    # many as names kept: none was there twice. Otherwise (nested objects, a colon after a quote in a text) read again.
    data = event.get("data")
    names = len(event) + (len(data) if type(data) is dict else 0)
    if value.translate(None, _WHITE_SPACE).count(b'":') != names:
        _refuse_duplicates(value, field)
    return event


def too_long(limit: int, field: str | None = None) -> UndecodableEventError:
    """The refusal of an event of more than ``limit`` bytes."""
    return UndecodableEventError(
        f"is longer than the limit of {limit} bytes", field, f"dépasse la limite de {limit} octets"
    )


def _not_json(value: bytes, reason: str, field: str | None) -> tuple[str, str | None, str]:
    if not value.strip():
        return "expected a JSON object, got nothing", field, "attendu : un objet JSON ; rien n'a été reçu"
    if value.startswith(_BOM):
        return (
            "starts with a byte order mark; expected plain UTF-8",
            field,
            "commence par une marque d'ordre des octets ; attendu : de l'UTF-8 simple",
        )
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        place = error.start + 1
        return (
            f"is not UTF-8 text: byte {place} is not part of a character",
            field,
            f"n'est pas un texte en UTF-8 : l'octet {place} n'appartient à aucun caractère",
        )
    if "recursion" in reason:
        return "is nested too deeply", field, "est imbriqué trop profondément"
    number = any(word in text for word in ("NaN", "Infinity"))
    hint, indice = (_NUMBERS_EN, _NUMBERS_FR) if number else ("", "")
    what, _, where = reason.rpartition(" at ")
    if b"\n" not in value:
        where = where.removeprefix("line 1 ")
    lieu = where.replace("line", "ligne").replace("column", "colonne")
    return f"is not JSON ({what} at {where}){hint}", field, f"n'est pas du JSON ({lieu}){indice}"


def _refuse_duplicates(value: bytes, field: str | None) -> None:
    def pairs(found: list[tuple[str, Any]]) -> None:
        names = set()
        for name, _ in found:
            if name in names:
                path = path_of((field, name) if field else (name,))
                raise UndecodableEventError("is given twice in one object", path, "figure deux fois dans un objet")
            names.add(name)

    try:
        json.loads(value, object_pairs_hook=pairs, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise UndecodableEventError("is not JSON", field, "n'est pas du JSON") from None


def canonical(event: Mapping[str, Any]) -> bytes:
    """The one way to write the event's content: names sorted, no spaces, UTF-8. Leaves out ``recordedtime`` alone."""
    content = {name: value for name, value in event.items() if name != "recordedtime"}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def content_hash(event: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(event)).hexdigest()


class Line(NamedTuple):
    """One line of a file: its number (from 1), the fact it states or why it states none, and its bytes.

    ``size`` is its length in bytes, line end included; ``raw`` is empty for a line longer than the limit.
    """

    number: int
    fact: AnyFact | UndecodableEventError
    size: int
    raw: bytes

    @property
    def content_hash(self) -> str:
        """The hash of the event's canonical bytes. Raises UndecodableEventError if the line is not a JSON object."""
        return content_hash(parse_object(self.raw, len(self.raw)))


def read_jsonl(stream: BinaryIO, recorded: Instant | None = None, limit: int = MAX_BYTES) -> Iterator[Line]:
    """Each line of the file that is not blank: a fact, or a refusal; a bad line never stops the next ones.

    Memory is bounded by ``limit``, the most bytes a line may have: a longer one is refused and skipped. A byte order
    mark at the start of the file, and CRLF line ends, are taken off. Raises what the stream raises, nothing else.
    """
    number = 0
    while line := stream.readline(limit + 2):
        number += 1
        size = len(line)
        if number == 1:
            line = line.removeprefix(_BOM)
        ended = line.endswith(b"\n")
        raw = line.rstrip(b"\r\n") if ended else line
        if len(raw) > limit:
            while not line.endswith(b"\n") and (line := stream.readline(limit)):
                size += len(line)
            yield Line(number, too_long(limit), size, b"")
        elif raw and not raw.isspace():
            try:
                yield Line(number, decode(parse_object(raw, limit), recorded), size, raw)
            except UndecodableEventError as error:
                yield Line(number, error if ended else _perhaps_cut(error), size, raw)


def _perhaps_cut(error: UndecodableEventError) -> UndecodableEventError:
    """The last line of a file that ends without a line end: the file may have been cut there."""
    if error.field is not None:
        return error
    return UndecodableEventError(
        f"{error.reason}; the file ends in this line and may be cut short",
        None,
        f"{error.french} ; le fichier s'arrête dans cette ligne et peut être tronqué",
    )
