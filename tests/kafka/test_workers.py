"""Several workers, and what befalls them: nothing is lost, nothing is written twice."""

from collections import Counter
from pathlib import Path

import pytest

from adapters.bootstrap import ledger_of, opened
from adapters.catalogue import load_catalogue
from adapters.clock import now
from adapters.kafka.ingest import skip_to
from domain.errors import BrokerError, PositionMovedError
from tests.support.arrivals import measured, received, signed
from tests.support.kafka import (
    WorkerProcess,
    delete_before,
    ingest_all,
    new_topic,
    produce,
    settings_of,
)
from tests.support.postgres import PostgresServer
from tools.broker import Broker

QUICK = ("session_timeout_ms=1500", "heartbeat_interval_ms=300")


def facts(first: int, last: int) -> list[dict[str, object]]:
    return [measured(number) for number in range(first, last)]


def recorded(ledger: Path | str) -> Counter[str]:
    with opened(str(ledger)) as store:
        found = ledger_of(store, load_catalogue([]))
        return Counter(fact.id for fact in found.facts())


def ids(first: int, last: int) -> Counter[str]:
    return Counter(f"e-{number}" for number in range(first, last))


@pytest.mark.parametrize("count", [2, 4])
def test_workers_share_the_partitions_and_take_over_from_one_another(
    broker: Broker, tmp_path: Path, count: int
) -> None:
    topic = new_topic(broker, 4)
    settings = settings_of(broker, topic, batch_facts=20, client=QUICK)
    ledger = tmp_path / "ledger.db"
    workers = [WorkerProcess(ledger, settings, tmp_path / f"{number}.log") for number in range(count)]
    try:
        for worker in workers:
            worker.wait_for_line("partitions given")
        for number in range(4):
            produce(broker, topic, *facts(100 * number, 100 * number + 50), partition=number)
        workers.pop().kill()
        for number in range(4):
            produce(broker, topic, *facts(100 * number + 50, 100 * number + 100), partition=number)
        for worker in workers:
            worker.stop()
    finally:
        for worker in workers:
            worker.kill()
    ingest_all(ledger, settings)
    assert recorded(ledger) == ids(0, 400)


def test_a_worker_that_is_asked_to_stop_records_what_it_has_read_and_leaves_at_once(
    broker: Broker, tmp_path: Path
) -> None:
    topic = new_topic(broker)
    settings = settings_of(broker, topic, client=("session_timeout_ms=45000",))
    ledger = tmp_path / "ledger.db"
    produce(broker, topic, *facts(0, 100))
    leaving = WorkerProcess(ledger, settings, tmp_path / "leaving.log")
    leaving.wait_for_line("batch recorded")
    assert leaving.stop() == {"recorded": 100, "duplicates": 0, "waiting": 0, "quarantined": 0}
    # A member that had not left would keep its partition for 45 s more.
    assert ingest_all(ledger, settings).counts()["duplicates"] == 0


def test_a_worker_with_a_lasting_name_gets_its_partitions_back(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker, 2)
    ledger = tmp_path / "ledger.db"

    def member(name: str, log: str) -> WorkerProcess:
        return WorkerProcess(ledger, settings_of(broker, topic, member=name), tmp_path / log)

    first, second = member("one", "one.log"), member("two", "two.log")
    again = None
    try:
        second.wait_for_line("partitions given")
        kept = shared(first, second)
        first.kill()
        again = member("one", "again.log")
        assert again.wait_for_line("partitions given")["partitions"] == kept
    finally:
        for worker in (first, second, again):
            if worker is not None:
                worker.kill()


def shared(first: WorkerProcess, second: WorkerProcess) -> list[int]:
    """The one partition that the first worker has once each has one."""
    times = 1
    while len(given := first.wait_for_line("partitions given", times)["partitions"]) != 1:
        times += 1
    second.wait_for_line("partitions given")
    return list(given)


def test_a_worker_that_lost_its_partition_without_knowing_writes_nothing(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    produce(broker, topic, signed(), measured(1))
    ledger = tmp_path / "ledger.db"
    ingest_all(ledger, settings_of(broker, topic))
    name = f"kafka:{topic}:0"
    with opened(str(ledger)) as store:
        stale = ledger_of(store, load_catalogue([]))
        with pytest.raises(PositionMovedError):
            stale.record(received(measured(9)), now(), {name: 1}, read_at={name: None})
        assert store.position(name) == 2
    assert recorded(ledger) == Counter(["e-signed", "e-1"])


def test_messages_deleted_before_they_were_read_are_said_and_never_skipped_in_silence(
    broker: Broker, tmp_path: Path
) -> None:
    topic = new_topic(broker)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    produce(broker, topic, *facts(0, 10))
    ingest_all(ledger, settings)
    produce(broker, topic, *facts(10, 30))
    delete_before(broker, topic, 25)
    with pytest.raises(BrokerError, match=r"@10 .* 15 messages were deleted .* --skip-to 0:25"):
        ingest_all(ledger, settings)
    skip_to(str(ledger), topic, (0, 25), [], now)
    assert ingest_all(ledger, settings).recorded == 5
    with opened(str(ledger)) as store:
        (gap,) = store.quarantine()
    assert (gap.origin, gap.status) == (f"{topic}[0]@10-24", "open")
    assert recorded(ledger) == ids(0, 10) + ids(25, 30)


class NotUtf8(str):
    """The name of a header as other clients send it: in Latin-1."""

    __slots__ = ()

    def encode(self, *_: str) -> bytes:  # type: ignore[override]
        return super().encode("latin-1")


def test_a_message_that_the_client_cannot_read_is_said_with_its_place_and_how_to_go_on(
    broker: Broker, tmp_path: Path
) -> None:
    topic = new_topic(broker, 2)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    for number in range(10, 20):  # each in a batch of its own
        produce(broker, topic, measured(number), partition=1)
    produce(broker, topic, *facts(0, 3), partition=0)
    produce(broker, topic, *facts(3, 5), partition=0, headers=[(NotUtf8("reçu"), b"1")], linger_ms=1_000)
    produce(broker, topic, *facts(5, 8), partition=0)
    with pytest.raises(BrokerError, match=r"\[0\]@3 cannot be read, .* up to 4: .* 2 messages .* --skip-to 0:5$"):
        ingest_all(ledger, settings)
    assert set(recorded(ledger)) >= set(ids(0, 3))
    skip_to(str(ledger), topic, (0, 5), [], now)
    ingest_all(ledger, settings)
    with opened(str(ledger)) as store:
        (gap,) = store.quarantine()
    assert (gap.origin, gap.status) == (f"{topic}[0]@3-4", "open")
    assert recorded(ledger) == ids(0, 3) + ids(5, 8) + ids(10, 20)


def test_a_topic_made_anew_is_not_read_from_the_old_position(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    produce(broker, topic, *facts(0, 10))
    ingest_all(ledger, settings)
    with opened(str(ledger)) as store, store.writing() as writing:
        writing.track(f"kafka:{topic}:0", 50)
    with pytest.raises(BrokerError, match="Kafka's log ends at 10"):
        ingest_all(ledger, settings)


def test_going_back_records_nothing_twice(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    ledger, settings = tmp_path / "ledger.db", settings_of(broker, topic)
    produce(broker, topic, *facts(0, 10))
    ingest_all(ledger, settings)
    skip_to(str(ledger), topic, (0, 3), [], now)
    assert ingest_all(ledger, settings).counts() == {"recorded": 0, "duplicates": 7, "waiting": 0, "quarantined": 0}
    assert recorded(ledger) == ids(0, 10)


def test_a_worker_goes_on_when_the_broker_comes_back(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    settings = settings_of(broker, topic, client=QUICK)
    ledger = tmp_path / "ledger.db"
    produce(broker, topic, *facts(0, 50))
    worker = WorkerProcess(ledger, settings, tmp_path / "worker.log")
    try:
        worker.wait_for_line("batch recorded")
        broker.kill()
        broker.start()
        produce(broker, topic, *facts(50, 100))
        worker.wait_for_line("batch recorded", 2)
        worker.stop()
    finally:
        worker.kill()
    ingest_all(ledger, settings)
    assert recorded(ledger) == ids(0, 100)


def test_a_worker_waits_for_a_database_that_is_down_and_loses_nothing(
    broker: Broker, own_postgres: PostgresServer, tmp_path: Path
) -> None:
    topic = new_topic(broker)
    settings = settings_of(broker, topic, batch_facts=20)
    ledger = own_postgres.url(own_postgres.create_database())
    worker = WorkerProcess(ledger, settings, tmp_path / "worker.log")
    try:
        produce(broker, topic, *facts(0, 50))
        worker.wait_for_line("batch recorded")
        own_postgres.stop("immediate")
        produce(broker, topic, *facts(50, 100))
        worker.wait_for_line("batch not recorded")
        own_postgres.start()
        ingest = worker.stop()
    finally:
        worker.kill()
    assert ingest["quarantined"] == 0
    ingest_all(ledger, settings)
    assert recorded(ledger) == ids(0, 100)
