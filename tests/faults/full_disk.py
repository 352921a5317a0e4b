"""``python -m tests.faults.full_disk``: a disk that fills up while facts arrive, then has room again. Needs root.

The ledger lies on a small file system in memory. It is filled to the last page while a worker records; the worker must
say so and wait; once there is room it goes on. 0 when the ledger is whole at the end, 1 when not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kafka import KafkaProducer

from tests.faults.arrivals import arrivals
from tests.faults.verdict import judge
from tests.support.kafka import WorkerProcess, new_topic, settings_of
from tests.support.postgres import postgres_server
from tools.broker import Broker, broker_server

SIZE = "96m"
BLOCK = 64 * 1024
ROOM = 4


def main() -> int:
    """Fills the disk under each store."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.full_disk", description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with broker_server() as broker:
        return max([_run(store, broker, chosen.facts, chosen.seed) for store in ("sqlite", "postgresql")])


def _run(store: str, broker: Broker, count: int, seed: int) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="greffe-logs-")))
        disk = stack.enter_context(small_disk())
        ledger = str(disk / "ledger.db")
        if store == "postgresql":
            os.environ["TMPDIR"] = tempfile.tempdir = str(disk)
            server = stack.enter_context(postgres_server())
            ledger = server.url(server.create_database())
            os.environ.pop("TMPDIR")
            tempfile.tempdir = None
        arriving = arrivals(count, 20, 0.0, 1, seed)
        topic = new_topic(broker, 2)
        worker = WorkerProcess(ledger, settings_of(broker, topic, batch_facts=500), folder / "worker.log", "--no-views")
        stack.callback(worker.kill)
        worker.wait_for_line("partitions given")
        fill(disk)
        with KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all", linger_ms=5) as producer:
            for key, value in arriving.messages:
                producer.send(topic, value, key=key)
            producer.flush()
        worker.wait_for_line("batch not recorded", 3)
        (disk / "ballast").unlink()
        worker.wait_for_line("batch recorded")
        worker.stop()
        last = WorkerProcess(ledger, settings_of(broker, topic), folder / "last.log", "--until-end")
        last.process.wait()
        verdict = judge(ledger, arriving.facts, folder)
        sys.stdout.write(json.dumps({"store": store, "seed": seed, **verdict.as_json()}) + "\n")
        sys.stdout.flush()
        return 0 if verdict.is_sound else 1


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own, in memory."""
    with tempfile.TemporaryDirectory(prefix="greffe-disk-") as place:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=777", "greffe", place], check=True)  # noqa: S603, S607 - a fixed command
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", "-l", place], check=True)  # noqa: S603, S607 - a fixed command


def fill(disk: Path) -> None:
    """Leaves a few blocks."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"\0" * BLOCK)
        except OSError:
            pass
    os.truncate(disk / "ballast", (disk / "ballast").stat().st_size - ROOM * BLOCK)


if __name__ == "__main__":
    sys.exit(main())
