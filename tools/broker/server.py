"""The process of the broker: its configuration, its start, its stop, its death."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.broker.certificates import write_certificates
from tools.broker.jars import BrokerUnavailableError, jars

START_SECONDS = 120
STOP_SECONDS = 60
START_ATTEMPTS = 3
TAKEN = "Address already in use"
SCRAM_USER = "greffe"
SCRAM = ("SCRAM-SHA-256", "SCRAM-SHA-512")
LISTENERS = ("PLAINTEXT", "SSL", "SASL_SSL", "CONTROLLER")

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{CONTROLLER}
listeners=PLAINTEXT://127.0.0.1:{PLAINTEXT},SSL://127.0.0.1:{SSL},SASL_SSL://127.0.0.1:{SASL_SSL},\
CONTROLLER://127.0.0.1:{CONTROLLER}
advertised.listeners=PLAINTEXT://127.0.0.1:{PLAINTEXT},SSL://127.0.0.1:{SSL},SASL_SSL://127.0.0.1:{SASL_SSL}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
log.dirs={data}
num.partitions=4
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=2
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
log.retention.check.interval.ms=1000
log.initial.task.delay.ms=500
"""
_LOGGING = """\
status=error
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
"""


@dataclass
class Broker:
    """A broker in a folder of its own. Its ports stay the same when it starts again."""

    folder: Path
    java: str
    jars: Path
    ports: dict[str, int]
    options: tuple[str, ...] = ()
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    _process: subprocess.Popen[bytes] | None = None
    _authority: Path | None = None

    @property
    def bootstrap(self) -> str:
        """The address for clients that speak in the clear."""
        return self.address("PLAINTEXT")

    @property
    def authority(self) -> Path:
        """The certificate that clients of the encrypted listeners must trust."""
        assert self._authority is not None
        return self._authority

    def address(self, listener: str) -> str:
        """The address of one listener: PLAINTEXT, SSL or SASL_SSL (user ``greffe``, the broker's ``password``)."""
        return f"127.0.0.1:{self.ports[listener]}"

    def prepare(self) -> None:
        """Writes the configuration and formats the storage. Raises BrokerUnavailableError."""
        self._authority, keystore = write_certificates(self.folder)
        values = {**self.ports, "keystore": keystore, "data": self.folder / "data"}
        self._configuration.write_text(_PROPERTIES.format(**values))
        (self.folder / "log4j2.properties").write_text(_LOGGING)
        users = [
            word
            for mechanism in SCRAM
            for word in ("--add-scram", f"{mechanism}=[name={SCRAM_USER},password={self.password}]")
        ]
        name = f"g{secrets.token_urlsafe(16)[1:]}"  # one that starts with a dash would be taken for an option
        cluster = ("--cluster-id", name, "--config", str(self._configuration))
        done = subprocess.run(  # noqa: S603 - Java, on our own configuration
            self._command("kafka.tools.StorageTool", "format", *cluster, *users),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BrokerUnavailableError(f"the broker's storage cannot be formatted: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Starts, or starts again with the same data; returns once clients are answered."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - Java, on our own configuration
                self._command("kafka.Kafka", str(self._configuration)),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C meant for us is not for the broker: we stop it
            )
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise BrokerUnavailableError(f"the broker stopped at once: {self._log.read_text()[-2000:]}")
            if self._answers():
                return
            time.sleep(0.1)
        self.kill()
        raise BrokerUnavailableError(f"no broker after {START_SECONDS} s: {self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Stops in good order."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Kills it: no farewell to its clients, nothing flushed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        for listener in LISTENERS[:-1]:
            try:
                socket.create_connection(("127.0.0.1", self.ports[listener]), 1).close()
            except OSError:
                return False
        return True

    @property
    def _log(self) -> Path:
        return self.folder / "broker.log"

    @property
    def _configuration(self) -> Path:
        return self.folder / "server.properties"

    def _command(self, main: str, *arguments: str) -> list[str]:
        return [
            self.java,
            *("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true", *self.options),
            f"-Dkafka.logs.dir={self.folder}",
            f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}",
            *("-cp", f"{self.jars}{os.sep}*"),
            main,
            *arguments,
        ]


@contextmanager
def broker_server(*options: str) -> Iterator[Broker]:
    """A broker for the length of the block. Raises BrokerUnavailableError where none can be started.

    ``options`` are Java's.
    """
    java = shutil.which("java")
    if java is None:
        raise BrokerUnavailableError("no java to run Apache Kafka; on Debian: apt-get install openjdk-17-jre-headless")
    found = jars()
    folder = Path(tempfile.mkdtemp(prefix="greffe-kafka-"))
    try:
        broker = _started(folder, java, found, options)
        try:
            yield broker
        finally:
            broker.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, java: str, found: Path, options: tuple[str, ...]) -> Broker:
    """A broker that answers. Where another process took a spare port first, it is tried again with others."""
    for attempt in range(1, START_ATTEMPTS + 1):
        own = folder / str(attempt)
        own.mkdir()
        ports = dict(zip(LISTENERS, _spare_ports(len(LISTENERS)), strict=True))
        broker = Broker(own, java, found, ports, options)
        broker.prepare()
        try:
            broker.start()
        except BrokerUnavailableError as error:
            if attempt == START_ATTEMPTS or TAKEN not in str(error):
                raise
        else:
            break
    return broker


def _spare_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on; held together, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in sockets]
    finally:
        for probe in sockets:
            probe.close()
