"""Who is told what over HTTP: in pages, filtered, of one's own contracts; a matter is taken up once."""

from typing import Any

import pytest

from adapters.access.model import Role
from adapters.bootstrap import opened
from domain.time.instant import parse_instant
from tests.support.arrivals import outage, signed
from tests.support.notified import carried, planned
from tests.support.server import Api

OTHER = {"id": "client-2", "name": "Client Two"}
FIRST, DAY_BEFORE, HOUR_BEFORE, LATER = (
    parse_instant(f"2026-03-{at}:00+01:00") for at in ("01T08:00", "02T12:00", "03T08:00", "03T09:00")
)
"""Around the end of the 48 hours for a reserve on an outage, 9:10 on 3 March."""


@pytest.fixture(scope="module", autouse=True)
def told(served: Api) -> None:
    """Two contracts of two clients; of each, thresholds that passed before and after the notifier began."""
    theirs = signed("signed-2", subject="C-2")
    theirs["data"] |= {"client": OTHER}
    served.post(signed(), outage(1), theirs, outage("two", "o-two", subject="C-2"))
    with opened(served.address) as store:
        for at, outcome in ((FIRST, "sent"), (DAY_BEFORE, "sent"), (HOUR_BEFORE, "later"), (LATER, "failed")):
            planned(store, at)
            carried(store, at, (outcome,))
    served.settle()


def listed(served: Api, role: Role = Role.AUDITOR, **asked: Any) -> list[dict[str, Any]]:
    answer = served.get("/v1/notifications", role, params=asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["notifications"]
    return rows


def take(served: Api, role: Role, notification: str) -> Any:
    return served.as_(role).post(f"/v1/notifications/{notification}/acknowledge")


def test_a_notification_says_who_is_told_what_about_which_contract_and_no_address(served: Api) -> None:
    answer = served.get("/v1/notifications", params={"contract": "C-1", "recipient": "duty"})
    assert "@" not in answer.text
    row = next(one for one in answer.json()["notifications"] if one["threshold"] == "1d")
    message = row.pop("message")
    assert (message["state"], message["attempts"], message["error"]) == ("sent", 1, None)
    told = {name: row[name] for name in ("contract", "kind", "rule", "due", "told_by", "severity", "state")}
    assert told == {
        "contract": "C-1",
        "kind": "deadline",
        "rule": "outscale-cgv-2019/reserve-48h",
        "due": "2026-03-03T09:10:00+01:00",
        "told_by": "rights that lapse",
        "severity": "high",
        "state": "sent",
    }
    assert row["title"]["fr"].startswith("Réserve")
    assert (row["sent"], row["acknowledged"], row["repeats"]) == ("2026-03-02T12:00:00+01:00", None, None)


def test_what_could_not_be_sent_says_why(served: Api) -> None:
    (failed, *_) = listed(served, state=["failed"])
    assert (failed["message"]["state"], failed["message"]["error"]) == ("failed", "550 no such mailbox")


def test_pages_hold_each_notification_once_the_newest_first(served: Api) -> None:
    every = listed(served)
    assert len(every) > 6
    seen: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        asked = {"limit": 2} | ({} if after is None else {"after": after})
        page = served.get("/v1/notifications", params=asked).json()
        assert len(page["notifications"]) <= 2
        seen += page["notifications"]
        after = page["next"]
        if after is None:
            break
    assert seen == every
    assert [one["release"] for one in every] == sorted((one["release"] for one in every), reverse=True)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"contract": "C-2"}, lambda one: one["contract"] == "C-2"),
        ({"recipient": "legal"}, lambda one: one["recipient"] == "legal"),
        ({"state": ["failed", "taken"]}, lambda one: one["state"] in {"failed", "taken"}),
        ({"acknowledged": False}, lambda one: one["acknowledged"] is None),
        ({"doubtful": True}, lambda one: one["repeats"] is not None),
    ],
)
def test_filters_leave_what_they_name(served: Api, asked: dict[str, Any], kept: Any) -> None:
    assert listed(served, **asked) == [one for one in listed(served) if kept(one)]


@pytest.mark.parametrize("after", ["x", "[1,2]", '[1,2,"x"]', f'[{2**70},1,"{"0" * 32}"]', f'["1",null,"{"0" * 32}"]'])
def test_cursor_that_no_page_gave_is_refused(served: Api, after: str) -> None:
    answer = served.get("/v1/notifications", params={"after": after})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-parameter")


def test_a_reader_sees_the_notifications_of_its_contracts_alone_and_that_is_kept(served: Api) -> None:
    assert {one["contract"] for one in listed(served, Role.CLIENT)} == {"C-1"}
    assert listed(served, Role.CLIENT, contract="C-2") == []
    assert {one["contract"] for one in listed(served, Role.DESK)} == {"C-1", "C-2"}
    kept = served.get("/v1/access", params={"contract": "C-2", "limit": 500}).json()["entries"]
    assert ("client", "GET /v1/notifications") in {(one["role"], one["route"]) for one in kept}


def test_an_acknowledgement_is_for_everybody_who_was_told_is_said_once_and_kept(served: Api) -> None:
    row = next(one for one in listed(served, contract="C-1", state=["sent"]) if one["threshold"] == "1d")
    done = take(served, Role.CLIENT, row["id"])
    assert done.status_code == 200, done.text
    assert done.json()["notification"] == row["id"]
    same = [one for one in listed(served, contract="C-1") if one["thing"] == row["thing"] and one["state"] == "sent"]
    assert {one["recipient"] for one in same} == {"duty", "legal"}
    assert {one["acknowledged"] for one in same} == {done.json()["at"]}
    assert done.json()["acknowledged"] == len(same)
    again = take(served, Role.DESK, row["id"])
    assert (again.status_code, again.json()["detail"]) == (409, "It is acknowledged already.")
    kept = served.get("/v1/access", params={"contract": "C-1", "limit": 500}).json()["entries"]
    route = "POST /v1/notifications/{notification}/acknowledge"
    assert {("client", 200), ("desk", 409)} <= {(one["role"], one["status"]) for one in kept if one["route"] == route}


def test_an_operator_may_say_that_somebody_deals_with_it_and_lists_nothing(served: Api) -> None:
    row = next(one for one in listed(served, contract="C-2", state=["sent"]) if one["threshold"] == "1d")
    assert take(served, Role.CLIENT, row["id"]).status_code == 404
    assert take(served, Role.OPERATOR, row["id"]).status_code == 200
    assert served.get("/v1/notifications", Role.OPERATOR).status_code == 403


def test_what_was_not_sent_is_nothing_to_acknowledge(served: Api) -> None:
    (failed, *_) = listed(served, state=["failed"])
    refused = take(served, Role.DESK, failed["id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
    assert "not sent yet" in refused.json()["detail"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COUNSEL, Role.ADMINISTRATOR])
def test_who_judges_counsels_or_hands_out_keys_takes_nothing_up(served: Api, role: Role) -> None:
    assert take(served, role, "0" * 32).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("0" * 32, 404), ("x", 400), ("%00", 400)])
def test_notification_that_is_not_there_is_not_found(served: Api, name: str, status: int) -> None:
    assert take(served, Role.OPERATOR, name).status_code == status
