"""The deployment file's own commands, run on this machine: from a message in Kafka to a statement over HTTP."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest
from kafka import KafkaProducer

from tests.deploy.system import ROOT, System, line_with
from tests.support.kafka import new_topic
from tests.support.postgres import postgres_server
from tools.broker import Broker

FACTS = (ROOT / "examples" / "first" / "facts.jsonl").read_bytes().splitlines()


@pytest.fixture
def system(tmp_path: Path, postgres: object, broker: Broker) -> Iterator[System]:
    """A system over a PostgreSQL of its own: roles belong to a whole server."""
    del postgres  # asked for, so that where none can be started this test is skipped or fails like the others
    with ExitStack() as stack:
        yield System(tmp_path, stack.enter_context(postgres_server()), broker)


def test_from_the_deployment_file_to_the_first_statement(system: System, broker: Broker) -> None:
    system.make_roles()
    assert system.run("migrate").startswith("made at version ")
    key = system.run("api", "keys", "create", "--name", "reader", "--role", "auditor").strip()
    topic = {"GREFFE_KAFKA__TOPIC": new_topic(broker), "GREFFE_TELEMETRY__METRICS_PORT": "0"}
    with KafkaProducer(bootstrap_servers=broker.bootstrap, acks="all") as producer:
        for fact in FACTS:
            producer.send(topic["GREFFE_KAFKA__TOPIC"], fact, key=json.loads(fact)["subject"].encode()).get(60)
    with system.running("ingest", "--until-end", **topic) as ingest:
        assert ingest.wait(120) == 0
    with system.running("api", GREFFE_SERVER__PORT="0") as api:
        url = line_with(api, "listening on ").split()[-1]
        assert httpx.get(f"{url}/ready").json() == {"status": "ready"}
        assert httpx.get(f"{url}/v1/contracts").status_code == 401
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
            asked = {"at": "2026-05-04T10:00:00+02:00"}
            (penalty,) = client.get("/v1/contracts/C-FIRST/penalties", params=asked).json()["penalties"]
    assert (penalty["state"], penalty["payable"]) == ("claimable", "11075/108")
    for role in ("greffe_ingest", "greffe_api"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _as(system, role, "DELETE FROM stored_events")


def _as(system: System, role: str, statement: str) -> None:
    dsn = system.environ("api")["GREFFE_LEDGER"].replace("greffe_api", role)
    with psycopg.connect(dsn) as connection:
        connection.execute(statement.encode())
