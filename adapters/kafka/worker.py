"""The ingest worker: reads its partitions, records each batch with its positions in one transaction, goes on.

The ledger, not the group, says where to read from. A batch is recorded only if the ledger's position of each of its
partitions is still the one it was read from: a worker that lost its partitions without knowing writes nothing.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import CorruptRecordError, KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.kafka import figures
from adapters.kafka.client import make_reader, said
from adapters.kafka.group import Listener
from adapters.kafka.messages import place_of, position_name
from adapters.kafka.unreadable import together, unreadable
from adapters.settings.kafka import KafkaSettings
from adapters.telemetry.logs import logger
from domain.errors import BrokerError, LedgerError, PositionMovedError, UndecodableEventError
from domain.time.instant import Instant

IDLE_SECONDS = 0.5
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0
CALL_MS = 10_000

log = logger("ingest")


@dataclass(slots=True)
class Place:
    """Where a partition is read: what the ledger said, or was told, last, and the offset of the next message."""

    stored: int | None
    next: int


@dataclass(slots=True)
class Pending:
    """What was read of a partition and not recorded yet: what its messages state, their number and their bytes."""

    received: list[Received] = field(default_factory=list)
    messages: int = 0
    bytes: int = 0


class Worker:
    """One member of the group. Not for several threads: the consumer and the ledger are this thread's."""

    def __init__(
        self,
        ledger: Ledger,
        consumer: KafkaConsumer,
        settings: KafkaSettings,
        *,
        clock: Callable[[], Instant],
        read: Callable[[Any, Instant], list[Received]],
        after_batch: Callable[[Outcome], None],
    ) -> None:
        self.outcome = Outcome()
        self._ledger = ledger
        self._consumer = consumer
        self._settings = settings
        self._clock = clock
        self._read = read
        self._after_batch = after_batch
        self._listener = Listener(consumer)
        self._places: dict[TopicPartition, Place] = {}
        self._unplaced: set[TopicPartition] = set()
        self._batch: dict[TopicPartition, Pending] = {}
        self._size = self._bytes = 0
        self._since = 0.0

    def run(self, stopping: Callable[[], bool], *, until_end: bool = False) -> Outcome:
        """Works until ``stopping()``, or with ``until_end`` until its partitions are read to their ends.

        Records what it has read before it leaves. Raises BrokerError for what waiting cannot put right.
        """
        self._consumer.subscribe([self._settings.topic], listener=self._listener)
        gc.freeze()  # what it took to start lives as long as the worker: no collection need walk it again
        try:
            self._work(stopping, until_end=until_end)
        except CorruptRecordError as error:
            self._record(stopping)  # what comes before it: leaving it out must leave out no more
            if not stopping():
                raise self._unreadable(error) from None
        finally:
            self._consumer.close(autocommit=False, timeout_ms=CALL_MS)
        return self.outcome

    def _work(self, stopping: Callable[[], bool], *, until_end: bool) -> None:
        while not stopping():
            self._take(self._poll(self._patience()))
            if self._is_due():
                self._record(stopping)
            elif until_end and not self._size and self._is_at_end():
                break
        if self._size:
            self._record(stopping)

    @property
    def partitions(self) -> frozenset[TopicPartition]:
        """The partitions it reads."""
        return frozenset(self._places)

    def _patience(self) -> float:
        """How long to wait for more, in seconds."""
        if not self._size:
            return IDLE_SECONDS
        return max(0.0, self._since + self._settings.batch_seconds - time.monotonic())

    def _is_due(self) -> bool:
        settings = self._settings
        return self._size > 0 and (
            self._size >= settings.batch_facts or self._bytes >= settings.batch_bytes or self._patience() <= 0
        )

    def _poll(self, seconds: float) -> Mapping[TopicPartition, list[Any]]:
        """What the client has, after at most ``seconds``. Raises CorruptRecordError where it cannot be read."""
        try:
            most = max(1, self._settings.batch_facts - self._size)
            polled: Mapping[TopicPartition, list[Any]] = self._consumer.poll(int(seconds * 1000), max_records=most)
        except NoOffsetForPartitionError:
            return {}  # a partition was given at this very moment: its place is read from the ledger
        except OffsetOutOfRangeError as error:
            raise self._out_of_range(error) from None
        except CorruptRecordError:
            raise
        except KafkaError as error:
            if not error.retriable:
                raise BrokerError(f"Kafka refuses: {said(error)}", f"Kafka refuse : {said(error)}") from None
            log.warning("broker does not answer", error=type(error).__name__)
            time.sleep(FIRST_WAIT)
            return {}
        return polled

    def _take(self, polled: Mapping[TopicPartition, list[Any]]) -> None:
        """Adopts what the group changed; then adds to the batch what was polled from partitions still ours."""
        changed = self._adopt_changes()
        recorded = self._clock()
        for partition, records in polled.items():
            place = self._places.get(partition)
            if partition in changed or place is None:
                continue
            if not self._size:
                self._since = time.monotonic()
            pending = self._batch.setdefault(partition, Pending())
            for record in records:
                received = self._read(record, recorded)
                if _key_differs(record.key, received):
                    figures.WRONG_KEYS.labels(partition.topic).inc()
                pending.received += received
                pending.bytes += len(record.value or b"")
            place.next = records[-1].offset + 1
            pending.messages += len(records)
            self._size += len(records)
            self._bytes = sum(one.bytes for one in self._batch.values())
            self._tell_lag(partition, place)

    def _adopt_changes(self) -> set[TopicPartition]:
        changed: set[TopicPartition] = set()
        for change in self._listener.changes():
            changed |= change.partitions
            for partition in change.partitions:
                self._forget(partition)
            if change.given:
                figures.REBALANCES.inc()
                self._unplaced |= change.partitions
            if change.partitions:
                numbers = sorted(partition.partition for partition in change.partitions)
                log.info("partitions given" if change.given else "partitions taken", partitions=numbers)
        if self._unplaced:
            self._find_places()
        return changed

    def _forget(self, partition: TopicPartition) -> None:
        """Drops a partition, and what was read of it and not recorded: whoever has it reads that again."""
        self._unplaced.discard(partition)
        self._places.pop(partition, None)
        dropped = self._batch.pop(partition, Pending())
        self._size -= dropped.messages
        self._bytes -= dropped.bytes
        with suppress(KeyError):
            figures.LAG.remove(partition.topic, str(partition.partition))

    def _find_places(self) -> None:
        """Reads from the ledger where the new partitions are to be read from; they stay held back if it cannot say."""
        try:
            for partition in sorted(self._unplaced):
                stored = self._ledger.store.position(position_name(*partition))
                start = stored
                if start is None:
                    start = self._consumer.beginning_offsets([partition], timeout_ms=CALL_MS)[partition]
                self._consumer.seek(partition, start)
                self._consumer.resume(partition)
                self._places[partition] = Place(stored, start)
                self._unplaced.discard(partition)
        except (LedgerError, KafkaError, ValueError) as error:  # ValueError: taken again at this very moment
            log.warning("position not read", error=type(error).__name__, reason=said(error))

    def _record(self, stopping: Callable[[], bool]) -> None:
        """Records the batch; waits and tries again for as long as the ledger cannot be written."""
        wait, attempt = FIRST_WAIT, 0
        while self._size:
            started = time.monotonic()
            batch = [received for pending in self._batch.values() for received in pending.received]
            names = {position_name(*partition): self._places[partition] for partition in self._batch}
            try:
                outcome = self._ledger.record(
                    batch,
                    self._clock(),
                    {name: place.next for name, place in names.items()},
                    read_at={name: place.stored for name, place in names.items()},
                )
            except PositionMovedError as error:
                figures.FENCED.inc()
                log.warning("batch given up", reason=str(error))
                self._start_over()
                return
            except LedgerError as error:
                figures.FAILURES.inc()
                attempt += 1
                log.warning("batch not recorded", reason=str(error), attempt=attempt)
                if stopping():
                    return
                self._hold_back(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            self._recorded(outcome, time.monotonic() - started)

    def _recorded(self, outcome: Outcome, seconds: float) -> None:
        figures.note(outcome, self._size, seconds)
        log.debug("batch recorded", seconds=round(seconds, 4), **outcome.counts())
        done = {}
        for partition in self._batch:
            place = self._places[partition]
            place.stored = place.next
            done[partition] = OffsetAndMetadata(place.next, "", -1)
        self._batch = {}
        self._size = self._bytes = 0
        self._consumer.commit_async(done)  # for those who watch the group; nothing here reads it back
        outcome.subjects.clear()
        self.outcome += outcome
        self._after_batch(outcome)

    def _hold_back(self, seconds: float) -> None:
        """Stays in the group without reading more, for a while."""
        self._consumer.pause(*self._consumer.assignment())
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._poll(left)
            self._adopt_changes()
        for partition in self._places:
            if partition in self._consumer.assignment():
                self._consumer.resume(partition)

    def _start_over(self) -> None:
        """Goes back to where the ledger says each partition of the batch is."""
        partitions = set(self._batch)
        for partition in partitions:
            self._forget(partition)
        ours = partitions & self._consumer.assignment()
        if ours:
            self._consumer.pause(*ours)
        self._unplaced |= ours

    def _is_at_end(self) -> bool:
        """Whether each partition of ours is read to its end, not short of it and not beyond; and there is one."""
        if not self._places or self._unplaced:
            return False
        try:
            ends = self._consumer.end_offsets(list(self._places), timeout_ms=CALL_MS)
            return all(self._consumer.position(partition, timeout_ms=CALL_MS) == ends[partition] for partition in ends)
        except (KafkaError, AssertionError):
            return False

    def _tell_lag(self, partition: TopicPartition, place: Place) -> None:
        end = self._consumer.highwater(partition)
        if end is not None:
            figures.LAG.labels(partition.topic, str(partition.partition)).set(max(0, end - place.next))

    def _unreadable(self, error: CorruptRecordError) -> BrokerError:
        try:
            with make_reader(self._settings) as reader:
                found = unreadable(reader, {partition: place.next for partition, place in self._places.items()})
        except (KafkaError, BrokerError) as failed:
            reason = said(failed)
            return BrokerError(f"which one is not known: {reason}", f"on ne sait pas lequel : {reason}")
        return found or BrokerError(
            f"Kafka sent what cannot be read, and now can: {said(error)}. Start again",
            f"Kafka a envoyé de l'illisible, à présent lisible : {said(error)}. Relancez",
        )

    def _out_of_range(self, error: OffsetOutOfRangeError) -> BrokerError:
        lost = [self._loss(partition, offset) for partition, offset in _offsets(error)]
        return together(lost) if lost else BrokerError(f"Kafka refuses: {said(error)}", f"Kafka refuse : {said(error)}")

    def _loss(self, partition: TopicPartition, offset: int) -> BrokerError:
        place = place_of(partition.topic, partition.partition, offset)
        first = self._consumer.beginning_offsets([partition], timeout_ms=CALL_MS)[partition]
        skip = f"greffe ingest --skip-to {partition.partition}:{first}"
        if offset < first:
            return BrokerError(
                f"{place} is the next message to record and Kafka no longer has it: {first - offset} messages were"
                f" deleted before they were read, the first it has is {first}. Record them from elsewhere (greffe"
                f" ingest --file), then go on with {skip}",
                f"{place} est le prochain message à enregistrer et Kafka ne l'a plus : {first - offset} messages furent"
                f" effacés avant d'être lus, le premier qu'il ait est {first}. Enregistrez-les d'une autre source"
                f" (greffe ingest --file), puis continuez avec {skip}",
            )
        end = self._consumer.end_offsets([partition], timeout_ms=CALL_MS)[partition]
        return BrokerError(
            f"{place} is the next message to record and Kafka's log ends at {end}: the topic was made anew, or its end"
            f" was lost. To read it from its beginning: {skip}",
            f"{place} est le prochain message à enregistrer et le journal de Kafka finit à {end} : le topic fut refait,"
            f" ou sa fin perdue. Pour le lire depuis son début : {skip}",
        )


def _offsets(error: OffsetOutOfRangeError) -> Iterator[tuple[TopicPartition, int]]:
    for argument in error.args:
        if isinstance(argument, dict):
            yield from argument.items()


def _key_differs(key: bytes | None, received: Sequence[Received]) -> bool:
    """Whether the key of a message is not the subject of every fact in it."""
    for one in received:
        fact = one.fact
        if not isinstance(fact, UndecodableEventError) and (key is None or key != fact.subject.encode()):
            return True
    return False
