"""A status page becomes facts: both published shapes, nothing lost without a reason, the same bytes every time."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from adapters.cloudevents import decode_structured
from adapters.importers.mapping import Mapping, load_mapping
from adapters.importers.statuspage import REASONS, Skipped, run, to_facts, to_lines
from domain.errors import InvalidMappingError, UnreadableHistoryError

EXAMPLES = Path(__file__).parents[3] / "examples" / "github-status"
HISTORY = EXAMPLES / "incidents.jsonl"

MAPPING = Mapping.model_validate(
    {
        "source": "urn:test:page",
        "impact": {"critical": "total", "minor": "degraded", "none": "ignore", "maintenance": "maintenance"},
        "maintenance": {"kind": "planned", "words": ["planned maintenance"]},
        "component": [
            {"words": ["compute", "virtual machines"], "services": ["vm"]},
            {"words": ["api"], "services": ["command-api:vm", "command-api:network"]},
            {"words": ["website"], "ignore": True},
        ],
    }
)


def line(**changes: Any) -> dict[str, Any]:
    """An entry in the shape of an archived history."""
    return {
        "id": "17",
        "title": "Incident with compute",
        "started_at": "2026-03-28T22:00:00+01:00",
        "resolved_at": "2026-03-29T04:00:00+02:00",
        "impact": "critical",
        "components": ["Compute"],
        "updates": [],
        **changes,
    }


def page_incident(**changes: Any) -> dict[str, Any]:
    """An entry in the shape of the Statuspage API's incidents.json."""
    return {
        "id": "k7mf",
        "name": "Compute is unavailable",
        "status": "resolved",
        "impact": "critical",
        "created_at": "2014-05-14T14:22:39.441-06:00",
        "started_at": "2014-05-14T14:20:00.000-06:00",
        "resolved_at": "2014-05-14T15:00:00.000-06:00",
        "scheduled_for": None,
        "scheduled_until": None,
        "components": [{"id": "c1", "name": "Compute (eu)", "status": "operational"}],
        "incident_updates": [],
        **changes,
    }


def facts_of(*entries: dict[str, Any], mapping: Mapping = MAPPING) -> list[dict[str, Any]]:
    facts, skipped = to_facts(entries, mapping, "C-1")
    assert skipped == []
    return facts


def reasons_of(*entries: dict[str, Any], mapping: Mapping = MAPPING) -> list[str]:
    facts, skipped = to_facts(entries, mapping, "C-1")
    assert facts == []
    return [one.reason for one in skipped]


def test_archived_incident_becomes_an_outage_and_its_end_with_the_offsets_of_the_page() -> None:
    assert facts_of(line()) == [
        {
            "specversion": "1.0",
            "id": "C-1/17/vm/outage.recorded",
            "source": "urn:test:page",
            "type": "greffe.outage.recorded.v1",
            "subject": "C-1",
            "time": "2026-03-28T22:00:00+01:00",
            "recordedtime": "2026-03-28T22:00:00+01:00",
            "data": {
                "outage": "17/vm",
                "service": "vm",
                "started_at": "2026-03-28T22:00:00+01:00",
                "extent": "total",
                "incident": "17",
            },
        },
        {
            "specversion": "1.0",
            "id": "C-1/17/vm/outage.ended",
            "source": "urn:test:page",
            "type": "greffe.outage.ended.v1",
            "subject": "C-1",
            "time": "2026-03-29T04:00:00+02:00",
            "recordedtime": "2026-03-29T04:00:00+02:00",
            "data": {"outage": "17/vm", "ended_at": "2026-03-29T04:00:00+02:00", "confirmed_by": "monitoring"},
        },
    ]


def test_api_incident_starts_when_it_started_and_is_known_when_it_was_published() -> None:
    recorded, ended = facts_of(page_incident())
    assert recorded["time"] == recorded["data"]["started_at"] == "2014-05-14T14:20:00.000-06:00"
    assert recorded["recordedtime"] == "2014-05-14T14:22:39.441-06:00"
    assert ended["data"]["ended_at"] == "2014-05-14T15:00:00.000-06:00"


def test_window_established_afterwards_is_the_outage_and_the_page_s_times_are_when_it_was_known() -> None:
    recorded, ended = facts_of(
        line(downtime_start="2026-03-28T19:30:00+01:00", downtime_end="2026-03-29T00:30:00+01:00")
    )
    assert recorded["data"]["started_at"] == "2026-03-28T19:30:00+01:00"
    assert recorded["recordedtime"] == "2026-03-28T22:00:00+01:00"
    assert ended["data"]["ended_at"] == "2026-03-29T00:30:00+01:00"
    assert ended["recordedtime"] == "2026-03-29T04:00:00+02:00"


def test_incident_without_end_stays_open() -> None:
    assert [fact["type"] for fact in facts_of(line(resolved_at=None))] == ["greffe.outage.recorded.v1"]


def test_component_that_feeds_two_services_gives_two_outages_of_one_incident() -> None:
    recorded = [fact["data"] for fact in facts_of(line(components=["API"], resolved_at=None))]
    assert [(data["outage"], data["incident"]) for data in recorded] == [
        ("17/command-api:network", "17"),
        ("17/command-api:vm", "17"),
    ]


def test_two_components_of_one_service_give_one_outage() -> None:
    facts = facts_of(line(components=["Compute EU", "virtual machines"], resolved_at=None))
    assert [fact["id"] for fact in facts] == ["C-1/17/vm/outage.recorded"]


def test_word_matches_as_a_whole_word_whatever_its_case() -> None:
    assert reasons_of(line(components=["Rapid deploys"])) == ["no-service"]
    assert facts_of(line(components=["the API gateway"]))


def test_incident_that_names_no_component_is_matched_by_its_title_then_by_the_default_service() -> None:
    assert {fact["data"].get("service", "vm") for fact in facts_of(line(components=None))} == {"vm"}
    unnamed = line(components=[], title="Something is wrong", resolved_at=None)
    assert reasons_of(unnamed) == ["no-service"]
    with_default = MAPPING.model_copy(update={"default_service": "region"})
    assert [fact["data"]["service"] for fact in facts_of(unnamed, mapping=with_default)] == ["region"]


def test_minor_impact_is_degraded() -> None:
    assert facts_of(line(impact="minor"))[0]["data"]["extent"] == "degraded"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"impact": "none"}, "ignored-impact"),
        ({"impact": "apocalyptic"}, "unknown-impact"),
        ({"components": ["Website"]}, "ignored-components"),
        ({"resolved_at": "2026-03-28T22:00:00+01:00"}, "no-duration"),
        ({"resolved_at": "2026-03-28T21:00:00Z"}, "no-duration"),
        ({"resolved_at": "2026-03-28T20:59:59Z"}, "ends-before-start"),
        ({"impact": "maintenance"}, "no-window"),
        ({"started_at": "yesterday"}, "malformed"),
        ({"started_at": "2026-03-28T22:00:00"}, "malformed"),
        ({"started_at": None}, "malformed"),
        ({"id": ""}, "malformed"),
        ({"components": "Compute"}, "malformed"),
        ({"components": [{"id": "c1"}]}, "malformed"),
        ({"updates": ["oops"]}, "malformed"),
    ],
)
def test_what_is_left_out_has_a_reason(changes: dict[str, Any], reason: str) -> None:
    assert reasons_of(line(**changes)) == [reason]


def test_ignored_component_of_an_imported_incident_is_reported_too() -> None:
    facts, skipped = to_facts([line(components=["Website", "Compute"])], MAPPING, "C-1")
    assert len(facts) == 2
    assert skipped == [Skipped("17", "Incident with compute", "ignored-component", component="Website")]


def test_id_given_twice_keeps_the_first() -> None:
    facts, skipped = to_facts([line(), line(impact="minor")], MAPPING, "C-1")
    assert {fact["data"].get("extent", "total") for fact in facts} == {"total"}
    assert [one.reason for one in skipped] == ["repeated"]


def test_overlapping_incidents_stay_two_outages() -> None:
    facts = facts_of(line(), line(id="18", started_at="2026-03-28T23:00:00+01:00"))
    assert Counter(fact["data"]["outage"] for fact in facts) == {"17/vm": 2, "18/vm": 2}


def test_scheduled_entry_is_announced_as_scheduled_and_performed_as_told() -> None:
    updates = [
        {"status": "completed", "created_at": "2014-05-20T03:30:00.000-06:00"},
        {"status": "in_progress", "created_at": "2014-05-20T02:01:00.000-06:00"},
        {"status": "scheduled", "created_at": "2014-05-14T14:22:39.441-06:00"},
    ]
    announced, performed = facts_of(
        page_incident(
            impact="maintenance",
            scheduled_for="2014-05-20T02:00:00.000-06:00",
            scheduled_until="2014-05-20T03:00:00.000-06:00",
            incident_updates=updates,
        )
    )
    assert (announced["type"], announced["time"]) == (
        "greffe.maintenance.announced.v1",
        "2014-05-14T14:22:39.441-06:00",
    )
    assert announced["data"] == {
        "maintenance": "k7mf",
        "kind": "planned",
        "starts_at": "2014-05-20T02:00:00.000-06:00",
        "ends_at": "2014-05-20T03:00:00.000-06:00",
        "services": ["vm"],
    }
    assert performed["data"] == {
        "maintenance": "k7mf",
        "starts_at": "2014-05-20T02:01:00.000-06:00",
        "ends_at": "2014-05-20T03:30:00.000-06:00",
    }


def test_scheduled_entry_that_has_not_begun_is_announced_only() -> None:
    facts = facts_of(
        page_incident(
            status="scheduled",
            impact="maintenance",
            resolved_at=None,
            scheduled_for="2014-05-20T02:00:00.000-06:00",
            scheduled_until="2014-05-20T03:00:00.000-06:00",
        )
    )
    assert [fact["type"] for fact in facts] == ["greffe.maintenance.announced.v1"]


def test_maintenance_without_a_schedule_is_announced_as_performed() -> None:
    updates = [
        {"at": "2026-03-28T23:00:00+01:00", "status": "In progress", "message": ""},
        {"at": "2026-03-29T03:30:00+02:00", "status": "Completed", "message": ""},
    ]
    announced, performed = facts_of(line(title="Planned maintenance of compute", updates=updates))
    assert announced["time"] == "2026-03-28T22:00:00+01:00"
    assert {key: announced["data"][key] for key in ("starts_at", "ends_at")} == {
        key: performed["data"][key] for key in ("starts_at", "ends_at")
    }


def test_facts_are_the_same_bytes_whatever_the_order_of_the_entries() -> None:
    entries = [json.loads(text) for text in HISTORY.read_text("utf-8").splitlines()]
    mapping = load_mapping(EXAMPLES / "outscale.toml")
    forward, _ = to_facts(entries, mapping, "C-1")
    backward, _ = to_facts(entries[::-1], mapping, "C-1")
    assert to_lines(forward) == to_lines(backward)
    assert len({(fact["source"], fact["id"]) for fact in forward}) == len(forward)


@pytest.mark.parametrize(("name", "outages"), [("outscale", 1088), ("cloud-temple", 942)])
def test_real_history_is_accounted_for_to_the_last_entry(name: str, outages: int, tmp_path: Path) -> None:
    report = run(HISTORY, EXAMPLES / f"{name}.toml", None, tmp_path / "facts.jsonl")
    left_out = Counter(one.reason for one in report.skipped if one.component is None)
    assert (report.entries, report.imported) == (819, 661)
    assert left_out == {"ignored-components": 119, "ignored-impact": 31, "no-duration": 8}
    assert report.imported + left_out.total() == report.entries
    assert dict(report.facts) == {
        "greffe.maintenance.announced.v1": 17,
        "greffe.maintenance.performed.v1": 17,
        "greffe.outage.ended.v1": outages,
        "greffe.outage.recorded.v1": outages,
    }
    assert (tmp_path / "facts.jsonl").read_text("utf-8") == report.lines


@pytest.mark.parametrize("name", ["outscale", "cloud-temple"])
def test_every_fact_of_the_real_history_decodes(name: str) -> None:
    report = run(HISTORY, EXAMPLES / f"{name}.toml")
    facts = [decode_structured(text.encode()) for text in report.lines.splitlines()]
    assert len({fact.ref for fact in facts}) == len(facts) > 1900
    assert all(fact.recorded >= fact.time for fact in facts)


def test_api_document_is_read_whole(tmp_path: Path) -> None:
    history = tmp_path / "incidents.json"
    history.write_text(json.dumps({"page": {"id": "p", "name": "Page"}, "incidents": [page_incident()]}, indent=2))
    report = run(history, None, "C-9")
    assert (report.entries, report.imported) == (1, 1)
    assert {json.loads(text)["subject"] for text in report.lines.splitlines()} == {"C-9"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "1"}\nnot json\n', "history.jsonl, line 2: not JSON"),
        ('{"id": "1"}\n[]\n', "history.jsonl, line 2: expected an object"),
        ("[]", "history.jsonl: expected an object with incidents"),
        ('{"incidents": {}}', "history.jsonl: incidents: expected a list of objects"),
        ('{"incidents": [1]}', "history.jsonl: incidents: expected a list of objects"),
    ],
)
def test_unreadable_history_names_the_file_and_the_line(text: str, message: str, tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text(text)
    with pytest.raises(UnreadableHistoryError) as refusal:
        run(history, None, "C-1")
    assert message in str(refusal.value)


def test_missing_history_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableHistoryError, match="No such file"):
        run(tmp_path / "absent.json", None, "C-1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source = ", "mapping.toml: "),
        ('[impact]\nminor = "total"', "mapping.toml: source: Field required"),
        ('source = "s"\n[impact]\nminor = "half"', "mapping.toml: impact.minor: "),
        ('source = "s"\n[impact]\nminor = "total"\n[other]', "mapping.toml: other: "),
        ('source = "s"\n[impact]\nminor = "total"\n[[component]]\nwords = ["a"]', "mapping.toml: component.0: "),
        ('source = "s"\n[impact]\nminor = "total"\n[maintenance]\nkind = "big"', "mapping.toml: maintenance.kind: "),
    ],
)
def test_mapping_refusal_names_the_file_and_the_key(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    with pytest.raises(InvalidMappingError) as refusal:
        load_mapping(path)
    assert str(refusal.value).startswith(message)


def test_import_that_names_no_contract_is_refused() -> None:
    with pytest.raises(InvalidMappingError, match="contracts"):
        run(HISTORY)


def test_report_tells_every_thing_left_out_in_english_and_in_french() -> None:
    report = run(HISTORY, EXAMPLES / "outscale.toml")
    for language, opening in (("en", "819 entries: 661 imported, 158 left out"), ("fr", "819 entrées : 661 importées")):
        text = report.text(language)
        assert text.startswith(opening)
        assert all(one.text(language) in text for one in report.skipped)


def test_every_reason_is_told_in_both_languages() -> None:
    assert all(english and french and english != french for english, french in REASONS.values())
