"""A new ledger with its live statements, and what a replay of the same facts says."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.bootstrap import ledger_of, open_store
from adapters.catalogue import load_catalogue, load_switches
from adapters.cloudevents import encode
from adapters.eventstore.ledger import Ledger
from adapters.eventstore.mapper import CONFLICT, fact_of
from adapters.eventstore.store import Entry, Store
from adapters.files import read_facts
from adapters.privacy.persons import of_file
from adapters.views import Views
from domain.fact import AnyFact
from domain.readings import Readings, select
from domain.time.instant import Instant
from projections.replay import Question, replay
from projections.statement import statement_text
from tests.support.arrivals import Event, received

CATALOGUE = load_catalogue()
READINGS = select(load_switches(), [])


@dataclass(frozen=True)
class House:
    """A ledger and its views; ``folder`` is for the files of a test."""

    folder: Path
    store: Store
    ledger: Ledger
    views: Views

    def statements(self) -> dict[str, bytes]:
        """Every live statement."""
        return {contract: self.store.view(contract) or b"" for contract in self.store.views()}

    def figures(self) -> dict[str, bytes]:
        """Every live statement but for the instant as known at which it stands: batches differ in it."""
        return {contract: undated(body) for contract, body in self.statements().items()}

    def told(self) -> list[bytes]:
        """Every fact the ledger has or holds, as lines that say since when it is known; conflicts are left out."""
        held = [entry for entry in self.store.quarantine() if entry.status in {"waiting", "open"}]
        kept = [json.loads(one.body) | {"recordedtime": one.received} for one in held if CONFLICT not in one.key]
        return [json.dumps(one).encode() for one in (*map(encode, self.ledger.facts()), *kept)]


def undated(body: bytes) -> bytes:
    """A statement without the instant as known at which it stands."""
    return re.sub(rb'"known_at":"[^"]*"', b'"known_at":""', body, count=1)


@contextmanager
def new_house(address: str | None = None, readings: Readings = READINGS) -> Iterator[House]:
    """A house in a new SQLite file, or in the empty database at an address."""
    with TemporaryDirectory() as folder:
        store = open_store(address or str(Path(folder, "ledger.db")), persons=of_file(Path(folder, "persons")))
        try:
            ledger = ledger_of(store, CATALOGUE, readings)
            yield House(Path(folder), store, ledger, Views(ledger, CATALOGUE, readings))
        finally:
            store.close()


def replayed(
    folder: Path,
    lines: Sequence[bytes],
    contract: str,
    at: Instant,
    known_at: Instant,
    *,
    files: int = 1,
    readings: Readings = READINGS,
) -> str:
    """What ``greffe replay --contract C`` prints of these lines, split over some files."""
    paths = []
    for number in range(files):
        paths.append(str(folder / f"{number}.jsonl"))
        (folder / f"{number}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines[number::files]))
    question = Question(at, known_at, readings, contract)
    reading = read_facts(paths)
    assert reading.faults == []
    return "".join(statement_text(replay(reading.intake, question, CATALOGUE), at, known_at, readings.all()))


def tell_again(house: House, entries: Iterable[Entry], *first: Event) -> None:
    """Records the events of another ledger, each batch stamped as it was there; ``first`` came with the first."""
    for recorded, batch in groupby(map(_fact_and_event, entries), key=lambda told: told[0].recorded):
        house.ledger.record(received(*(event for _, event in batch), *first), recorded)
        first = ()


def _fact_and_event(entry: Entry) -> tuple[AnyFact, Event]:
    return fact_of(entry.state), json.loads(entry.state)["event"]
