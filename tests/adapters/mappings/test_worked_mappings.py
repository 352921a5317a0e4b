"""The worked mappings make of their samples what a person would write down by hand."""

import json
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from adapters.catalogue import load_catalogue, load_switches
from adapters.cloudevents import canonical
from adapters.files import read_facts
from adapters.mappings.apply import map_message
from adapters.mappings.load import load_mappings
from adapters.mappings.model import Mapping
from domain.readings import select
from domain.time.instant import parse_instant
from projections.replay import Question, replay
from projections.statement import statement_text
from tests.support.arrivals import event
from tests.support.mappings import SAMPLES, TOOLS, WORKED, events, mapped, refusals, sample, sample_messages, worked

CATALOGUE = load_catalogue()
READINGS = select(load_switches(), [])
ONE, TWO = "C-2026-0001", "C-2026-0002"
Row = tuple[str, str, str, dict[str, Any]]


def rows(tool: str, name: str) -> list[Row]:
    """(type, subject, time, data) of what the mapping of the tool makes of a sample."""
    made = events(mapped(worked(tool), sample(name)))
    return [
        (one["type"].removeprefix("greffe.").removesuffix(".v1"), one["subject"], one["time"], one["data"])
        for one in made
    ]


def test_alertmanager_group_of_two_alerts_gives_an_outage_for_each_contract_they_hit() -> None:
    vm = {
        "outage": "5ef77f1f8a3ecfc8/2026-03-02T09:14:05.123456789Z/vm",
        "service": "vm",
        "resource": "vm-0042",
        "started_at": "2026-03-02T10:14:05.123456+01:00",
        "extent": "total",
    }
    storage = {
        "outage": "c0ffee0123456789/2026-03-02T09:15:00Z/volume",
        "service": "volume",
        "started_at": "2026-03-02T10:15:00+01:00",
        "extent": "degraded",
    }
    assert rows("alertmanager", "alertmanager-firing.json") == [
        ("outage.recorded", ONE, vm["started_at"], vm),
        ("outage.recorded", ONE, storage["started_at"], storage),
        ("outage.recorded", TWO, storage["started_at"], storage),
    ]


def test_alertmanager_resolved_alert_ends_the_outage_its_firing_began() -> None:
    began, ended = rows("alertmanager", "alertmanager-resolved.json")
    assert began == rows("alertmanager", "alertmanager-firing.json")[0]
    assert ended[:3] == ("outage.ended", ONE, "2026-03-02T12:02:35.5+01:00")
    assert ended[3]["outage"] == began[3]["outage"]


def test_alertmanager_message_that_was_cut_short_is_held_beside_what_it_tells() -> None:
    cut = sample("alertmanager-firing.json").replace(b'"truncatedAlerts": 0', b'"truncatedAlerts": 3')
    made = mapped(worked("alertmanager"), cut)
    assert len(made) == len(rows("alertmanager", "alertmanager-firing.json")) + 1
    assert made[-1].body == cut
    (refusal,) = refusals(made)
    assert "Alertmanager left alerts out of this message" in str(refusal)
    assert "Alertmanager a omis des alertes de ce message" in refusal.french


def test_zabbix_export_counts_the_severities_of_the_table_and_ends_the_problem_by_its_id() -> None:
    began, ended = rows("zabbix-export", "zabbix-export-events.ndjson")
    assert began == (
        "outage.recorded",
        ONE,
        "2026-03-02T12:04:05.123456+01:00",
        {
            "outage": "4201",
            "service": "vm",
            "resource": "vm-0042",
            "started_at": "2026-03-02T12:04:05.123456+01:00",
            "extent": "total",
        },
    )
    assert ended == (
        "outage.ended",
        ONE,
        "2026-03-02T13:52:35.987654+01:00",
        {"outage": "4201", "ended_at": "2026-03-02T13:52:35.987654+01:00", "confirmed_by": "monitoring"},
    )


def test_zabbix_webhook_reads_local_times_in_the_zone_of_its_server() -> None:
    (problem,) = rows("zabbix-webhook", "zabbix-webhook-problem.json")
    assert problem[2] == "2026-07-06T08:20:11+02:00"
    again, ended = rows("zabbix-webhook", "zabbix-webhook-recovery.json")
    assert again == problem
    assert (ended[0], ended[2]) == ("outage.ended", "2026-07-06T09:05:40+02:00")


def test_statuspage_incident_gives_the_whole_outage_of_each_component_from_its_updates() -> None:
    (first, _) = rows("statuspage", "statuspage-incident-investigating.json")
    assert first[0] == "outage.recorded"
    assert (first[3]["extent"], first[3]["started_at"]) == ("degraded", "2026-05-04T08:32:00.2+02:00")
    of_one = [row for row in rows("statuspage", "statuspage-incident-resolved.json") if row[1] == ONE]
    assert [row[0] for row in of_one] == ["outage.ended", "outage.corrected", "outage.recorded"]
    assert of_one[2] == first
    assert of_one[1][3]["extent"] == "total"
    assert of_one[0][2] == "2026-05-04T10:10:30.3+02:00"


def test_statuspage_maintenance_is_announced_as_scheduled_and_performed_as_it_went() -> None:
    announced, performed = rows("statuspage", "statuspage-maintenance-completed.json")[:2]
    assert announced[3] == {
        "maintenance": "tq0pzl6c2rkd",
        "kind": "planned",
        "starts_at": "2026-06-07T22:00:00+02:00",
        "ends_at": "2026-06-08T02:00:00+02:00",
        "services": ["vm", "command-api:vm", "command-api:network"],
    }
    assert performed[3]["starts_at"] == "2026-06-07T22:00:12+02:00"
    assert performed[3]["ends_at"] == "2026-06-08T00:41:00+02:00"


def test_statuspage_component_message_is_left_out_on_purpose() -> None:
    assert mapped(worked("statuspage"), sample("statuspage-component.json")) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "created",
            ("ticket.opened", "2026-02-09T10:15:30.25+01:00", {"kind": "incident", "complete": True, "severity": 2}),
        ),
        ("comment", ("ticket.answered", "2026-02-09T10:18:20+01:00", {"automatic": False})),
        ("qualified", ("ticket.qualified", "2026-02-09T10:20:00+01:00", {"severity": 1})),
        ("waiting", ("ticket.waiting-for-client", "2026-02-09T10:30:00+01:00", {})),
        ("replied", ("ticket.client-replied", "2026-02-09T10:40:00+01:00", {})),
        ("resolved", ("ticket.resolved", "2026-02-09T11:00:00+01:00", {})),
        ("reopened", ("ticket.reopened", "2026-02-09T11:30:00+01:00", {})),
    ],
)
def test_jira_issue_lives_through_the_ledgers_words(name: str, expected: tuple[str, str, dict[str, Any]]) -> None:
    kind, time, data = expected
    made = rows("jira-service-management", f"jira-service-management-{name}.json")
    assert made == [(kind, ONE, time, {"ticket": "ALPHA-17", **data})]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("created", ["opened", "qualified"]),
        ("answered", ["opened", "qualified", "answered", "waiting-for-client"]),
        ("replied", ["opened", "qualified", "client-replied"]),
        ("closed", ["opened", "qualified", "answered", "resolved"]),
        ("reopened", ["opened", "qualified", "client-replied", "reopened"]),
    ],
)
def test_zammad_message_tells_what_the_ticket_is_now_and_opens_it_if_need_be(name: str, kinds: list[str]) -> None:
    made = rows("zammad", f"zammad-{name}.json")
    assert [row[0] for row in made] == [f"ticket.{kind}" for kind in kinds]
    assert made[0][3] == {"ticket": "10081", "kind": "incident", "complete": True}
    assert made[0][2] == "2026-04-13T09:05:10.282+02:00"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("new", [("opened", "2026-04-13T09:05:10+02:00", {"kind": "incident", "complete": True, "severity": 2})]),
        ("followup-answer", [("answered", "2026-04-13T09:20:00+02:00", {"automatic": False})]),
        ("followup-private", []),
        ("followup-reply", [("client-replied", "2026-04-13T10:02:00+02:00", {})]),
        (
            "update-pending",
            [
                ("qualified", "2026-04-13T09:30:00+02:00", {"severity": 2}),
                ("waiting-for-client", "2026-04-13T09:30:00+02:00", {}),
            ],
        ),
        (
            "update-solved",
            [
                ("qualified", "2026-04-13T11:40:00+02:00", {"severity": 2}),
                ("resolved", "2026-04-13T11:40:00+02:00", {}),
            ],
        ),
        (
            "update-working-again",
            [
                ("qualified", "2026-04-14T08:00:00+02:00", {"severity": 2}),
                ("reopened", "2026-04-14T08:00:00+02:00", {}),
            ],
        ),
    ],
)
def test_glpi_message_is_told_by_its_item_and_a_followup_by_who_wrote_it(
    name: str, expected: list[tuple[str, str, dict[str, Any]]]
) -> None:
    made = rows("glpi", f"glpi-{name}.json")
    assert made == [(f"ticket.{kind}", ONE, time, {"ticket": "4711", **data}) for kind, time, data in expected]


def test_glpi_followup_of_nobody_known_is_refused_rather_than_taken_for_an_answer() -> None:
    anonymous = json.loads(sample("glpi-followup-reply.json"))
    anonymous["item"]["user"] = None
    (refusal,) = refusals(mapped(worked("glpi"), json.dumps(anonymous).encode()))
    assert "no event" in str(refusal)


def test_glpi_working_ticket_that_was_never_resolved_keeps_its_clock() -> None:
    """What GLPI cannot tell apart is told as a reopening, and changes nothing unless there was a resolution."""
    working = json.loads(sample("glpi-update-working-again.json"))
    working["item"]["date_mod"] = "2026-04-13T09:10:00+02:00"
    opened, solved = sample("glpi-new.json"), sample("glpi-update-solved.json")
    with_it, without = (_support([opened, *more, solved]) for more in ([json.dumps(working).encode()], list[bytes]()))
    assert with_it == without
    assert any(row["elapsed_seconds"] for row in without), without


def _support(bodies: list[bytes]) -> list[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        said = json.loads(_statement("glpi", bodies, Path(folder)))
    rows: list[dict[str, Any]] = said["contracts"][ONE]["support"]
    return [{name: value for name, value in row.items() if name != "events"} for row in rows]


def test_every_sample_is_known_by_one_mapping_alone() -> None:
    every = load_mappings([WORKED])
    assert [mapping.name for mapping in every] == list(TOOLS)
    for path in SAMPLES.iterdir():
        assert any(path.name.startswith(tool) for tool in TOOLS), path.name
        assert all(not isinstance(fact, Exception) for _, fact in _all(every, path)), path.name


def _all(mappings: tuple[Mapping, ...], path: Path) -> list[Any]:
    return map_message(mappings, path.read_bytes())


@pytest.mark.parametrize("tool", TOOLS)
def test_messages_in_any_order_and_twice_end_up_in_the_same_statement(tool: str, tmp_path: Path) -> None:
    bodies = sample_messages(tool)
    orders = [bodies, bodies[::-1], bodies + bodies, *list(permutations(bodies))[:6]]
    statements = {_statement(tool, order, tmp_path) for order in orders}
    assert len(statements) == 1
    statement = statements.pop()
    assert [code for code in ("conflict", "waiting-fact", "refused-fact") if f'"code":"{code}"' in statement] == []


def _statement(tool: str, bodies: list[bytes], folder: Path) -> str:
    """The statement of both contracts over what the mapping makes of the messages, in this order."""
    lines = [canonical(_signed(subject)) for subject in (ONE, TWO)]
    for body in bodies:
        lines += [made for made, _ in mapped(worked(tool), body)]
    path = folder / "facts.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    intake = read_facts([str(path)]).intake
    at = parse_instant("2026-12-01T00:00:00+01:00")
    question = Question(at, at, READINGS, None)
    return "".join(statement_text(replay(intake, question, CATALOGUE), at, at, {}))


def _signed(subject: str) -> dict[str, Any]:
    data = {
        "provider": "outscale",
        "client": {"id": "client-1", "name": "Client One"},
        "documents": ["outscale-cgv-2019"],
        "kind": "on-demand",
    }
    return event(f"signed-{subject}", "contract.signed", data, "2026-01-01T00:00:00+01:00", subject=subject)


def test_samples_hold_nothing_but_json() -> None:
    for tool in TOOLS:
        for body in sample_messages(tool):
            assert isinstance(json.loads(body), dict), tool
