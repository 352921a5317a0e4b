"""Facts in and out: every mode of CloudEvents, what became of each, and pages without gap or double."""

import json
import threading
from typing import Any

import pytest

from adapters.access.model import Role
from tests.support.arrivals import Event, answered, event, measured, opened, otherwise, outage, raw, signed
from tests.support.server import BATCH, STRUCTURED, Api

EVENTS = "/v1/events"


@pytest.fixture(scope="module", autouse=True)
def contract(served: Api) -> None:
    """A contract that the facts are about."""
    served.post(signed())


def invoice(name: str, month: str, time: str, **more: Any) -> Event:
    return event(name, "invoice.issued", {"invoice": f"i-{month}", "month": month, "amount": "10.00"}, time, **more)


def sent(served: Api, body: bytes | str, headers: dict[str, str]) -> Any:
    return served.as_(Role.OPERATOR).post(EVENTS, content=body, headers=headers)


def position_of(served: Api, name: str) -> Event:
    [row] = [
        row for row in served.get("/v1/facts", params={"limit": 500}).json()["facts"] if row["event"]["id"] == name
    ]
    return row  # type: ignore[no-any-return]


def test_one_structured_event_is_recorded_once(served: Api) -> None:
    one = raw(outage("structured", "o-structured"))
    first = sent(served, one, STRUCTURED).json()
    item = {"source": "urn:test", "id": "e-structured", "state": "recorded", "entry": None, "reason": None}
    item["receipt"] = None
    assert first == {"recorded": 1, "duplicates": 0, "waiting": 0, "quarantined": 0, "items": [item]}
    assert sent(served, one, STRUCTURED).json()["items"][0]["state"] == "duplicate"
    assert sent(served, raw(otherwise(json.loads(one))), {"Content-Type": "application/json"}).json()["duplicates"] == 1


def test_binary_mode_takes_the_attributes_from_the_headers(served: Api) -> None:
    whole = outage("binary-é", "o-binary", correlationid="c-7")
    data = whole.pop("data")
    headers = {f"ce-{name}": value.replace("é", "%C3%A9") for name, value in whole.items()}
    answer = sent(served, json.dumps(data), headers | {"Content-Type": "application/json"}).json()
    assert answer["items"][0] | {"entry": None} == {
        "source": "urn:test", "id": "e-binary-é", "state": "recorded", "entry": None, "reason": None,
        "receipt": None,
    }  # fmt: skip
    assert position_of(served, "e-binary-é")["event"]["correlationid"] == "c-7"
    same = raw(outage("binary-é", "o-binary", correlationid="c-7"))
    assert sent(served, same, STRUCTURED).json()["items"][0]["state"] == "duplicate"


def test_each_event_of_a_batch_has_its_own_fate(served: Api) -> None:
    good, late = opened("batch", "t-batch"), answered("late", "t-later")
    backwards = outage("backwards", "o-backwards")
    backwards["data"]["ended_at"] = "2026-03-01T08:00:00+01:00"
    other = opened("batch", "t-other")
    unknown = event("unknown", "no-such-type", {})
    answer = served.post(good, late, good, backwards, other, unknown, 7)  # type: ignore[arg-type]
    assert [item["state"] for item in answer["items"]] == [
        "recorded", "waiting", "duplicate", "quarantined", "quarantined", "quarantined", "quarantined",
    ]  # fmt: skip
    assert {name: answer[name] for name in ("recorded", "duplicates", "waiting", "quarantined")} == {
        "recorded": 1, "duplicates": 1, "waiting": 1, "quarantined": 4,
    }  # fmt: skip
    for item in answer["items"]:
        if item["entry"] is not None and item["state"] == "quarantined":
            entry = served.get(f"/v1/quarantine/{item['entry']}", Role.OPERATOR).json()
            assert entry["reason"] == item["reason"]
            assert entry["origin"].startswith("api:")


def test_an_event_that_waited_in_its_own_batch_is_recorded(served: Api) -> None:
    answer = served.post(answered("before", "t-both"), opened("after", "t-both"))
    assert [item["state"] for item in answer["items"]] == ["recorded", "recorded"]
    assert answer["recorded"] == 2


def test_reasons_are_in_the_language_asked_for(served: Api) -> None:
    headers = STRUCTURED | {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"}
    [item] = sent(served, raw(event("fr", "no-such-type", {})), headers).json()["items"]
    assert "n'est pas un type que ce registre connaît" in item["reason"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", STRUCTURED, 422, "malformed"),
        (b"", STRUCTURED, 422, "malformed"),
        (b"[" * 100_000, BATCH, 422, "malformed"),
        (b'{"a":1}', BATCH, 422, "malformed"),
        (b"[1,", BATCH, 422, "malformed"),
        (b"\xff", BATCH, 422, "malformed"),
        (raw(signed()), {"Content-Type": "text/plain"}, 415, "unsupported-media-type"),
        (raw(signed()), {}, 415, "unsupported-media-type"),
        (json.dumps([{}] * 1_001).encode(), BATCH, 413, "too-large"),
    ],
)
def test_a_body_that_holds_no_events_is_refused_whole(
    served: Api, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    before = served.get("/v1/quarantine", Role.OPERATOR, params={"limit": 500}).json()
    answer = sent(served, body, headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert served.get("/v1/quarantine", Role.OPERATOR, params={"limit": 500}).json() == before


def test_an_empty_batch_is_nothing(served: Api) -> None:
    assert served.post() == {"recorded": 0, "duplicates": 0, "waiting": 0, "quarantined": 0, "items": []}


def test_numbers_are_kept_as_they_were_written(served: Api) -> None:
    one = raw(measured("digits")).replace(b'"1.5"', b'"1.5000"')
    sent(served, b"[ " + one + b" ]", BATCH)
    assert position_of(served, "e-digits")["event"]["data"]["value"] == "1.5000"


def test_only_an_operator_records(served: Api) -> None:
    for role in set(Role) - {Role.OPERATOR}:
        assert served.as_(role).post(EVENTS, json=[], headers=BATCH).status_code == 403


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"type": "greffe.invoice.issued.v1"}, ["e-f1", "e-f2"]),
        ({"correlation": "c-find"}, ["e-f2", "e-f3"]),
        ({"from": "2026-02-02T00:00:00Z", "to": "2026-02-03T00:00:00Z"}, ["e-f2"]),
        ({"type": ["greffe.invoice.issued.v1", "greffe.ticket.opened.v1"], "correlation": "c-find"}, ["e-f2", "e-f3"]),
    ],
)
def test_facts_are_found_by_type_time_and_correlation(served: Api, asked: dict[str, Any], ids: list[str]) -> None:
    served.post(
        signed("find", subject="C-find"),
        invoice("f1", "2026-01", "2026-02-01T10:00:00Z", subject="C-find"),
        invoice("f2", "2026-02", "2026-02-02T10:00:00Z", subject="C-find", correlationid="c-find"),
        opened("f3", "t-find", subject="C-find", correlationid="c-find"),
    )
    for path, more in (("/v1/contracts/C-find/facts", {}), ("/v1/facts", {"subject": "C-find"})):
        found = served.get(path, params=asked | more).json()
        assert [row["event"]["id"] for row in found["facts"]] == ids


def test_one_fact_is_found_where_it_stands_and_nowhere_else(served: Api) -> None:
    served.post(signed("elsewhere", subject="C-elsewhere"))
    row = position_of(served, "e-signed")
    assert served.get(f"/v1/contracts/C-1/facts/{row['position']}").json() == row
    assert served.get(f"/v1/contracts/C-elsewhere/facts/{row['position']}").status_code == 404
    assert served.get("/v1/contracts/C-1/facts/99999999").status_code == 404


def test_pages_have_no_gap_and_no_double_while_facts_come_in(served: Api) -> None:
    served.post(signed("pages", subject="C-pages"))
    said = [f"p-{number}" for number in range(400)]
    done = threading.Event()

    def record() -> None:
        try:
            for start in range(0, len(said), 10):
                served.post(*(opened(name, f"t-{name}", subject="C-pages") for name in said[start : start + 10]))
        finally:
            done.set()

    writer = threading.Thread(target=record)
    writer.start()
    seen: list[str] = []
    after = 0
    while True:
        last = done.is_set()
        page = served.get("/v1/contracts/C-pages/facts", params={"after": after, "limit": 7}).json()
        seen += [row["event"]["id"] for row in page["facts"]]
        assert page["cursor"] >= after
        after = page["cursor"]
        if last and not page["more"]:
            break
    writer.join()
    assert seen == ["e-pages", *(f"e-{name}" for name in said)]


def test_facts_of_a_provider_are_for_who_sees_every_contract(served: Api) -> None:
    served.post(outage("wide", "o-wide", subject="provider:outscale"))
    asked = {"subject": "provider:outscale"}
    assert [row["event"]["id"] for row in served.get("/v1/facts", params=asked).json()["facts"]] == ["e-wide"]
    assert served.get("/v1/facts", Role.CLIENT, params=asked).json()["facts"] == []
