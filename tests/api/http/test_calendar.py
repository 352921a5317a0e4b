"""The calendar over HTTP: whose deadlines it holds, in which words; secret addresses: what they open, until when."""

from typing import Any

import httpx
import pytest
import vobject

from adapters.access.feeds import create_feed
from adapters.access.model import Role
from adapters.access.secret import digest_of
from adapters.clock import now
from adapters.settings.identity import IdentitySettings
from domain.time.instant import MICROSECONDS_PER_SECOND, Instant, parse_instant
from tests.support.arrivals import outage, reserve, signed
from tests.support.server import Api, api

DAY = 86_400 * MICROSECONDS_PER_SECOND
AT = parse_instant("2026-03-02T12:00:00+01:00")


@pytest.fixture(scope="module")
def served(address: str) -> Any:
    def clock() -> Instant:
        return AT

    with api(address, clock, IdentitySettings(failures_per_minute=1_000)) as running:
        other = signed("two", subject="C-2")
        other["data"] |= {"client": {"id": "client-2", "name": "Client Two"}}
        running.post(signed(), outage(1), other, outage(2, "o-2", subject="C-2"))
        yield running


def events(answer: httpx.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    return list(vobject.readOne(answer.text).contents.get("vevent", []))


def contracts(answer: httpx.Response) -> set[str]:
    return {event.summary.value.rpartition("(")[2].rstrip(")") for event in events(answer)}


def test_calendar_holds_the_dated_deadlines_of_the_caller(served: Api) -> None:
    answer = served.get("/v1/calendar.ics", Role.CLIENT)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    rows = served.get("/v1/deadlines", Role.CLIENT).json()["deadlines"]
    assert len(events(answer)) == sum(row["due"] is not None for row in rows) > 0
    assert contracts(answer) == {"C-1"}
    assert contracts(served.get("/v1/calendar.ics")) == {"C-1", "C-2"}


def test_calendar_is_of_one_contract_or_of_one_party_where_asked(served: Api) -> None:
    assert contracts(served.get("/v1/calendar.ics", params={"contract": "C-2"})) == {"C-2"}
    assert served.get("/v1/calendar.ics", Role.CLIENT, params={"contract": "C-2"}).status_code == 404
    assert contracts(served.get("/v1/calendar.ics", params={"owed_by": "none"})) == set()
    assert served.get("/v1/calendar.ics", params={"owned_by": "client"}).status_code == 400


def test_calendar_speaks_the_language_of_the_address_or_of_the_program(served: Api) -> None:
    french = served.get("/v1/calendar.ics", params={"lang": "fr"})
    assert "Due par le client" in french.text.replace("\r\n ", "")
    assert served.get("/v1/calendar.ics", headers={"Accept-Language": "fr"}).text == french.text
    assert "Owed by the client" in served.get("/v1/calendar.ics").text.replace("\r\n ", "")


def test_roles_that_read_no_contract_get_no_calendar(served: Api) -> None:
    for role in (Role.OPERATOR, Role.ADMINISTRATOR):
        assert served.get("/v1/calendar.ics", role).status_code == 403


def test_calendar_is_the_same_until_a_fact_comes_and_then_says_so(served: Api) -> None:
    before = served.get("/v1/calendar.ics", params={"contract": "C-1"})
    tag = {"If-None-Match": before.headers["ETag"]}
    assert served.get("/v1/calendar.ics", params={"contract": "C-1"}, headers=tag).status_code == 304
    served.post(reserve("r"))
    served.settle()
    after = served.get("/v1/calendar.ics", params={"contract": "C-1"}, headers=tag)
    old, new = ({event.uid.value: event for event in events(answer)} for answer in (before, after))
    assert old.keys() <= new.keys()
    assert all(int(new[uid].sequence.value) > int(old[uid].sequence.value) for uid in old)
    assert any(event.summary.value.startswith("Met") for event in new.values())


def made(served: Api, role: Role = Role.CLIENT, **wanted: Any) -> dict[str, Any]:
    answer = served.as_(role).post("/v1/calendar/feeds", json=wanted)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    feed: dict[str, Any] = answer.json()
    return feed


def asked(served: Api, path: str, **more: Any) -> httpx.Response:
    """What a calendar program gets, which has the address and no key."""
    return httpx.get(served.url + path, timeout=60, **more)


def secret_of(feed: dict[str, Any]) -> str:
    secret: str = feed["path"].removeprefix("/v1/calendar/").removesuffix(".ics")
    return secret


def test_address_opens_the_calendar_of_its_holder_and_of_nobody_else(served: Api) -> None:
    path = made(served)["path"]
    answer = asked(served, path)
    assert answer.text == served.get("/v1/calendar.ics", Role.CLIENT).text
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert vobject.readOne(answer.text).vevent_list
    assert "C-1" in answer.text
    assert "C-2" not in answer.text
    assert "C-2" in asked(served, made(served, Role.AUDITOR)["path"]).text
    other, none = (asked(served, path, params={"contract": name}) for name in ("C-2", "C-9"))
    assert other.status_code == none.status_code == 404
    assert other.json() | {"instance": ""} == none.json() | {"instance": ""}
    assert "Due par le client" in asked(served, path, params={"contract": "C-1", "lang": "fr"}).text.replace(
        "\r\n ", ""
    )


def test_secret_opens_nothing_but_the_calendar_and_a_key_is_no_address(served: Api) -> None:
    bearer = {"Authorization": f"Bearer {secret_of(made(served))}"}
    for path in ("/v1/calendar.ics", "/v1/deadlines", "/v1/calendar/feeds"):
        assert asked(served, path, headers=bearer).status_code == 401
    assert asked(served, f"/v1/calendar/{served.secret(Role.CLIENT)}.ics").status_code == 401
    assert asked(served, "/v1/calendar/greffe_0.ics").status_code == 401


def test_address_is_revoked_by_its_holder_or_an_administrator_alone(served: Api) -> None:
    mine, other = made(served), made(served)
    act = f"/v1/calendar/feeds/{mine['id']}/revoke"
    assert served.as_(Role.DESK).post(act).status_code == 404
    assert asked(served, mine["path"]).status_code == 200
    revoked = served.as_(Role.CLIENT).post(act)
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    assert served.as_(Role.CLIENT).post(act).status_code == 409
    assert asked(served, mine["path"]).status_code == 401
    assert served.as_(Role.ADMINISTRATOR).post(f"/v1/calendar/feeds/{other['id']}/revoke").status_code == 200
    assert asked(served, other["path"]).status_code == 401


def test_address_ends_at_its_end_and_with_its_key(served: Api) -> None:
    secret = served.secret(Role.DESK)
    key = served.access.key_of(digest_of(secret))
    assert key is not None
    wanted = {"json": {}, "headers": {"Authorization": f"Bearer {secret}"}, "timeout": 60}
    path = httpx.post(f"{served.url}/v1/calendar/feeds", **wanted).json()["path"]
    _, past = create_feed(served.access, key.id, Instant(now() - 2 * DAY), days=1)
    _, still = create_feed(served.access, key.id, Instant(now() - 2 * DAY), days=3)
    assert asked(served, f"/v1/calendar/{past}.ics").status_code == 401
    assert asked(served, f"/v1/calendar/{still}.ics").status_code == asked(served, path).status_code == 200
    served.access.revoke_key(key.id, AT)
    assert asked(served, path).status_code == 401


def test_roles_that_read_no_contract_get_no_address(served: Api) -> None:
    for role in (Role.OPERATOR, Role.ADMINISTRATOR):
        assert served.as_(role).post("/v1/calendar/feeds", json={}).status_code == 403
    assert served.as_(Role.CLIENT).post("/v1/calendar/feeds", json={"days": 367}).status_code == 422


def test_each_look_is_in_the_access_log_and_the_secret_is_in_no_list(served: Api) -> None:
    feed = made(served)
    secret = secret_of(feed)
    asked(served, feed["path"], params={"lang": "fr"})
    asked(served, feed["path"].replace("greffe", "%67reffe"))
    asked(served, f"/v1/calendar/{secret[:-1]}{'1' if secret.endswith('0') else '0'}.ics")
    entries = served.get("/v1/access", params={"limit": 500}).json()["entries"]
    looks = [one for one in entries if one["route"] == "GET /v1/calendar/{secret}.ics"][-3:]
    assert [(one["caller"], one["contract"], one["status"]) for one in looks] == [
        (feed["owner"], "C-1", 200),
        (feed["owner"], "C-1", 200),
        (None, None, 401),
    ]
    assert looks[0]["asked"] == f"/v1/calendar/{feed['id']}.ics?lang=fr"
    listed = served.get("/v1/calendar/feeds", Role.CLIENT).json()["feeds"]
    assert {one["owner"] for one in listed} == {feed["owner"]}
    every = served.get("/v1/calendar/feeds", Role.ADMINISTRATOR).text
    assert feed["id"] in every
    assert secret[:40] not in every + str(entries) + str(listed)
