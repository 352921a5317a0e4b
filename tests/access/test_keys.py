"""Keys and grants: made, shown once, ended, taken back; and the first key of a new ledger."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.access.keys import Order, create_key, first_key
from adapters.access.model import AccessError, Grant, Role, Scope
from adapters.access.store import AccessStore, access_path, open_access
from adapters.access.tables import SQLITE_VERSIONS
from adapters.eventstore.sqlite import SqliteStore
from domain.errors import LedgerError
from domain.time.instant import Instant
from tests.support.access import DAY, SECOND, House
from tests.support.arrivals import NOW


def granted(caller: str, contract: str, days: int) -> Grant:
    return Grant(0, caller, contract, Instant(NOW + days * DAY), NOW, "test")


def test_secret_is_nowhere_at_rest(tmp_path: Path) -> None:
    address = str(tmp_path / "greffe.db")
    store = open_access(address)
    _, secret = create_key(store, Order("ours", Role.AUDITOR), NOW, "test")
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in kept
    assert secret[7:40].encode() not in kept


def test_access_file_is_its_owners_alone(tmp_path: Path) -> None:
    open_access(str(tmp_path / "greffe.db")).close()
    assert access_path(str(tmp_path / "greffe.db")).stat().st_mode & 0o777 == 0o600


def test_access_file_says_its_version_and_one_that_did_not_is_brought_forward_with_what_it_holds(
    tmp_path: Path,
) -> None:
    address = str(tmp_path / "greffe.db")
    store = open_access(address)
    key, _ = create_key(store, Order("ours", Role.AUDITOR), NOW, "test")
    store.close()
    with closing(sqlite3.connect(access_path(address))) as file:
        newest = file.execute("PRAGMA user_version").fetchone()[0]
        assert newest == len(SQLITE_VERSIONS)
        file.execute("DROP TABLE audit")
        file.execute("PRAGMA user_version = 0")
    store = open_access(address)
    assert (store.every_key(), store.audits()) == ([key], [])
    store.close()
    with closing(sqlite3.connect(access_path(address))) as file:
        assert file.execute("PRAGMA user_version").fetchone()[0] == newest
        file.execute("INSERT INTO access_log (at, route, asked, status) VALUES (1, 'r', 'a', 200)")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            file.execute("UPDATE access_log SET status = 404")


def test_access_file_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    address = str(tmp_path / "greffe.db")
    open_access(address).close()
    with closing(sqlite3.connect(access_path(address))) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="newer version of greffe: it is at version 99"):
        open_access(address)


def test_key_is_read_back_as_it_was_made(at_home: House) -> None:
    scope = Scope.of(providers=["outscale"], clients=["client-1", "é"], contracts=["C-1"])
    key, _ = create_key(at_home.access, Order("ours", Role.CLIENT, scope), NOW, "test")
    assert at_home.access.every_key() == [key]


@pytest.mark.parametrize(
    ("role", "scope", "why"),
    [
        (Role.CLIENT, Scope(), "names its client id"),
        (Role.CLIENT, Scope.of(providers=["outscale"]), "names its client id"),
        (Role.DESK, Scope(), "names its provider"),
        (Role.COUNSEL, Scope.of(contracts=["C-1"]), "sees what it was granted"),
        (Role.AUDITOR, Scope.of(contracts=["C-1"]), "is not limited to contracts"),
        (Role.OPERATOR, Scope.of(clients=["client-1"]), "is not limited to contracts"),
    ],
)
def test_role_takes_its_own_scope_and_no_other(at_home: House, role: Role, scope: Scope, why: str) -> None:
    with pytest.raises(AccessError, match=why):
        create_key(at_home.access, Order("ours", role, scope), NOW, "test")


@pytest.mark.parametrize("expires", [NOW - 1, NOW, NOW + 366 * DAY + 1])
def test_key_expires_in_the_future_and_within_a_year(at_home: House, expires: int) -> None:
    with pytest.raises(AccessError, match="expires after now"):
        create_key(at_home.access, Order("ours", Role.AUDITOR, expires=Instant(expires)), NOW, "test")


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "\x1b[2J"])
def test_key_has_a_name_that_a_terminal_can_show(at_home: House, name: str) -> None:
    with pytest.raises(AccessError, match="has a name"):
        create_key(at_home.access, Order(name, Role.AUDITOR), NOW, "test")


def test_key_is_revoked_once(at_home: House) -> None:
    key, _ = create_key(at_home.access, Order("ours", Role.AUDITOR), NOW, "test")
    at_home.access.revoke_key(key.id, NOW)
    assert at_home.access.every_key()[0].state(NOW) == "revoked"
    for name in (key.id, "key-none"):
        with pytest.raises(AccessError, match="no key"):
            at_home.access.revoke_key(name, NOW)


def test_counsel_sees_what_it_was_granted_and_until_when(at_home: House) -> None:
    secret = at_home.key(Role.COUNSEL)
    caller = at_home.access.every_key()[0].id
    at_home.access.add_grant(granted(caller, "C-1", 1))
    at_home.access.add_grant(granted(caller, "C-2", 2))
    at_home.access.add_grant(granted("key-other", "C-3", 2))
    assert at_home.get("/v1/contracts", secret).json() == ["C-1", "C-2"]
    at_home.clock.pass_by(DAY - 1)
    assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 200
    at_home.clock.pass_by(1)
    assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 404
    assert at_home.get("/v1/contracts/C-2/statement", secret).status_code == 200
    assert at_home.get("/v1/contracts/C-3/statement", secret).status_code == 404


def test_grant_on_a_contract_that_is_not_there_shows_nothing(at_home: House) -> None:
    secret = at_home.key(Role.COUNSEL)
    at_home.access.add_grant(granted(at_home.access.every_key()[0].id, "C-8", 1))
    assert at_home.get("/v1/contracts/C-8/statement", secret).status_code == 404


def test_revoked_grant_stops_within_a_second(at_home: House) -> None:
    secret = at_home.key(Role.COUNSEL)
    grant = at_home.access.add_grant(granted(at_home.access.every_key()[0].id, "C-1", 1))
    assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 200
    at_home.access.revoke_grant(grant.number, NOW)
    at_home.clock.pass_by(SECOND)
    assert at_home.get("/v1/contracts/C-1/statement", secret).status_code == 404
    with pytest.raises(AccessError, match="no grant"):
        at_home.access.revoke_grant(grant.number, NOW)


def fresh(tmp_path: Path) -> AccessStore:
    return open_access(str(tmp_path / "greffe.db"))


def test_first_key_is_in_a_file_of_its_owner_and_made_once(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    file = tmp_path / "greffe-administrator.key"
    assert first_key(store, file, NOW) == file
    assert file.stat().st_mode & 0o777 == 0o600
    (key,) = store.every_key()
    assert key.role is Role.ADMINISTRATOR
    assert first_key(store, file, NOW) is None
    assert len(store.every_key()) == 1
    store.close()


def test_first_key_does_not_overwrite_a_file(tmp_path: Path) -> None:
    store = fresh(tmp_path)
    file = tmp_path / "greffe-administrator.key"
    file.write_text("another ledger's")
    with pytest.raises(AccessError, match="move it away"):
        first_key(store, file, NOW)
    assert file.read_text() == "another ledger's"
    assert store.every_key() == []
    store.close()


def test_file_that_is_no_access_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "greffe-access.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (n)")
    with pytest.raises(LedgerError, match="not the access file"):
        fresh(tmp_path)
    path.write_text("Some notes, long enough to be more than the header of a database file would be. " * 20)
    with pytest.raises(LedgerError, match="cannot be kept or checked"):
        fresh(tmp_path)


def test_ledger_does_not_take_the_access_file_for_itself(tmp_path: Path) -> None:
    fresh(tmp_path).close()
    with pytest.raises(LedgerError, match="not a ledger of greffe"):
        SqliteStore(tmp_path / "greffe-access.db")
