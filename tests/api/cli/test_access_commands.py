"""``greffe keys``, ``greffe grants`` and ``greffe access`` on the command line."""

import json
from typing import Any

import pytest

from adapters.access.secret import well_formed
from adapters.access.store import access_path, open_access
from tests.api.cli.conftest import Greffe

LATER = "2999-01-01T00:00:00+01:00"


@pytest.fixture
def greffe(greffe: Greffe, ledger: str) -> Greffe:
    return lambda *words: greffe(*words, "--ledger", ledger)


def created(greffe: Greffe, role: str, *words: str) -> dict[str, Any]:
    status, printed, _ = greffe("keys", "create", "--name", "ours", "--role", role, *words, "--format", "json")
    assert status == 0
    made: dict[str, Any] = json.loads(printed)
    return made


def test_secret_alone_is_printed_and_only_once(greffe: Greffe, ledger: str) -> None:
    status, printed, said = greffe("keys", "create", "--name", "ours", "--role", "auditor")
    assert status == 0
    assert well_formed(printed.removesuffix("\n"))
    assert "shown this once" in said
    listed = greffe("keys", "list", "--format", "json")[1] + greffe("keys", "list")[1] + greffe("access", "list")[1]
    assert printed.strip() not in listed
    assert access_path(ledger).is_file()


def test_keys_are_listed_with_their_role_scope_and_state(greffe: Greffe) -> None:
    assert greffe("keys", "list")[1] == "there is no key\n"
    key = created(greffe, "client", "--client", "client-1", "--provider", "outscale")["id"]
    assert greffe("keys", "revoke", key) == (0, f"{key} revoked\n", "")
    (listed,) = json.loads(greffe("keys", "list", "--format", "json")[1])
    assert (listed["role"], listed["clients"], listed["providers"]) == ("client", ["client-1"], ["outscale"])
    assert (listed["state"], listed["last_used"]) == ("revoked", None)
    assert "révoquée" in greffe("keys", "list", "--lang", "fr")[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--role", "client"), "names its client id"),
        (("--role", "desk"), "names its provider"),
        (("--role", "auditor", "--contract", "C-1"), "is not limited"),
        (("--role", "auditor", "--days", "0"), "expires after now"),
        (("--role", "auditor", "--days", "367"), "within 366 days"),
    ],
)
def test_key_that_cannot_be_is_refused_in_a_sentence(greffe: Greffe, words: tuple[str, ...], why: str) -> None:
    status, printed, said = greffe("keys", "create", "--name", "ours", *words)
    assert (status, printed) == (2, "")
    assert why in said
    assert greffe("keys", "list")[1] == "there is no key\n"


def test_counsel_is_granted_a_contract_until_an_instant(greffe: Greffe) -> None:
    key = created(greffe, "counsel")
    until = str(key["expires"])
    status, printed, _ = greffe("grants", "add", "--caller", key["id"], "--contract", "C-1", "--until", until)
    assert (status, printed) == (0, f"     1  active    {until}  {key['id']}  C-1\n")
    assert greffe("grants", "add", "--caller", "oidc:u-1", "--contract", "C-1", "--until", until)[0] == 0
    assert len(json.loads(greffe("grants", "list", "--format", "json")[1])) == 2
    assert greffe("grants", "revoke", "1") == (0, "grant 1 revoked\n", "")
    assert greffe("grants", "list", "--caller", key["id"])[1].split()[1] == "revoked"


def test_grant_that_cannot_be_is_refused_in_a_sentence(greffe: Greffe) -> None:
    auditor, counsel = created(greffe, "auditor"), created(greffe, "counsel")
    until = counsel["expires"]
    for caller, contract, end, why in (
        ("key-none", "C-1", until, "there is no key 'key-none'"),
        (auditor["id"], "C-1", until, "only a counsel"),
        (counsel["id"], " ", until, "names a contract"),
        (counsel["id"], "C-1", LATER, "within 366 days"),
        (counsel["id"], "C-1", "2020-01-01T00:00:00Z", "ends after now"),
    ):
        status, _, said = greffe("grants", "add", "--caller", caller, "--contract", contract, "--until", end)
        assert status == 2
        assert why in said
    assert greffe("grants", "revoke", "7")[0] == 2
    assert greffe("grants", "list")[1] == "there is no grant\n"


def test_what_is_done_here_is_in_the_access_log(greffe: Greffe) -> None:
    key = created(greffe, "counsel")
    greffe("grants", "add", "--caller", key["id"], "--contract", "C-1", "--until", key["expires"])
    greffe("keys", "revoke", key["id"])
    listed = [json.loads(line) for line in greffe("access", "list", "--format", "json")[1].splitlines()]
    assert [(entry["route"], entry["asked"], entry["contract"]) for entry in listed] == [
        ("greffe keys create", f"{key['id']} counsel", None),
        ("greffe grants add", f"1 {key['id']}", "C-1"),
        ("greffe keys revoke", key["id"], None),
    ]
    assert all(entry["caller"].startswith("local:") for entry in listed)
    assert "greffe access list" in greffe("access", "list", "--contract", "C-1")[1] + greffe("access", "list")[1]


def test_sessions_of_a_person_are_ended_and_a_key_is_no_person(greffe: Greffe) -> None:
    assert greffe("access", "end", "--caller", "oidc:ada", "--lang", "fr")[:2] == (0, "oidc:ada: sessions terminées\n")
    assert json.loads(greffe("access", "end", "--caller", "oidc:ada", "--format", "json")[1]) == {"ended": "oidc:ada"}
    status, _, said = greffe("access", "end", "--caller", "key-1")
    assert (status, "a key is revoked" in said) == (2, True)
    assert "greffe access end" in greffe("access", "list")[1]


def test_what_must_still_be_kept_is_not_forgotten(greffe: Greffe) -> None:
    created(greffe, "auditor")
    status, _, said = greffe("access", "forget", "--before", LATER)
    assert status == 2
    assert "kept for 365 days" in said
    assert greffe("access", "forget", "--before", "2020-01-01T00:00:00Z")[:2] == (0, "0 entries deleted\n")


def test_nothing_in_a_name_moves_the_cursor_of_a_terminal(greffe: Greffe, ledger: str) -> None:
    created(greffe, "auditor")
    store = open_access(ledger)
    entry = store.log()[0]
    store.record([type(entry)(entry.at, "x", "x", None, "GET /", "/\x1b[2J\n", None, None, 404)])
    store.close()
    assert "\x1b" not in greffe("access", "list")[1]
