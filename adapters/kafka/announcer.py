"""Copies what the ledger refused to the quarantine's topic, for those who sent it. The table is what counts.

An entry is copied after the transaction that refused it, and ticked off once the broker has it: after a crash between
the two it is copied again, under the same key, the number of the entry.
"""

from collections.abc import Callable
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from adapters.cloudevents import headers_of
from adapters.eventstore.store import Held, Store
from adapters.kafka import figures
from adapters.kafka.client import SEND_SECONDS, said
from adapters.telemetry.logs import logger
from domain.errors import BrokerError, LedgerError

PAGE = 500
LARGEST = 900_000
"""The most bytes of a message's own that are copied: what brokers take by default, with room for the headers."""

log = logger("quarantine")


class Announcer:
    """Copies refused entries to one topic. Neither a ledger nor a broker out of reach stops the caller."""

    def __init__(self, store: Store, topic: str, producer: Callable[[], KafkaProducer]) -> None:
        self._store = store
        self._topic = topic
        self._make = producer
        self._producer: KafkaProducer | None = None
        self.behind = True
        """Whether there may be entries to copy."""

    def announce(self) -> None:
        """Copies every refused entry that nobody has copied yet."""
        try:
            while entries := self._store.unannounced(PAGE):
                self._copy(entries)
            self.behind = False
        except (LedgerError, KafkaError, BrokerError) as error:
            log.warning("quarantine not copied", error=type(error).__name__, reason=said(error), topic=self._topic)
            self.close()  # an idempotent producer that failed once may go on failing

    def close(self) -> None:
        """Lets the producer go."""
        if self._producer is not None:
            self._producer.close(timeout=SEND_SECONDS)
            self._producer = None

    def _copy(self, entries: list[Held]) -> None:
        if self._producer is None:
            self._producer = self._make()
        sent = [self._producer.send(self._topic, **message_of(entry)) for entry in entries]
        for future in sent:
            future.get(SEND_SECONDS)
        with self._store.writing() as writing:
            writing.announced([entry.number for entry in entries])
        figures.ANNOUNCED.inc(len(entries))


def message_of(entry: Held) -> dict[str, Any]:
    """The message that says an entry: the bytes received, the headers they came with, and the reason in ours."""
    value = entry.body if len(entry.body) <= LARGEST else b""
    ours = {
        "greffe-entry": str(entry.number),
        "greffe-origin": entry.origin,
        "greffe-received": entry.received,
        "greffe-reason": entry.reason,
        "greffe-reason-fr": entry.reason_fr,
    }
    if value != entry.body:
        ours["greffe-left-out"] = str(len(entry.body))
    theirs = [(name, value or b"") for name, value in headers_of(entry.headers) if not name.startswith("greffe-")]
    return {
        "key": str(entry.number).encode(),
        "value": value,
        "headers": [*theirs, *((name, text.encode()) for name, text in ours.items())],
    }
