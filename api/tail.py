"""The end of the ledger, followed: the facts recorded after a position, and the deadlines that changed since."""

import asyncio
from typing import NamedTuple

from adapters.eventstore.ledger import Ledger
from adapters.eventstore.store import DeadlineChange
from adapters.views import POSITION
from domain.fact import AnyFact

PAGE = 200


class Place(NamedTuple):
    """How far a stream has come: facts sent up to ``facts``, changes of deadlines up to the number ``deadlines``."""

    facts: int
    deadlines: int

    def __str__(self) -> str:
        return f"{self.facts}-{self.deadlines}"


def place_of(text: str) -> Place:
    """The place that the id of an event names. Raises ValueError."""
    facts, _, deadlines = text.partition("-")
    if not facts.isdecimal() or not deadlines.isdecimal():
        raise ValueError(text)
    return Place(int(facts), int(deadlines))


class Tail:
    """Wakes the streams when the views were brought up, and tells what there is."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._turn: asyncio.Event | None = None
        self.listeners = 0
        """How many streams are open."""

    def turned(self) -> None:
        """Wakes who waits. On the event loop only."""
        if self._turn is not None:
            self._turn.set()
        self._turn = asyncio.Event()

    def next_turn(self) -> asyncio.Event:
        """What is set at the next turn. Taken before the end is read, so that no turn between the two is missed."""
        if self._turn is None:
            self._turn = asyncio.Event()
        return self._turn

    def end(self) -> Place:
        """Up to where there is something to tell now."""
        return Place(self._store.position(POSITION) or 0, self._store.last_deadline_change())

    def facts(self, after: int, upto: int) -> list[tuple[int, AnyFact]]:
        """The next facts after a position, a page at most."""
        found: list[tuple[int, AnyFact]] = []
        for position, fact in self._ledger.positioned_facts(after) if upto > after else ():
            if position > upto or len(found) == PAGE:
                break
            found.append((position, fact))
        return found

    def changes(self, after: int, facts: int) -> list[DeadlineChange]:
        """The next changes of deadlines, a page at most; none of a fact beyond the position ``facts``."""
        return self._store.deadline_changes(after, facts, PAGE)
