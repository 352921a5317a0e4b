"""What evidence costs: the log beside ingest, proofs from a long log and its audit, the verification of a bundle.

python bench/evidence.py [--facts 50000] [--leaves 1000000] [--store sqlite|postgres]

- ingest of one file with and without the log, in turns, best of three, on both stores: facts/s and their ratio;
- the same by the thousand and one fact a transaction, as they come from a topic that is busy and one that is not;
- inclusion proofs of random leaves of a long log, each read and worked out anew: the 50th and the 99th percentile;
- a full audit of the same ledger, on every core;
- ``python verify.py`` of a bundle of one contract's 1,000 events, start of the interpreter included, in turns with what
  the standard library takes to read its members and hash each of their lines (SHA-256): the least that any check does.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

CONTRACTS = 200
TURNS = 3
SINGLE = 1_000
PROOFS = 500
BUNDLED = 1_000
PAGE = 5_000
READ = 16_384
HASHED = """
import hashlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    for name in file.namelist():
        for line in file.read(name).splitlines():
            hashlib.sha256(line).digest()
"""
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
Addresses = Callable[[], str]


@contextmanager
def addresses(store: str, folder: Path) -> Iterator[Addresses]:
    """Addresses of new ledgers in one of the stores."""
    from ingest import postgres

    if store == "postgres":
        with postgres() as new_database:
            yield new_database
    else:
        made = iter(range(1_000_000))
        yield lambda: str(folder / f"ledger-{next(made)}.db")


def with_and_without(name: str, new: Addresses, folder: Path, count: int) -> None:
    """Ingest of one file, with the log and without, in batches and one by one."""
    import facts
    from ingest import ingest

    for facts_of_it, batch in ((count, None), (min(count, SINGLE), 1)):
        path = folder / f"facts-{facts_of_it}.jsonl"
        facts.write(path, facts_of_it, CONTRACTS)
        both = [
            (ingest(new(), path, batch, waiting=True), ingest(new(), path, batch, waiting=True, log=True))
            for _ in range(TURNS)
        ]
        without, logged = (min(times) for times in zip(*both, strict=True))
        print(
            f"{name:<11} {'one fact' if batch else '1,000 facts'} a transaction:"
            f" with the log {facts_of_it / logged:8.0f} facts/s, without {facts_of_it / without:8.0f},"
            f" ratio {without / logged:.2f} (at least 0.65 wanted)"
        )


def proofs(name: str, store: Any, count: int) -> None:
    """Inclusion proofs from a log of so many leaves."""
    from adapters.evidence.verify import check_inclusion

    fill(store, count)
    size = store.log_size()
    top = store.log_root(size)
    chosen = random.Random(1)  # noqa: S311 - which leaves are asked for is no secret
    taken = []
    for _ in range(PROOFS):
        index = chosen.randrange(size)
        start = time.perf_counter()
        proof = store.inclusion_proof(index, size)
        taken.append(time.perf_counter() - start)
        check_inclusion(store.leaf(index).hash, index, size, proof, top)
    taken.sort()
    print(
        f"{name:<11} inclusion proof at {size} leaves:"
        f" p50 {taken[PROOFS // 2] * 1e3:.2f} ms, p99 {taken[PROOFS * 99 // 100] * 1e3:.2f} ms"
    )


def audited(name: str, address: str) -> None:
    """A full audit of the ledger at an address, beside only reading its rows and leaves in one process."""
    from adapters.audit.run import audit
    from adapters.bootstrap import opened
    from adapters.clock import now

    start = time.perf_counter()
    with opened(address) as store:
        position, size = -1, store.log_size()
        while rows := store.rows_between(position, position + READ):
            position = rows[-1].position
        for first in range(0, size, READ):
            store.leaves(first, first + READ)
    reading = time.perf_counter() - start
    start = time.perf_counter()
    report = audit(address, now())
    seconds = time.perf_counter() - start
    assert report.count == 0, report.faults[:3]
    print(
        f"{name:<11} full audit of {report.events} rows: {seconds:.1f} s ({report.events / seconds:.0f} rows/s),"
        f" only reading them {reading:.1f} s"
    )


def bundle(folder: Path) -> None:
    """The verification of a bundle by the file that the other party runs."""
    import facts
    from ingest import ingest

    from adapters.bootstrap import open_store
    from adapters.catalogue import load_switches
    from adapters.clock import now
    from adapters.evidence import verify
    from adapters.evidence.bundle import Asked
    from adapters.evidence.bundling import bundle_now, texts_of
    from adapters.evidence.keyring import begin
    from adapters.evidence.signing import LogSigner
    from domain.readings import select

    path, address, made = folder / "contract.jsonl", str(folder / "contract.db"), folder / "bundle.zip"
    facts.write(path, BUNDLED, 1)
    ingest(address, path, log=True)
    with closing(open_store(address)) as store:
        key = begin(store, folder / "sign.key", now()).key
        LogSigner(store, folder / "sign.key").sign(now())
        made.write_bytes(bundle_now(store, Asked("C-0000", select(load_switches(), [])), texts_of()).data)
    both = [
        (_run("-I", verify.__file__, str(made), "--key", key), _run("-I", "-c", HASHED, str(made)))
        for _ in range(TURNS)
    ]
    verified, hashed = (min(times) for times in zip(*both, strict=True))
    print(
        f"verify.py of a bundle of {BUNDLED} events ({made.stat().st_size // 1024} KiB): {verified:.2f} s;"
        f" only to read its members and hash each: {hashed:.2f} s"
    )


def _run(*words: str) -> float:
    """The seconds that a Python of its own takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own words
    return time.perf_counter() - start


def fill(store: Any, count: int) -> None:
    """Appends so many events to a store, straight, with their leaves."""
    written = 0
    start = time.perf_counter()
    while written < count:
        page = min(PAGE, count - written)
        events, keys = zip(*(event(written + at) for at in range(page)), strict=True)
        with store.writing() as writing:
            writing.append(events)
            writing.remember(keys)
        written += page
    print(f"            {count} events and their leaves appended straight in {time.perf_counter() - start:.0f} s")


def event(number: int) -> tuple[tuple[str, int, str, bytes], tuple[str, bytes]]:
    """The row of one event, and its idempotency key."""
    from adapters.eventstore.mapper import content_of, key_of

    subject = f"C-{number % CONTRACTS:04}"
    said: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"e-{number:08}",
        "source": "urn:greffe:bench",
        "type": "greffe.ticket.resolved.v1",
        "subject": subject,
        "time": "2026-01-01T00:00:00Z",
        "data": {"ticket": f"t-{number}"},
    }
    body = json.dumps(said).encode()
    state = b'{"recorded":"2026-01-01T01:00:00+01:00","event":%b}' % body
    row = f"{subject}|ticket|t-{number}", 1, said["type"], state
    return row, (key_of(said["source"], said["id"]), content_of(body))


def main() -> None:
    """Runs the bench and prints its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=50_000)
    parser.add_argument("--leaves", type=int, default=1_000_000, help="0 leaves the long log out")
    parser.add_argument("--store", choices=list(NAMES), action="append", help="only this one")
    chosen = parser.parse_args()
    from adapters.eventstore.postgres import PostgresStore
    from adapters.eventstore.sqlite import SqliteStore

    for store in chosen.store or NAMES:
        with tempfile.TemporaryDirectory() as name, addresses(store, Path(name)) as new:
            with_and_without(NAMES[store], new, Path(name), chosen.facts)
            if chosen.leaves:
                kind, address = PostgresStore if store == "postgres" else SqliteStore, new()
                with closing(kind(address)) as ledger:
                    proofs(NAMES[store], ledger, chosen.leaves)
                audited(NAMES[store], address)
    with tempfile.TemporaryDirectory() as name:
        bundle(Path(name))


if __name__ == "__main__":
    main()
