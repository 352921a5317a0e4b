"""JMESPath expressions of a mapping file: compiled once, evaluated on names (``message``, ``constants``, steps)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError, ParseError
from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from adapters.mappings.refusal import wrong
from domain.events.refusal import suggestion

Node = dict[str, Any]
_INTERPRETER = TreeInterpreter()
"""One for all: it keeps nothing between two evaluations but which method reads which kind of node."""


class EvaluationError(Exception):
    """What the expression's own library says of a value it cannot work on."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and its text."""

    text: str
    compiled: Any

    @classmethod
    def of(cls, text: str) -> "Expression":
        """The compiled expression. Raises PydanticCustomError, naming the position of a fault of syntax."""
        try:
            compiled = jmespath.compile(text)
        except ParseError as error:
            at = error.lex_position + 1
            en, fr = _fault(error)
            raise wrong(
                f"is no JMESPath expression: {en} at position {at} of {text}",
                f"n'est pas une expression JMESPath : {fr} à la position {at} de {text}",
            ) from None
        except JMESPathError:
            raise wrong("is no JMESPath expression: it is empty", "n'est pas une expression JMESPath : vide") from None
        except RecursionError:
            raise wrong("is nested too deeply", "est imbriquée trop profondément") from None
        _check(compiled.parsed)
        return cls(text, compiled)

    def on(self, names: Mapping[str, Any]) -> Any:
        """The value of the expression. Raises EvaluationError whatever its library raises on a hostile value."""
        try:
            return _INTERPRETER.visit(self.compiled.parsed, names)
        except Exception as error:  # noqa: BLE001 - foreign exceptions stop at the adapter, whichever they are
            raise EvaluationError((str(error).splitlines() or [type(error).__name__])[0]) from None

    def holds(self, names: Mapping[str, Any]) -> bool:
        """Whether the value is true, as JMESPath has it: not null, not false, not empty. Raises EvaluationError."""
        value = self.on(names)
        return value is True or (value is not None and value is not False and value not in ("", [], {}))

    def roots(self) -> frozenset[str]:
        """The names that the expression starts from."""
        return frozenset(_roots(self.compiled.parsed))

    def literal(self) -> tuple[Any] | None:
        """The value in a tuple when the expression is a literal such as ``'monitoring'``, else None."""
        parsed = self.compiled.parsed
        return (parsed["value"],) if parsed["type"] == "literal" else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls.of, core_schema.str_schema(min_length=1, strict=True))


def _fault(error: ParseError) -> tuple[str, str]:
    value = getattr(error, "token_value", None)
    if not value:
        return "the expression ends too soon", "l'expression finit trop tôt"
    return f"unexpected {value!r}", f"« {value} » inattendu"


# What each kind of node evaluates from the same names as itself; its other children see what those give.
_FIRST_ONLY = {
    "subexpression",
    "index_expression",
    "projection",
    "value_projection",
    "filter_projection",
    "flatten",
    "pipe",
}
_NONE = {"expref"}


def _roots(node: Node) -> Iterator[str]:
    kind, children = node["type"], node.get("children", [])
    if kind == "field":
        yield node["value"]
    elif kind in _FIRST_ONLY:
        yield from _roots(children[0])
    elif kind not in _NONE:
        for child in children:
            yield from _roots(child)


def _check(node: Any) -> None:
    """Refuses what the library would take and mean otherwise, or refuse only once a message comes."""
    if node["type"] in _FIRST_ONLY and node["children"][0]["type"] == "not_expression":
        raise wrong(
            "has a ! that holds for its first name alone: put parentheses, as in !(message.ticket.closed)",
            "a un ! qui ne porte que sur son premier nom : mettez des parenthèses, comme !(message.ticket.closed)",
        )
    if node["type"] == "function_expression":
        name, given = node["value"], len(node["children"])
        known = Functions.FUNCTION_TABLE
        if name not in known:
            near, proche = suggestion(name, known)
            raise wrong(
                f"calls {name}(), which is no function of JMESPath{near}",
                f"appelle {name}(), qui n'est pas une fonction de JMESPath{proche}",
            )
        signature = known[name]["signature"]
        least = len(signature)
        variadic = bool(signature) and signature[-1].get("variadic", False)
        if given < least or (given > least and not variadic):
            raise wrong(
                f"calls {name}() with {given} argument(s), not {least}",
                f"appelle {name}() avec {given} argument(s), et non {least}",
            )
    for child in node.get("children", []):
        if isinstance(child, dict):
            _check(child)
