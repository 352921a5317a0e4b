"""Contracts, and deadlines over contracts."""

from typing import Any

import pytest

from adapters.access.model import Role
from tests.support.arrivals import event, outage, signed
from tests.support.server import Api

LATER = "2026-05-04T10:00:00+02:00"


@pytest.fixture(scope="module", autouse=True)
def facts(served: Api) -> None:
    """Three contracts: one of another client, one that ended."""
    other = signed("two", subject="C-2")
    other["data"] |= {"client": {"id": "client-2", "name": "Client Two"}}
    ended = event("end", "contract.ended", {"cause": "term", "on": "2026-04-30"}, "2026-04-01T10:00:00+02:00")
    served.post(
        signed(), outage(1), other, outage(2, "o-2", subject="C-2"),
        signed("three", subject="C-3"), ended | {"subject": "C-3"},
        event("alone", "invoice.paid", {"invoice": "i-1"}, subject="C-4"),
    )  # fmt: skip


def names(found: Any) -> list[str]:
    return [row["contract"] for row in found["contracts"]]


def test_contracts_are_listed_with_their_state(served: Api) -> None:
    found = served.get("/v1/contracts").json()
    states = {row["contract"]: (row["state"], row["client"]) for row in found["contracts"]}
    assert states["C-1"] == ("in-force", "Client One")
    assert states["C-2"] == ("in-force", "Client Two")
    assert states["C-3"] == ("ended", "Client One")
    assert served.get("/v1/contracts", params={"state": "ended"}).json()["contracts"][0]["contract"] == "C-3"


def test_one_contract_is_its_line_of_the_list(served: Api) -> None:
    [row] = [row for row in served.get("/v1/contracts").json()["contracts"] if row["contract"] == "C-1"]
    assert served.get("/v1/contracts/C-1").json() == row


def test_a_client_sees_its_contracts_alone(served: Api) -> None:
    assert names(served.get("/v1/contracts", Role.CLIENT).json()) == ["C-1", "C-3"]
    assert served.get("/v1/contracts/C-2", Role.CLIENT).status_code == 404
    rows = served.get("/v1/deadlines", Role.CLIENT).json()["deadlines"]
    assert {row["contract"] for row in rows} == {"C-1", "C-3"}


def test_contracts_come_page_by_page(served: Api) -> None:
    seen: list[str] = []
    after: str | None = None
    while True:
        asked = {"limit": "1"} | ({} if after is None else {"after": after})
        found = served.get("/v1/contracts", params=asked).json()
        seen += names(found)
        after = found["next"]
        if after is None:
            break
    assert seen == names(served.get("/v1/contracts").json())


def test_deadlines_that_stand_now_are_those_of_the_statement_now(served: Api) -> None:
    now = served.get("/v1/contracts/C-1/deadlines").json()
    assert now["deadlines"] == served.get("/v1/contracts/C-1/deadlines", params={"at": now["at"]}).json()["deadlines"]
    over = [row for row in served.get("/v1/deadlines").json()["deadlines"] if row.pop("contract") == "C-1"]
    assert sorted(over, key=str) == sorted(now["deadlines"], key=str)
    assert served.get("/v1/deadlines", params={"after": "C-1"}).status_code == 400


def test_deadlines_are_judged_now_unless_a_date_is_given(served: Api) -> None:
    rows = served.get("/v1/contracts/C-1/deadlines").json()["deadlines"]
    assert [row["state"] for row in rows if row["rule"].endswith("reserve-48h")] == ["missed"]
    early = {"at": "2026-03-02T00:00:00+01:00"}
    rows = served.get("/v1/contracts/C-1/deadlines", params=early).json()["deadlines"]
    assert [row["state"] for row in rows if row["rule"].endswith("reserve-48h")] == ["pending"]


@pytest.mark.parametrize(
    ("asked", "contracts"),
    [
        ({}, {"C-1", "C-2"}),
        ({"state": "missed", "owed_by": "client"}, {"C-1", "C-2"}),
        ({"state": "missed", "owed_by": "provider"}, set()),
        ({"due_before": "2026-03-03T09:10:00+01:00"}, set()),
        ({"due_before": "2026-03-03T09:10:01+01:00"}, {"C-1", "C-2"}),
        ({"state": ["met", "missed"]}, {"C-1", "C-2"}),
        ({"rule": "outscale-cgv-2019/reserve-48h"}, {"C-1", "C-2"}),
        ({"rule": "outscale-cgv-2019/no-such-rule"}, set()),
        ({"state": "pending", "at": "2026-03-02T00:00:00+01:00"}, {"C-1", "C-2"}),
    ],
)
def test_deadlines_over_contracts_are_filtered(served: Api, asked: dict[str, Any], contracts: set[str]) -> None:
    rows = served.get("/v1/deadlines", params=asked).json()["deadlines"]
    assert {row["contract"] for row in rows if row["rule"].endswith("reserve-48h")} == contracts


def test_a_deadline_over_contracts_is_the_row_of_the_statement(served: Api) -> None:
    rows = served.get("/v1/deadlines", params={"at": LATER}).json()["deadlines"]
    mine = [
        {name: value for name, value in row.items() if name != "contract"} for row in rows if row["contract"] == "C-1"
    ]
    whole = served.get("/v1/contracts/C-1/statement", params={"at": LATER}).json()
    assert mine == whole["contracts"]["C-1"]["deadlines"]


@pytest.mark.parametrize("at", [{}, {"at": LATER}])
def test_deadlines_come_page_by_page(served: Api, at: dict[str, str]) -> None:
    every = served.get("/v1/deadlines", params=at).json()["deadlines"]
    assert len(every) > 1
    seen: list[Any] = []
    after: str | None = None
    while True:
        asked = {"limit": "1"} | at | ({} if after is None else {"after": after})
        found = served.get("/v1/deadlines", params=asked).json()
        seen += found["deadlines"]
        after = found["next"]
        if after is None:
            break
    assert seen == every


def test_texts_and_their_readings_are_shown(served: Api) -> None:
    readings = served.get("/v1/readings", Role.CLIENT).json()["readings"]
    assert {"maintenance.mode", "term.midnight"} <= {row["parameter"] for row in readings}
    documents = [row["document"] for row in served.get("/v1/agreements", Role.CLIENT).json()["agreements"]]
    assert "outscale-cgv-2019" in documents
    shown = served.get("/v1/agreements/outscale-cgv-2019", Role.CLIENT).json()
    assert [row["clause"] for row in shown["sections"]["indicator"] if row["rule"].endswith("/sla4-vm-availability")]
    unknown = served.get("/v1/agreements/outscale-cgv", Role.CLIENT)
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/unknown-document")
    assert "did you mean 'outscale-cgv-2019'?" in unknown.json()["detail"]
