"""Topics of a test's own, messages in them, and workers that read them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from adapters.clock import now
from adapters.eventstore.ledger import Outcome
from adapters.kafka.ingest import ingest_topic
from adapters.settings.kafka import KafkaSettings
from tests.support.arrivals import Event, raw
from tools.broker import Broker

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_MS = 60_000
SOON = ("fetch_max_wait_ms=50", "retry_backoff_ms=20", "reconnect_backoff_max_ms=500")
_NUMBERS = count(1)

Headers = Sequence[tuple[str, bytes]]


def new_topic(broker: Broker, partitions: int = 1, **configs: str) -> str:
    """A topic that no other test uses."""
    name = f"facts-{os.getpid()}-{next(_NUMBERS)}"
    with admin(broker) as client:
        client.create_topics([NewTopic(name, partitions, 1, topic_configs=configs)])
    return name


@contextmanager
def admin(broker: Broker) -> Iterator[KafkaAdminClient]:
    """A client that may make and change topics."""
    client = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    try:
        yield client
    finally:
        client.close()


def delete_before(broker: Broker, topic: str, offset: int, partition: int = 0) -> None:
    """Deletes the messages before an offset, as retention does."""
    with admin(broker) as client:
        client.delete_records({TopicPartition(topic, partition): offset})


def settings_of(broker: Broker, topic: str, client: Sequence[str] = (), **more: Any) -> KafkaSettings:
    """The settings of a worker of its own group, which does not wait for company nor long for a broker."""
    return KafkaSettings(
        bootstrap=(broker.bootstrap,),
        topic=topic,
        group=f"of-{topic}",
        quarantine_topic=f"{topic}-refused",
        client=(*SOON, *client),
        **more,
    )


def produce(
    broker: Broker,
    topic: str,
    *messages: Event | bytes | None,
    key: bytes | None = b"C-1",
    partition: int | None = None,
    headers: Headers = (),
    **options: Any,
) -> None:
    """Puts messages in a topic, and waits until the broker has them."""
    with KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all", **{"linger_ms": 5, **options}) as producer:
        sent = [
            producer.send(
                topic,
                raw(message) if isinstance(message, dict) else message,
                key=key,
                partition=partition,
                headers=list(headers),
            )
            for message in messages
        ]
        for future in sent:
            future.get(60)


def ingest_all(ledger: Path | str, settings: KafkaSettings) -> Outcome:
    """Records all that the topic holds, in this process."""
    return ingest_topic(str(ledger), settings, [], now, lambda: False, until_end=True)


def read_topic(broker: Broker, topic: str, expected: int) -> list[Any]:
    """The first messages of a topic, however they are spread over its partitions."""
    with KafkaConsumer(bootstrap_servers=broker.bootstrap, metadata_max_age_ms=1_000) as consumer:
        found: list[Any] = []
        partitions = sorted(consumer.partitions_for_topic(topic) or ())
        consumer.assign([TopicPartition(topic, partition) for partition in partitions])
        consumer.seek_to_beginning()
        while len(found) < expected:
            polled = consumer.poll(PATIENCE_MS)
            assert polled, f"{topic} has only {len(found)} messages"
            found += [record for records in polled.values() for record in records]
        return found


def environment_of(ledger: Path | str, settings: KafkaSettings) -> dict[str, str]:
    """The settings of a worker as its environment says them; it logs everything, as JSON."""
    return {
        "GREFFE_LEDGER": str(ledger),
        "GREFFE_KAFKA__BOOTSTRAP": ",".join(settings.bootstrap),
        "GREFFE_KAFKA__TOPIC": settings.topic,
        "GREFFE_KAFKA__GROUP": settings.group,
        "GREFFE_KAFKA__QUARANTINE_TOPIC": settings.quarantine_topic,
        "GREFFE_KAFKA__BATCH_FACTS": str(settings.batch_facts),
        "GREFFE_KAFKA__CLIENT": ",".join(settings.client),
        "GREFFE_TELEMETRY__LOG_LEVEL": "debug",
        "GREFFE_TELEMETRY__LOG_FORMAT": "json",
        **({"GREFFE_KAFKA__MEMBER": settings.member} if settings.member else {}),
    }


class WorkerEndedError(AssertionError):
    """A worker ended by itself; the text is the last it said."""


class WorkerLog:
    """What a worker has said so far."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wait_for(self, event: str, is_alive: Callable[[], bool], times: int = 1) -> dict[str, Any]:
        """The line that says an event for the n-th time; waits for it while the worker lives."""
        while True:
            alive = is_alive()
            found = [line for line in self.lines() if line.get("event") == event]
            if len(found) >= times:
                return found[times - 1]
            if not alive:
                raise WorkerEndedError(self.text())
            _moment()

    def lines(self) -> Iterable[dict[str, Any]]:
        """Every whole line."""
        whole = self.path.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in whole if line.startswith("{") and line.endswith("\n")]

    def text(self) -> str:
        """The last it said."""
        return self.path.read_text()[-3000:]


INGEST = ("api.cli.main", "ingest", "--format", "json")


class WorkerProcess:
    """``greffe ingest`` in a process of its own, as a person starts it. What it says goes to a file."""

    def __init__(
        self,
        ledger: Path | str,
        settings: KafkaSettings,
        log: Path,
        *words: str,
        program: Sequence[str] = INGEST,
    ) -> None:
        self._log = WorkerLog(log)
        with log.open("ab") as stream:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-m", *program, *words],
                cwd=ROOT,
                env={**os.environ, **environment_of(ledger, settings)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stream,
            )

    def wait_for_line(self, event: str, times: int = 1) -> dict[str, Any]:
        """The line of its log that says an event for the n-th time."""
        return self._log.wait_for(event, lambda: self.process.poll() is None, times)

    def stop(self) -> dict[str, int]:
        """Asks it to stop; returns the counts it printed. Fails if it did not stop in good order."""
        self.process.terminate()
        out, _ = self.process.communicate()
        assert self.process.returncode == 0, self._log.text()
        counts: dict[str, int] = json.loads(out)
        return counts

    def kill(self) -> None:
        """``kill -9``."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def _moment() -> None:
    """Leaves the processor to the others for a moment."""
    import time  # noqa: PLC0415 - only here: no test sleeps

    time.sleep(0.05)
