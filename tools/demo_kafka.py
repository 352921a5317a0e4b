"""The whole way on this machine: a broker, the demo's facts on a topic, a worker, statements equal to a replay.

Run as ``python -m tools.demo_kafka --out FOLDER [--lang en|fr]``. Needs Java and, once, Maven.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from adapters.bootstrap import opened
from adapters.privacy.opening import Opening
from examples.demo.make_facts import base_facts, load_scenario
from tools.broker import BrokerUnavailableError, broker_server

TOPIC = "greffe.events"
WORDS = {
    "en": {
        "broker": "Apache Kafka runs on {address}, on this machine alone",
        "sent": "{count} facts of {contracts} contracts are on {topic}",
        "equal": "{contract}: {rows} lines of service levels, {penalties} penalties, {deadlines} deadlines; the live"
        " statement is the replay of the same facts, byte for byte",
        "differs": "{contract}: the live statement differs from the replay",
        "none": "no broker: {reason}",
    },
    "fr": {
        "broker": "Apache Kafka tourne sur {address}, sur cette machine seulement",
        "sent": "{count} faits de {contracts} contrats sont sur {topic}",
        "equal": "{contract} : {rows} lignes de niveaux de service, {penalties} pénalités, {deadlines} échéances ;"
        " l'état vivant est le rejeu des mêmes faits, octet pour octet",
        "differs": "{contract} : l'état vivant diffère du rejeu",
        "none": "pas de courtier : {reason}",
    },
}


def main(words: Sequence[str] | None = None) -> int:
    """Runs the demo: 0 when every statement equals its replay, 1 when one does not, 2 without a broker."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_kafka", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("var/demo-kafka"), help="where the files go")
    parser.add_argument("--lang", choices=tuple(WORDS), default="en", help="language of the story (default: en)")
    chosen = parser.parse_args(words)
    said = WORDS[chosen.lang]
    try:
        with broker_server() as broker:
            _tell(said["broker"].format(address=broker.bootstrap))
            return _run(broker.bootstrap, chosen.out, chosen.lang)
    except BrokerUnavailableError as error:
        sys.stderr.write(said["none"].format(reason=error) + "\n")
        return 2


def _run(bootstrap: str, folder: Path, lang: str) -> int:
    said = WORDS[lang]
    scenario = load_scenario()
    facts = {str(contract["id"]): base_facts(scenario, contract)[0] for contract in scenario["contract"]}
    folder.mkdir(parents=True, exist_ok=True)
    ledger = folder / "ledger.db"
    for old in folder.glob("ledger.db*"):
        old.unlink()
    with KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5) as producer:
        for contract, every in facts.items():
            for fact in every:
                producer.send(TOPIC, json.dumps(fact, ensure_ascii=False).encode(), key=contract.encode())
        producer.flush()
    count = sum(map(len, facts.values()))
    _tell(said["sent"].format(count=count, contracts=len(facts), topic=TOPIC))
    _tell(_greffe("ingest", "--bootstrap", bootstrap, "--until-end", "--ledger", str(ledger), "--lang", lang).rstrip())
    return max([_compare(ledger, contract, folder, said) for contract in sorted(facts)])


def _compare(ledger: Path, contract: str, folder: Path, said: dict[str, str]) -> int:
    with opened(str(ledger)) as store:
        live = store.view(contract) or b"{}"
        stored = [json.loads(entry.state) for entry in store.entries_of(contract)]
        events = Opening(store).events(stored)
    path = folder / f"{contract}.jsonl"
    lines = [
        json.dumps({**event, "recordedtime": one["recorded"]}, ensure_ascii=False)
        for one, event in zip(stored, events, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    replayed = _greffe("replay", str(path), "--contract", contract, "--format", "json").encode()
    (folder / f"{contract}.statement.json").write_bytes(replayed)
    if live + b"\n" != replayed:
        _tell(said["differs"].format(contract=contract))
        return 1
    rows: dict[str, list[Any]] = json.loads(live)["contracts"][contract]
    counts = {"rows": "indicators", "penalties": "penalties", "deadlines": "deadlines"}
    _tell(said["equal"].format(contract=contract, **{name: len(rows[key]) for name, key in counts.items()}))
    return 0


def _greffe(*words: str) -> str:
    """Runs ``greffe WORDS`` as one would type it; returns what it printed."""
    _tell(f"$ greffe {' '.join(words)}")
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "api.cli.main", *words],
        env={**os.environ, "GREFFE_TELEMETRY__LOG_LEVEL": "error"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
