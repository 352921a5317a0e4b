"""The words in which an unreadable event is refused: the path of the field, what was expected, what was found."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from domain.errors import UndecodableEventError
from domain.events.model import shown
from domain.events.registry import event_class

_EXPECTED: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_type": lambda _: "expected a text",
    "string_too_long": lambda context: f"expected at most {context['max_length']} characters",
    "string_pattern_mismatch": lambda _: "expected a text without control characters",
    "literal_error": lambda context: f"expected {context['expected']}",
    "bool_type": lambda _: "expected true or false",
    "int_type": lambda _: "expected a whole number",
    "greater_than_equal": lambda context: f"expected at least {context['ge']}",
    "less_than_equal": lambda context: f"expected at most {context['le']}",
    "tuple_type": lambda _: "expected a list",
    "dataclass_type": lambda _: "expected an object",
}
_REQUIRED = {
    "missing": "is required",
    "string_too_short": "must not be empty",
    "too_short": "must not be an empty list",
}


def explained(error: ValidationError, topic: str) -> UndecodableEventError:
    """What is wrong with the data of an event of this type: the first field in words, and how many others."""
    found = error.errors(include_url=False)
    first = found[0]
    context = first.get("ctx", {})
    path: tuple[int | str, ...] = first["loc"]
    kind = first["type"]
    if "field" in context:
        path = (*path, context["field"])
    if kind == "unexpected_keyword_argument":
        reason = f"is not a field of {topic}"
        if len(path) == 1:
            reason += suggestion(str(path[0]), field_names(topic))
    elif "reason" in context:
        reason = context["reason"]
    elif kind in _REQUIRED:
        reason = _REQUIRED[kind]
    else:
        expected = _EXPECTED[kind](context) if kind in _EXPECTED else "expected another value"
        reason = f"{expected}, got {shown(first['input'])}"
    if len(found) > 1:
        reason += f" (and {len(found) - 1} more to put right)"
    return UndecodableEventError(reason, path_of(("data", *path)))


def path_of(parts: Iterable[int | str]) -> str:
    """``data.services[1]``; a name that could harm a terminal, or fill it, is quoted and cut."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = part if part.isprintable() and 0 < len(part) <= 60 else shown(part)  # noqa: PLR2004 - display
            path += f".{name}" if path else name
    return path


def field_names(topic: str) -> tuple[str, ...]:
    """The data fields of a type, as they are written on the wire."""
    fields: Mapping[str, Any] = event_class(topic).__pydantic_fields__
    return tuple(field.alias or name for name, field in fields.items())


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` when a known name is near, else nothing."""
    near = get_close_matches(name[:200], list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
