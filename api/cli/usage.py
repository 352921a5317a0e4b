"""What argparse says of words it cannot read, in French: it knows English alone, and repeats what was typed."""

import argparse
import re
import sys
from collections.abc import Sequence
from itertools import pairwise

_FRENCH = tuple(
    (re.compile(english), french)
    for english, french in (
        (r"the following arguments are required: (.*)", r"il manque : \1"),
        (r"one of the arguments (.*) is required", r"il faut l'un de ces arguments : \1"),
        (r"unrecognized arguments: (.*)", r"arguments inconnus : \1"),
        (r"ambiguous option: (.*) could match (.*)", r"option ambiguë : \1 peut être \2"),
        (r"invalid choice: (.*) \(choose from (.*)\)", r"choix impossible : \1 (au choix : \2)"),
        (r"invalid \w+ value: (.*)", r"valeur impossible : \1"),
        (r"(.*) are required with (.*) and (.*)", r"\1 vont avec \2 et \3"),
        (r"expected one argument", r"il faut une valeur"),
        (r"expected at least one argument", r"il faut au moins une valeur"),
        (r"not allowed with argument (.*)", r"ne va pas avec l'argument \1"),
        (r"ignored explicit argument (.*)", r"ne prend pas de valeur : \1"),
    )
)
_OF_ONE = re.compile(r"argument (.+?): (.*)", re.DOTALL)


class UnreadableWordError(argparse.ArgumentTypeError):
    """The value of an option that cannot be read, in both languages."""

    def __init__(self, english: str, french: str) -> None:
        super().__init__(english)
        self.french = french


def language_of(words: Sequence[str]) -> str:
    """The language that the words of a command ask for, read before they are understood."""
    asked = "--lang=fr" in words or ("--lang", "fr") in pairwise(words)
    return "fr" if asked else "en"


def usage_words(message: str) -> str:
    """A message of argparse in French; as it is where it is none that is known."""
    if found := _OF_ONE.fullmatch(message):
        raised = sys.exception()
        cause = raised.__context__ if raised is not None else None
        said = cause.french if isinstance(cause, UnreadableWordError) else usage_words(found[2])
        return f"argument {found[1]} : {said}"
    for english, french in _FRENCH:
        if found := english.fullmatch(message):
            return found.expand(french)
    return message
