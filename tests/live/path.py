"""The live path of a file of facts: into a ledger by HTTP or by Kafka, the statement out of the API.

A live ledger stamps what it records by its own clock, and the clock is an argument: here it tells, fact by fact, the
instant at which the file says the fact came to be known (``recordedtime``, else ``time``). So ``known_at`` means the
same on both sides, and the statement must be the one that ``greffe replay`` prints, byte for byte.
"""

import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from adapters.access.model import Role
from adapters.kafka.ingest import ingest_topic
from api.cli.main import main
from domain.time.instant import Instant, parse_instant
from tests.support.kafka import new_topic, produce, settings_of
from tests.support.server import Api, api
from tools.broker import Broker

Event = dict[str, Any]
MOST = 500
EPOCH = Instant(0)


@dataclass
class Clock:
    """Tells what it is set to; ``exact`` where the question tells one instant of recording from another."""

    at: Instant = EPOCH
    exact: bool = False

    def __call__(self) -> Instant:
        return self.at


@dataclass(frozen=True)
class Question:
    """What is asked of a file of facts."""

    at: str
    known_at: str | None
    readings: tuple[str, ...]

    def words(self) -> list[str]:
        """As options of ``greffe replay``."""
        known = [] if self.known_at is None else ["--known-at", self.known_at]
        return ["--at", self.at, *known, *(word for reading in self.readings for word in ("--reading", reading))]


Recording = Callable[[Sequence[Event], Api, Clock], None]
"""Brings events into the ledger of a server, by a clock."""


def stamp(event: Event) -> str:
    """When the ledger came to know it."""
    return str(event.get("recordedtime", event["time"]))


def in_order(events: Sequence[Event]) -> list[tuple[Instant, list[Event]]]:
    """The events by the instant at which they came to be known."""
    ordered = sorted(events, key=lambda event: parse_instant(stamp(event)))
    return [(at, list(some)) for at, some in groupby(ordered, key=lambda event: parse_instant(stamp(event)))]


def by_http(events: Sequence[Event], served: Api, clock: Clock) -> None:
    """Posts the events, each batch at its instant."""
    for clock.at, some in in_order(events):
        for start in range(0, len(some), MOST):
            served.post(*some[start : start + MOST])


def by_kafka(broker: Broker) -> Recording:
    """Puts the events on a topic and has them recorded from it, each at its instant where that can be asked about."""

    def record(events: Sequence[Event], served: Api, clock: Clock) -> None:
        topic = new_topic(broker)
        batches = in_order(events)
        if not clock.exact:
            batches = [(batches[-1][0], [event for _, some in batches for event in some])]
        for clock.at, some in batches:
            for event in some:
                produce(broker, topic, event, key=event["subject"].encode())
            ingest_topic(served.address, settings_of(broker, topic), [], clock, lambda: False, until_end=True)

    return record


def live(events: Sequence[Event], question: Question, address: str, record: Recording) -> bytes:
    """The statement of every contract of the events, each read from the API, as one: what ``greffe replay`` prints."""
    clock = Clock(exact=question.known_at is not None)
    with api(address, clock, refresh_seconds=1) as served:
        record(events, served, clock)
        served.settle()
        known = question.known_at or max((stamp(event) for event in events), key=parse_instant)
        asked = {"at": question.at, "known_at": known, "reading": list(question.readings)}
        head, members = "", []
        for contract in sorted({event["subject"] for event in events if not event["subject"].startswith("provider:")}):
            answer = served.get(f"/v1/contracts/{contract}/statement", Role.AUDITOR, params=asked)
            assert answer.status_code == 200, answer.text
            head, opening, rest = answer.text.partition('"contracts":{')
            head += opening
            members.append(rest.removesuffix("}}\n"))
    return f"{head}{','.join(filter(None, members))}}}}}\n".encode()


def replayed(path: Path, question: Question) -> bytes:
    """What ``greffe replay`` prints of a file."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["replay", str(path), *question.words(), "--format", "json"]) == 0
    return out.getvalue().encode()


def events_in(path: Path) -> list[Event]:
    """The events of a file, one per line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
