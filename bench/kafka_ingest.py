"""Kafka to the ledger, against the same consumer that only reads, and against bulk insert of the same rows.

python bench/kafka_ingest.py [--facts 100000] [--workers 1 2 4] [--store sqlite postgresql]

The topic has four partitions and is filled beforehand. Workers join, wait until each has its share, and start together:
a run lasts from there to the last commit (or, for those that only read, to the last message). Bulk insert is one
process that inserts what the ledger then holds, events, keys and the leaves and nodes of the log of evidence, made
beforehand, in batches of the same size.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

CONTRACTS = 200
PARTITIONS = 4
PROCESSES = multiprocessing.get_context("spawn")
CALL_MS = 50


class Gate:
    """A consumer that gives nothing until every worker has its share; then it is the consumer."""

    def __init__(self, consumer: Any, share: int, ready: Any, go: Any) -> None:
        self._consumer, self._share, self._ready, self._go = consumer, share, ready, go
        self._open = self._told = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._consumer, name)

    def poll(self, timeout_ms: int, max_records: int) -> Mapping[Any, list[Any]]:
        """What the consumer gives, once the gate is open."""
        if not self._open:
            mine = self._consumer.assignment()
            if mine:
                self._consumer.pause(*mine)
            if len(mine) == self._share and not self._told:
                self._told = True
                self._ready.release()
            if not self._go.is_set():
                return dict(self._consumer.poll(CALL_MS, max_records=max_records))
            self._open = True
            self._consumer.resume(*mine)
        return dict(self._consumer.poll(timeout_ms, max_records=max_records))


class Task(NamedTuple):
    """What a worker is to do, and what it shares with the others. Without a ledger it only reads."""

    settings: dict[str, Any]
    share: int
    total: int
    ledger: str | None
    ready: Any
    go: "Go"
    done: Any


def work(task: Task) -> None:
    """A worker. Ends when all workers together have ``total`` messages."""
    settings, share, total, ledger, ready, go, done = task
    from adapters.bootstrap import ledger_of, opened
    from adapters.catalogue import load_catalogue
    from adapters.clock import now
    from adapters.eventstore.ledger import Outcome
    from adapters.kafka.client import make_consumer
    from adapters.kafka.messages import received_of
    from adapters.kafka.worker import Worker
    from adapters.settings.kafka import KafkaSettings
    from adapters.settings.telemetry import TelemetrySettings
    from adapters.telemetry.logs import start_logs

    start_logs(TelemetrySettings(log_level="error"))
    chosen = KafkaSettings(**settings)
    gate = Gate(make_consumer(chosen), share, ready, go)
    last = time.time()
    if ledger is None:
        from adapters.kafka.group import Listener

        listener = Listener(gate)
        gate.subscribe([chosen.topic], listener=listener)
        while done.value < total:
            for change in listener.changes():
                for partition in change.partitions if change.given else ():
                    gate.seek(partition, 0)
                    gate.resume(partition)
            count = sum(map(len, gate.poll(CALL_MS, chosen.batch_facts).values()))
            if count:
                last = time.time()
                with done.get_lock():
                    done.value += count
        gate.close(autocommit=False)
    else:

        def noted(outcome: Outcome) -> None:
            nonlocal last
            last = time.time()
            with done.get_lock():
                done.value += outcome.recorded

        with opened(ledger) as store:
            Worker(
                ledger_of(store, load_catalogue()),
                gate,
                chosen,
                clock=now,
                read=lambda record, recorded: [received_of(record, recorded)],
                after_batch=noted,
            ).run(lambda: done.value >= total)
    with go.ended.get_lock():
        go.ended.value = max(go.ended.value, last)


class Go:
    """The start of a run, and the time of its last message."""

    def __init__(self) -> None:
        self._event = PROCESSES.Event()
        self.ended = PROCESSES.Value("d", 0.0)
        self.set, self.is_set = self._event.set, self._event.is_set


def run(settings: dict[str, Any], workers: int, total: int, ledger: str | None) -> float:
    """Messages per second of so many workers together."""
    ready, go, done = PROCESSES.Semaphore(0), Go(), PROCESSES.Value("q", 0)
    task = Task(settings, PARTITIONS // workers, total, ledger, ready, go, done)
    processes = [PROCESSES.Process(target=work, args=(task,)) for _ in range(workers)]
    for process in processes:
        process.start()
    for _ in processes:
        ready.acquire()
    started = time.time()
    go.set()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    return total / (go.ended.value - started)


def fill(bootstrap: str, topic: str, count: int) -> None:
    """Puts the facts on a new topic, each contract in one partition, shared out evenly."""
    from facts import lines
    from kafka import KafkaProducer
    from kafka.admin import KafkaAdminClient, NewTopic

    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    client.create_topics([NewTopic(topic, PARTITIONS, 1)])
    client.close()
    with KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=20, batch_size=200_000) as producer:
        for line in lines(count, CONTRACTS):
            subject = json.loads(line)["subject"]
            producer.send(topic, line.rstrip(), key=subject.encode(), partition=int(subject[2:]) % PARTITIONS)
        producer.flush()


def main() -> None:
    """Runs the bench and prints its figures."""
    from ingest import EVENTS, postgres, postgres_baseline, sqlite_baseline, stored_rows

    from adapters.bootstrap import open_store
    from adapters.eventstore.log_writing import LEAF, NODE
    from tools.broker import broker_server

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--workers", type=int, nargs="+", choices=(1, 2, 4), default=[1, 2, 4])
    parser.add_argument("--store", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--batch", type=int, default=2_000, help="messages in one transaction")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = stack.enter_context(broker_server())
        fill(broker.bootstrap, "facts", chosen.facts)
        numbers = iter(range(1_000))

        def measure(workers: int, ledger: str | None) -> float:
            settings = {
                "bootstrap": (broker.bootstrap,),
                "topic": "facts",
                "group": f"bench-{next(numbers)}",
                "batch_facts": chosen.batch,
            }
            return run(settings, workers, chosen.facts, ledger)

        reading = {workers: measure(workers, None) for workers in chosen.workers}
        rows_ledger = str(folder / "rows.db")
        open_store(rows_ledger).close()
        measure(chosen.workers[0], rows_ledger)
        rows = stored_rows(rows_ledger, {**EVENTS, "proof_leaf": LEAF, "proof_node": NODE})
        batches = -(-chosen.facts // chosen.batch)
        for store in chosen.store:
            with ExitStack() as servers:
                new: Callable[[], str]
                if store == "sqlite":
                    new = lambda: str(folder / f"ledger-{next(numbers)}.db")  # noqa: E731
                    seconds = sqlite_baseline(new(), rows, batches)
                else:
                    new = servers.enter_context(postgres())
                    seconds = postgres_baseline(new(), rows, batches)
                bulk = chosen.facts / seconds
                for workers in chosen.workers:
                    address = new()
                    open_store(address).close()
                    rate = measure(workers, address)
                    print(
                        f"{store:10}  {workers} workers  ingest {rate:8.0f} facts/s"
                        f"   only reading {reading[workers]:8.0f}/s  ratio {rate / reading[workers]:.2f}"
                        f"   bulk insert {bulk:8.0f}/s  ratio {rate / bulk:.2f} (0.5 wanted)",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
