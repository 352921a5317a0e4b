"""The end of the ledger, followed: what was recorded after a position, and which deadlines it changed."""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from adapters.answers import Answers
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.store import Store
from adapters.views import POSITION
from domain.fact import AnyFact
from domain.readings import Readings
from projections.replay import PROVIDER

PAGE = 200
REMEMBERED = 512
"""Lists of deadlines kept at hand: many streams ask for the same ones."""
Row = dict[str, Any]


class Place(NamedTuple):
    """How far a stream has come: facts sent up to ``facts``, changes of deadlines up to ``deadlines``."""

    facts: int
    deadlines: int

    def __str__(self) -> str:
        return f"{self.facts}-{self.deadlines}"


def place_of(text: str) -> Place:
    """The place that the id of an event names. Raises ValueError."""
    facts, _, deadlines = text.partition("-")
    if not facts.isdecimal() or not (deadlines or facts).isdecimal():
        raise ValueError(text)
    return Place(int(facts), int(deadlines or facts))


class Tail:
    """Wakes the streams when the statements have taken in new facts, and tells what there is."""

    def __init__(self, ledger: Ledger, answers: Answers, readings: Readings) -> None:
        self._ledger = ledger
        self._answers = answers
        self._readings = readings
        self._turn: asyncio.Event | None = None
        self.listeners = 0
        """How many streams are open."""
        self._deadlines = lru_cache(maxsize=REMEMBERED)(self._read_deadlines)

    def turned(self) -> None:
        """Wakes who waits. On the event loop only."""
        if self._turn is not None:
            self._turn.set()
        self._turn = asyncio.Event()

    async def wait(self) -> None:
        """Until the next turn."""
        if self._turn is None:
            self._turn = asyncio.Event()
        await self._turn.wait()

    @property
    def end(self) -> int:
        """The position up to which the statements have taken the facts in."""
        return self._store.position(POSITION) or 0

    def facts(self, after: int, upto: int) -> list[tuple[int, AnyFact]]:
        """The next facts after a position, a page at most."""
        found: list[tuple[int, AnyFact]] = []
        for position, fact in self._ledger.positioned_facts(after):
            if position > upto or len(found) == PAGE:
                break
            found.append((position, fact))
        return found

    def changes(self, contracts: Iterable[str], before: int, after: int) -> list[Row]:
        """The deadlines that the facts between two positions opened, settled, moved or took away."""
        found: list[Row] = []
        for contract in sorted(contracts):
            old, new = self._deadlines(contract, before), self._deadlines(contract, after)
            found += (
                {"contract": contract, "before": old.get(key), "after": new.get(key)}
                for key in dict.fromkeys([*old, *new])
                if old.get(key) != new.get(key)
            )
        return found

    def touched(self, facts: Iterable[AnyFact], mine: Iterable[str]) -> set[str]:
        """Which of these contracts the facts bear on: those of a provider bear on all."""
        subjects = {fact.subject for fact in facts}
        every = any(subject.startswith(PROVIDER) for subject in subjects)
        return {contract for contract in mine if every or contract in subjects}

    @property
    def _store(self) -> Store:
        return self._ledger.store

    def _read_deadlines(self, contract: str, position: int) -> dict[tuple[str, str, str, int], Row]:
        found: dict[tuple[str, str, str, int], Row] = {}
        for row in self._answers.deadlines(contract, position, self._readings):
            key = (row["rule"], row["opened_by"] or "", row["from"] or "")
            number = sum(other[:3] == key for other in found)
            found[*key, number] = row
        return found
