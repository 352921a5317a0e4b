"""Reads the arithmetic of a sentence again: every ``a - b = c`` that people are shown must hold, exactly."""

import ast
import operator
import re
from collections.abc import Callable, Iterable
from fractions import Fraction

_NAMED = re.compile(r"\([^()]*[^\W\d_][^()]*\)")
"""A parenthesis that holds a word, such as the name of an invoice or ``(3 h)``."""
_UNIT = re.compile(r"\b(?:s|EUR|ms|months?|mois|secondes|seconds)\b(?=\s*(?:$|[.;,]))")
_WHOLE = re.compile(r"[\d.+\-*/() ]+")
_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def equations(sentences: Iterable[str]) -> list[tuple[str, list[Fraction]]]:
    """Each equation found in the sentences, with the value of each of its sides; what is no arithmetic is left out."""
    found = []
    for sentence in sentences:
        for piece in re.split(r"[;:]| ≈ [-\d.]+", _NAMED.sub("", sentence)):
            if piece.count("=") < 1 or "<=" in piece or ">=" in piece:
                continue
            sides = [_value(side) for side in piece.split("=")]
            known = [side for side in sides if side is not None]
            if len(known) == len(sides) > 1:
                found.append((sentence, known))
    return found


def _value(side: str) -> Fraction | None:
    text = _UNIT.sub("", side.strip().rstrip(".,")).strip().rstrip(".,")
    text = re.sub(r"\b(\d+) (?:months|mois)\b", r"\1", text)
    percent = text.endswith("%")
    text = text.rstrip("% ").replace(" x ", " * ")
    if not text or not _WHOLE.fullmatch(text):
        return None
    value = _computed(ast.parse(text, mode="eval").body, text)
    return value / 100 if percent else value


def _computed(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.UnaryOp(operand=operand):
            return -_computed(operand, text)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_computed(left, text), _computed(right, text))
        case _:
            raise AssertionError(f"{text!r} is no arithmetic")
