"""The short version of the campaigns that are run by hand: every fault at least once, and the ledger is whole."""

import os
import resource
import signal
from pathlib import Path

from tests.faults.campaign import Campaign, Plan
from tests.faults.verdict import judge
from tests.support.arrivals import measured, signed
from tests.support.kafka import WorkerProcess, ingest_all, new_topic, produce, settings_of
from tests.support.postgres import PostgresServer
from tools.broker import Broker

SHORT = Plan(facts=800, contracts=4, kills=4, broker_restarts=1, database_restarts=1)


def test_sqlite_ledger_is_whole_after_kills_and_a_restart_of_the_broker(broker: Broker, tmp_path: Path) -> None:
    verdict, done = Campaign(SHORT, broker, str(tmp_path / "ledger.db"), tmp_path).run()
    assert verdict.is_sound, verdict
    assert done["kills"] == SHORT.kills


def test_postgresql_ledger_is_whole_after_kills_and_restarts(
    broker: Broker, own_postgres: PostgresServer, tmp_path: Path
) -> None:
    def restart() -> None:
        own_postgres.stop("immediate")
        own_postgres.start()

    url = own_postgres.url(own_postgres.create_database())
    verdict, done = Campaign(SHORT, broker, url, tmp_path, restart).run()
    assert verdict.is_sound, verdict
    assert done["database_restarts"] == SHORT.database_restarts


def test_a_full_disk_stops_the_worker_from_recording_and_loses_nothing(broker: Broker, tmp_path: Path) -> None:
    topic = new_topic(broker)
    settings = settings_of(broker, topic, batch_facts=50)
    ledger = tmp_path / "ledger.db"
    said = [signed(), *(measured(number) for number in range(500))]
    produce(broker, topic, said[0])
    ingest_all(ledger, settings)
    worker = WorkerProcess(ledger, settings, tmp_path / "worker.log")
    try:
        worker.wait_for_line("worker started")
        # No file may grow beyond this: to the worker, a disk that is full.
        room = max(path.stat().st_size for path in tmp_path.glob("ledger.db*")) + 100_000
        resource.prlimit(worker.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        produce(broker, topic, *said[1:])
        worker.wait_for_line("batch not recorded")
        resource.prlimit(worker.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        worker.stop()
    finally:
        worker.kill()
    ingest_all(ledger, settings)
    verdict = judge(str(ledger), {str(fact["id"]): fact for fact in said}, tmp_path)
    assert verdict.is_sound, verdict


def zombie(broker: Broker, ledger: str, folder: Path) -> None:
    """A worker stopped with a batch in hand, declared dead, and continued once another recorded its partitions."""
    topic = new_topic(broker, 2)
    settings = settings_of(broker, topic, client=("session_timeout_ms=1500", "heartbeat_interval_ms=300"))
    said = [signed(), *(measured(number) for number in range(100))]
    for partition in range(2):
        produce(broker, topic, *said[partition::2], partition=partition)
    worker = WorkerProcess(ledger, settings, folder / "worker.log", program=("tests.faults.zombie",))
    try:
        _, status = os.waitpid(worker.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        assert ingest_all(ledger, settings).counts()["recorded"] == len(said)
        worker.process.send_signal(signal.SIGCONT)
        worker.wait_for_line("batch given up")
        told = worker.stop()
    finally:
        worker.kill()
    assert (told["recorded"], told["duplicates"], told["fenced"]) == (0, 0, 1)
    verdict = judge(ledger, {str(fact["id"]): fact for fact in said}, folder)
    assert verdict.is_sound, verdict


def test_a_worker_declared_dead_with_a_batch_in_hand_records_nothing_when_it_goes_on_sqlite(
    broker: Broker, tmp_path: Path
) -> None:
    zombie(broker, str(tmp_path / "ledger.db"), tmp_path)


def test_a_worker_declared_dead_with_a_batch_in_hand_records_nothing_when_it_goes_on_postgresql(
    broker: Broker, own_postgres: PostgresServer, tmp_path: Path
) -> None:
    zombie(broker, own_postgres.url(own_postgres.create_database()), tmp_path)
