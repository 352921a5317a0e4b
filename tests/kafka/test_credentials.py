"""A refused password ends the worker with a sentence; a broker that is down is waited for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.settings.kafka import KafkaSettings
from api.cli.main import main
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
client = ["bootstrap_timeout_ms=1000"]
"""


class Secured:
    """Workers of one topic that read over the listener that wants a password."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self._broker = broker
        self._folder = folder
        self.topic = new_topic(broker)
        self.address = broker.address("SASL_SSL")
        self.started: list[WorkerProcess] = []

    def worker(self, password: str, mechanism: str = "SCRAM-SHA-512") -> WorkerProcess:
        """A worker with a password."""
        config = self.config(password, mechanism)
        settings: KafkaSettings = settings_of(self._broker, self.topic, client=QUICK).model_copy(
            update={"bootstrap": (self.address,)}
        )
        worker = WorkerProcess(
            self._folder / "ledger.db", settings, self._folder / "worker.log", "--config", str(config)
        )
        self.started.append(worker)
        return worker

    def config(self, password: str, mechanism: str) -> Path:
        """A file of settings with a password."""
        values = {"authority": self._broker.authority, "user": SCRAM_USER, "password": password}
        config = self._folder / "greffe.toml"
        config.write_text(HOW.format(**values, mechanism=mechanism))
        return config


@pytest.fixture
def secured(broker: Broker, tmp_path: Path) -> Iterator[Secured]:
    made = Secured(broker, tmp_path)
    yield made
    for worker in made.started:
        worker.kill()


@pytest.mark.parametrize(
    ("mechanism", "lang", "said"),
    [
        ("SCRAM-SHA-256", "en", f"refuses the user '{SCRAM_USER}' by SCRAM-SHA-256: Authentication failed"),
        ("PLAIN", "fr", f"refuse l'utilisateur « {SCRAM_USER} » par PLAIN : it takes SCRAM-SHA-"),
    ],
)
def test_a_refused_password_ends_the_worker_with_the_user_and_the_mechanism(
    secured: Secured, capsys: pytest.CaptureFixture[str], mechanism: str, lang: str, said: str
) -> None:
    config = secured.config("not the password", mechanism)
    where = ("--bootstrap", secured.address, "--topic", secured.topic, "--ledger", str(config.with_name("ledger.db")))
    assert main(["ingest", *where, "--config", str(config), "--lang", lang]) == 2
    assert said in capsys.readouterr().err


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
