"""The statement behind a page: the stored one, read once while it stays the same, or a replay for another question."""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from api.asking import KnownAt, ReadingWords, When
from api.parts import Having, Parts
from api.routers.statements import statement_of
from domain.time.instant import Instant, format_instant

MOST_BYTES = 32 * 1024 * 1024
Row = dict[str, Any]
T = TypeVar("T")
Asked = Annotated[When | None, Query(description="The instant the page speaks of; by default as it stands.")]


@dataclass(frozen=True, slots=True)
class Question:
    """Of which instant a page speaks, with what was known when, under which readings."""

    at: Instant | None = None
    known_at: Instant | None = None
    readings: tuple[str, ...] = ()

    @property
    def standing(self) -> bool:
        """Whether nothing but what stands now is asked."""
        return self.at is None and self.known_at is None and not self.readings

    def query(self, **more: str) -> str:
        """The question as the end of an address, with more parameters."""
        return _query(self, tuple(more.items()))


@lru_cache(maxsize=10_000)
def _query(asked: Question, more: tuple[tuple[str, str], ...]) -> str:
    """A page has dozens of them, and the next one nearly the same."""
    pairs: list[tuple[str, str]] = []
    if asked.at is not None:
        pairs.append(("at", format_instant(asked.at)))
    if asked.known_at is not None:
        pairs.append(("known_at", format_instant(asked.known_at)))
    pairs += [("reading", word) for word in asked.readings]
    pairs += more
    return f"?{urlencode(pairs)}" if pairs else ""


def question(at: Asked = None, known_at: KnownAt = None, reading: ReadingWords = None) -> Question:
    """The question of an address."""
    return Question(at, known_at, tuple(word for word in reading or () if word))


Questioned = Annotated[Question, Depends(question)]


class Whole(Row):
    """A statement with its dates, as values, and what pages worked out of it: kept as long as itself."""

    def __init__(self, values: Row) -> None:
        super().__init__(values)
        self._worked: dict[str, Any] = {}

    def once(self, name: str, work: Callable[[], T]) -> T:
        """What ``work`` gives of this statement alone, worked out when it is first asked for; not to be changed."""
        if name not in self._worked:
            self._worked[name] = work()
        found: T = self._worked[name]
        return found


class Reader:
    """Statements as values; what was read last is kept while its view stands."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[tuple[int, int], int, Whole]] = OrderedDict()
        self._lock = Lock()

    def read(self, parts: Parts, contract: str, asked: Question) -> Row:
        """The statement with its dates, read anew and not kept."""
        found: Row = json.loads(statement_of(parts, contract, asked.at, asked.known_at, list(asked.readings)))
        return found

    def whole(self, parts: Parts, contract: str, asked: Question) -> Whole:
        """The statement with its dates."""
        version = parts.store.derived([contract]).get(contract) if asked.standing else None
        if version is not None and not version[1]:
            version = None  # never derived yet: what is shown is replayed
        with self._lock:
            kept = self._kept.get(contract)
            if version is not None and kept is not None and kept[0] == version:
                self._kept.move_to_end(contract)
                return kept[2]
        body = statement_of(parts, contract, asked.at, asked.known_at, list(asked.readings))
        found = Whole(json.loads(body))
        if version is not None:
            with self._lock:
                self._kept[contract] = version, len(body), found
                self._kept.move_to_end(contract)
                while len(self._kept) > 1 and sum(size for _, size, _ in self._kept.values()) > MOST_BYTES:
                    self._kept.popitem(last=False)
        return found


EMPTY: Row = {
    "documents": [], "indicators": [], "support": [], "support_objectives": [], "penalties": [], "deadlines": [],
    "amounts": [], "qualification": None, "findings": [],
}  # fmt: skip


def part_of(whole: Row, contract: str) -> Row:
    """The contract's own part of its statement."""
    return whole["contracts"].get(contract) or EMPTY


def reader_of(request: Request) -> Reader:
    """The reader of the application."""
    found: Reader = request.app.state.statements
    return found


def read(request: Request, parts: Having, contract: str, asked: Questioned) -> Whole:
    """The statement that a page of a contract shows."""
    return reader_of(request).whole(parts, contract, asked)


Stated = Annotated[Whole, Depends(read)]


def payable(rows: Sequence[Row], *states: str) -> list[Row]:
    """The penalties in one of these states."""
    return [row for row in rows if row["state"] in states]
