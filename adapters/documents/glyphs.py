"""Which characters the fonts of documents have: what they lack is printed by its code point, never left out."""

from functools import cache
from importlib.resources import files
from typing import Any

import tomli


def printable(text: str) -> str:
    """The text with each character that cannot be shown as ``[U+4E2D]``: none is lost, and none acts on its own."""
    known = _known()
    if known.issuperset(text):
        return text
    return "".join(one if one in known else f"[U+{ord(one):04X}]" for one in text)


def all_printable(value: Any) -> Any:
    """The same for every text of a JSON value."""
    match value:
        case str():
            return printable(value)
        case list() | tuple():
            return [all_printable(one) for one in value]
        case dict():
            return {name: all_printable(one) for name, one in value.items()}
        case _:
            return value


@cache
def _known() -> frozenset[str]:
    spans = tomli.loads(files("adapters.documents").joinpath("glyphs.toml").read_text("utf-8"))["ranges"].split()
    ends = [span.partition("-")[::2] for span in spans]
    return frozenset(chr(code) for first, last in ends for code in range(int(first, 16), int(last or first, 16) + 1))
