"""Signing in and out, what the cookie is, who may send a form, and what every page forbids."""

import re

import httpx
import pytest

from adapters.access.model import Role
from api.console.session import COOKIE, Sessions
from tests.console.conftest import signed_in
from tests.support.server import Api


def test_visitor_is_asked_to_sign_in_and_comes_back_to_where_they_were(served: Api, visitor: httpx.Client) -> None:
    away = visitor.get("/contracts/C-1/deadlines?state=pending")
    assert away.status_code == 303
    assert away.headers["location"] == "/sign-in?next=%2Fcontracts%2FC-1%2Fdeadlines%3Fstate%3Dpending"
    door = visitor.get(away.headers["location"])
    wanted = re.search(r'name="next" value="([^"]*)"><input type="hidden" name="token"', door.text)
    assert wanted is not None
    inside = visitor.post("/sign-in", data={"key": served.secret(Role.AUDITOR), "next": "/contracts/C-1"})
    assert (inside.status_code, inside.headers["location"]) == (303, "/contracts/C-1")
    assert visitor.get("/contracts/C-1").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://example.net/", "//example.net", "/\\example.net", "javascript:alert(1)"]
)
def test_sign_in_leads_to_no_other_site(served: Api, visitor: httpx.Client, elsewhere: str) -> None:
    inside = visitor.post("/sign-in", data={"key": served.secret(Role.AUDITOR), "next": elsewhere})
    assert inside.headers["location"] == "/"


def test_cookie_hides_the_key_from_scripts_and_from_other_sites(served: Api, visitor: httpx.Client) -> None:
    key = served.secret(Role.AUDITOR)
    inside = visitor.post("/sign-in", data={"key": key})
    cookie = inside.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/", "max-age=43200"))
    assert "secure" not in cookie, "this server is not asked over https"
    assert key.lower() not in cookie


def test_wrong_key_is_refused_in_words_and_stands_in_the_journal(served: Api, visitor: httpx.Client) -> None:
    refused = visitor.post("/sign-in", data={"key": "greffe_nothing"}, headers={"Accept-Language": "fr"})
    assert refused.status_code == 401
    assert "incomplète ou mal recopiée" in refused.text
    assert COOKIE not in refused.cookies
    entries = served.get("/v1/access", params={"limit": 500}).json()["entries"]
    assert ("POST /sign-in", 401) in [(entry["route"], entry["status"]) for entry in entries]


def test_pages_read_stand_in_the_journal_under_their_contract(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT)
    visitor.get("/contracts/C-1/penalties")
    entries = served.get("/v1/access", params={"contract": "C-1", "limit": 500}).json()["entries"]
    assert ("GET /contracts/{contract}/penalties", "client") in [(entry["route"], entry["role"]) for entry in entries]


def test_client_of_another_sees_no_page_of_the_contract(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.CLIENT, clients=("client-9",))
    missing = visitor.get("/contracts/C-1")
    assert missing.status_code == 404
    assert missing.text.replace("C-none", "C-1") == visitor.get("/contracts/C-none").text.replace("C-none", "C-1")
    assert "C-1" not in visitor.get("/").text


def test_role_that_reads_no_contract_is_told_what_it_may_open(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.OPERATOR)
    refused = visitor.get("/")
    assert refused.status_code == 403
    assert 'href="/quarantine"' in refused.text
    assert 'href="/facts"' not in refused.text


def test_session_ends_with_its_key(served: Api, visitor: httpx.Client) -> None:
    made = served.as_(Role.ADMINISTRATOR).post("/v1/keys", json={"name": "brief", "role": "auditor"}).json()
    visitor.post("/sign-in", data={"key": made["secret"]})
    assert visitor.get("/").status_code == 200
    served.as_(Role.ADMINISTRATOR).post(f"/v1/keys/{made['id']}/revoke")
    assert visitor.get("/").headers["location"] == "/sign-in?next=%2F"
    assert COOKIE not in visitor.cookies


def test_session_of_another_server_is_none() -> None:
    sealed = Sessions().seal("greffe_key")
    assert Sessions().open(sealed) is None
    shared = "a secret of thirty-two characters"
    assert Sessions(shared).open(Sessions(shared).seal("greffe_key")) == "greffe_key"


def test_signing_out_needs_a_form_of_this_session(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    assert visitor.post("/sign-out", data={"token": "f" * 64}).status_code == 403
    page = visitor.get("/").text
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found is not None
    token = found[1]
    elsewhere = {"Origin": "https://example.net"}
    assert visitor.post("/sign-out", data={"token": token}, headers=elsewhere).status_code == 403
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.post("/sign-out", data={"token": token}, headers=cross).status_code == 403
    assert visitor.post("/sign-out", data={"token": token}).status_code == 303
    assert visitor.get("/").status_code == 303


def test_api_takes_no_cookie(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    assert visitor.get("/v1/contracts").status_code == 401


def test_every_answer_forbids_what_is_not_its_own(served: Api, visitor: httpx.Client) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    for path in ("/", "/contracts/C-1", "/contracts/none", "/sign-in"):
        answer = visitor.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "private, no-store"
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", answer.text)


def test_assets_are_kept_by_the_hash_of_what_they_hold(visitor: httpx.Client) -> None:
    address = re.search(r'href="(/assets/[0-9a-f]{12}/console\.css)"', visitor.get("/sign-in").text)
    assert address is not None
    answer = visitor.get(address[1])
    assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
    assert visitor.get("/assets/000000000000/console.css").status_code == 404
    assert visitor.get(f"{address[1][:21]}/..%2frender.py").status_code == 404


def test_fault_and_refusal_are_pages_for_a_browser_and_documents_for_a_program(
    served: Api, visitor: httpx.Client
) -> None:
    signed_in(served, visitor, Role.AUDITOR)
    assert visitor.get("/nothing").headers["content-type"].startswith("text/html")
    asked = visitor.get("/nothing", headers={"Accept": "application/json"})
    assert asked.headers["content-type"] == "application/problem+json"
    unknown = visitor.get("/contracts/C-1?att=x", headers={"Accept-Language": "fr"})
    assert (unknown.status_code, "Un paramètre est inconnu" in unknown.text) == (400, True)


def test_language_and_theme_are_kept_in_the_browser(visitor: httpx.Client) -> None:
    assert '<html lang="en" data-theme="auto">' in visitor.get("/sign-in").text
    visitor.post("/preferences", data={"lang": "fr"})
    visitor.post("/preferences", data={"theme": "dark"})
    assert '<html lang="fr" data-theme="dark">' in visitor.get("/sign-in").text
