"""Reads files of tools' messages: a whole file that is one JSON object, or one message per line."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from adapters.cloudevents import MAX_BYTES, parse_object
from domain.errors import UndecodableEventError

Numbered = tuple[int, bytes, int]


def message_lines(stream: BinaryIO, limit: int = MAX_BYTES) -> Iterator[Numbered]:
    """Each line that is not blank: its number (from 1), its bytes without the line end, its length with it.

    Memory is bounded: a line longer than ``limit`` is given cut, one byte too long, which is enough to refuse it.
    """
    number = 0
    while line := stream.readline(limit + 2):
        number += 1
        size, kept = len(line), line.rstrip(b"\r\n")
        if len(kept) > limit:
            kept = kept[: limit + 1]
            while not line.endswith(b"\n") and (line := stream.readline(limit)):
                size += len(line)
        if kept and not kept.isspace():
            yield number, kept, size


def messages(body: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The messages of a file with their place: the one JSON object that it is, else each of its lines."""
    if _is_object(body):
        yield name, body
        return
    for number, line, _ in message_lines(BytesIO(body)):
        yield f"{name}:{number}", line


def _is_object(body: bytes) -> bool:
    try:
        parse_object(body)
    except UndecodableEventError:
        return False
    return True
