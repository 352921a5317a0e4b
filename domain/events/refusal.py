"""The words in which an unreadable event is refused: the path of the field, what was expected, what was found.

In English and in French; never the name of a class or of a library.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from domain.errors import InvalidInstantError, UndecodableEventError
from domain.events.model import SHOWN, shown
from domain.events.personal import may_name
from domain.events.registry import event_class

HIDDEN = "…"
Said = Callable[[Mapping[str, Any]], tuple[str, str]]

_EXPECTED: dict[str, Said] = {
    "string_type": lambda _: ("a text", "un texte"),
    "string_too_long": lambda why: (
        f"at most {why['max_length']} characters",
        f"au plus {why['max_length']} caractères",
    ),
    "string_pattern_mismatch": lambda _: (
        "a text without control characters",
        "un texte sans caractère de contrôle",
    ),
    "literal_error": lambda why: (why["expected"], why["expected"].replace(" or ", " ou ")),
    "bool_type": lambda _: ("true or false", "true ou false"),
    "int_type": lambda _: ("a whole number", "un nombre entier"),
    "greater_than_equal": lambda why: (f"at least {why['ge']}", f"au moins {why['ge']}"),
    "less_than_equal": lambda why: (f"at most {why['le']}", f"au plus {why['le']}"),
    "tuple_type": lambda _: ("a list", "une liste"),
    "dataclass_type": lambda _: ("an object", "un objet"),
}
_SAID = {
    "missing": ("is required", "est obligatoire"),
    "string_too_short": ("must not be empty", "ne doit pas être vide"),
    "too_short": ("must not be an empty list", "ne doit pas être une liste vide"),
}
_INSTANT = "une date et une heure RFC 3339 avec décalage (2026-01-31T18:00:00+01:00), entre 1912 et 2999"


def wanted(field: str, expected: str, attendu: str, value: object) -> UndecodableEventError:
    """``field: expected …, got …``, in both languages."""
    return UndecodableEventError(
        f"expected {expected}, got {shown(value)}", field, f"attendu : {attendu} ; reçu : {shown(value, 'fr')}"
    )


def not_an_instant(error: InvalidInstantError, field: str, value: object) -> UndecodableEventError:
    """The refusal of an attribute of the envelope that is no instant."""
    return UndecodableEventError(str(error), field, f"attendu : {_INSTANT} ; reçu : {shown(value, 'fr')}")


def explained(error: ValidationError, topic: str) -> UndecodableEventError:
    """What is wrong with the data of an event of this type: the first field in words, and how many others."""
    found = error.errors(include_url=False)
    first = found[0]
    kind, why, value = first["type"], first.get("ctx", {}), first["input"]
    path: tuple[int | str, ...] = first["loc"]
    if may_name(topic, path) and isinstance(value, str):
        value = HIDDEN  # a reason is kept and told; what it would quote is somebody's
    if "field" in why:
        path = (*path, why["field"])
    if kind in _SAID:
        reason, french = _SAID[kind]
    elif kind == "unexpected_keyword_argument":
        hint, indice = suggestion(str(path[0]), field_names(topic)) if len(path) == 1 else ("", "")
        reason, french = f"is not a field of {topic}{hint}", f"n'est pas un champ de {topic}{indice}"
    elif kind == "instant":
        reason, french = why["reason"], f"attendu : {_INSTANT} ; reçu : {shown(value, 'fr')}"
    elif "reason" in why:
        reason, french = why["reason"], why["french"]
    else:
        expected, attendu = _EXPECTED[kind](why) if kind in _EXPECTED else ("another value", "une autre valeur")
        reason = f"expected {expected}, got {shown(value)}"
        french = f"attendu : {attendu} ; reçu : {shown(value, 'fr')}"
    if (more := len(found) - 1) > 0:
        reason, french = f"{reason} (and {more} more to put right)", f"{french} (et {more} autre(s) à corriger)"
    return UndecodableEventError(reason, path_of(("data", *path)), french)


def path_of(parts: Iterable[int | str]) -> str:
    """``data.services[1]``; a name that could harm a terminal, or fill it, is quoted and cut."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = part if part.isprintable() and 0 < len(part) <= SHOWN else shown(part)
            path += f".{name}" if path else name
    return path


def field_names(topic: str) -> tuple[str, ...]:
    """The data fields of a type, as they are written on the wire."""
    fields: Mapping[str, Any] = event_class(topic).__pydantic_fields__
    return tuple(field.alias or name for name, field in fields.items())


def suggestion(name: str, known: Iterable[str]) -> tuple[str, str]:
    """``; did you mean …?`` in both languages when a known name is near, else nothing."""
    near = get_close_matches(name[:200], list(known), n=1)
    return (f"; did you mean {near[0]}?", f" ; vouliez-vous dire {near[0]} ?") if near else ("", "")
