"""What became of each event of a batch: recorded, known already, waiting for its partner, or in quarantine and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.cloudevents import canonical, parse_object
from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.eventstore.mapper import CONFLICT, MOST_HELD, content_of, key_of, key_of_unreadable
from adapters.eventstore.store import Held, Writing
from domain.errors import UndecodableEventError
from domain.time.instant import Instant


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one event; ``held`` is its entry where it has one."""

    state: Literal["recorded", "duplicate", "waiting", "quarantined"]
    held: Held | None = None


def record_each(ledger: Ledger, batch: Sequence[Received], recorded: Instant) -> tuple[Outcome, list[Fate]]:
    """Records a batch like ``Ledger.record``, in one transaction, and says what became of each of its events."""
    with ledger.deciding(batch, recorded) as (writing, session):
        outcome = session.outcome
        kept = []
        for received in batch:
            before = outcome.duplicates
            (one,) = session.take([received])
            kept.append((one, outcome.duplicates > before))
        session.write()
        fates = [_fate(writing, one, known=again) for one, again in kept]
    return outcome, fates


def _fate(writing: Writing, received: Received, *, known: bool) -> Fate:
    held = _entry(writing, received)
    if known:
        return Fate("duplicate", held)
    if held is None or held.status == "retried":
        return Fate("recorded")
    return Fate("waiting" if held.status == "waiting" else "quarantined", held)


def _entry(writing: Writing, received: Received) -> Held | None:
    """The entry that holds these bytes."""
    fact = received.fact
    content = content_of(received.body)
    if isinstance(fact, UndecodableEventError):
        keys = [key_of_unreadable(content)]
    else:
        key = key_of(fact.source, fact.id)
        keys = [key, f"{key}{CONFLICT}{content_of(canonical(parse_object(received.body, MOST_HELD))).hex()}"]
    found = [entry for key in keys for entry in writing.held_as(key) if entry.content == content]
    return found[-1] if found else None
