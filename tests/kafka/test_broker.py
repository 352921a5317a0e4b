"""The broker the tests start is real, answers on every listener, and keeps what it acknowledged."""

from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from tools.broker import Broker
from tools.broker.server import SCRAM, SCRAM_USER


def send(broker: Broker, topic: str, value: bytes) -> None:
    with KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all", metadata_max_age_ms=1_000) as producer:
        producer.send(topic, value, key=b"one partition").get(60)


def read(topic: str, expected: int, **how: Any) -> list[bytes]:
    with KafkaConsumer(topic, auto_offset_reset="earliest", metadata_max_age_ms=1_000, **how) as consumer:
        found: list[bytes] = []
        while len(found) < expected:
            found += [record.value for records in consumer.poll(60_000).values() for record in records]
    return found


def test_a_client_that_trusts_the_authority_reads_over_tls(broker: Broker) -> None:
    send(broker, "over-tls", b"kept")
    trust = {"security_protocol": "SSL", "ssl_cafile": str(broker.authority)}
    assert read("over-tls", 1, bootstrap_servers=broker.address("SSL"), **trust) == [b"kept"]


@pytest.mark.parametrize("mechanism", SCRAM)
def test_a_client_with_the_password_reads_over_sasl(broker: Broker, mechanism: str) -> None:
    send(broker, f"over-{mechanism}", b"kept")
    who = {"sasl_mechanism": mechanism, "sasl_plain_username": SCRAM_USER, "sasl_plain_password": broker.password}
    how = {"security_protocol": "SASL_SSL", "ssl_cafile": str(broker.authority), **who}
    assert read(f"over-{mechanism}", 1, bootstrap_servers=broker.address("SASL_SSL"), **how) == [b"kept"]


def test_what_was_acknowledged_is_there_after_the_broker_was_killed(broker: Broker) -> None:
    send(broker, "killed", b"first")
    broker.kill()
    broker.start()
    send(broker, "killed", b"second")
    assert read("killed", 2, bootstrap_servers=broker.bootstrap) == [b"first", b"second"]


def test_a_topic_starts_at_its_first_message(broker: Broker) -> None:
    send(broker, "one", b"one")
    with KafkaConsumer(bootstrap_servers=broker.bootstrap) as consumer:
        assert sum(consumer.beginning_offsets([TopicPartition("one", n) for n in range(4)]).values()) == 0
