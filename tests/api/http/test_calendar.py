"""The calendar over HTTP: whose deadlines it holds, in which words, and when it is the same as before."""

from typing import Any

import httpx
import pytest
import vobject

from adapters.access.model import Role
from domain.time.instant import Instant, parse_instant
from tests.support.arrivals import outage, reserve, signed
from tests.support.server import Api, api

AT = parse_instant("2026-03-02T12:00:00+01:00")


@pytest.fixture(scope="module")
def served(address: str) -> Any:
    def clock() -> Instant:
        return AT

    with api(address, clock) as running:
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
