"""Reads a file of rules and says everything that is wrong with it, by field, with the nearest name."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, get_args

import tomli
from pydantic import BaseModel, ValidationError

from adapters.notify.rules import Rules, contradictions, references
from domain.errors import GreffeError

_SAID = {
    "missing": ("is required", "est obligatoire"),
    "string_type": ("expected a text", "attendu : un texte"),
    "string_too_short": ("expected a text that is not empty", "attendu : un texte non vide"),
    "string_too_long": ("is too long", "est trop long"),
    "bool_type": ("expected true or false", "attendu : true ou false"),
    "bool_parsing": ("expected true or false", "attendu : true ou false"),
    "int_type": ("expected a whole number", "attendu : un nombre entier"),
    "int_parsing": ("expected a whole number", "attendu : un nombre entier"),
    "int_from_float": ("expected a whole number", "attendu : un nombre entier"),
    "tuple_type": ("expected a list", "attendu : une liste"),
    "frozen_set_type": ("expected a list", "attendu : une liste"),
    "dict_type": ("expected a table", "attendu : une table"),
    "model_type": ("expected a table", "attendu : une table"),
    "too_short": ("expected at least one", "en attend au moins un"),
    "greater_than_equal": ("expected at least {ge}", "attendu : au moins {ge}"),
    "less_than_equal": ("expected at most {le}", "attendu : au plus {le}"),
    "literal_error": ("expected {expected}", "attendu : {expected}"),
    "rules": ("{en}", "{fr}"),
}


class RuleFault(NamedTuple):
    """One thing that is wrong: where in the file, and what, in both languages."""

    place: str
    english: str
    french: str

    def text(self, lang: str) -> str:
        """It on one line."""
        return f"{self.place} : {self.french}" if lang == "fr" else f"{self.place}: {self.english}"


class NoRulesError(GreffeError):
    """A command that lacks what it needs of the rules, or names what is not in them."""


class RulesError(GreffeError):
    """A file of rules that cannot be used; the sentence has every fault, one to a line, each after the file."""

    def __init__(self, path: Path, faults: list[RuleFault]) -> None:
        english, french = ("\n".join(f"{path}: {fault.text(lang)}" for fault in faults) for lang in ("en", "fr"))
        super().__init__(english, french)
        self.faults = faults


def read_rules(path: Path) -> Rules:
    """The rules in a file. Raises RulesError with everything that is wrong."""
    try:
        return parse_rules(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        what = error.strerror or "unreadable"
        raise RulesError(path, [RuleFault("file", f"cannot be read: {what}", f"illisible : {what}")]) from None
    except UnicodeDecodeError:
        raise RulesError(path, [RuleFault("file", "is not UTF-8", "n'est pas en UTF-8")]) from None


def parse_rules(text: str, path: Path) -> Rules:
    """The rules in a text; ``path`` is said in faults. Raises RulesError."""
    try:
        tables = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        said = RuleFault("file", f"is not TOML: {error}", f"n'est pas du TOML : {error}")
        raise RulesError(path, [said]) from None
    try:
        rules = Rules.model_validate(tables, strict=None)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        empty = [one for one in errors if one["type"] != "too_short"] or errors  # nothing is left where all is wrong
        raise RulesError(path, [*dict.fromkeys(_fault(dict(one), tables) for one in empty)]) from None
    faults = [*_unknown_names(rules)] or [RuleFault(place, *said) for place, said in contradictions(rules)]
    if faults:
        raise RulesError(path, faults)
    return rules


def _unknown_names(rules: Rules) -> Iterator[RuleFault]:
    for place, name, (english, french), known in references(rules):
        if name not in known:
            near, proche = _near(name, known)
            said = f"there is no {english} {name!r}{near}"
            yield RuleFault(place, said, f"il n'y a pas de {french} {name!r}{proche}")


def _fault(found: Mapping[str, Any], tables: Mapping[str, Any]) -> RuleFault:
    path: tuple[str | int, ...] = found["loc"]
    place = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".") or "file"
    if found["type"] == "extra_forbidden":
        near, proche = _near(str(path[-1]), _fields(Rules, path[:-1]))
        return RuleFault(place, f"no such field{near}", f"champ inconnu{proche}")
    context = found.get("ctx") or {}
    english, french = _SAID.get(found["type"], (str(found["msg"]), str(found["msg"])))
    if found["type"] == "literal_error":
        context = context | {"expected": str(context["expected"])}
        near, proche = _near(str(_at(tables, path)), [one.strip("' ") for one in _choices(context["expected"])])
        english += near
        french = french.format(**context).replace(" or ", " ou ") + proche
        return RuleFault(place, english.format(**context), french)
    return RuleFault(place, english.format(**context), french.format(**context))


def _choices(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _near(name: str, known: Iterable[str]) -> tuple[str, str]:
    near = next(iter(get_close_matches(name, list(known), n=1, cutoff=0.5)), None)
    return ("", "") if near is None else (f"; did you mean {near!r}?", f" ; vouliez-vous dire {near!r} ?")


def _at(tables: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path of the file; None where nothing does."""
    for one in path:
        try:
            tables = tables[one]
        except (KeyError, IndexError, TypeError):
            return None
    return tables


def _fields(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The fields that the part of the file at a path knows."""
    for one in path:
        if isinstance(one, str) and one in model.model_fields:
            inner = list(_models(model.model_fields[one].annotation))
            model = inner[0] if inner else model
    return [field.alias or name for name, field in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _models(one)
