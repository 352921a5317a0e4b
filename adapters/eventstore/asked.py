"""What each store's own driver must do; the rest of reading and writing is said once, in the words of SQLite."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from adapters.evidence.leaf import Head


class Reading(ABC):
    """The read side. Statements are written with the marks of SQLite; ``POSITION`` names the column of positions.

    ``BY_SUBJECT`` makes a store that keeps no statistics look for the facts of a few subjects by their own index.
    """

    POSITION: ClassVar[str]
    BY_SUBJECT: ClassVar[str] = ""

    @abstractmethod
    def _read(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""


class Executing(ABC):
    """One write transaction. Statements are written with the marks of SQLite."""

    @abstractmethod
    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Executes a statement; what it returned."""

    @abstractmethod
    def insert(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Inserts many rows."""

    @abstractmethod
    def heads_of(self, subjects: Sequence[str]) -> dict[str, Head]:
        """Where these subjects stand; one that has no entry is left out."""

    @abstractmethod
    def set_heads(self, heads: Iterable[tuple[str, str, int, bytes]]) -> None:
        """Records (subject, tenant, number, hash) of where subjects stand."""
