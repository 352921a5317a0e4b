"""One value of a mapping: the expression evaluated, looked up in its table or read as a time."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.mappings.expression import EvaluationError
from adapters.mappings.model import Table, Value
from adapters.mappings.moment import NotAMomentError, moment
from adapters.mappings.refusal import Said
from domain.events.model import HUGE, shown
from domain.time.instant import format_instant


class Missing:
    """Stands for an optional value that is not in the message."""


MISSING: Final = Missing()


class Skipped(Exception):  # noqa: N818 - not an error: the mapping says to leave this out
    """A word that its table ignores; ``said`` is which, in both languages."""

    def __init__(self, table: str, words: list[Any]) -> None:
        en, fr = (", ".join(shown(word, language) for word in words) for language in ("en", "fr"))
        super().__init__(en)
        self.said = Said(f"table {table} ignores {en}", f"la table {table} ignore {fr}")


class RefusedError(Exception):
    """A value that cannot be made; ``said`` is why, in both languages."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.en)
        self.said = said


def value_of(given: Value, names: Mapping[str, Any], tables: Mapping[str, Table]) -> Any:
    """The value, or MISSING. Raises RefusedError; Skipped where the table ignores every word."""
    try:
        found = given.constant if given.expression is None else given.expression.on(names)
        nanoseconds = None if given.nanoseconds is None else given.nanoseconds.on(names)
    except EvaluationError as error:
        raise RefusedError(Said(str(error), f"erreur d'évaluation : {error}")) from None
    if found is None:
        if given.optional:
            return MISSING
        raise RefusedError(Said("gives nothing", "ne donne rien"))
    if given.table is not None:
        return _looked_up(found, given.table, tables[given.table])
    if given.format is None:
        return found
    try:
        return format_instant(
            moment(
                found,
                given.format,
                zone=given.clock,
                pattern=given.pattern,
                ambiguous=given.ambiguous,
                nanoseconds=nanoseconds,
            )
        )
    except NotAMomentError as error:
        raise RefusedError(error.said) from None


def _looked_up(found: Any, name: str, table: Table) -> Any:
    """What the table says of a word; of a list, what it says of each, in one list, each once."""
    if not isinstance(found, list):
        meaning = _meaning(found, name, table)
        if meaning is None:
            raise Skipped(name, [found])
        return meaning
    meanings: list[Any] = []
    for word in found:
        meaning = _meaning(word, name, table)
        several = meaning if isinstance(meaning, list) else [meaning]
        meanings += [one for one in several if one is not None and one not in meanings]
    if found and not meanings:
        raise Skipped(name, found)
    return meanings


def _meaning(word: Any, name: str, table: Table) -> Any:
    """None for a word that the table ignores. Raises RefusedError for one it does not know."""
    if isinstance(word, bool):
        key = str(word).lower()
    elif isinstance(word, str) or (isinstance(word, int) and abs(word) < HUGE):
        key = str(word)
    else:
        raise RefusedError(
            Said(
                f"expected a word to look up in table {name}, got {shown(word)}",
                f"attendu : un mot à chercher dans la table {name} ; reçu : {shown(word, 'fr')}",
            )
        )
    if key in table.values:
        return table.values[key]
    if key in table.ignore or table.unknown == "ignore":
        return None
    raise RefusedError(
        Said(f"{shown(word)} is not in table {name}", f"{shown(word, 'fr')} n'est pas dans la table {name}")
    )
