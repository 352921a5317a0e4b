"""Which commitments a ticket gets: its priority, its kind, what puts it outside, the text in force at its opening."""

from typing import Any

import pytest

from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, proven, signed
from tests.support.tickets import AT_CLOUD_TEMPLE, AT_OUTSCALE, AT_OUTSCALE_2023, findings, opened, row, rows, then

AT = "2026-04-08T10:05:00+02:00"
MORNING = "2026-04-08T10:00:00+02:00"


def commitments(found: list[dict[str, Any]]) -> list[str]:
    return [one["commitment"] for one in found]


def test_sla9_requalification_changes_the_commitments_and_keeps_the_start() -> None:
    found = rows(
        *AT_OUTSCALE,
        opened(MORNING, severity=3),
        then("2026-04-08T10:30:00+02:00", "qualified", severity=1),
        at="2026-04-08T10:31:00+02:00",
    )
    assert commitments(found) == ["outscale-cgv-2019/support-gti-sev1", "outscale-cgv-2019/support-gtr-sev1"]
    assert [(one["due"], one["state"]) for one in found] == [
        ("2026-04-08T10:15:00+02:00", "missed"),
        ("2026-04-08T12:00:00+02:00", "running"),
    ]
    assert found[0]["events"] == ["urn:test#e-002", "urn:test#e-003", "urn:test#e-004"]


def test_7_6_4_a_requalification_may_change_the_impact_alone() -> None:
    found = rows(
        *AT_CLOUD_TEMPLE,
        opened(MORNING, priority="I1 C2"),
        then("2026-04-08T10:01:00+02:00", "qualified", impact="I3"),
        at=AT,
    )
    assert [one["priority"] for one in found] == ["P4"]


def test_sla9_an_incident_without_priority_gives_no_row_but_a_finding() -> None:
    ticket = opened(MORNING, priority="I1 C1")
    assert rows(*AT_OUTSCALE, ticket, at=AT) == []
    (finding,) = findings(*AT_OUTSCALE, ticket, at=AT)
    assert finding["code"] == "ticket-without-priority"
    assert finding["rule"] == "outscale-cgv-2019/support-sev1-definition"
    assert finding["events"] == ["urn:test#e-003"]


def test_7_6_4_a_severity_is_no_priority_of_a_matrix() -> None:
    assert rows(*AT_CLOUD_TEMPLE, opened(MORNING, severity=1), at=AT) == []


@pytest.mark.parametrize("kind", ["service-request", "other"])
def test_sla10_a_request_has_no_figure_at_outscale(kind: str) -> None:
    ticket = opened(MORNING, kind=kind, severity=1)
    assert rows(*AT_OUTSCALE_2023, ticket, at=AT) == []
    (finding,) = findings(*AT_OUTSCALE_2023, ticket, at=AT)
    assert finding["code"] == "request-without-figure"
    assert finding["rule"] == "outscale-snc-en-2023/support-request-hours"
    assert rows(*AT_OUTSCALE, ticket, at=AT) == []
    assert findings(*AT_OUTSCALE, ticket, at=AT) == []


def test_sla_9_other_tickets_have_no_commitment_at_cloud_temple() -> None:
    ticket = opened(MORNING, kind="other", priority="I1 C1")
    assert rows(*AT_CLOUD_TEMPLE, ticket, at=AT) == []
    assert findings(*AT_CLOUD_TEMPLE, ticket, at=AT) == []


def test_8_3_a_request_needs_no_priority() -> None:
    found = rows(*AT_CLOUD_TEMPLE, opened(MORNING, kind="service-request", priority="I1 C1"), at=AT)
    assert [(one["commitment"], one["priority"]) for one in found] == [("ct-secure-temple/sup-gti-request", None)]


@pytest.mark.parametrize(
    ("contract", "graded", "rule"),
    [
        (AT_OUTSCALE, {"severity": 1}, "outscale-cgv-2019/support-excl-maintenance"),
        (AT_CLOUD_TEMPLE, {"priority": "I1 C1"}, "ct-secure-temple/sup-excl-maintenance"),
    ],
)
def test_scheduled_maintenance_is_outside_the_commitments(contract: Any, graded: dict[str, Any], rule: str) -> None:
    found = rows(*contract, opened(MORNING, maintenance=True, **graded), at="2026-04-10T10:00:00+02:00")
    assert found
    for one in found:
        assert (one["state"], one["due"], one["elapsed_seconds"]) == ("not-applicable", None, "0")
        assert one["not_applicable"]["rule"] == rule


@pytest.mark.parametrize(
    ("kind", "service", "reading", "applies"),
    [
        ("incident", "backup", "A", True),
        ("service-request", "backup", "A", False),
        ("incident", "compute", "A", True),
        ("service-request", "compute", "A", True),
        ("incident", "backup", "B", True),
        ("service-request", "backup", "B", False),
        ("incident", "compute", "B", False),
        ("incident", None, "B", False),
    ],
)
def test_8_5_backup_matters(kind: str, service: str | None, reading: str, applies: bool) -> None:
    about = {} if service is None else {"service": service}
    (found,) = rows(
        *AT_CLOUD_TEMPLE,
        opened(MORNING, kind=kind, priority="I1 C1", **about),
        at=AT,
        readings=[f"ct.sla8_backup_clause={reading}"],
    )
    assert (found["state"] != "not-applicable") is applies
    if not applies:
        assert found["not_applicable"] == {"rule": "ct-secure-temple/sup-backup-only", "clause": "8.5"}


def test_sla9_needs_the_proof_of_equivalent_resources() -> None:
    unproven = row("support-gtr-sev1", signed(OUTSCALE), opened(MORNING, severity=1), at=AT)
    assert unproven["state"] == "not-applicable"
    assert unproven["not_applicable"]["rule"] == "outscale-cgv-2019/support-az-proof"
    ticket = opened(MORNING, severity=1)
    late_proof = row("support-gtr-sev1", signed(OUTSCALE), ticket, proven("2026-04-08T10:04:00+02:00"), at=AT)
    assert late_proof["state"] == "running"
    assert "urn:test#e-003" in late_proof["events"]


def test_sla9_a_single_zone_is_excluded_under_either_reading() -> None:
    one_zone = (signed(OUTSCALE, zones=["a"]), opened(MORNING, severity=1))
    for reading in ("A", "B"):
        found = row("support-gti-sev1", *one_zone, at=AT, readings=[f"support.az_gap={reading}"])
        assert found["state"] == "not-applicable"


def test_sla10_asks_for_no_zone_and_000_sends_back_to_the_general_terms() -> None:
    ticket = opened(MORNING, severity=1)
    assert row("support-gtr-sev1", *AT_OUTSCALE_2023, ticket, at=AT)["state"] == "running"
    french = signed(OUTSCALE, "outscale-snc-fr", "outscale-cgv-2019", zones=["a"])
    found = row("support-gtr-sev1", french, ticket, at=AT)
    assert (found["commitment"], found["state"]) == ("outscale-cgv-2019/support-gtr-sev1", "not-applicable")


def test_art_3_the_text_in_force_at_the_opening_governs_the_ticket() -> None:
    found = rows(
        *AT_OUTSCALE_2023,
        opened("2026-04-01T10:00:00+02:00", "T-1", severity=1),
        ("2026-04-02T00:00:00+02:00", "contract.document-signed", {"document": "outscale-snc-fr"}),
        opened("2026-04-03T10:00:00+02:00", "T-2", severity=1),
        at=AT,
    )
    documents = {one["ticket"]: one["commitment"].split("/")[0] for one in found}
    assert documents == {"T-1": "outscale-snc-en-2023", "T-2": "outscale-cgv-2019"}


def test_3_1_both_documents_give_their_rows() -> None:
    both = signed(CLOUD_TEMPLE, "ct-secure-temple", "ct-openiaas-v3")
    found = rows(both, opened(MORNING, priority="I1 C1"), at=AT)
    assert commitments(found) == ["ct-openiaas-v3/sup-gti-p1", "ct-secure-temple/sup-gti-p1"]


def test_no_text_governs_a_ticket_before_the_start_or_after_the_end() -> None:
    ended = ("2026-03-31T10:00:00+02:00", "contract.ended", {"cause": "term", "on": "2026-03-31"})
    for time in ("2023-12-31T23:59:59+01:00", "2026-04-01T00:00:00+02:00"):
        assert rows(*AT_CLOUD_TEMPLE, ended, opened(time, priority="I1 C1"), at=AT) == []
    last = opened("2026-03-31T23:59:59+02:00", priority="I1 C1")
    assert len(rows(*AT_CLOUD_TEMPLE, ended, last, at=AT)) == 1


def test_a_row_names_the_readings_chosen_later_that_it_used() -> None:
    chosen = {"parameter": "support.first_response", "value": "B", "reason": "agreed"}
    other = {"parameter": "ct.gti_population", "value": "B", "reason": "agreed"}
    found = rows(
        *AT_CLOUD_TEMPLE,
        opened("2026-03-01T10:00:00+01:00", "T-1", priority="I1 C1"),
        ("2026-03-02T00:00:00+01:00", "reading.selected", chosen),
        ("2026-03-02T00:00:00+01:00", "reading.selected", other),
        opened("2026-03-03T10:00:00+01:00", "T-2", priority="I1 C1"),
        at=AT,
    )
    assert [one.get("readings") for one in found] == [None, {"support.first_response": "B"}]
