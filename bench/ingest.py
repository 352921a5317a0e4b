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
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

CONTRACTS = 200
TURNS = 3
EVENTS: dict[str, dict[str, str]] = {
    "stored_events": {"originator_id": "text", "originator_version": "bigint", "topic": "text", "state": "bytea"},
    "fact_key": {"key": "bytea", "content": "bytea"},
}
"""The tables of events: their columns, with the types of PostgreSQL."""


class Table(NamedTuple):
    """Rows of a table; its columns with the types of PostgreSQL."""

    name: str
    columns: Mapping[str, str]
    rows: list[tuple[Any, ...]]

    def share(self, n: int, count: int) -> list[tuple[Any, ...]]:
        """The rows that come in the nth of so many batches."""
        return self.rows[len(self.rows) * n // count : len(self.rows) * (n + 1) // count]


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


def stored_rows(address: str, tables: Mapping[str, Mapping[str, str]]) -> list[Table]:
    """The rows of some tables of a ledger, to be inserted again."""
    import sqlite3

    with closing(sqlite3.connect(address)) as connection:
        return [
            Table(name, columns, connection.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall())  # noqa: S608
            for name, columns in tables.items()
        ]


def sqlite_baseline(address: str, tables: list[Table], batches: int) -> float:
    """Seconds for ``executemany`` of the same rows into the same tables, in as many batches."""
    import sqlite3

    from adapters.eventstore.sqlite import SqliteStore

    SqliteStore(address).close()
    connection = sqlite3.connect(address, isolation_level=None)
    start = time.perf_counter()
    for n in range(batches):
        connection.execute("BEGIN IMMEDIATE")
        for table in tables:
            into = f"{table.name} ({', '.join(table.columns)})"
            marks = ",".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO {into} VALUES ({marks})", table.share(n, batches))  # noqa: S608
        connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds


def postgres_baseline(url: str, tables: list[Table], batches: int) -> float:
    """Seconds for ``INSERT … SELECT FROM unnest`` of the same rows into the same tables, in as many batches."""
    import psycopg

    from adapters.eventstore.postgres import PostgresStore

    PostgresStore(url).close()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        start = time.perf_counter()
        for n in range(batches):
            for table in tables:
                into = f"{table.name} ({', '.join(table.columns)})"
                marks = ", ".join(f"%s::{kind}[]" for kind in table.columns.values())
                cursor.execute(
                    f"INSERT INTO {into} SELECT * FROM unnest({marks})".encode(),  # noqa: S608
                    [list(values) for values in zip(*table.share(n, batches), strict=True)],
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
        ingest(str(path.with_suffix(".db")), path)
        rows, batches = stored_rows(str(path.with_suffix(".db")), EVENTS), -(-chosen.facts // BATCH)
        both = [
            (ingest(one, path), sqlite_baseline(two, rows, batches)) for one, two in zip(ledgers, bulks, strict=True)
        ]
        taken, bulk = (min(times) for times in zip(*both, strict=True))
        print(
            f"SQLite      ingest {chosen.facts / taken:9.0f} facts/s   executemany {chosen.facts / bulk:9.0f} rows/s"
            f"   ratio {bulk / taken:.2f} (at least 0.4 wanted)"
        )
        with postgres() as new_database:
            both = [
                (ingest(new_database(), path), postgres_baseline(new_database(), rows, batches)) for _ in range(TURNS)
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
