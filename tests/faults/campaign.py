"""A campaign of faults: workers ingest what keeps arriving while they, the broker and the database are struck down.

The moment of each fault is drawn from the seed; what the machine does with it is its own. At the end the workers are
stopped in good order, one more reads the rest, and the ledger is judged.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from adapters.bootstrap import opened
from adapters.kafka.messages import position_name
from adapters.settings.kafka import KafkaSettings
from domain.errors import LedgerError
from tests.faults.arrivals import arrivals
from tests.faults.verdict import Verdict, judge
from tests.faults.worker import ForkedWorker
from tests.support.kafka import WorkerEndedError, new_topic, settings_of
from tools.broker import Broker

CLIENT = ("session_timeout_ms=1500", "heartbeat_interval_ms=300")
BATCH, LAST_BATCH = 50, 2_000
PATIENCE = 20
"""How often a worker that ended before it had partitions is started again."""
SPREAD_SECONDS = 0.3


@dataclass(frozen=True)
class Plan:
    """What is sent, and what befalls those who take it in."""

    facts: int = 100_000
    contracts: int = 100
    kills: int = 200
    broker_restarts: int = 4
    database_restarts: int = 4
    workers: int = 2
    duplicates: float = 0.1
    disorder: int = 50
    seed: int = 1


@dataclass
class Campaign:
    """One run of a plan against one ledger. ``restart_database`` is None where the database is a file."""

    plan: Plan
    broker: Broker
    ledger: str
    folder: Path
    restart_database: Callable[[], None] | None = None
    say: Callable[[str], None] = lambda _: None

    def run(self) -> tuple[Verdict, dict[str, Any]]:
        """The verdict, and the counts of what was done."""
        plan = self.plan
        chance = random.Random(plan.seed)  # noqa: S311 - the same seed is the same plan
        arriving = arrivals(plan.facts, plan.contracts, plan.duplicates, plan.disorder, plan.seed)
        faults = ["kill"] * plan.kills + ["broker"] * plan.broker_restarts
        faults += ["database"] * (plan.database_restarts if self.restart_database else 0)
        chance.shuffle(faults)
        self._topic = new_topic(self.broker, 2 * plan.workers)
        self._done: Counter[str] = Counter()
        started = time.monotonic()
        workers = [self._worker(number) for number in range(plan.workers)]
        share = -(-len(arriving.messages) // len(faults))
        sent = 0
        try:
            for number, fault in enumerate(faults):
                victim = chance.randrange(plan.workers)
                if chance.random() < 0.9:  # the tenth is struck while it starts
                    self._wait_for(victim, workers)
                part = arriving.messages[number * share : (number + 1) * share]
                self._send(part)
                sent += len(part)
                time.sleep(chance.uniform(0, SPREAD_SECONDS))
                self._strike(fault, victim, workers, sent)
                if number % 10 == 9:
                    spent = time.monotonic() - started
                    self.say(f"{number + 1} faults of {len(faults)}, {sent} messages sent, {spent:.0f} s")
            for number in range(plan.workers):
                self._wait_for(number, workers)
                workers[number].stop()
        finally:
            for worker in workers:
                worker.kill()
        last = self._worker(plan.workers, "--until-end", views=True)
        last.end()
        seconds = time.monotonic() - started
        verdict = judge(self.ledger, arriving.facts, self.folder)
        told = {
            "messages": len(arriving.messages),
            "duplicates": len(arriving.messages) - len(arriving.facts),
            **self._done,
            "rebalances": self._count("partitions given"),
            "batches_given_up": self._count("batch given up"),
            "batches_tried_again": self._count("batch not recorded"),
            "seconds": round(seconds, 1),
        }
        return verdict, told

    def _settings(self, number: int) -> KafkaSettings:
        """The first worker has a lasting name; the others are passing members, and their partitions move."""
        member = f"worker-{number}" if number == 0 else None
        batch = BATCH if number < self.plan.workers else LAST_BATCH
        return settings_of(self.broker, self._topic, batch_facts=batch, client=CLIENT, member=member)

    def _worker(self, number: int, *words: str, views: bool = False) -> ForkedWorker:
        self._done["workers_started"] += 1
        log = self.folder / f"worker-{self._done['workers_started']:04}.log"
        if not views:
            words = (*words, "--no-views")
        return ForkedWorker(self.ledger, self._settings(number), log, *words)

    def _wait_for(self, number: int, workers: list[ForkedWorker]) -> None:
        """Waits until a worker has partitions; starts it again, as a supervisor does, where it found no database."""
        for _ in range(PATIENCE):
            try:
                workers[number].wait_for_line("partitions given")
            except WorkerEndedError:
                self._done["ended_for_want_of_a_database"] += 1
                workers[number] = self._worker(number)
            else:
                return
        workers[number].wait_for_line("partitions given")

    def _send(self, messages: list[tuple[bytes, bytes]]) -> None:
        with KafkaProducer(bootstrap_servers=self.broker.bootstrap, acks="all", linger_ms=5) as producer:
            sent = [producer.send(self._topic, value, key=key) for key, value in messages]
            for future in sent:
                future.get(120)

    def _strike(self, fault: str, victim: int, workers: list[ForkedWorker], sent: int) -> None:
        if fault == "kill":
            workers[victim].kill()
            self._done["kills"] += 1
            self._done["kills_with_messages_unread"] += self._read() < sent
            workers[victim] = self._worker(victim)
        elif fault == "broker":
            self._done["broker_restarts"] += 1
            (self.broker.kill if self._done["broker_restarts"] % 2 else self.broker.stop)()
            self.broker.start()
        else:
            assert self.restart_database is not None
            self._done["database_restarts"] += 1
            self.restart_database()

    def _read(self) -> int:
        """How many messages the ledger says it has read."""
        with suppress(LedgerError), opened(self.ledger) as store:
            names = [position_name(self._topic, number) for number in range(2 * self.plan.workers)]
            return sum(store.position(name) or 0 for name in names)
        return 0

    def _count(self, event: str) -> int:
        return sum(log.read_text().count(f'"event": "{event}"') for log in self.folder.glob("worker-*.log"))
