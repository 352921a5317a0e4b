"""Every setting that there is: its key, its variable, what is expected, its default, what it is for."""

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

PREFIX = "GREFFE_"
NESTING = "__"
CONFIG = "GREFFE_CONFIG"
SHORT = {"GREFFE_LEDGER": ("ledger", "address")}
"""Variables that say a setting in fewer words."""
FILE = "_file"
LISTS = (tuple, list, set, frozenset)


class Setting(NamedTuple):
    """One setting. ``english`` and ``french`` say what it is for; ``secret``: not shown, and may be given as a file."""

    section: str
    key: str
    field: FieldInfo
    secret: bool
    english: str
    french: str

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"{PREFIX}{self.section}{NESTING}{self.key}".upper()

    @property
    def is_list(self) -> bool:
        """Whether it takes several values."""
        return get_origin(_bare(self.field.annotation)) in LISTS

    def expected(self, lang: str) -> str:
        """What value it takes, in words."""
        return _expected(_bare(self.field.annotation), _limits(self.field), lang)


def settings_of(model: type[BaseModel]) -> Iterator[Setting]:
    """Every setting of every section of the model, in the order of the sections."""
    for section, outer in model.model_fields.items():
        inner = outer.annotation
        assert isinstance(inner, type) and issubclass(inner, BaseModel), section  # noqa: PT018 - a fault of ours
        for key, field in inner.model_fields.items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            secret = _bare(field.annotation) is SecretStr or bool(extra.get("secret"))
            yield Setting(section, key, field, secret, field.description or "", str(extra.get("fr") or ""))


def _bare(annotation: Any) -> Any:
    """The annotation without its None."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return inner[0] if len(inner) == 1 else annotation
    return annotation


def _limits(field: FieldInfo) -> dict[str, Any]:
    """The limits of the field's value, by their name in pydantic."""
    found: dict[str, Any] = {}
    for rule in field.metadata:
        for name in ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern"):
            if getattr(rule, name, None) is not None:
                found[name] = getattr(rule, name)
    return found


_KINDS: dict[Any, tuple[str, str]] = {
    bool: ("true or false", "true ou false"),
    int: ("a whole number", "un nombre entier"),
    float: ("a number", "un nombre"),
    Path: ("a path", "un chemin"),
    str: ("a text", "un texte"),
    SecretStr: ("a secret text", "un texte secret"),
}
_BOUNDS = {
    "ge": ("at least {}", "au moins {}"),
    "gt": ("more than {}", "plus de {}"),
    "le": ("at most {}", "au plus {}"),
    "lt": ("less than {}", "moins de {}"),
    "pattern": ("matching `{}`", "de la forme `{}`"),
}


def _expected(annotation: Any, limits: dict[str, Any], lang: str) -> str:
    number = 1 if lang == "fr" else 0
    if get_origin(annotation) is Literal:
        return (" or ", " ou ")[number].join(str(value) for value in get_args(annotation))
    if get_origin(annotation) in LISTS:
        inner = _expected(_bare(get_args(annotation)[0]), {}, lang)
        return (f"a list ({inner}, separated by commas)", f"une liste ({inner}, séparés par des virgules)")[number]
    words = _KINDS.get(annotation, ("a table", "une table"))[number]
    if annotation is str and "min_length" in limits:
        words = ("a text that is not empty", "un texte non vide")[number]
    bounds = [_BOUNDS[name][number].format(limits[name]) for name in _BOUNDS if name in limits]
    return ", ".join([words, *bounds])
