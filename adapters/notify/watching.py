"""Which contracts have something to tell, as facts come and as time passes: each is looked at when it may have."""

from typing import NamedTuple

from adapters.deriving import Deriver
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.store import NEVER, subject_of
from adapters.notify.figures import Figure, figures_of, next_change, runs
from adapters.notify.planning import Planner, together
from adapters.notify.rows import Notification
from adapters.notify.rules import Rules
from domain.agreements.catalogue import Catalogue
from domain.readings import Readings
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant
from projections.replay import PROVIDER
from projections.titles import titles_of

SINCE = "notify:since:"
PAGE = 5_000
AT_ONCE = 200
"""Contracts of which what was told is read together."""


class Found(NamedTuple):
    """What a look found: to be told, to be taken back, and when each contract it looked at is to be looked at again."""

    found: list[Notification]
    withdrawn: list[str]
    again: dict[str, Instant]


class Watcher:
    """Looks at contracts and writes into the outbox what is to be told. Several may: each thing is there once."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue, readings: Readings, rules: Rules) -> None:
        self._store = ledger.store
        self._rules = rules
        self._look_back = rules.look_back.seconds * MICROSECONDS_PER_SECOND
        self._titles = titles_of(catalogue)
        self._deriver = Deriver(ledger, catalogue, readings)
        self._position: int | None = None
        self._next: dict[str, Instant] = {}

    def look(self, now: Instant) -> int:
        """Plans what is to be told now; returns how many notifications are new. Raises LedgerError."""
        since = self._begun()
        seen = self.preview(now, since)
        planned = 0
        fresh = [pair for pair, at in since.items() if at is None]
        if seen.found or seen.withdrawn or fresh:
            with self._store.notifying() as outbox:
                for rule, recipient in fresh:
                    outbox.track(_since_name(rule, recipient), now)
                outbox.withdraw(seen.withdrawn)
                planned = outbox.plan(seen.found)
        self._next |= seen.again
        return planned

    def preview(self, now: Instant, since: dict[tuple[str, str], Instant | None] | None = None) -> Found:
        """What a look would add; nothing is written. Raises LedgerError."""
        begun = self._begun() if since is None else since
        self._learn()
        due = sorted(contract for contract, at in self._next.items() if at <= now)
        planner = Planner(self._rules, lambda rule, recipient: begun[rule, recipient], self._titles, now)
        seen = Found([], [], {})
        for start in range(0, len(due), AT_ONCE):
            contracts = due[start : start + AT_ONCE]
            told: dict[str, list[Notification]] = {}
            for one in self._store.notifications(contracts):
                told.setdefault(one.contract, []).append(one)
            for contract in contracts:
                figures, change = self._figures(contract, now)
                made = planner.plan(figures, told.get(contract, ()))
                seen.found.extend(made.found)
                seen.withdrawn.extend(made.withdrawn)
                seen.again[contract] = min(change, made.again or NEVER)
        return seen._replace(found=together(seen.found, self._rules.together, now))

    def _figures(self, contract: str, now: Instant) -> tuple[list[Figure], Instant]:
        """What may be told of a contract, and when that may change by itself: at every look while a clock runs."""
        said = self._deriver.said(contract, now)
        return figures_of(said, self._look_back), now if runs(said) else next_change(said) or NEVER

    def _learn(self) -> None:
        """Notes which contracts have new facts: all of them at first, and where a provider's facts came."""
        if self._position is None:
            self._position = self._store.last_position()
            self._next = {name: Instant(0) for name in self._store.subjects() if not name.startswith(PROVIDER)}
            return
        touched: set[str] = set()
        while page := self._store.entries(self._position, PAGE):
            touched |= {subject_of(entry.stream) for entry in page}
            self._position = page[-1].position
        touched.discard("")
        if touched:
            self._deriver.forget()
        if any(name.startswith(PROVIDER) for name in touched):
            touched |= set(self._next)
        self._next |= {name: Instant(0) for name in touched if not name.startswith(PROVIDER)}

    def _begun(self) -> dict[tuple[str, str], Instant | None]:
        """Since when each rule is applied for each recipient; None before the first time."""
        begun: dict[tuple[str, str], Instant | None] = {}
        for rule in self._rules.rules:
            for recipient in (*rule.to, *(name for step in rule.escalate for name in step.to)):
                at = self._store.position(_since_name(rule.name, recipient))
                begun[rule.name, recipient] = None if at is None else Instant(at)
        return begun


def _since_name(rule: str, recipient: str) -> str:
    return f"{SINCE}{rule}\n{recipient}"
