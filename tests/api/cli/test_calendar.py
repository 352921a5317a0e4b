"""``greffe calendar`` as an administrator uses it: addresses made for a key, listed without their secret, ended."""

import json
from pathlib import Path

import pytest

from adapters.bootstrap import opened
from tests.api.cli.conftest import Greffe


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A ledger that is there."""
    path = str(tmp_path / "ledger.db")
    with opened(path, create=True):
        return path


def key(greffe: Greffe, address: str, role: str = "client") -> str:
    words = ["keys", "create", "--name", "one", "--role", role, "--ledger", address]
    return greffe(*words, *(["--client", "client-1"] if role == "client" else []))[2].split()[0]


def test_an_address_is_shown_once_listed_without_its_secret_and_ended(
    greffe: Greffe, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREFFE_SERVER__PUBLIC_ADDRESS", "https://greffe.example")
    owner = key(greffe, address)
    status, out, said = greffe("calendar", "create", owner, "--days", "30", "--ledger", address)
    assert status == 0
    assert out.startswith("https://greffe.example/v1/calendar/greffe_")
    feed = said.split()[0]
    status, listed, _ = greffe("calendar", "list", "--key", owner, "--ledger", address)
    assert (status, listed.split()[:2]) == (0, [feed, "active"])
    assert out.strip().rpartition("/")[2].removesuffix(".ics") not in listed
    assert greffe("calendar", "revoke", feed, "--ledger", address)[:2] == (0, f"{feed} revoked\n")
    assert greffe("calendar", "revoke", feed, "--ledger", address)[0] == 2
    (row,) = json.loads(greffe("calendar", "list", "--ledger", address, "--format", "json")[1])
    assert (row["state"], row["owner"]) == ("revoked", owner)
    assert "calendar create" in greffe("access", "list", "--ledger", address)[1]


def test_an_address_as_json_and_in_french(greffe: Greffe, address: str) -> None:
    assert greffe("calendar", "list", "--ledger", address, "--lang", "fr")[1] == "il n'y a aucune adresse\n"
    owner = key(greffe, address)
    said = json.loads(greffe("calendar", "create", owner, "--ledger", address, "--format", "json")[1])
    assert said["path"].endswith(".ics")
    status, _, told = greffe("calendar", "create", owner, "--ledger", address, "--lang", "fr")
    assert (status, "ne sera plus montrée" in told) == (0, True)
    (done,) = [json.loads(greffe("calendar", "revoke", said["id"], "--ledger", address, "--format", "json")[1])]
    assert done == {"revoked": said["id"]}


def test_a_key_that_is_none_ended_or_reads_nothing_has_no_calendar(greffe: Greffe, address: str) -> None:
    def refused(owner: str, *words: str) -> str:
        status, _, said = greffe("calendar", "create", owner, "--ledger", address, *words)
        assert status == 2
        return said

    assert "there is no key 'key-0'" in refused("key-0")
    assert "ne lit aucun contrat" in refused(key(greffe, address, "operator"), "--lang", "fr")
    owner = key(greffe, address)
    assert "366" in refused(owner, "--days", "400")
    greffe("keys", "revoke", owner, "--ledger", address)
    assert "has ended" in refused(owner)
