"""The stream: every fact once, in order, over breaks; the deadlines they change; only what the reader may see."""

import httpx
import pytest

from adapters.access.model import Role
from tests.support.arrivals import opened, outage, reserve, signed
from tests.support.server import Api
from tests.support.stream import STREAM, listening


@pytest.fixture(scope="module", autouse=True)
def contracts(served: Api) -> None:
    """Contracts of two clients."""
    other = signed("two", subject="C-2")
    other["data"] |= {"client": {"id": "client-2", "name": "Client Two"}}
    served.post(signed(), other)


def test_a_fact_is_told_and_then_the_deadlines_it_changes(served: Api) -> None:
    with listening(served) as told:
        served.post(outage("told", "o-told"))
        fact, opens = next(told), next(told)
        assert (fact.event, fact.name, fact.data["event"]["subject"]) == ("fact", "e-told", "C-1")
        assert (opens.event, opens.name) == ("deadline", "outscale-cgv-2019/reserve-48h")
        assert (opens.data["contract"], opens.data["before"], opens.data["after"]["state"]) == ("C-1", None, "missed")
        served.post(reserve("told-reserve", "o-told", "r-told"))
        fact, settles = next(told), next(told)
        assert fact.name == "e-told-reserve"
        assert (settles.data["before"]["state"], settles.data["after"]["state"]) == ("missed", "met")


def test_a_reader_that_comes_back_misses_nothing_and_gets_no_fact_twice(served: Api) -> None:
    names = [f"resume-{number}" for number in range(30)]
    with listening(served) as told:
        served.post(*(outage(name, f"o-{name}") for name in names[:10]))
        seen = [next(told) for _ in range(4)]
    served.post(*(outage(name, f"o-{name}") for name in names[10:20]))
    with listening(served, headers={"Last-Event-ID": seen[-1].id}) as told:
        seen += [next(told) for _ in range(9)]
    served.post(*(outage(name, f"o-{name}") for name in names[20:]))
    with listening(served, headers={"Last-Event-ID": seen[-1].id}) as told:
        while sum(one.event == "deadline" for one in seen) < 30 or sum(one.event == "fact" for one in seen) < 30:
            seen.append(next(told))
    assert [one.name for one in seen if one.event == "fact"] == [f"e-{name}" for name in names]
    changed = {one.data["after"]["opened_by"] for one in seen if one.event == "deadline"}
    assert changed == {f"urn:test#e-{name}" for name in names}


def test_a_reader_is_told_of_its_contracts_alone(served: Api) -> None:
    with listening(served, Role.CLIENT) as told, listening(served, params={"contract": "C-2"}) as of_two:
        served.post(opened("not-mine", "t-not-mine", subject="C-2"), opened("mine", "t-mine"))
        assert next(told).name == "e-mine"
        assert next(of_two).name == "e-not-mine"


def test_a_stream_of_what_the_reader_may_not_see_is_not_there(served: Api) -> None:
    assert served.get(STREAM, Role.CLIENT, params={"contract": "C-2"}).status_code == 404
    assert served.get(STREAM, Role.OPERATOR).status_code == 403
    assert httpx.get(served.url + STREAM).status_code == 401


@pytest.mark.parametrize("place", ["", "x", "1-x", "-1", "1-2-3"])
def test_a_place_that_is_none_is_refused(served: Api, place: str) -> None:
    answer = served.get(STREAM, headers={"Last-Event-ID": place})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Last-Event-ID")
