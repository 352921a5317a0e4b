"""Changed messages through the real way in: each is applied, known already, waiting or in quarantine; nothing crashes.

Run as ``python -m tests.faults.fuzz [--messages 100000] [--seed 1] [--ledger FILE] [--kafka]``; exit status 1 when a
message is lost, doubled or breaks anything. What is applied must also be derivable: every statement is derived at the
end.
"""

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from kafka import KafkaProducer

from adapters.bootstrap import ledger_of, opened, views_of
from adapters.catalogue import load_catalogue
from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.kafka.ingest import ingest_topic
from adapters.kafka.messages import received_of
from adapters.settings.telemetry import TelemetrySettings
from adapters.telemetry.logs import start_logs
from domain.time.instant import parse_instant
from tests.faults.mutations import Headers, messages
from tests.support.kafka import new_topic, settings_of
from tools.broker import Broker, broker_server

RECORDED = parse_instant("2026-06-01T12:00:00+02:00")
BATCH = 500
LARGEST = 16 * 1024 * 1024
FEWEST_CONTRACTS, OF_EACH = 10, 500
"""At least so many contracts; about so many messages for each, so that no contract's history outgrows the real ones."""


Way = Callable[[Ledger, int, int], Outcome]
"""How so many messages of a seed come into a ledger."""


class Record(NamedTuple):
    """A message as the Kafka client hands it over."""

    topic: str
    partition: int
    offset: int
    headers: Headers
    value: bytes | None


def contracts(count: int) -> int:
    """How many contracts so many messages are about."""
    return max(FEWEST_CONTRACTS, count // OF_EACH)


def batches(seed: int, count: int) -> Iterator[list[Received]]:
    """The messages in batches."""
    numbered = enumerate(itertools.islice(messages(seed, contracts(count)), count))
    while batch := list(itertools.islice(numbered, BATCH)):
        records = [Record("fuzz", 0, offset, message.headers, message.value) for offset, message in batch]
        yield [received_of(record, RECORDED) for record in records]


def by_hand(ledger: Ledger, seed: int, count: int) -> Outcome:
    """Hands the messages to the ledger, as the worker does."""
    outcome = Outcome()
    for batch in batches(seed, count):
        outcome += ledger.record(batch, RECORDED)
    return outcome


def by_broker(broker: Broker, address: str) -> Way:
    """Puts the messages on a topic of a real broker, and has the worker record them from it."""

    def record(_: Ledger, seed: int, count: int) -> Outcome:
        topic = new_topic(broker, **{"max.message.bytes": str(LARGEST)})
        with KafkaProducer(
            bootstrap_servers=broker.bootstrap, acks="all", linger_ms=20, max_request_size=LARGEST
        ) as producer:
            every = itertools.islice(messages(seed, contracts(count)), count)
            while some := list(itertools.islice(every, BATCH)):
                sent = [producer.send(topic, one.value, b"any", _sendable(one.headers), partition=0) for one in some]
                for future in sent:
                    future.get(60)
        settings = settings_of(broker, topic, batch_facts=BATCH)
        return ingest_topic(address, settings, [], lambda: RECORDED, lambda: False, until_end=True, views=False)

    return record


def _sendable(headers: Headers) -> list[tuple[str, bytes]]:
    """The headers as this client can send them: it has no word for one without a value."""
    return [(name, value or b"") for name, value in headers]


def faults(ledger: Ledger, sent: int, outcome: Outcome) -> list[str]:
    """What does not add up: every message is one fact, one known already, or one unsettled entry of the quarantine."""
    found = []
    facts = [fact.ref for fact in ledger.facts()]
    held = ledger.store.quarantine()
    unsettled = sum(entry.status in ("open", "waiting") for entry in held)
    if len(facts) != len(set(facts)):
        found.append(f"{len(facts) - len(set(facts))} facts are in the ledger twice")
    if len(facts) != outcome.recorded:
        found.append(f"{outcome.recorded} facts were said to be recorded, {len(facts)} are in the ledger")
    if len(facts) + outcome.duplicates + unsettled != sent:
        found.append(f"{sent} messages came in; {len(facts)} + {outcome.duplicates} + {unsettled} are accounted for")
    found += [f"entry {entry.number} has no reason" for entry in held if not (entry.reason and entry.reason_fr)]
    return found


def run(address: str, seed: int, count: int, way: Way = by_hand) -> tuple[Counter[str], list[str]]:
    """Sends the messages and derives every statement: the counts, and what is wrong."""
    catalogue = load_catalogue([])
    with opened(address, create=True) as store:
        ledger = ledger_of(store, catalogue)
        outcome = way(ledger, seed, count)
        wrong = faults(ledger, count, outcome)
        derived = views_of(ledger, catalogue).refresh()
        reasons = Counter(entry.status for entry in store.quarantine())
    counts = Counter({"messages": count, **outcome.counts(), "statements derived": derived})
    counts.update({f"entries {status}": number for status, number in sorted(reasons.items())})
    return counts, wrong


def main(words: Sequence[str] | None = None) -> int:
    """Prints the counts; 1 when something does not add up."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ledger", help="a new file, or postgresql://… (default: a temporary file)")
    parser.add_argument("--kafka", action="store_true", help="through a broker started here, and the worker")
    chosen = parser.parse_args(words)
    start_logs(TelemetrySettings(log_level="error"))
    started = time.monotonic()
    with ExitStack() as stack:
        address = chosen.ledger or str(Path(stack.enter_context(TemporaryDirectory()), "fuzz.db"))
        way = by_broker(stack.enter_context(broker_server()), address) if chosen.kafka else by_hand
        counts, wrong = run(address, chosen.seed, chosen.messages, way)
    for name, number in counts.items():
        sys.stdout.write(f"{name}: {number}\n")
    sys.stdout.write(f"seconds: {time.monotonic() - started:.1f}\n")
    sys.stdout.write("".join(f"WRONG: {fault}\n" for fault in wrong) or "every message is accounted for; no crash\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
