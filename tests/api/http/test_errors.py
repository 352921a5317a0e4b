"""Every refusal is a problem document, in English or French; every address answers HEAD and OPTIONS."""

import re

import httpx
import pytest

from adapters.access.model import Role
from api.language import preferred
from api.problems import KINDS
from tests.support.arrivals import signed
from tests.support.server import Api


@pytest.fixture(scope="module", autouse=True)
def contract(served: Api) -> None:
    """A contract to ask about."""
    served.post(signed())


def is_problem(answer: httpx.Response, code: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (answer.status_code, said["type"], said["status"]) == (
        KINDS[code].status,
        f"/problems/{code}",
        answer.status_code,
    )
    assert said["title"] in KINDS[code].title
    assert said["detail"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/contracts/C-none/statement", "not-found"),
        ("/v1/nothing", "not-found"),
        ("/nothing", "not-found"),
        ("/v1/contracts/C-1/statement?att=x", "unknown-parameter"),
        ("/v1/readings?x=1", "unknown-parameter"),
        ("/health?x=1", "unknown-parameter"),
        ("/v1/contracts/C-1/statement?at=2026-05-04", "invalid-parameter"),
        ("/v1/contracts/C-1/statement?at=2026-05-04T10:00:00", "invalid-parameter"),
        ("/v1/contracts/C-1/statement?reading=maintenance.mode", "unknown-reading"),
        ("/v1/contracts/C-1/statement?reading=maintenance.mode=Z", "unknown-reading"),
        ("/v1/contracts/C-1/explain", "invalid-parameter"),
        ("/v1/contracts/C-1/facts?limit=0", "invalid-parameter"),
        ("/v1/contracts/C-1/facts?limit=many", "invalid-parameter"),
        ("/v1/contracts/C-1/facts?after=99999999999999999999", "invalid-parameter"),
        ("/v1/contracts/C-1/facts/first", "invalid-parameter"),
        ("/v1/deadlines?state=late", "invalid-parameter"),
        ('/v1/deadlines?after=[99999999999999999999,"C-1",0]', "invalid-parameter"),
        ('/v1/deadlines?after=[0,"\\u0000",0]', "invalid-parameter"),
        ("/problems/none", "not-found"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_cannot_be_answered_says_why(served: Api, path: str, code: str, lang: str) -> None:
    answer = served.get(path, headers={"Accept-Language": lang})
    is_problem(answer, code)
    assert answer.headers["content-language"] == lang
    assert answer.json()["title"] == KINDS[code].title[lang == "fr"]


def test_the_parameter_at_fault_is_named(served: Api) -> None:
    said = served.get("/v1/contracts/C-1/statement", params={"at": "x", "known_at": "y"}).json()
    assert [error["field"] for error in said["errors"]] == ["at", "known_at"]
    assert "expected an RFC 3339 date-time" in said["errors"][0]["detail"]
    said = served.get("/v1/deadlines?due_befor=x").json()
    assert (said["errors"][0]["field"], "due_before" in said["detail"]) == ("due_befor", True)


@pytest.mark.parametrize(
    "path", ["/v1/contracts", "/v1/contracts/C-1/statement", "/v1/readings", "/metrics", "/v1/stream"]
)
def test_nothing_is_open(served: Api, path: str) -> None:
    answer = httpx.get(served.url + path)
    is_problem(answer, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    is_problem(httpx.get(served.url + path, headers={"Authorization": "Bearer greffe_wrong"}), "unauthenticated")


def test_health_and_readiness_are_open_and_say_little(served: Api) -> None:
    assert httpx.get(f"{served.url}/health").json() == {"status": "alive"}
    assert httpx.get(f"{served.url}/ready").json() == {"status": "ready"}


def test_metrics_are_for_who_runs_the_server(served: Api) -> None:
    answer = served.get("/metrics", Role.OPERATOR)
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE" in answer.text
    is_problem(served.get("/metrics", Role.CLIENT), "forbidden")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/contracts/C-1/statement", "GET, HEAD, OPTIONS"),
        ("GET", "/v1/events", "OPTIONS, POST"),
        ("PUT", "/v1/quarantine", "GET, HEAD, OPTIONS"),
        ("POST", "/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_there_names_those_that_are(served: Api, method: str, path: str, allow: str) -> None:
    client = served.as_(Role.AUDITOR)
    refused = client.request(method, path)
    is_problem(refused, "method-not-allowed")
    assert refused.headers["allow"] == allow
    options = client.options(path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, allow, b"")


def test_head_of_every_address_is_get_without_its_body(served: Api) -> None:
    for path in ("/health", "/v1/contracts", "/v1/facts", "/v1/nothing", "/v1/stream"):
        with served.as_(Role.AUDITOR).stream("GET", path) as get:
            head = served.as_(Role.AUDITOR).head(path)
            assert (head.status_code, head.content) == (get.status_code, b"")


def test_the_entry_that_is_settled_is_a_conflict(served: Api) -> None:
    operator = served.as_(Role.OPERATOR)
    [item] = served.post({"no": "event"})["items"]
    path = f"/v1/quarantine/{item['entry']}"
    assert operator.post(f"{path}/retry").json()["quarantined"] == 1
    is_problem(operator.post(f"{path}/discard", json={}), "malformed")
    is_problem(operator.post(f"{path}/discard", content=b"{"), "malformed")
    assert operator.post(f"{path}/discard", json={"reason": "a test"}).json() == {"discarded": item["entry"]}
    is_problem(operator.post(f"{path}/discard", json={"reason": "again"}), "conflict")
    is_problem(operator.post(f"{path}/retry"), "conflict")
    is_problem(operator.post("/v1/quarantine/999999/retry"), "not-found")
    assert operator.get(path).json()["status"] == "discarded"
    assert operator.get(path).json()["event"] == '{"no":"event"}'


def test_a_retry_of_all_leaves_what_was_given_up(served: Api) -> None:
    operator = served.as_(Role.OPERATOR)
    [item] = served.post({"no": "event either"})["items"]
    path = f"/v1/quarantine/{item['entry']}"
    assert operator.post(f"{path}/discard", json={"reason": "a test"}).status_code == 200
    assert operator.post("/v1/quarantine/retry").json()["recorded"] == 0
    assert operator.get(path).json()["status"] == "discarded"


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_problem_has_a_page_in_two_languages(served: Api, code: str) -> None:
    english, french = (
        served.get(f"/problems/{code}", headers={"Accept-Language": lang}).json() for lang in ("en", "fr")
    )
    assert english["type"] == french["type"] == f"/problems/{code}"
    assert english["status"] == KINDS[code].status
    assert english["title"] != french["title"]
    assert english in served.get("/problems").json()["problems"]
    assert not re.search(r"`(?!GET|PARAM)[a-z]+ [a-z]", english["meaning"])


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"), ("*", "en"), ("de", "en"), ("fr", "fr"), ("fr-CH, en;q=0.9", "fr"), ("en, fr", "en"),
        ("en;q=0.4, fr;q=0.5", "fr"), ("fr;q=0", "en"), ("fr;q=x", "en"), ("FR", "fr"), ("fr;v=1", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_better_weighted_one(header: str, lang: str) -> None:
    assert preferred(header) == lang
