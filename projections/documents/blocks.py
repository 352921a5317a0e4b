"""What a document is made of: blocks and cells as JSON values, every one of them text; a template lays them out.

``tone`` says what a text means (``good``, ``bad``, ``warn``, ``quiet``, ``fill`` for what a person is to fill in);
the words alone must do without it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
Cell = str | dict[str, str]
LEFT, RIGHT = "left", "right"


def cell(text: str, note: str = "", *, tone: str = "", mono: bool = False) -> Cell:
    """A text with what stands in small print below it; ``mono`` for ids and hashes."""
    return {"text": text, "note": note, "tone": tone, "mono": "yes" if mono else ""}


def heading(text: str) -> Block:
    """A section's title."""
    return {"block": "heading", "text": text}


def text(words: str, tone: str = "") -> Block:
    """A paragraph."""
    return {"block": "text", "text": words, "tone": tone}


def verdict(words: str, tone: str, note: str = "") -> Block:
    """What the document comes to, set apart."""
    return {"block": "verdict", "text": words, "tone": tone, "note": note}


def pairs(rows: Iterable[tuple[str, Cell]]) -> Block:
    """Labels and their values, one to a line."""
    return {"block": "pairs", "rows": [{"label": label, "value": _cell(value)} for label, value in rows]}


def table(
    caption: str, columns: Sequence[tuple[str, str, int]], rows: Iterable[Sequence[Cell]], level: int = 1
) -> Block:
    """A table; a column is its title, its side and its share of the width. ``level`` is that of its heading."""
    return {
        "block": "table",
        "level": level,
        "caption": caption,
        "columns": [{"text": title, "side": side, "width": width} for title, side, width in columns],
        "rows": [[_cell(one) for one in row] for row in rows],
    }


def bars(caption: str, told: str, rows: Iterable[tuple[str, str, int, str]], mark: int) -> Block:
    """Bars to the right: label, value in words, length in thousandths of the ``mark``, tone. ``told`` says it all."""
    return {
        "block": "bars",
        "caption": caption,
        "told": told,
        "mark": mark,
        "rows": [
            {"label": label, "value": value, "length": length, "tone": tone} for label, value, length, tone in rows
        ],
    }


def days(caption: str, told: str, rows: Iterable[tuple[str, int]], most: str) -> Block:
    """One upright bar for each day: its number and its length in thousandths of the longest, which ``most`` says."""
    found = [{"label": label, "length": length} for label, length in rows]
    return {"block": "days", "caption": caption, "told": told, "rows": found, "most": most}


def steps(items: Iterable[str]) -> Block:
    """Sentences of a computation in their order; those that start with blanks belong to the one before."""
    return {
        "block": "steps",
        "items": [{"text": one.strip(), "inner": "yes" if one[:1] == " " else ""} for one in items],
    }


def points(items: Iterable[str]) -> Block:
    """Sentences in no particular order."""
    return {"block": "points", "items": list(items)}


def addresses(sender: Sequence[Cell], to: Sequence[Cell], label: str) -> Block:
    """Who writes to whom; ``label`` names the way it is sent."""
    return {
        "block": "addresses",
        "from": [_cell(one) for one in sender],
        "to": [_cell(one) for one in to],
        "label": label,
    }


def blanks(items: Iterable[tuple[str, str]]) -> Block:
    """What a person is still to write by hand: label, and the height left for it (``line`` or ``box``)."""
    return {"block": "blanks", "rows": [{"label": label, "height": height} for label, height in items]}


def new_page() -> Block:
    """What follows starts on a page of its own."""
    return {"block": "page"}


def _cell(value: Cell) -> dict[str, str]:
    return {"text": value, "note": "", "tone": "", "mono": ""} if isinstance(value, str) else value
