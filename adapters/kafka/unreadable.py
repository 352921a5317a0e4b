"""Says which messages the client cannot read, and where the next one is that it can.

Brokers and other clients take a header whose name is not UTF-8; ours reads nothing of the batch from there on. A batch
is what a producer sent at once: what comes behind such a message in the same batch cannot be read either.
"""

from collections.abc import Mapping

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import CorruptRecordError

from adapters.kafka.client import said
from adapters.kafka.messages import place_of

CALL_MS = 10_000


def unreadable(reader: KafkaConsumer, places: Mapping[TopicPartition, int]) -> str | None:
    """A sentence on every partition whose next message cannot be read, and how to go on; None where each can.

    ``reader`` belongs to no group; ``places`` are the next messages. Raises KafkaError.
    """
    ends = reader.end_offsets(list(places), timeout_ms=CALL_MS)
    found = []
    for partition, offset in sorted(places.items()):
        reason = _reason(reader, partition, offset) if offset < ends[partition] else None
        if reason is None:
            continue
        after = offset + 1
        while after < ends[partition] and _reason(reader, partition, after) is not None:
            after += 1
        place = place_of(partition.topic, partition.partition, offset)
        found.append(
            f"{place} cannot be read, nor what was sent with it up to {after - 1}: {reason}. Record these"
            f" {after - offset} messages from elsewhere (greffe ingest --file), then go on with greffe ingest"
            f" --skip-to {partition.partition}:{after}"
        )
    return "; ".join(found) or None


def _reason(reader: KafkaConsumer, partition: TopicPartition, offset: int) -> str | None:
    """Why the message at an offset cannot be read; None if it can."""
    reader.assign([partition])
    reader.seek(partition, offset)
    try:
        reader.poll(CALL_MS, max_records=1)
    except CorruptRecordError as error:
        return said(error)
    return None
