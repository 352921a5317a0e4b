"""Changed messages through the real way in: each is applied, known already, waiting or in quarantine; nothing crashes.

Run as ``python -m tests.faults.fuzz [--messages 100000] [--seed 1] [--ledger FILE]``; exit status 1 when a message is
lost, doubled or breaks anything. What is applied must also be derivable: every statement is derived at the end.
"""

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from adapters.bootstrap import ledger_of, opened, views_of
from adapters.catalogue import load_catalogue
from adapters.eventstore.ledger import Ledger, Outcome, Received
from adapters.kafka.messages import received_of
from domain.time.instant import parse_instant
from tests.faults.mutations import Headers, messages

RECORDED = parse_instant("2026-06-01T12:00:00+02:00")
BATCH = 500
FEWEST_CONTRACTS, OF_EACH = 10, 500
"""At least so many contracts; about so many messages for each, so that no contract's history outgrows the real ones."""


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


def run(address: str, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """Sends the messages and derives every statement: the counts, and what is wrong."""
    catalogue = load_catalogue([])
    outcome = Outcome()
    with opened(address, create=True) as store:
        ledger = ledger_of(store, catalogue)
        for batch in batches(seed, count):
            outcome += ledger.record(batch, RECORDED)
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
    chosen = parser.parse_args(words)
    started = time.monotonic()
    with TemporaryDirectory() as folder:
        counts, wrong = run(chosen.ledger or str(Path(folder, "fuzz.db")), chosen.seed, chosen.messages)
    for name, number in counts.items():
        sys.stdout.write(f"{name}: {number}\n")
    sys.stdout.write(f"seconds: {time.monotonic() - started:.1f}\n")
    sys.stdout.write("".join(f"WRONG: {fault}\n" for fault in wrong) or "every message is accounted for; no crash\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
