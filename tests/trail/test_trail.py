"""What was done reaches a SIEM: every entry once, in order, in lines it can read, from where the last run ended."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.access.model import Access, Audit, Role
from adapters.audit.fault import fault
from adapters.audit.run import Report
from adapters.evidence.keyring import begin
from adapters.evidence.signing import LogSigner
from adapters.trail.happened import ERASED, Cursor, Happened, TrailError, trail
from adapters.trail.ocsf import ocsf
from api.cli.main import main
from domain.time.instant import Instant
from tests.support.access import DAY, SECOND, House, house
from tests.support.arrivals import NOW, ledger, received, signed
from tests.trail.ocsf import faults

LATER = Instant(NOW + DAY)
Greffe = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "greffe.db")
    server = request.getfixturevalue("postgres")
    ledger = str(server.create_ledger())
    request.addfinalizer(lambda: server.drop_ledger(ledger))  # noqa: PT021 - only on this store
    return ledger


@pytest.fixture
def at_home(address: str, tmp_path: Path) -> Iterator[House]:
    """A ledger where much was done: reads, refusals, a key made and ended at a machine, a fact given up."""
    with house(address) as made:
        secret = made.key(Role.AUDITOR)
        made.get("/v1/contracts/C-1/statement?at=2026-05-01T00:00:00Z", secret)
        made.get("/v1/contracts", secret)
        made.get("/v1/contracts")
        made.ask("POST", "/v1/events", secret)
        who = "local:root"
        for act, what in (("keys create", "key-0123456789ab desk"), ("keys revoke", "key-0123456789ab")):
            made.access.record([Access(NOW, who, who, None, f"greffe {act}", what, None, None, 0)])
        route = "POST /v1/keys/{key}/revoke"
        asked = "/v1/keys/key-0123456789ab/revoke"
        made.access.record([Access(NOW, "key-1", "one", "administrator", route, asked, None, "192.0.2.9", 200)])
        judged = ledger(made.store)
        judged.record(received(signed("again", subject="C-1")), NOW)
        (held,) = made.store.quarantine("open")
        judged.discard(held.number, "entered twice", Instant(NOW + SECOND))
        begin(made.store, tmp_path / "sign.key", NOW)
        LogSigner(made.store, tmp_path / "sign.key").sign(Instant(NOW + 2 * SECOND))
        report = Report("greffe/x", 0, count=1, faults=[fault("event", ("changed", "changé"), 1, ("C-1|contract|", 1))])
        found = json.dumps(report.as_json())
        made.access.add_audit(Audit(Instant(NOW + 3 * SECOND), "local:root", 0, 2, b"", 1, found))
        yield made


@pytest.fixture
def greffe(address: str, capsys: pytest.CaptureFixture[str]) -> Greffe:
    """Runs ``greffe trail WORDS``: its exit status, its lines, what it said."""

    def run(*words: str) -> tuple[int, list[dict[str, Any]], str]:
        status = main(["trail", "--ledger", address, *words])
        printed = capsys.readouterr()
        return status, [json.loads(line) for line in printed.out.splitlines()], printed.err

    return run


def classes(events: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(event["class_uid"], event["activity_id"]) for event in events]


def test_every_line_in_ocsf_is_one_that_ocsf_allows(at_home: House) -> None:
    events = [ocsf(one, "0.1.0") for one in trail(at_home.store, at_home.access, Cursor())]
    assert [fault for event in events for fault in faults(event)] == []
    assert classes(events) == [
        (6003, 2),
        (6003, 2),
        (3002, 1),
        (6003, 1),
        (3001, 1),
        (3001, 5),
        (3001, 5),
        (0, 99),
        (0, 99),
        (2003, 1),
    ]
    read, _, refused, forbidden, *_ = events
    assert read["actor"]["user"] | {"uid": ""} == {"uid": "", "name": "a auditor", "type_id": 99, "type": "auditor"}
    assert read["resources"] == [{"uid": "C-1", "type": "contract"}]
    assert read["http_request"]["url"] == {"path": "/v1/contracts/C-1/statement"}
    assert read["src_endpoint"] == {"ip": "192.0.2.7"}
    assert read["time"] == NOW // 1_000
    assert (refused["status_id"], refused["status_code"]) == (2, "401")
    assert (forbidden["status_id"], forbidden["status_code"]) == (2, "403")
    given_up, signed_for, audited = events[-3:]
    assert given_up["unmapped"]["event"]["reason"] == "entered twice"
    assert (signed_for["activity_name"], signed_for["unmapped"]["size"]) == ("checkpoint", 5)
    assert (audited["severity_id"], audited["compliance"]["status_id"]) == (5, 3)
    assert len({event["metadata"]["uid"] for event in events}) == len(events)


def test_what_ocsf_does_not_know_is_found_by_the_list_these_tests_go_by(at_home: House) -> None:
    event = ocsf(next(trail(at_home.store, at_home.access, Cursor())), "0.1.0")
    assert faults(event | {"colour": "red"}) == ["event.colour does not exist"]
    assert faults(event | {"activity_id": 7}) == [
        "event.activity_id is 7",
        "type_uid is not that of the class and the activity",
    ]
    assert "event.api is missing" in faults({name: value for name, value in event.items() if name != "api"})


def test_the_next_run_goes_on_where_the_last_one_ended(at_home: House, greffe: Greffe, tmp_path: Path) -> None:
    cursor = tmp_path / "trail.json"
    status, first, _ = greffe("--cursor", str(cursor))
    assert (status, len(first)) == (0, 10)
    assert json.loads(cursor.read_text("utf-8")) == {
        "access": 7,
        "ledger": first[-3]["number"],
        "checkpoints": 5,
        "audits": 1,
    }
    at_home.access.record([Access(LATER, None, None, None, "GET /v1/contracts", "/v1/contracts", None, None, 401)])
    reached = Cursor.parse(cursor.read_text("utf-8"))
    own, refused = trail(at_home.store, at_home.access, reached)
    assert (own.said["route"], refused.kind, refused.said["status"]) == ("greffe trail", "refused", 401)
    reached.passed(refused)
    assert list(trail(at_home.store, at_home.access, reached)) == []


def test_what_was_done_a_moment_ago_is_left_to_the_next_run(at_home: House) -> None:
    every = list(trail(at_home.store, at_home.access, Cursor()))
    earlier = list(trail(at_home.store, at_home.access, Cursor(), Instant(NOW + SECOND)))
    assert earlier == every[:-3]
    assert list(trail(at_home.store, at_home.access, Cursor(), NOW)) == []


def test_reading_the_trail_leaves_an_entry(at_home: House, greffe: Greffe) -> None:  # noqa: ARG001 - what was done
    greffe()
    (mine,) = [line for line in greffe("--since", "2026-06-02T00:00:00Z")[1] if line["route"] == "greffe trail"][:1]
    assert (mine["kind"], mine["asked"], mine["status"]) == ("act", "from the beginning", 0)


def test_cursor_in_a_folder_that_is_not_there_is_refused_before_anything_is_told(
    greffe: Greffe, tmp_path: Path
) -> None:
    missing = tmp_path / "missing"
    assert greffe("--cursor", str(missing / "trail.json")) == (2, [], f"greffe: {missing}: No such file or directory\n")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"access": -1}', '{"access": true}', '{"elsewhere": 1}', '{"access": "1"}']
)
def test_file_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(TrailError, match="this is no cursor"):
        Cursor.parse(text)


def test_erasure_is_told_as_a_person_deleted() -> None:
    event = {"type": ERASED, "subject": "C-1", "data": {"person_id": "p-1", "basis": "asked for"}}
    said = {"at": "2026-06-01T12:00:00+02:00", "event": event}
    told = ocsf(Happened("erasures", 7, NOW, ERASED, said), "0.1.0")
    assert faults(told) == []
    assert (told["class_uid"], told["activity_id"], told["entity"]["uid"]) == (3004, 4, "p-1")
