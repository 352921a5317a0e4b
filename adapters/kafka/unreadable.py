"""Says which messages the client cannot read, and where the next one is that it can.

Brokers and other clients take a header whose name is not UTF-8; ours reads nothing of the batch from there on. A batch
is what a producer sent at once: what comes behind such a message in the same batch cannot be read either.
"""

from collections.abc import Mapping, Sequence

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import CorruptRecordError

from adapters.kafka.client import said
from adapters.kafka.messages import place_of
from domain.errors import BrokerError

CALL_MS = 10_000


def unreadable(reader: KafkaConsumer, places: Mapping[TopicPartition, int]) -> BrokerError | None:
    """What to say of every partition whose next message cannot be read, and how to go on; None where each can.

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
        skip, many = f"greffe ingest --skip-to {partition.partition}:{after}", after - offset
        found.append(
            BrokerError(
                f"{place} cannot be read, nor what was sent with it up to {after - 1}: {reason}. Record these {many}"
                f" messages from elsewhere (greffe ingest --file), then go on with {skip}",
                f"{place} est illisible, avec ce qui fut envoyé ensemble jusqu'à {after - 1} : {reason}. Enregistrez"
                f" ces {many} messages d'une autre source (greffe ingest --file), puis continuez avec {skip}",
            )
        )
    return together(found) if found else None


def together(errors: Sequence[BrokerError]) -> BrokerError:
    """Several refusals as one."""
    return BrokerError("; ".join(one.english for one in errors), " ; ".join(one.french for one in errors))


def _reason(reader: KafkaConsumer, partition: TopicPartition, offset: int) -> str | None:
    """Why the message at an offset cannot be read; None if it can."""
    reader.assign([partition])
    reader.seek(partition, offset)
    try:
        reader.poll(CALL_MS, max_records=1)
    except CorruptRecordError as error:
        return said(error)
    return None
