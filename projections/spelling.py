"""The one JSON spelling of everything we print: compact, UTF-8, keys in the order of the wire."""

from typing import Any

from pydantic_core import to_json


def dump(value: Any) -> str:
    """The value as JSON text."""
    return to_json(value).decode()
