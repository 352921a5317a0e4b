"""Ingest against bulk insert: a file of facts into the ledger, against the same rows into the same tables at once.

python bench/ingest.py [--facts 100000] [--large 2000000]

Every figure is the best of three, taken in turns, so that a busy machine weighs on both sides. SQLite is measured
against ``executemany``, PostgreSQL (started for the bench) against ``unnest``. Also: the cost
per fact with 100,000 and with 2,000,000 facts in the ledger, and 20,000 facts in one transaction on PostgreSQL.
The ledger is measured without its log of evidence, whose cost ``bench/evidence.py`` tells.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

CONTRACTS = 200
TURNS = 3


def ingest(address: str, path: Path, batch: int | None = None, *, waiting: bool = False, log: bool = False) -> float:
    """Seconds from the file to the committed ledger, with or without its log of evidence."""
    from adapters.bootstrap import POSTGRES, ledger_of
    from adapters.catalogue import load_catalogue
    from adapters.clock import now
    from adapters.eventstore.postgres import PostgresStore
    from adapters.eventstore.sqlite import SqliteStore
    from adapters.ingest import BATCH, ingest_file

    catalogue = load_catalogue()
    kind = PostgresStore if address.startswith(POSTGRES) else SqliteStore
    with closing(kind(address, log=log)) as store:
        ledger = ledger_of(store, catalogue)
        start = time.perf_counter()
        with path.open("rb") as stream:
            outcome = ingest_file(ledger, stream, path.name, now, batch=batch or BATCH)
        seconds = time.perf_counter() - start
    assert outcome.quarantined == 0, outcome
    assert waiting or outcome.waiting == 0, outcome
    return seconds


def rows_of(path: Path, address: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows that the file becomes."""
    ingest(address, path)
    return stored_rows(address)


def stored_rows(address: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of the ledger's two tables, to be inserted again."""
    import sqlite3

    with sqlite3.connect(address) as connection:
        events = connection.execute(
            "SELECT originator_id, originator_version, topic, state FROM stored_events ORDER BY rowid"
        )
        keys = connection.execute("SELECT key, content FROM fact_key")
        return events.fetchall(), keys.fetchall()


def sqlite_baseline(address: str, events: list[tuple[Any, ...]], keys: list[tuple[Any, ...]], batch: int) -> float:
    """Seconds for ``executemany`` of the same rows into the same tables, in batches of the same size."""
    import sqlite3

    from adapters.eventstore.sqlite import SqliteStore

    SqliteStore(address).close()
    connection = sqlite3.connect(address, isolation_level=None)
    start = time.perf_counter()
    for first in range(0, len(events), batch):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO stored_events VALUES (?,?,?,?)", events[first : first + batch])
        connection.executemany("INSERT INTO fact_key VALUES (?,?)", keys[first : first + batch])
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def postgres_baseline(url: str, events: list[tuple[Any, ...]], keys: list[tuple[Any, ...]], batch: int) -> float:
    """Seconds for ``INSERT … SELECT FROM unnest`` of the same rows into the same tables."""
    import psycopg

    from adapters.eventstore.postgres import PostgresStore

    PostgresStore(url).close()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        start = time.perf_counter()
        for first in range(0, len(events), batch):
            ids, versions, topics, states = map(list, zip(*events[first : first + batch], strict=True))
            cursor.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
                " SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bytea[])",
                (ids, versions, topics, states),
            )
            found = keys[first : first + batch]
            cursor.execute(
                "INSERT INTO fact_key SELECT * FROM unnest(%s::bytea[], %s::bytea[])",
                ([key for key, _ in found], [content for _, content in found]),
            )
            connection.commit()
        return time.perf_counter() - start


@contextmanager
def postgres() -> Iterator[Callable[[], str]]:
    """Addresses of new, empty databases on a PostgreSQL server started for the bench."""
    from tests.support.postgres import postgres_server

    with postgres_server() as server:
        yield (
            lambda: (
                f"postgresql://{server.user}@/{server.create_database()}?host={quote(server.host)}&port={server.port}"
            )
        )


def main() -> None:
    """Runs the bench and prints its figures."""
    import facts

    from adapters.ingest import BATCH

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--large", type=int, default=2_000_000, help="0 leaves the large ledger out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "facts.jsonl")
        facts.write(path, chosen.facts, CONTRACTS)
        ledgers = [str(Path(folder, f"ledger-{turn}.db")) for turn in range(TURNS)]
        bulks = [str(Path(folder, f"bulk-{turn}.db")) for turn in range(TURNS)]
        events, keys = rows_of(path, str(Path(folder, "rows.db")))
        both = [
            (ingest(one, path), sqlite_baseline(two, events, keys, BATCH))
            for one, two in zip(ledgers, bulks, strict=True)
        ]
        taken, bulk = (min(times) for times in zip(*both, strict=True))
        print(
            f"SQLite      ingest {chosen.facts / taken:9.0f} facts/s   executemany {chosen.facts / bulk:9.0f} rows/s"
            f"   ratio {bulk / taken:.2f} (at least 0.4 wanted)"
        )
        with postgres() as new_database:
            both = [
                (ingest(new_database(), path), postgres_baseline(new_database(), events, keys, BATCH))
                for _ in range(TURNS)
            ]
            taken_pg, bulk_pg = (min(times) for times in zip(*both, strict=True))
            print(
                f"PostgreSQL  ingest {chosen.facts / taken_pg:9.0f} facts/s"
                f"   unnest      {chosen.facts / bulk_pg:9.0f} rows/s"
                f"   ratio {bulk_pg / taken_pg:.2f} (at least 0.4 wanted)"
            )
            big = Path(folder, "big.jsonl")
            facts.write(big, 20_000, CONTRACTS)
            one = ingest(new_database(), big, batch=20_000)
            print(f"PostgreSQL  20,000 facts in one transaction: {one:.1f} s")
        if chosen.large:
            large(Path(folder), chosen.facts, chosen.large)


def large(folder: Path, small: int, count: int) -> None:
    """The cost of the facts after ``count``, against the first ``small`` of a new ledger, in turns."""
    import facts

    def some(number: int) -> Path:
        part = folder / "part.jsonl"
        with part.open("wb") as stream:
            stream.writelines(line for _, line in zip(range(number), lines, strict=False))
        return part

    lines = facts.lines(count + TURNS * small, CONTRACTS)
    ingest(str(folder / "large.db"), some(count))
    first, last = [], []
    for turn in range(TURNS):
        part = some(small)
        last.append(ingest(str(folder / "large.db"), part))
        first.append(ingest(str(folder / f"small-{turn}.db"), part, waiting=True))
    print(
        f"SQLite      cost per fact at {count} facts: {min(last) / small * 1e6:.1f} us,"
        f" at {small}: {min(first) / small * 1e6:.1f} us, ratio {min(last) / min(first):.2f} (at most 1.2 wanted)"
    )


if __name__ == "__main__":
    main()
