"""One generation of the views: takes facts in by pages, then derives the contracts that they touch.

A page is one short transaction: it indexes the facts and says which contracts they touch. These are then derived, some
at a time, each statement with its deadlines. A crash anywhere leaves contracts to be derived again, and what two
processes derive at once is the same.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic_core import from_json

from adapters.deriving import INVOICED, SIGNED, Deriver
from adapters.eventstore.ledger import DISCARDED, OWN, Ledger
from adapters.eventstore.mapper import fact_of
from adapters.eventstore.store import Entry, Indexed, Viewing, subject_of
from adapters.eventstore.viewing import TAKEN
from domain.agreements.catalogue import Catalogue
from domain.events.contract import ReadingSelected
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.readings import Readings
from domain.time.instant import Instant, parse_instant
from projections.clients import asks_for_all, selects_client_wide
from projections.replay import PROVIDER

GENERATION, POSITION, HELD = "generation", "views", "views:held"
"""The live generation, and how far its statements have taken in the ledger and the quarantine."""
TAKEN_HELD = "views:taken:held"
"""How far the pages have: ahead of the statements while contracts wait to be derived."""
CLIENT_WIDE = "views:client-wide"
"""1 once some contract selected the reading that asks for the client's other contracts: 0 spares looking for them."""
PAGE = 5_000
CHANGES_KEPT = 30 * 24 * 3600 * 1_000_000
"""Microseconds for which a change of a deadline is kept for those who listen."""
TOGETHER = 50
"""Contracts derived between two transactions."""
SELECTED = topic_of(ReadingSelected)


@dataclass(slots=True)
class _News:
    """What a page says, and how far it reaches.

    ``billed``: the contracts with a new signature or invoice. ``headings``: the new signatures and selected readings.
    """

    seen: tuple[int, int]
    facts: list[Indexed] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    billed: set[str] = field(default_factory=set)
    headings: list[AnyFact] = field(default_factory=list)


class Generation:
    """The views of one generation: the live one, or one that is built beside it (``building``)."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, readings: Readings, building: int | None = None) -> None:
        self._store = ledger.store
        self._readings = readings
        self._deriver = Deriver(ledger, catalogue, readings)
        self._building = building
        self._names = (TAKEN, TAKEN_HELD) if building is None else (f"{TAKEN}:{building}", f"{TAKEN_HELD}:{building}")
        self._last_seen: tuple[int, int] | None = None

    @property
    def number(self) -> int:
        """Its number; that of the live one changes with a swap."""
        return self._building if self._building is not None else self._store.position(GENERATION) or 0

    def seen_in(self, viewing: Viewing) -> tuple[int, int]:
        """How far it has taken the ledger in, and the quarantine."""
        position, held = self._names
        return viewing.tracked(position) or 0, viewing.tracked(held) or 0

    def fill(self, now: Instant | None, on_contract: Callable[[str], None] | None = None) -> int:
        """Takes in what came and derives the contracts it touches; returns how many.

        Their deadlines are as they stand at ``now``, or at their latest fact where no clock is given.
        """
        while self._take_page():
            pass
        derived = 0
        while touched := self._store.touched(number := self.number, TOGETHER):
            self._heed_others()
            derivations = []
            for contract, times in touched:
                derivations.append(self._deriver.derive(contract, times, now))
                if on_contract is not None:
                    on_contract(contract)
            with self._store.viewing() as viewing:
                derived += viewing.show(number, derivations)
        if self._building is None:
            self._settle()
        return derived

    def renew(self, now: Instant) -> int:
        """Derives the deadlines again that time has made stale by ``now``; returns of how many contracts."""
        renewed = 0
        while stale := self._store.stale(number := self.number, now, TOGETHER):
            self._heed_others()
            derivations = [self._deriver.derive_deadlines(contract, touched, now) for contract, touched in stale]
            with self._store.viewing() as viewing:
                written = viewing.show(number, derivations)
                viewing.forget_changes(Instant(now - CHANGES_KEPT))
            if not written:
                break  # touched meanwhile: to be derived anyway
            renewed += written
        return renewed

    def _settle(self) -> None:
        """Says that the statements have taken in what the pages have."""
        if self._seen() == (self._store.position(POSITION) or 0, self._store.position(HELD) or 0):
            return
        with self._store.viewing() as viewing:
            if not self._store.touched(viewing.tracked(GENERATION) or 0, 1):
                position, held = self.seen_in(viewing)
                viewing.track(POSITION, position)
                viewing.track(HELD, held)

    def _seen(self) -> tuple[int, int]:
        position, held = self._names
        return self._store.position(position) or 0, self._store.position(held) or 0

    def _heed_others(self) -> None:
        """Reads again what others say where another process has taken facts in since."""
        seen = self._seen()
        if seen != self._last_seen:
            self._deriver.forget()
            self._last_seen = seen

    def _take_page(self) -> bool:
        """Takes a page in; False when there is nothing."""
        self._heed_others()
        seen = self._last_seen or (0, 0)
        news = self._news(*seen)
        if news.seen == seen:
            return False
        client_wide = self._client_wide(news)
        touched = self._touched(news, client_wide=client_wide)
        with self._store.viewing() as viewing:
            if self.seen_in(viewing) != seen:
                return True  # another process took it
            number = self._building if self._building is not None else viewing.tracked(GENERATION) or 0
            viewing.index(number, news.facts)
            viewing.touch(number, sorted(touched))
            if any(subject.startswith(PROVIDER) for subject in news.subjects):
                viewing.touch_all(number)
            for name, reached in zip(self._names, news.seen, strict=True):
                viewing.track(name, reached)
            viewing.track(CLIENT_WIDE, int(client_wide))
        self._last_seen = news.seen
        return True

    def _news(self, position: int, number: int) -> _News:
        """What a page says after a position of the ledger and a number of the quarantine."""
        news = _News((position, number))
        for entry in self._store.entries(position, PAGE):
            position = entry.position
            if entry.topic == DISCARDED:
                news.subjects.add(str(json.loads(entry.state)["event"]["subject"] or ""))
            if entry.stream.startswith(OWN):
                continue
            fact = _indexed(entry)
            news.facts.append(fact)
            news.subjects.add(fact.subject)
            if entry.topic in {SIGNED, INVOICED}:
                news.billed.add(fact.subject)
            if entry.topic in {SIGNED, SELECTED}:
                news.headings.append(fact_of(entry.state))
        for found, subject in self._store.held_after(number, PAGE):
            number = found
            news.subjects.add(subject or "")
        news.seen = (position, number)
        return news

    def _client_wide(self, news: _News) -> bool:
        """Whether some contract's statement may take in the invoices of the client's other contracts."""
        return (
            asks_for_all(self._readings)
            or any(map(selects_client_wide, news.headings))
            or bool(self._store.position(CLIENT_WIDE))
        )

    def _touched(self, news: _News, *, client_wide: bool) -> set[str]:
        """The contracts whose statements rest on what came; a provider's facts touch every contract besides."""
        self._deriver.forget_of((*news.billed, *(name for name in news.subjects if name.startswith(PROVIDER))))
        touched = {subject for subject in news.subjects if subject and not subject.startswith(PROVIDER)}
        if client_wide:
            clients = self._deriver.clients
            for fact in news.headings:
                clients.take(fact)
            everyone = asks_for_all(self._readings)
            beside = {other for contract in news.billed for other in clients.beside(contract)}
            touched |= {contract for contract in beside if everyone or clients.asks(contract)}
        return touched


def _indexed(entry: Entry) -> Indexed:
    wrapper = from_json(entry.state)
    event = wrapper["event"]
    return Indexed(
        position=entry.position,
        subject=subject_of(entry.stream),
        type=entry.topic,
        time=parse_instant(event["time"]),
        recorded=parse_instant(wrapper["recorded"]),
        source=event["source"],
        id=event["id"],
        correlation=event.get("correlationid"),
    )
