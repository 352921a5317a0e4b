"""What is in the topic is in the ledger, once, whatever form it came in; what cannot be is kept and told."""

import gzip
import json
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from prometheus_client import REGISTRY

from adapters.bootstrap import ledger_of, opened
from adapters.catalogue import load_catalogue
from adapters.clock import now
from adapters.cloudevents import headers_text
from adapters.eventstore.mapper import key_of_unreadable
from adapters.eventstore.store import Held
from tests.support.arrivals import answered, event, otherwise, outage, raw, reserve, signed
from tests.support.arrivals import opened as opened_ticket
from tests.support.kafka import ingest_all, new_topic, produce, read_topic, settings_of
from tools.broker import Broker
from tools.broker.server import SCRAM, SCRAM_USER

PACKED = gzip.compress(b"{}")
RECORDED = {"recorded": 2, "duplicates": 0, "waiting": 0, "quarantined": 0}


def held(ledger: Path) -> list[Held]:
    with opened(str(ledger)) as store:
        return store.quarantine()


def bodies(ledger: Path) -> list[bytes]:
    with opened(str(ledger)) as store:
        return [json.loads(entry.state)["event"]["id"] for entry in store.entries()]


def binary(one: dict[str, object]) -> tuple[bytes, list[tuple[str, bytes]]]:
    attributes = {name: value for name, value in one.items() if name != "data"}
    headers = [(f"ce_{name}", str(value).encode()) for name, value in attributes.items()]
    return json.dumps(one["data"]).encode(), [*headers, ("content-type", b"application/json")]


def test_the_same_facts_from_a_topic_are_recorded_once(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker, 2)
    produce(broker, topic, signed(), outage(1))
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    assert ingest_all(ledger, settings).counts() == RECORDED
    assert ingest_all(ledger, settings).counts() == {**RECORDED, "recorded": 0}
    produce(broker, topic, signed(), otherwise(outage(1)))
    assert ingest_all(ledger, settings).counts() == {**RECORDED, "recorded": 0, "duplicates": 2}


def test_the_ledger_and_not_the_group_says_where_to_go_on(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), outage(1))
    settings = settings_of(broker, topic)
    assert ingest_all(tmp_path / "first.db", settings).counts() == RECORDED
    assert ingest_all(tmp_path / "second.db", settings).counts() == RECORDED
    with opened(str(tmp_path / "first.db")) as store:
        assert store.position(f"kafka:{topic}:0") == 2


def test_the_group_is_told_how_far_the_ledger_is(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), outage(1))
    settings = settings_of(broker, topic)
    ingest_all(tmp_path / "ledger.db", settings)
    with KafkaConsumer(bootstrap_servers=broker.bootstrap, group_id=settings.group) as consumer:
        assert consumer.committed(TopicPartition(topic, 0)) == 2


def test_binary_mode_is_the_same_fact_as_structured_mode(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    value, headers = binary(signed())
    produce(broker, topic, value, headers=headers)
    produce(broker, topic, signed(), headers=[("content-type", b"application/cloudevents+json; charset=utf-8")])
    ledger = tmp_path / "ledger.db"
    counts = {"recorded": 1, "duplicates": 1, "waiting": 0, "quarantined": 0}
    assert ingest_all(ledger, settings_of(broker, topic)).counts() == counts
    with opened(str(ledger)) as store:
        assert json.loads(store.entries()[0].state)["event"] == {**signed(), "datacontenttype": "application/json"}


@pytest.mark.parametrize("mechanism", SCRAM)
def test_a_worker_reads_over_tls_with_a_user_and_a_password(broker: Broker, tmp_path: Path, mechanism: str) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), b"refused")
    secure = settings_of(
        broker,
        topic,
        security_protocol="SASL_SSL",
        ssl_authority=broker.authority,
        sasl_mechanism=mechanism,
        sasl_user=SCRAM_USER,
        sasl_password=broker.password,
    ).model_copy(update={"bootstrap": (broker.address("SASL_SSL"),)})
    assert ingest_all(tmp_path / "ledger.db", secure).counts() == {**RECORDED, "recorded": 1, "quarantined": 1}
    assert [record.value for record in read_topic(broker, f"{topic}-refused", 1)] == [b"refused"]


def test_what_an_aborted_transaction_left_is_not_read(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    with KafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=f"{topic}-sender") as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(topic, raw(outage("aborted")))
        producer.abort_transaction()
        producer.begin_transaction()
        producer.send(topic, raw(signed()))
        producer.send(topic, raw(outage(1)))
        producer.commit_transaction()
    ledger = tmp_path / "ledger.db"
    assert ingest_all(ledger, settings_of(broker, topic)).counts() == RECORDED
    assert bodies(ledger) == ["e-signed", "e-1"]


@pytest.mark.parametrize("compression", ["gzip", "snappy", "lz4", "zstd"])
def test_compressed_batches_are_read(broker: Broker, tmp_path: Path, compression: str) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), outage(1), compression_type=compression)
    assert ingest_all(tmp_path / "ledger.db", settings_of(broker, topic)).counts() == RECORDED


def test_a_fact_that_comes_before_its_partner_waits_for_it(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    produce(broker, topic, signed(), answered(2))
    assert ingest_all(ledger, settings).counts() == {**RECORDED, "recorded": 1, "waiting": 1}
    produce(broker, topic, opened_ticket(1))
    assert ingest_all(ledger, settings).counts() == RECORDED
    assert [entry.status for entry in held(ledger)] == ["retried"]


def test_what_cannot_be_read_is_kept_with_its_place_its_headers_and_its_bytes(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    value, headers = binary({**outage(1), "type": "greffe.outage.exploded.v1"})
    produce(broker, topic, value, headers=headers)
    produce(broker, topic, b"\xff\x00", None, PACKED)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    assert ingest_all(ledger, settings).counts() == {**RECORDED, "recorded": 0, "quarantined": 4}
    entries = held(ledger)
    assert [entry.origin for entry in entries] == [f"{topic}[0]@{offset}" for offset in range(4)]
    assert [entry.body for entry in entries] == [value, b"\xff\x00", b"", PACKED]
    assert '["ce_type", "Z3JlZmZl' in str(entries[0].headers)
    assert ingest_all(ledger, settings).counts() == {**RECORDED, "recorded": 0}


def test_what_is_refused_is_copied_to_the_quarantine_topic_with_the_reason(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), b"not json", headers=[("traceparent", b"00-x")])
    produce(broker, topic, reserve(1))  # waits for its outage: it is not refused
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    ingest_all(ledger, settings)
    ingest_all(ledger, settings)
    (copy,) = read_topic(broker, f"{topic}-refused", 1)
    entry = held(ledger)[0]
    said = dict(copy.headers)
    assert (copy.key, copy.value) == (str(entry.number).encode(), b"not json")
    assert said["greffe-origin"] == f"{topic}[0]@1".encode()
    assert said["greffe-reason"].decode() == entry.reason
    assert said["greffe-reason-fr"].decode() == entry.reason_fr
    assert said["traceparent"] == b"00-x"


def test_an_entry_recorded_before_a_crash_is_copied_by_the_next_worker(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    (tmp_path / "bad.jsonl").write_bytes(b"not json\n")
    from api.cli.main import main  # noqa: PLC0415 - the command a person types

    assert main(["ingest", "--file", str(tmp_path / "bad.jsonl"), "--ledger", str(ledger)]) == 0
    ingest_all(ledger, settings)
    assert [record.value for record in read_topic(broker, f"{topic}-refused", 1)] == [b"not json"]


def test_a_message_in_binary_mode_that_no_version_could_read_yet_is_applied_when_it_is_retried(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    value, headers = binary(signed())
    with opened(str(ledger), create=True) as store:
        unread = Held(
            "open", "?", "?", "facts[0]@1", "then", value, key_of_unreadable(b"k"), b"k", headers=headers_text(headers)
        )
        with store.writing() as writing:
            writing.hold([unread])
        assert ledger_of(store, load_catalogue([])).retry(None, now()).recorded == 1
    assert bodies(ledger) == ["e-signed"]
    assert [entry.status for entry in held(ledger)] == ["retried"]


def test_a_worker_counts_what_it_records_and_what_is_left(broker: Broker, tmp_path: Path) -> None:
    def figure(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    topic = new_topic(broker)
    before = figure("greffe_facts_total", outcome="recorded"), figure("greffe_batch_facts_count")
    produce(broker, topic, signed(), outage(1), b"refused", answered(2))
    ingest_all(tmp_path / "ledger.db", settings_of(broker, topic))
    assert figure("greffe_facts_total", outcome="recorded") == before[0] + 2
    assert figure("greffe_batch_facts_count") > before[1]
    assert figure("greffe_kafka_wrong_keys_total", topic=topic) == 0
    assert figure("greffe_quarantine_unsettled", status="open") == 1
    assert figure("greffe_quarantine_unsettled", status="waiting") == 1


def test_the_key_of_a_message_does_not_decide_its_contract(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), key=b"C-2")
    produce(broker, topic, outage(1), key=None)
    ledger = tmp_path / "ledger.db"
    assert ingest_all(ledger, settings_of(broker, topic)).counts() == RECORDED
    with opened(str(ledger)) as store:
        assert store.subjects() == ["C-1"]


def test_another_content_under_the_same_id_is_a_conflict(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), outage(1), event(1, "outage.retracted", {"outage": "o-1", "reason": "no"}))
    outcome = ingest_all(tmp_path / "ledger.db", settings_of(broker, topic))
    assert outcome.counts() == {**RECORDED, "quarantined": 1}
