"""A refused password ends the worker with a sentence; a broker that is down is waited for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.settings.kafka import KafkaSettings
from tests.support.arrivals import signed
from tests.support.kafka import WorkerProcess, new_topic, produce, settings_of
from tools.broker import Broker
from tools.broker.server import SCRAM_USER

QUICK = ("bootstrap_timeout_ms=1000",)
HOW = """\
[kafka]
security_protocol = "SASL_SSL"
ssl_authority = "{authority}"
sasl_user = "{user}"
sasl_password = "{password}"
sasl_mechanism = "{mechanism}"
"""


class Secured:
    """Workers of one topic that read over the listener that wants a password."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self._broker = broker
        self._folder = folder
        self.topic = new_topic(broker)
        self.started: list[WorkerProcess] = []

    def worker(self, password: str, mechanism: str = "SCRAM-SHA-512") -> WorkerProcess:
        """A worker with a password."""
        values = {"authority": self._broker.authority, "user": SCRAM_USER, "password": password}
        config = self._folder / "greffe.toml"
        config.write_text(HOW.format(**values, mechanism=mechanism))
        settings: KafkaSettings = settings_of(self._broker, self.topic, client=QUICK).model_copy(
            update={"bootstrap": (self._broker.address("SASL_SSL"),)}
        )
        worker = WorkerProcess(
            self._folder / "ledger.db", settings, self._folder / "worker.log", "--config", str(config)
        )
        self.started.append(worker)
        return worker

    def last_words(self) -> str:
        """What the workers said last."""
        return (self._folder / "worker.log").read_text()[-1000:]


@pytest.fixture
def secured(broker: Broker, tmp_path: Path) -> Iterator[Secured]:
    made = Secured(broker, tmp_path)
    yield made
    for worker in made.started:
        worker.kill()


@pytest.mark.parametrize(
    ("mechanism", "reason"), [("SCRAM-SHA-256", "invalid credentials"), ("PLAIN", "it takes SCRAM-SHA-")]
)
def test_a_refused_password_ends_the_worker_with_the_user_and_the_mechanism(
    secured: Secured, mechanism: str, reason: str
) -> None:
    worker = secured.worker("not the password", mechanism)
    worker.process.communicate()
    assert worker.process.returncode == 2
    assert f"refuses the user '{SCRAM_USER}' by {mechanism}: " in secured.last_words()
    assert reason in secured.last_words()


def test_a_broker_that_is_down_is_waited_for_when_there_is_a_password(broker: Broker, secured: Secured) -> None:
    produce(broker, secured.topic, signed())
    broker.kill()
    try:
        worker = secured.worker(broker.password)
        worker.wait_for_line("broker does not answer")
    finally:
        broker.start()
    worker.wait_for_line("batch recorded")
    assert worker.stop()["recorded"] == 1
