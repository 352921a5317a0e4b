"""The access log: every read and every refusal is on the disk before the answer leaves, and stays as it was written."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.access.model import EVERY, Access, Role
from adapters.access.store import open_access
from domain.errors import LedgerError
from domain.time.instant import Instant
from tests.support.access import DAY, House
from tests.support.arrivals import NOW

READ = Access(
    at=NOW,
    caller="key-1",
    name="someone",
    role="auditor",
    route="GET /v1/contracts/{contract}/statement",
    asked="/v1/contracts/C-1/statement?at=2026-01-01T00:00:00Z",
    contract="C-1",
    address="192.0.2.7",
    status=200,
)


def told(entries: Sequence[Access]) -> list[tuple[str | None, str | None, int]]:
    return [(entry.role, entry.contract, entry.status) for entry in entries]


def test_read_is_kept_with_who_what_when_from_where_and_its_status(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    at_home.get("/v1/contracts/C-1/statement?at=2026-05-01T00:00:00Z", secret)
    key = at_home.access.every_key()[0].id
    assert at_home.access.log() == [
        Access(
            at=NOW,
            caller=key,
            name="a auditor",
            role="auditor",
            route="GET /v1/contracts/{contract}/statement",
            asked="/v1/contracts/C-1/statement?at=2026-05-01T00:00:00Z",
            contract="C-1",
            address="192.0.2.7",
            status=200,
            number=1,
        )
    ]


def test_refused_attempts_are_kept_too(at_home: House) -> None:
    secret = at_home.key(Role.CLIENT, clients=["client-1"])
    at_home.get("/v1/contracts/C-2/statement", secret)
    at_home.get("/v1/contracts/C-2/statement")
    at_home.ask("POST", "/v1/events", secret)
    assert told(at_home.access.log()) == [("client", "C-2", 404), (None, "C-2", 401), ("client", None, 403)]


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ff", "%F0%9F%98%80", "x" * 5_000, "%22%27;--", "%5C"])
def test_name_that_no_contract_may_have_is_kept_as_it_was_asked(at_home: House, name: str) -> None:
    assert at_home.get(f"/v1/contracts/{name}/statement", at_home.key(Role.AUDITOR)).status_code == 404
    (entry,) = at_home.access.log()
    assert entry.asked == f"/v1/contracts/{name}/statement"[:1_000]
    assert entry.contract is not None


def test_list_is_kept_for_each_contract_that_the_caller_may_see(at_home: House) -> None:
    at_home.get("/v1/every", at_home.key(Role.CLIENT, clients=["client-1"]))
    at_home.get("/v1/every", at_home.key(Role.AUDITOR))
    at_home.get("/v1/every", at_home.key(Role.COUNSEL))
    expected = [("client", "C-1", 200), ("client", "C-3", 200), ("auditor", EVERY, 200), ("counsel", None, 200)]
    assert told(at_home.access.log()) == expected


def test_answer_about_several_contracts_is_kept_for_each(at_home: House) -> None:
    at_home.get("/v1/search", at_home.key(Role.AUDITOR))
    assert told(at_home.access.log()) == [("auditor", "C-1", 200), ("auditor", "C-2", 200)]


def test_route_that_asks_for_nobody_is_not_kept(at_home: House) -> None:
    assert at_home.get("/openapi.json").status_code == 200
    assert at_home.access.log() == []


def test_entry_is_on_the_disk_before_the_answer_leaves(at_home: House, address: str) -> None:
    secret = at_home.key(Role.AUDITOR)
    elsewhere = open_access(address)
    for number in range(1, 4):
        assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 200
        assert len(elsewhere.log()) == number
    elsewhere.close()


def test_answer_that_cannot_be_recorded_is_not_given(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 200
    with at_home.access._begin() as connection:
        connection.execute(text("ALTER TABLE access_log RENAME TO gone"))
    answer = at_home.get("/v1/contracts/C-1/statement", secret)
    assert answer.status_code == 503
    assert "contract" not in answer.json()


def test_requests_that_wait_together_are_written_together(at_home: House) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(at_home.gate.journal.record([replace(READ, caller=f"k-{n}")]) for n in range(500)))

    at_home.runner.run(all_at_once())
    assert {entry.caller for entry in at_home.access.log(limit=1_000)} == {f"k-{n}" for n in range(500)}


def test_log_is_asked_by_contract_caller_and_time(at_home: House) -> None:
    later = Instant(NOW + DAY)
    at_home.access.record(
        [
            READ,
            replace(READ, caller="key-2", at=later),
            replace(READ, contract="C-2"),
            replace(READ, contract=EVERY, caller="key-3", at=later),
            replace(READ, contract=None, status=401),
        ]
    )
    numbers = {
        "all": at_home.access.log(),
        "contract": at_home.access.log(contract="C-1"),
        "caller": at_home.access.log(caller="key-2"),
        "since": at_home.access.log(since=later),
        "page": at_home.access.log(after=1, limit=2),
    }
    assert {name: [entry.number for entry in found] for name, found in numbers.items()} == {
        "all": [1, 2, 3, 4, 5],
        "contract": [1, 2, 4],
        "caller": [2],
        "since": [2, 4],
        "page": [2, 3],
    }


@pytest.mark.parametrize("statement", ["UPDATE access_log SET status = 404", "DELETE FROM access_log"])
def test_what_was_written_can_be_neither_changed_nor_deleted(at_home: House, statement: str) -> None:
    at_home.access.record([READ])
    with pytest.raises((LedgerError, DBAPIError), match="append-only"), at_home.access._begin() as connection:
        connection.execute(text(statement))
    assert len(at_home.access.log()) == 1


def test_what_retention_no_longer_keeps_is_deleted_and_only_that(at_home: House) -> None:
    at_home.access.record([replace(READ, at=Instant(NOW + day * DAY)) for day in range(5)])
    assert at_home.access.forget(Instant(NOW + 2 * DAY)) == 2
    assert [entry.number for entry in at_home.access.log()] == [3, 4, 5]
    with pytest.raises(LedgerError, match="append-only"), at_home.access._begin() as connection:
        connection.execute(text("DELETE FROM access_log"))


def test_use_of_a_key_is_noted_once_a_minute(at_home: House) -> None:
    secret = at_home.key(Role.AUDITOR)
    assert at_home.access.every_key()[0].last_used is None
    at_home.get("/v1/contracts", secret)
    at_home.clock.pass_by(59_000_000)
    at_home.get("/v1/contracts", secret)
    assert at_home.access.every_key()[0].last_used == NOW
    at_home.clock.pass_by(1_000_000)
    at_home.get("/v1/contracts", secret)
    assert at_home.access.every_key()[0].last_used == NOW + 60_000_000
