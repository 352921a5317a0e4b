"""Puts the ingest worker together: the consumer, the ledger, what is told of refusals, the views, the metrics."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from adapters.bootstrap import ledger_of, open_store, opened, views_of
from adapters.catalogue import load_catalogue
from adapters.eventstore.ledger import Outcome, Received
from adapters.eventstore.store import Store
from adapters.kafka import figures
from adapters.kafka.announcer import Announcer
from adapters.kafka.client import make_consumer, make_producer
from adapters.kafka.messages import mapped_of, position_name, received_of
from adapters.kafka.refresher import Refresher
from adapters.kafka.worker import Worker
from adapters.mappings.model import Mapping
from adapters.settings.kafka import KafkaSettings
from adapters.telemetry.logs import logger
from adapters.views import Views
from domain.agreements.catalogue import Catalogue
from domain.errors import BrokerAbsentError, LedgerError, UndecodableEventError
from domain.time.instant import Instant

RETRY_SECONDS = 2.0
COUNT_SECONDS = 5.0

log = logger("ingest")


def ingest_topic(
    address: str,
    settings: KafkaSettings,
    agreements: Sequence[Path],
    clock: Callable[[], Instant],
    stopping: Callable[[], bool],
    *,
    mappings: Sequence[Mapping] = (),
    until_end: bool = False,
    views: bool = True,
) -> Outcome:
    """Records what the topic holds until ``stopping()``; with ``until_end``, until it has been read to its end.

    With ``mappings``, the messages are those of operations tools. The worker that has the topic's first partition keeps
    the views up, unless told to leave that to others.

    Raises BrokerError for what waiting cannot put right, LedgerError for a ledger that cannot be opened.
    """
    catalogue = load_catalogue(agreements)
    with ExitStack() as stack:
        store = stack.enter_context(opened(address, create=True))
        ledger = ledger_of(store, catalogue)
        ledger.carry_out(clock())
        consumer = _connected(settings, stopping)
        if consumer is None:
            return Outcome()
        announcer = Announcer(store, settings.quarantine_topic, lambda: make_producer(settings))
        stack.callback(announcer.close)

        counted = 0.0

        def after_batch(outcome: Outcome) -> None:
            nonlocal counted
            if time.monotonic() - counted >= COUNT_SECONDS:
                counted = time.monotonic()
                with suppress(LedgerError):  # a figure less; the next batch waits for the ledger
                    for status, count in store.unsettled().items():
                        figures.UNSETTLED.labels(status).set(count)
            if outcome.quarantined or announcer.behind:
                announcer.behind = True
                announcer.announce()

        def read(record: Any, recorded: Instant) -> list[Received]:
            return mapped_of(record, mappings, recorded) if mappings else [received_of(record, recorded)]

        worker = Worker(ledger, consumer, settings, clock=clock, read=read, after_batch=after_batch)
        if views:
            first = TopicPartition(settings.topic, 0)
            refresher = Refresher(lambda: _views(address, catalogue), lambda: first in worker.partitions, clock)
            stack.callback(refresher.close)
        announcer.announce()
        log.info("worker started", topic=settings.topic, group=settings.group)
        outcome = worker.run(stopping, until_end=until_end)
        log.info("worker stopped", **outcome.counts())
    return outcome


def skip_to(
    address: str, topic: str, place: tuple[int, int], agreements: Sequence[Path], clock: Callable[[], Instant]
) -> None:
    """Has the next worker read a partition from an offset; ``place`` is both. The quarantine says what is left out.

    Going back loses nothing and leaves no entry: what is read twice is recorded once. Raises LedgerError.
    """
    with opened(address) as store:
        ledger = ledger_of(store, load_catalogue(agreements))
        partition, offset = place
        name = position_name(topic, partition)
        stored = store.position(name)
        left_out = []
        if stored is not None and stored < offset:
            gap = UndecodableEventError(
                f"{offset - stored} messages were left out without being read, by decision of an operator",
                None,
                f"{offset - stored} messages ont été laissés de côté sans être lus, sur décision d'un opérateur",
            )
            left_out.append(Received(b"", f"{topic}[{partition}]@{stored}-{offset - 1}", gap))
        ledger.record(left_out, clock(), {name: offset}, read_at={name: stored})


def _connected(settings: KafkaSettings, stopping: Callable[[], bool]) -> KafkaConsumer | None:
    """A consumer, tried for until a broker answers; None where we are to stop before."""
    attempt = 0
    while not stopping():
        try:
            return make_consumer(settings)
        except BrokerAbsentError as error:
            attempt += 1
            log.warning("broker does not answer", reason=str(error), attempt=attempt)
            time.sleep(RETRY_SECONDS)
    return None


def _views(address: str, catalogue: Catalogue) -> tuple[Store, Views]:
    store = open_store(address)
    return store, views_of(ledger_of(store, catalogue), catalogue)
