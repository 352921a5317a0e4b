"""Monthly support objectives: which tickets they count, and when a month can be judged."""

from typing import Any

import pytest

from tests.support.bases import CLOUD_TEMPLE, Happening, signed
from tests.support.tickets import AT_CLOUD_TEMPLE, AT_OUTSCALE, answered, objectives, opened, then

Row = dict[str, Any]


def first(found: list[Row], month: str, commitment: str = "ct-secure-temple/sup-gti-p1") -> Row:
    (one,) = [row for row in found if row["month"] == month and row["commitment"] == commitment]
    return one


def asked(day: str, number: int, *, minutes: int | None = 20, **data: Any) -> tuple[Happening, ...]:
    name = f"T-{day}-{number}"
    start = opened(f"{day}T10:00:00+02:00", name, **{"priority": "I1 C1", **data})
    return (start,) if minutes is None else (start, answered(f"{day}T10:{minutes}:00+02:00", name))


def test_8_3_one_row_per_commitment_and_month_since_signature() -> None:
    found = objectives(signed(CLOUD_TEMPLE, on="2026-02-20T09:00:00+01:00"), at="2026-04-01T00:00:00+02:00")
    assert len(found) == 6 * 3
    assert {row["month"] for row in found} == {"2026-02", "2026-03", "2026-04"}
    assert {row["state"] for row in found} == {"no-data"}
    assert [row["objective"] for row in found if row["month"] == "2026-02"] == ["95", "90", "90", "85", "85", "90"]
    assert [row["month"] for row in found if row.get("provisional")] == ["2026-04"] * 6


def test_8_3_no_row_starts_after_the_end_of_the_contract() -> None:
    ended = ("2026-03-01T10:00:00+01:00", "contract.ended", {"cause": "term", "on": "2026-02-28"})
    found = objectives(*AT_CLOUD_TEMPLE, ended, at="2026-06-01T00:00:00+02:00")
    assert max(row["month"] for row in found) == "2026-02"


def test_annex_a_promises_no_share() -> None:
    ticket = opened("2026-04-01T10:00:00+02:00", severity=1)
    assert objectives(*AT_OUTSCALE, ticket, at="2026-05-01T00:00:00+02:00") == []


def test_8_3_a_month_runs_while_a_ticket_is_neither_answered_nor_late() -> None:
    happenings = (*asked("2026-04-01", 1), *asked("2026-04-01", 2, minutes=None))
    running = first(objectives(*AT_CLOUD_TEMPLE, *happenings, at="2026-04-01T10:25:00+02:00"), "2026-04")
    assert (running["met"], running["total"], running["ratio"], running["state"]) == (1, 2, "1/2", "running")
    late = first(objectives(*AT_CLOUD_TEMPLE, *happenings, at="2026-04-01T10:31:00+02:00"), "2026-04")
    assert (late["met"], late["total"], late["state"]) == (1, 2, "missed")


def test_8_3_a_ticket_counts_in_the_month_of_its_opening() -> None:
    happenings = (
        opened("2026-03-31T23:50:00+02:00", "T-1", priority="I1 C1", on_call=True),
        answered("2026-04-01T00:10:00+02:00", "T-1"),
    )
    found = objectives(*AT_CLOUD_TEMPLE, *happenings, at="2026-04-02T00:00:00+02:00")
    assert (first(found, "2026-03")["total"], first(found, "2026-04")["total"]) == (1, 0)


def test_8_3_maintenance_tickets_are_left_out() -> None:
    happenings = (*asked("2026-04-01", 1), *asked("2026-04-01", 2, minutes=None, maintenance=True))
    found = first(objectives(*AT_CLOUD_TEMPLE, *happenings, at="2026-04-02T00:00:00+02:00"), "2026-04")
    assert (found["met"], found["total"], found["state"]) == (1, 1, "met")


def test_7_6_4_a_requalified_ticket_counts_for_its_current_priority() -> None:
    happenings = (
        *asked("2026-04-01", 1, minutes=40),
        then("2026-04-01T11:00:00+02:00", "qualified", "T-2026-04-01-1", criticality="C2"),
    )
    found = objectives(*AT_CLOUD_TEMPLE, *happenings, at="2026-04-02T00:00:00+02:00")
    assert first(found, "2026-04")["state"] == "no-data"
    assert first(found, "2026-04", "ct-secure-temple/sup-gti-p2")["state"] == "met"


def test_7_6_2_an_incomplete_ticket_leaves_the_month_open_unless_it_was_answered() -> None:
    at = "2026-05-20T00:00:00+02:00"
    silent = asked("2026-04-01", 1, minutes=None, complete=False)
    assert first(objectives(*AT_CLOUD_TEMPLE, *silent, at=at), "2026-04")["state"] == "running"
    answered_at_once = asked("2026-04-01", 1, complete=False)
    found = first(objectives(*AT_CLOUD_TEMPLE, *answered_at_once, at=at), "2026-04")
    assert (found["met"], found["total"], found["state"]) == (1, 1, "met")


@pytest.mark.parametrize(("reading", "met", "total", "state"), [("A", 0, 1, "missed"), ("B", 19, 20, "met")])
def test_gti_population_of_the_month_or_of_the_contract(reading: str, met: int, total: int, state: str) -> None:
    march = [fact for number in range(19) for fact in asked("2026-03-30", number)]
    late = asked("2026-04-01", 1, minutes=40)
    found = objectives(
        *AT_CLOUD_TEMPLE, *march, *late, at="2026-04-02T00:00:00+02:00", readings=[f"ct.gti_population={reading}"]
    )
    april = first(found, "2026-04")
    assert (april["met"], april["total"], april["state"]) == (met, total, state)


def test_a_document_signed_later_has_rows_from_its_month_on() -> None:
    later = ("2026-03-10T10:00:00+01:00", "contract.document-signed", {"document": "ct-openiaas-v3"})
    found = objectives(
        signed(CLOUD_TEMPLE, on="2026-02-01T00:00:00+01:00"),
        later,
        *asked("2026-04-01", 1),
        at="2026-04-02T00:00:00+02:00",
    )
    months = [row["month"] for row in found if row["commitment"] == "ct-openiaas-v3/sup-gti-p1"]
    assert months == ["2026-03", "2026-04"]
    assert first(found, "2026-04")["total"] == first(found, "2026-04", "ct-openiaas-v3/sup-gti-p1")["total"] == 1


def test_a_reading_chosen_later_governs_the_months_that_start_after_it() -> None:
    chosen = {"parameter": "ct.gti_population", "value": "B", "reason": "agreed"}
    found = objectives(
        *AT_CLOUD_TEMPLE,
        *asked("2026-03-30", 1),
        ("2026-03-31T12:00:00+02:00", "reading.selected", chosen),
        at="2026-04-02T00:00:00+02:00",
    )
    march, april = first(found, "2026-03"), first(found, "2026-04")
    assert (march["total"], april["total"]) == (1, 1)
    assert (march.get("readings"), april.get("readings")) == (None, {"ct.gti_population": "B"})
