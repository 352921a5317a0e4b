"""What is wrong with a mapping file, before any message meets it: each fault with its line, its key and a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import tomli
from pydantic import TypeAdapter, ValidationError

from adapters.mappings import model
from adapters.mappings.expression import Expression
from adapters.mappings.lines import Path, line_of, lines_of
from adapters.mappings.refusal import Said
from domain.errors import UndecodableEventError
from domain.events.refusal import explained, path_of, suggestion
from domain.events.registry import event_class

_TOML_FR = "n'est pas du TOML"


@dataclass(frozen=True, slots=True)
class MappingFault:
    """One fault: the file, the line (None where it is about the whole file), the path of the key, the sentence."""

    file: str
    line: int | None
    key: str
    said: Said

    def text(self, lang: str) -> str:
        """The fault as a line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        key, colon = (f" {self.key}" if self.key else ""), " :" if lang == "fr" else ":"
        return f"{place}:{key}{colon if key else ''} {self.said.fr if lang == 'fr' else self.said.en}"

    def as_json(self) -> dict[str, Any]:
        """The fault as JSON values."""
        return {"file": self.file, "line": self.line, "key": self.key, "en": self.said.en, "fr": self.said.fr}


def lint(content: bytes, file: str) -> tuple[model.Mapping | None, list[MappingFault]]:
    """The mapping (None where the file cannot be read as one) and its faults, in the order of the file."""
    try:
        text = content.decode()
        raw = tomli.loads(text)
    except UnicodeDecodeError:
        return None, [MappingFault(file, None, "", Said("is not UTF-8 text", "n'est pas un texte en UTF-8"))]
    except (tomli.TOMLDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        return None, [MappingFault(file, line, "", Said(f"is not TOML: {error}", f"{_TOML_FR} : {error}"))]
    lines = lines_of(text)

    def fault(path: Path, said: Said) -> MappingFault:
        return MappingFault(file, line_of(lines, path), path_of(path), said)

    try:
        mapping = model.Mapping.model_validate(raw)
    except ValidationError as error:
        found = [fault(*_refusal(one)) for one in error.errors(include_url=False)]
        return None, sorted(found, key=lambda one: one.line or 0)
    found = [fault(path, said) for path, said in _faults(mapping)]
    return mapping, sorted(found, key=lambda one: one.line or 0)


_SAID = {
    "missing": Said("is required", "est obligatoire"),
    "string_too_short": Said("must not be empty", "ne doit pas être vide"),
    "too_short": Said("must not be empty", "ne doit pas être vide"),
    "string_type": Said("expected a text", "attendu : un texte"),
    "bool_type": Said("expected true or false", "attendu : true ou false"),
    "list_type": Said("expected a list", "attendu : une liste"),
    "dict_type": Said("expected a table", "attendu : une table"),
    "model_type": Said("expected a table", "attendu : une table"),
    "string_pattern_mismatch": Said(
        "expected lower-case letters, digits and - or _, a letter first",
        "attendu : des minuscules, des chiffres et - ou _, une lettre d'abord",
    ),
}
_PARTS = (model.Mapping, model.Table, model.Rule, model.Step, model.Event, model.Reasoned, model.Value)
_KEYS = sorted({field.alias or name for part in _PARTS for name, field in part.model_fields.items()})


def _refusal(error: Any) -> tuple[Path, Said]:
    path, why = error["loc"], error.get("ctx", {})
    if error["type"] in _SAID:
        return path, _SAID[error["type"]]
    if error["type"] == "extra_forbidden":
        near, proche = suggestion(str(path[-1]), _KEYS)
        return path, Said(f"is not a key that belongs here{near}", f"n'est pas une clé attendue ici{proche}")
    if error["type"] == "literal_error":
        expected = why["expected"]
        return path, Said(f"expected {expected}", f"attendu : {expected.replace(' or ', ' ou ')}")
    return path, Said(error["msg"], why.get("french", error["msg"]))


def _faults(mapping: model.Mapping) -> Iterator[tuple[Path, Said]]:
    """What no part of the file shows alone: names, tables and the fields of the events."""
    used: set[str] = set()
    top = set(model.RESERVED)
    yield from _names(("match",), mapping.match, top)
    for key, reasons in (("ignore", mapping.ignore), ("refuse", mapping.refuse)):
        for number, reason in enumerate(reasons):
            yield from _names((key, number, "when"), reason.when, top)
    for number, rule in enumerate(mapping.rule):
        here: Path = ("rule", number)
        known = set(top)
        if rule.when is not None:
            yield from _names((*here, "when"), rule.when, known)
        for place, step in enumerate(rule.each):
            yield from _value((*here, "each", place, "in"), step.value, known, mapping, used)
            known.add(step.name)
        for place, ignored in enumerate(rule.ignore):
            yield from _names((*here, "ignore", place, "when"), ignored.when, known)
        for place, event in enumerate(rule.event):
            yield from _event((*here, "event", place), event, known, mapping, used)
    for name in mapping.table.keys() - used:
        yield (
            ("table", name),
            Said("no value of this file looks anything up in it", "aucune valeur de ce fichier n'y cherche rien"),
        )


def _event(
    here: Path, event: model.Event, known: set[str], mapping: model.Mapping, used: set[str]
) -> Iterator[tuple[Path, Said]]:
    if event.when is not None:
        yield from _names((*here, "when"), event.when, known)
    envelope = {"id": event.id, "subject": event.subject, "time": event.time, "correlation": event.correlation}
    for name, given in envelope.items():
        if given is not None:
            yield from _value((*here, name), given, known, mapping, used)
            if given.optional and name != "correlation":
                said = Said("cannot be left out of an event", "ne peut manquer à un événement")
                yield (*here, name), said
    fields: Mapping[str, Any] = {
        field.alias or name: field for name, field in event_class(event.type).__pydantic_fields__.items()
    }
    for name, given in event.data.items():
        yield from _value((*here, "data", name), given, known, mapping, used)
        if name not in fields:
            near, proche = suggestion(name, fields)
            said = Said(f"is not a field of {event.type}{near}", f"n'est pas un champ de {event.type}{proche}")
            yield (*here, "data", name), said
            continue
        if given.optional and fields[name].is_required():
            said = Said(f"is required in {event.type}", f"est obligatoire dans {event.type}")
            yield (*here, "data", name), said
        yield from _constants((*here, "data", name), given, fields[name], mapping, event.type)
    for name, field in fields.items():
        if field.is_required() and name not in event.data:
            said = Said(
                f"lacks {name}, which {event.type} requires", f"il manque {name}, obligatoire dans {event.type}"
            )
            yield (*here, "data"), said


def _value(
    here: Path, given: model.Value, known: set[str], mapping: model.Mapping, used: set[str]
) -> Iterator[tuple[Path, Said]]:
    for expression in filter(None, (given.expression, given.nanoseconds)):
        yield from _names(here, expression, known)
    if given.table is None:
        return
    used.add(given.table)
    if given.table not in mapping.table:
        near, proche = suggestion(given.table, mapping.table)
        said = Said(
            f"looks up in table {given.table}, which is not there{near}",
            f"cherche dans la table {given.table}, qui n'existe pas{proche}",
        )
        yield here, said


def _names(here: Path, expression: Expression, known: set[str]) -> Iterator[tuple[Path, Said]]:
    for name in sorted(expression.roots() - known):
        near, proche = suggestion(name, known)
        if not near:
            near, proche = (f"; known here: {', '.join(sorted(known))}", f" ; connus ici : {', '.join(sorted(known))}")
        yield (
            here,
            Said(
                f"{name!r} is no name here, in {expression.text}{near}",
                f"« {name} » n'est pas un nom connu ici, dans {expression.text}{proche}",
            ),
        )


def _constants(
    here: Path, given: model.Value, field: Any, mapping: model.Mapping, topic: str
) -> Iterator[tuple[Path, Said]]:
    """What the file itself says for the field, checked against the field: constants, and the values of its table."""
    literal = given.expression.literal() if given.expression else (given.constant,)
    table = mapping.table.get(given.table) if given.table else None
    if table is not None:
        candidates: list[tuple[str, Any]] = [(f"{word!r} = {value!r}", value) for word, value in table.values.items()]
    elif literal is not None and given.format is None:
        candidates = [(repr(literal[0]), literal[0])]
    else:
        return
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    adapter = TypeAdapter(kind)
    for words, value in candidates:
        if table is not None and _is_list(adapter) and not isinstance(value, list):
            value = [value]  # noqa: PLW2901 - a field that is a list is fed by looking up each of several words
        try:
            adapter.validate_python(value)
        except ValidationError as error:
            reason = _reason(error, topic)
            where = f"table {given.table}: {words}" if table is not None else words
            yield here, Said(f"{where}: {reason.reason}", f"{where} : {reason.french}")


def _is_list(adapter: TypeAdapter[Any]) -> bool:
    return adapter.json_schema().get("type") == "array"


def _reason(error: ValidationError, topic: str) -> UndecodableEventError:
    found = explained(error, topic)
    return UndecodableEventError(found.reason, None, found.french.partition(" : ")[2] or found.french)
