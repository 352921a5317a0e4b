"""What the group gives to this worker and takes from it, handed from the client's thread to the worker's.

A listener runs on the client's own thread, where the ledger cannot be asked for a position: it holds a new partition
back (paused) until the worker has read the position from the ledger.
"""

from collections.abc import Collection, Iterator
from queue import Empty, SimpleQueue
from typing import NamedTuple

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition


class Change(NamedTuple):
    """Partitions that the group gave, or took."""

    given: bool
    partitions: frozenset[TopicPartition]


class Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python has no types
    """Notes every change; ``changes`` hands them over in order."""

    def __init__(self, consumer: KafkaConsumer) -> None:
        self._consumer = consumer
        self._changes: SimpleQueue[Change] = SimpleQueue()

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Holds the partitions back; the position is a stand-in, so that the client asks the group for none."""
        if assigned:
            self._consumer.pause(*assigned)
            for partition in assigned:
                self._consumer.seek(partition, 0)
        self._changes.put(Change(given=True, partitions=frozenset(assigned)))

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Notes that they are another's from now on."""
        self._changes.put(Change(given=False, partitions=frozenset(revoked)))

    def on_partitions_lost(self, lost: Collection[TopicPartition]) -> None:
        """Notes that the group forgot this worker for a while."""
        self.on_partitions_revoked(lost)

    def changes(self) -> Iterator[Change]:
        """What changed since the last call, oldest first."""
        while True:
            try:
                yield self._changes.get_nowait()
            except Empty:
                return
