"""No route tells a caller anything of another's contract: every route of the OpenAPI document, every role.

A route with ``{contract}`` in its path is judged as such by itself; any other needs a line in tests/access/rules.py,
and a route that has none fails the first test. What belongs to the other client has a word in it that no answer may
hold.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from adapters.access.keys import Order, create_key
from adapters.access.model import Audit, Grant, Role
from adapters.audit.fault import fault
from adapters.audit.run import Report
from adapters.bootstrap import opened
from adapters.clock import now
from adapters.notify.rows import NotificationSearch
from adapters.settings.identity import IdentitySettings
from api.asking import _names
from domain.time.instant import Instant, format_instant, parse_instant
from tests.access.rules import (
    BLIND,
    BY_ADDRESS,
    DOOR,
    FORMS,
    LIMITED,
    MINE,
    NONE,
    PARTIES,
    QUERY,
    RULES,
    STREAMS,
    THEIR_NOTIFICATION,
    THEIRS,
    WORD,
    Route,
    Rule,
)
from tests.support.access import CLOUD_TEMPLE, DAY, OUTSCALE
from tests.support.arrivals import Event, event
from tests.support.described import application, document
from tests.support.notified import carried, planned
from tests.support.proving import sign_ledger
from tests.support.server import Api, api

TOLD = parse_instant("2026-03-01T10:00:00+01:00")
LINES = ("outscale-cgv-2019/sla4-vm-availability", "ct-secure-temple/ic-infra-snc-01-compute")
"""A line of our contract, and one of theirs."""


@cache
def routes() -> dict[Route, list[str]]:
    """Every operation of the OpenAPI document and every route beside it, with its query parameters."""
    found: dict[Route, list[str]] = {}
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            told = operation.get("parameters", [])
            found[method, path] = [one["name"] for one in told if one["in"] == "query"]
    for route in iter_route_contexts(application().routes):
        for method in (route.methods or {"GET"}) - {"HEAD", "OPTIONS"}:
            asked = _names(route.route) if isinstance(route.route, APIRoute) else []
            found.setdefault((method.lower(), str(route.path)), sorted(asked))
    return {route: names for route, names in found.items() if route not in DOOR | BY_ADDRESS}


def of_contract() -> list[Route]:
    return [route for route in routes() if "{contract}" in route[1]]


@dataclass
class World:
    """A server over the contracts of two clients of two providers, and a caller of each role."""

    served: Api
    callers: dict[Role, httpx.Client]
    nobody: httpx.Client
    theirs_at: int
    key: str

    def ask(self, role: Role | None, route: Route, contract: str = MINE, **more: Any) -> httpx.Response:
        """The answer to a caller of this role, or to nobody in particular."""
        method, template = route
        others = {
            "number": 1,
            "key": self.key,
            "notification": THEIR_NOTIFICATION,
            "feed": "feed-000000000000",
            "document": OUTSCALE[1],
            "code": "not-found",
            "mapping": "none",
            "dispute": "dispute-000000000000",
            "kind": "deletion-certificate",
        }
        path = template.format(contract=contract, position=self.theirs_at, **others)
        params = {**QUERY.get(template, {}), **more.pop("params", {})}
        if template.endswith("/line"):
            params["indicator"] = LINES[contract == THEIRS]
        if route in FORMS:
            more.setdefault("data", FORMS[route])
        if role is None:
            return self.nobody.request(method, path, params=params, **more)
        return self.callers[role].request(method, path, params=params, **more)


def about(contract: str, word: str, provider: tuple[str, str]) -> list[Event]:
    """A contract with facts of several kinds, the word in every name that its parties choose."""
    client = {"id": f"client-{word}", "name": f"Client {word}"}
    said = {"provider": provider[0], "client": client, "documents": [provider[1]], "kind": "on-demand"}
    times = {"started_at": "2026-03-01T07:00:00+01:00", "ended_at": "2026-03-01T09:00:00+01:00"}
    outage = {"outage": f"o-{word}", "service": "vm", "extent": "total", **times}
    deletion = {"deletion": f"d-{word}", "scopes": ["instances"], "method": "crypto-erase"}
    ticket = {"ticket": f"t-{word}", "kind": "incident", "complete": True, "severity": 1}
    return [
        event(f"{word}-signed", "contract.signed", said, "2026-01-01T00:00:00+01:00", subject=contract),
        event(f"{word}-outage", "outage.recorded", outage, subject=contract, correlationid=f"c-{word}"),
        event(f"{word}-deletion", "deletion.performed", deletion, subject=contract),
        event(f"{word}-ticket", "ticket.opened", ticket, subject=contract),
    ]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if request.param == "sqlite":
        address = str(tmp_path_factory.mktemp("ledger") / "greffe.db")
    else:
        server = request.getfixturevalue("postgres")
        address = server.create_ledger()
        request.addfinalizer(lambda: server.drop_ledger(address))  # noqa: PT021 - only on this store
    with api(address, identity=IdentitySettings(failures_per_minute=1_000)) as served:
        told = served.post(*about(MINE, "one", OUTSCALE), *about(THEIRS, WORD, CLOUD_TEMPLE))
        assert told["recorded"] == 8, told
        refused = served.post(about(THEIRS, WORD, CLOUD_TEMPLE)[0] | {"id": f"{WORD}-again"})
        assert refused["quarantined"] == 1
        sign_ledger(address, tmp_path_factory.mktemp("key"))
        with opened(address) as store:
            assert planned(store, TOLD)
            one = store.told(NotificationSearch())[0].notification
            theirs = one._replace(id=THEIR_NOTIFICATION, contract=THEIRS, thing=WORD, rule=WORD, recipient=WORD)
            with store.notifying() as outbox:
                outbox.plan([theirs._replace(grouped=WORD)])
            assert carried(store, TOLD) > 1
        secrets = {role: served.secret(role) for role in Role if role is not Role.CLIENT}
        secrets[Role.CLIENT] = served.secret(Role.CLIENT, clients=("client-one",))
        counsel = next(key.id for key in served.access.every_key() if key.role is Role.COUNSEL)
        at = now()
        served.access.add_grant(Grant(0, counsel, MINE, Instant(at + DAY), at, "test"))
        callers = {
            role: served.stack.enter_context(
                httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {secret}"}, timeout=60)
            )
            for role, secret in secrets.items()
        }
        facts = callers[Role.AUDITOR].get("/v1/facts", params={"subject": THEIRS}).json()["facts"]
        key, _ = create_key(served.access, Order("spare", Role.OPERATOR), at, "test")
        nobody = served.stack.enter_context(httpx.Client(base_url=served.url, timeout=60))
        yield World(served, callers, nobody, facts[0]["position"], key.id)


def tells(answer: httpx.Response, asked: str = "\0") -> bool:
    """Whether an answer holds the word, but for the address that a refusal repeats, and what was asked on a page."""
    said = answer.text.replace(asked, "") + json.dumps(list(answer.headers.items()))
    if answer.status_code >= 400:
        said = json.dumps({name: value for name, value in answer.json().items() if name != "instance"})
    return WORD in said


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    known = set(routes())
    assert {route for route in known if "{contract}" not in route[1]} == set(RULES)
    assert len(of_contract()) >= 13


def test_parameters_that_a_contract_may_be_asked_by_are_all_tried() -> None:
    asked = {"contract", "subject", "caller"}
    found = {route: asked & set(names) for route, names in routes().items()}
    assert {route: names for route, names in found.items() if names} == {
        route: set(rule.asks) for route, rule in RULES.items() if rule.asks
    }


@pytest.mark.parametrize("route", sorted(routes()), ids=" ".join)
def test_without_a_credential_only_open_routes_answer(world: World, route: Route) -> None:
    rule = RULES.get(route, Rule())
    answer = world.ask(None, route, THEIRS, **rule.sent)
    assert (answer.status_code == 200) if rule.open else (answer.status_code == 401)
    assert not tells(answer)


@pytest.mark.parametrize("route", of_contract(), ids=" ".join)
def test_contract_of_another_is_not_there(world: World, route: Route) -> None:
    for role in LIMITED:
        other, none = (world.ask(role, route, contract) for contract in (THEIRS, NONE))
        assert other.status_code == none.status_code == 404
        assert other.json() | {"instance": ""} == none.json() | {"instance": ""}
        assert set(other.headers) == set(none.headers)
    for role in BLIND:
        for contract in (MINE, THEIRS, NONE):
            assert world.ask(role, route, contract).status_code == 403


@pytest.mark.parametrize("route", of_contract(), ids=" ".join)
def test_own_contract_is_answered_and_says_nothing_of_another(world: World, route: Route) -> None:
    missing = "{position}" in route[1] or "{dispute}" in route[1]
    expected = 404 if missing else 303 if route in FORMS or route[1].endswith("/now") else 200
    for role in LIMITED:
        answer = world.ask(role, route)
        assert answer.status_code == expected, answer.text
        assert not tells(answer)
    assert world.ask(Role.AUDITOR, route, THEIRS).status_code == (200 if "{position}" in route[1] else expected)


@pytest.mark.parametrize("route", of_contract(), ids=" ".join)
def test_tag_of_anothers_answer_and_head_tell_nothing(world: World, route: Route) -> None:
    tag = world.ask(Role.AUDITOR, route, THEIRS).headers.get("ETag", '"none"')
    for role in LIMITED:
        for header in ("If-None-Match", "If-Match"):
            assert world.ask(role, route, THEIRS, headers={header: tag}).status_code == 404
        assert world.ask(role, ("head", route[1]), THEIRS).status_code in {404, 405} if route[0] != "get" else True


@pytest.mark.parametrize("route", sorted(RULES), ids=" ".join)
def test_route_for_some_roles_is_forbidden_to_the_others(world: World, route: Route) -> None:
    rule = RULES[route]
    for role in Role:
        if not rule.open and role not in rule.roles:
            answer = world.ask(role, route, **rule.sent)
            assert answer.status_code == 403, role
            assert not tells(answer)


@pytest.mark.parametrize("route", sorted(set(RULES) - STREAMS), ids=" ".join)
def test_lists_hold_nothing_of_another(world: World, route: Route) -> None:
    rule = RULES[route]
    for role in set(LIMITED) & set(rule.roles):
        plain = world.ask(role, route, **rule.sent)
        assert plain.status_code in ({404} if rule.elsewhere else {200, 201})
        assert not tells(plain)
        for name in rule.asks:
            asked = world.ask(role, route, params={name: THEIRS})
            assert asked.status_code in {200, 403, 404}
            assert not tells(asked, THEIRS)
            none = world.ask(role, route, params={name: NONE})
            assert (asked.status_code, asked.text.replace(THEIRS, "")) == (
                none.status_code,
                none.text.replace(NONE, ""),
            )


@pytest.mark.parametrize("name", ["correlation", "type"])
def test_search_of_facts_finds_nothing_of_another(world: World, name: str) -> None:
    value = {"correlation": f"c-{WORD}", "type": "greffe.ticket.opened.v1"}[name]
    for role in LIMITED:
        answer = world.ask(role, ("get", "/v1/facts"), params={name: value})
        assert answer.status_code == 200
        assert not tells(answer)
    assert tells(world.ask(Role.AUDITOR, ("get", "/v1/facts"), params={name: value}))


def test_auditor_sees_what_the_others_do_not(world: World) -> None:
    for path in ("/v1/contracts", "/v1/deadlines", "/v1/facts", "/v1/quarantine", "/v1/access", "/v1/notifications"):
        assert tells(world.ask(Role.AUDITOR, ("get", path))), path


def test_what_an_audit_found_in_a_contract_is_for_the_auditor_alone(world: World) -> None:
    report = Report(
        "greffe/x", 0, count=1, faults=[fault("event", ("changed", "changé"), 1, (f"{THEIRS}|outage|o", 1))]
    )
    found = Audit(now(), "local:test", 0, 2, b"", 1, json.dumps(report.as_json()))
    world.served.access.add_audit(found)
    told = world.ask(Role.AUDITOR, ("get", "/v1/audits"))
    assert told.json()["audits"][-1]["found"][0]["stream"] == f"{THEIRS}|outage|o"
    kept_back = world.ask(Role.ADMINISTRATOR, ("get", "/v1/audits"))
    assert kept_back.json()["audits"][-1] | {"found": 0} == told.json()["audits"][-1] | {"found": 0}
    assert not tells(kept_back)


@pytest.mark.parametrize("role", LIMITED)
def test_stream_tells_nothing_of_another(world: World, role: Role) -> None:
    assert world.ask(role, ("get", "/v1/stream"), params={"contract": THEIRS}).status_code == 404
    with world.callers[role].stream("GET", "/v1/stream") as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith(": listening")
        for contract, word in ((THEIRS, WORD), (MINE, "one")):
            ticket = {"ticket": f"t-{word}-{role}", "kind": "incident", "complete": True, "severity": 1}
            said = event(f"{word}-{role}", "ticket.opened", ticket, subject=contract)
            assert world.served.post(said)["recorded"] == 1
        heard = []
        for line in lines:
            heard.append(line)
            if f"t-one-{role}" in line:
                break
    assert WORD not in "\n".join(heard)


def test_every_refusal_was_kept(world: World) -> None:
    refused = world.ask(Role.CLIENT, ("get", "/v1/contracts/{contract}/statement"), THEIRS)
    assert refused.status_code == 404
    kept = world.ask(Role.AUDITOR, ("get", "/v1/access"), params={"contract": THEIRS, "limit": 500}).json()["entries"]
    assert {entry["status"] for entry in kept} >= {200, 404}
    assert ("client", "GET /v1/contracts/{contract}/statement", THEIRS, 404) in {
        (entry["role"], entry["route"], entry["contract"], entry["status"]) for entry in kept
    }
    missed = {entry["role"] for entry in kept if entry["status"] == 404 and "{dispute}" not in entry["route"]}
    assert missed <= {*map(str, LIMITED), None}


@pytest.mark.parametrize("role", PARTIES)
def test_notification_of_another_is_not_there_to_be_acknowledged_and_the_attempt_is_kept(
    world: World, role: Role
) -> None:
    route = ("post", "/v1/notifications/{notification}/acknowledge")
    since = format_instant(now())
    refused, none = world.ask(role, route), world.callers[role].post(f"/v1/notifications/{'0' * 32}/acknowledge")
    assert (refused.status_code, none.status_code) == (404, 404)
    assert refused.json() | {"instance": ""} == none.json() | {"instance": ""}
    kept = world.ask(Role.AUDITOR, ("get", "/v1/access"), params={"contract": THEIRS, "since": since}).json()["entries"]
    assert (role, f"POST {route[1]}", 404) in {(one["role"], one["route"], one["status"]) for one in kept}
