"""Values of persons looked for in every file and table, before and after they are erased; and the proofs."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.audit.run import audit
from adapters.backup import back_up, find_program
from adapters.bootstrap import ledger_of, open_store
from adapters.catalogue import load_catalogue, load_switches
from adapters.eventstore.ledger import Ledger
from adapters.evidence.verify import check_bundle, unpack
from adapters.privacy.persons import KeyPlace, of_file
from adapters.views import Views
from domain.readings import select
from domain.time.instant import Instant
from tests.support.arrivals import NOW, received
from tests.support.bundles import bundle_of, checkpointed, log_signer
from tests.support.persons import ALL, PERSONS, VALUES, certificate, contact, erased, found_in
from tests.support.postgres import PostgresServer

LATER = Instant(NOW + 3_600_000_000)
CATALOGUE = load_catalogue()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    store = open_store(str(tmp_path / "greffe.db"), persons=of_file(tmp_path / "apart" / "persons"))
    one = ledger_of(store, CATALOGUE)
    one.record(received(*ALL), NOW)
    yield one
    store.close()


def views(ledger: Ledger) -> bytes:
    """The statement of ``C-1``, brought up to date."""
    Views(ledger, CATALOGUE, select(load_switches(), [])).tick(LATER)
    return re.sub(rb'"(known_)?at":"[^"]*"', b"", ledger.store.view("C-1") or b"", count=2)


def erase_everybody(ledger: Ledger) -> None:
    ledger.record(received(*(erased(number, person) for number, person in enumerate(PERSONS, 90))), LATER)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_erased_values_are_in_no_file_and_every_proof_holds(ledger: Ledger, tmp_path: Path) -> None:
    store = ledger.store
    before, note = views(ledger), checkpointed(store)
    key = log_signer(store.log_origin()).key
    open_bundle = bundle_of(store, note)
    back_up(str(tmp_path / "greffe.db"), tmp_path / "backup", NOW)
    assert found_in(files(tmp_path)) == {}, "not even before: what is written is sealed"
    facts = unpack(open_bundle)["facts.jsonl"].decode()
    assert all(value in facts for value in VALUES), "a bundle opens them"
    size = store.log_size()
    root, leaves = store.log_root(size), store.leaves(0, size)

    erase_everybody(ledger)
    after, later = views(ledger), checkpointed(store)
    closed = bundle_of(store, later)
    back_up(str(tmp_path / "greffe.db"), tmp_path / "backup-later", LATER)
    (tmp_path / "bundle.facts").write_bytes(b"".join(unpack(closed).values()))
    assert found_in(files(tmp_path)) == {}
    assert after == before
    assert (store.log_root(size), store.leaves(0, size)) == (root, leaves)
    assert check_bundle(open_bundle, key).facts == len(ALL), "what was handed out still verifies"
    found = check_bundle(closed, key)
    told = [json.loads(line) for line in unpack(closed)["entries.jsonl"].splitlines()]
    why = [field["why"] for one in told for field in one.get("fields", ()) if "why" in field]
    assert found.facts == len(ALL) + len(PERSONS)
    assert why == ["erased"] * len(VALUES)
    faults = audit(str(tmp_path / "greffe.db"), LATER).faults
    assert {fault.code for fault in faults} == {"checkpoint"}, (
        "those here are not kept in the ledger; all else is sound"
    )


def test_no_file_and_no_table_of_postgresql_holds_a_value(own_postgres: PostgresServer, tmp_path: Path) -> None:
    """In a dump of every table, and in the folder of the server, its write-ahead log included, once it stopped."""
    mine = ("Maëlle Quintard-Ossowski", "quintard.ossowski@client-one.example", "Ysoline Brazdilova")
    told = [contact(1, name=mine[0], email=mine[1]), {**certificate(), "data": {"signatory": mine[2], "scopes": []}}]
    names = [own_postgres.create_database() for _ in range(2)]
    place = KeyPlace(own_postgres.url(names[1]), tmp_path / "master.key")
    store = open_store(own_postgres.url(names[0]), persons=place)
    one = ledger_of(store, CATALOGUE)
    assert one.record(received(ALL[0], *told, contact(1, name=mine[2])), NOW).recorded == 3
    views(one)
    one.record(received(erased(9), erased(10, PERSONS[2])), LATER)
    views(one)
    store.close()
    for name in names:
        dumped = subprocess.run(  # noqa: S603 - a program of the installed server
            [find_program("pg_dump"), f"--dbname={own_postgres.url(name)}"], capture_output=True, check=True
        )
        (tmp_path / f"{name}.sql").write_bytes(dumped.stdout)
    own_postgres.stop()
    assert found_in(files(own_postgres.folder), [told[0]["id"]]), "what is not of a person is there to be found"
    assert found_in(files(own_postgres.folder), mine) == {}
    assert found_in(files(tmp_path), mine) == {}
