"""The ledger: takes facts in, once each, decided by the domain, and keeps what it cannot apply.

One batch is one transaction: events, idempotency keys, quarantine entries and the sender's positions are committed
together or not at all, so a crash anywhere is harmless and a batch sent again changes nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from adapters.eventstore.arriving import PERSONS, Elsewhere
from adapters.eventstore.batch import Outcome, Read, Received
from adapters.eventstore.mapper import fact_of, head_of
from adapters.eventstore.places import Places
from adapters.eventstore.session import Session
from adapters.eventstore.store import Entry, Held, Store, Writing
from adapters.telemetry.traces import Traced, recording
from domain.aggregates.verdict import Known
from domain.errors import LedgerError, PositionMovedError, UndecodableEventError
from domain.events.registry import topic_of
from domain.fact import AnyFact
from domain.time.instant import Instant

__all__ = ["Ledger", "Outcome", "Received"]

PAGE = 5_000
RECORDED = "recorded"
"""The name of the latest instant stamped, in microseconds: each transaction's is later than the one before."""
DISCARDED = "greffe.quarantine.discarded.v1"
NOTIFIED = "greffe.notification.sent.v1"
OWN = "|"
"""How the streams of the ledger's own events begin: they have an empty subject, which no fact may have."""
OWN_STREAMS = f"{OWN}quarantine|"
NOTIFICATIONS = f"{OWN}notification|"


class Ledger:
    """A store, and the names that facts may refer to (documents, providers, readings)."""

    def __init__(self, store: Store, known: Known) -> None:
        self.store = store
        self._known = known
        self._places = Places(known)
        self._erases = False

    def record(
        self,
        batch: Sequence[Received],
        recorded: Instant,
        positions: Mapping[str, int] | None = None,
        *,
        read_at: Mapping[str, int | None] | None = None,
    ) -> Outcome:
        """Records a batch in one transaction, stamped ``recorded``; ``positions`` by name are committed with it.

        Where a batch committed before was stamped as late or later (the clock of another process), the stamp is the
        next microsecond after that one: what was recorded first is what was committed first.

        ``read_at``: the positions that the batch was read from, as the ledger had them. Raises PositionMovedError if
        one is no longer so, LedgerError if the store cannot be written; nothing is written then.
        """
        with self.deciding(batch, recorded) as (writing, session):
            for name, expected in (read_at or {}).items():
                if (found := writing.tracked(name)) != expected:
                    raise PositionMovedError(
                        f"{name} is at {found}, and the batch was read from {expected}",
                        f"{name} en est à {found}, et le lot fut lu à partir de {expected}",
                    )
            session.take(batch)
            session.write()
            for name, position in (positions or {}).items():
                writing.track(name, position)
        return session.outcome

    @contextmanager
    def deciding(self, batch: Sequence[Received], recorded: Instant) -> Iterator[tuple[Writing, Session]]:
        """One write transaction for a batch, stamped ``recorded``; the session's ``write`` ends its work."""
        with recording(len(batch), lambda: _traced(batch)) as span, self.store.writing() as writing:
            session = self._session(writing, _stamp(writing, recorded))
            yield writing, session
            if span is not None:
                span.set_attributes({f"greffe.{name}": count for name, count in session.outcome.counts().items()})
        self._after(session, recorded)

    def facts(self, after: int = 0) -> Iterator[AnyFact]:
        """Every fact, in the order of the commits."""
        for _, fact in self.positioned_facts(after):
            yield fact

    def positioned_facts(self, after: int = 0) -> Iterator[tuple[int, AnyFact]]:
        """(position, fact) of every fact recorded after a position."""
        for entry in self.entries(after):
            if not entry.stream.startswith(OWN):
                yield entry.position, fact_of(entry.state)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Every event recorded after a position, the ledger's own included, in the order of the commits."""
        while page := self.store.entries(after, PAGE):
            yield from page
            after = page[-1].position

    def facts_of(self, subject: str) -> list[AnyFact]:
        """The facts of one contract or provider, in the order of the commits."""
        return [fact_of(entry.state) for entry in self.store.entries_of(subject)]

    def retry(self, numbers: Sequence[int] | None, recorded: Instant, read: Read | None = None) -> Outcome:
        """Decides quarantine entries again (all that are open or waiting when ``numbers`` is None).

        ``read`` gives the events of an entry that is the message of an operations tool (see ``adapters.mappings``).
        Raises LedgerError for an entry that does not exist or is settled already.
        """
        with self.store.overwriting() as writing:
            session = self._session(writing, _stamp(writing, recorded))
            if numbers is None:
                numbers = [e.number for e in self.store.quarantine() if e.status in {"open", "waiting"}]
            for number in numbers:
                _unsettled(writing, number)
            for number in numbers:
                entry = writing.held(number)
                if entry is not None and entry.status in {"open", "waiting"}:
                    session.retry(entry, read)
            session.write()
        self._after(session, recorded)
        return session.outcome

    @property
    def erased_everything(self) -> bool:
        """Whether every erasure that was recorded here is carried out."""
        return not self._erases

    def names(self, subject: str, person: str) -> bool:
        """Whether a fact of the subject, recorded or held, holds values of a person."""
        with self.store.writing() as writing:
            return Elsewhere(writing, lambda _: [], Instant(0)).named(subject, person) is not None

    def adopt_key_store(self) -> None:
        """Goes on with another key store: what the lost one sealed stays unreadable."""
        with self.store.writing() as writing:
            writing.track(PERSONS, self.store.persons.keys.number)

    def carry_out(self, now: Instant) -> int:
        """Carries out the erasures that are recorded; returns how many keys were destroyed. Raises LedgerError."""
        from adapters.privacy.erasing import carry_out  # noqa: PLC0415 - few ledgers have something to erase

        done = carry_out(self.store, now)
        self._erases = False
        return done

    def discard(self, number: int, reason: str, recorded: Instant) -> None:
        """Gives up an entry for good. The decision is itself an event of the ledger; the entry stays readable.

        Raises LedgerError for an entry that does not exist or is settled already.
        """
        with self.store.writing() as writing:
            entry = _unsettled(writing, number)
            writing.mark(number, "discarded")
            state = head_of(_stamp(writing, recorded)) + _discarded(entry, reason) + b"}"
            writing.append([(f"{OWN_STREAMS}{number}", 1, DISCARDED, state)])

    def _after(self, session: Session, now: Instant) -> None:
        """Carries out what was recorded. Where that fails it is done later: the facts are committed, and are heeded."""
        self._erases = self._erases or session.erases
        if self._erases:
            try:
                self.carry_out(now)
            except LedgerError as error:
                from adapters.telemetry.logs import logger  # noqa: PLC0415 - only where something failed

                logger("privacy").warning("erasure not carried out yet", reason=str(error))

    def _session(self, writing: Writing, recorded: Instant) -> Session:
        return Session(writing, self._known, self._places, recorded, self.store.persons)


def note_sent(
    store: Store, messages: Callable[[Writing], Mapping[str, Mapping[str, object]]], recorded: Instant
) -> int:
    """Says in the log which notifications were sent, in one transaction; returns of how many messages.

    ``messages`` gives, by the id of a message, what is to be said of it; it marks them in the same transaction.
    """
    with store.writing() as writing:
        said = messages(writing)
        if said:
            head = head_of(_stamp(writing, recorded))
            writing.append(
                [(f"{NOTIFICATIONS}{name}", 1, NOTIFIED, head + _json(what) + b"}") for name, what in said.items()]
            )
    return len(said)


def _traced(batch: Sequence[Received]) -> Iterator[Traced]:
    for received in batch:
        fact = received.fact
        if not isinstance(fact, UndecodableEventError) and fact.traceparent is not None:
            yield Traced(fact.traceparent, fact.subject, topic_of(fact.data))


def _stamp(writing: Writing, clock: Instant) -> Instant:
    """The instant of this transaction on the recorded axis."""
    last = writing.tracked(RECORDED)
    stamp = clock if last is None else max(clock, Instant(last + 1))
    writing.track(RECORDED, stamp)
    return stamp


def _unsettled(writing: Writing, number: int) -> Held:
    entry = writing.held(number)
    if entry is None:
        raise LedgerError(f"the quarantine has no entry {number}", f"la quarantaine n'a pas d'entrée {number}")
    if entry.status not in {"open", "waiting"}:
        done = {"retried": "reprise", "discarded": "abandonnée"}[entry.status]
        raise LedgerError(f"entry {number} is {entry.status} already", f"l'entrée {number} est déjà {done}")
    return entry


def _discarded(entry: Held, reason: str) -> bytes:
    said = {
        "entry": entry.number,
        "source": entry.source,
        "id": entry.fact_id,
        "subject": entry.subject,
        "why": entry.reason,
        "reason": reason,
    }
    return _json(said)


def _json(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
