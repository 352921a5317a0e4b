"""When a support clock starts, pauses, resumes and stops, and what it shows meanwhile."""

import pytest

from tests.support.tickets import AT_CLOUD_TEMPLE, AT_OUTSCALE, answered, opened, row, rows, then

MAJOR = opened("2026-04-08T10:00:00+02:00", severity=1)
ASKED = then("2026-04-08T10:20:00+02:00", "waiting-for-client")


def test_sla9_a_running_recovery_has_a_projected_due() -> None:
    found = row("support-gtr-sev1", *AT_OUTSCALE, MAJOR, at="2026-04-08T10:30:00+02:00")
    assert found["due"] == "2026-04-08T12:00:00+02:00"
    assert (found["state"], found["elapsed_seconds"], found["settled_at"]) == ("running", "1800", None)


def test_sla9_a_paused_recovery_has_no_due_and_stands_still() -> None:
    found = row("support-gtr-sev1", *AT_OUTSCALE, MAJOR, ASKED, at="2026-04-08T18:00:00+02:00")
    assert (found["state"], found["due"], found["elapsed_seconds"]) == ("running", None, "1200")


def test_sla9_a_wait_that_begins_after_the_due_saves_nothing() -> None:
    late = then("2026-04-08T12:30:00+02:00", "waiting-for-client")
    found = row("support-gtr-sev1", *AT_OUTSCALE, MAJOR, late, at="2026-04-08T18:00:00+02:00")
    assert (found["state"], found["due"]) == ("missed", "2026-04-08T12:00:00+02:00")
    assert found["elapsed_seconds"] == "9000"


def test_sla9_the_clients_wait_does_not_move_the_first_response() -> None:
    found = row("support-gti-sev1", *AT_OUTSCALE, MAJOR, ASKED, at="2026-04-08T10:20:00+02:00")
    assert (found["state"], found["due"], found["elapsed_seconds"]) == ("missed", "2026-04-08T10:15:00+02:00", "1200")


def test_sla9_an_unanswered_ticket_is_late_only_after_its_due() -> None:
    at_due = row("support-gti-sev1", *AT_OUTSCALE, MAJOR, at="2026-04-08T10:15:00+02:00")
    after = row("support-gti-sev1", *AT_OUTSCALE, MAJOR, at="2026-04-08T10:15:00.000001+02:00")
    assert (at_due["state"], after["state"]) == ("running", "missed")


def test_sla9_a_reopened_ticket_resumes_where_it_stopped() -> None:
    happenings = (
        MAJOR,
        then("2026-04-08T11:00:00+02:00", "resolved"),
        then("2026-04-08T15:00:00+02:00", "reopened"),
    )
    running = row("support-gtr-sev1", *AT_OUTSCALE, *happenings, at="2026-04-08T15:30:00+02:00")
    assert (running["state"], running["due"]) == ("running", "2026-04-08T16:00:00+02:00")
    assert (running["elapsed_seconds"], running["settled_at"]) == ("5400", None)
    again = then("2026-04-08T15:59:00+02:00", "resolved")
    met = row("support-gtr-sev1", *AT_OUTSCALE, *happenings, again, at="2026-04-09T00:00:00+02:00")
    assert (met["state"], met["elapsed_seconds"]) == ("met", str(119 * 60))
    assert met["settled_at"] == "2026-04-08T15:59:00+02:00"


def test_sla9_a_resolution_ends_the_wait_and_a_second_one_changes_nothing() -> None:
    found = row(
        "support-gtr-sev1",
        *AT_OUTSCALE,
        MAJOR,
        ASKED,
        then("2026-04-08T13:00:00+02:00", "resolved"),
        then("2026-04-08T14:00:00+02:00", "resolved"),
        then("2026-04-08T14:30:00+02:00", "client-replied"),
        at="2026-04-09T00:00:00+02:00",
    )
    assert (found["state"], found["elapsed_seconds"]) == ("met", "1200")
    assert found["settled_at"] == "2026-04-08T13:00:00+02:00"


def test_sla9_a_second_question_in_one_wait_and_a_reply_to_none_change_nothing() -> None:
    found = row(
        "support-gtr-sev1",
        *AT_OUTSCALE,
        MAJOR,
        then("2026-04-08T10:10:00+02:00", "client-replied"),
        ASKED,
        then("2026-04-08T10:40:00+02:00", "waiting-for-client"),
        then("2026-04-08T11:05:00+02:00", "client-replied"),
        at="2026-04-08T11:05:00+02:00",
    )
    assert (found["elapsed_seconds"], found["due"]) == ("1200", "2026-04-08T12:45:00+02:00")


@pytest.mark.parametrize("commitment", ["support-gti-sev2", "support-gtr-sev2"])
def test_sla9_an_incomplete_ticket_has_not_started(commitment: str) -> None:
    found = row(
        commitment,
        *AT_OUTSCALE,
        opened("2026-04-09T10:00:00+02:00", severity=2, complete=False),
        answered("2026-04-09T10:05:00+02:00"),
        at="2026-04-12T10:00:00+02:00",
    )
    assert (found["state"], found["from"], found["due"]) == ("running", None, None)
    assert (found["elapsed_seconds"], found["settled_at"]) == ("0", None)


def test_sla9_an_answer_before_completeness_takes_no_time() -> None:
    found = row(
        "support-gti-sev2",
        *AT_OUTSCALE,
        opened("2026-04-09T10:00:00+02:00", severity=2, complete=False),
        answered("2026-04-09T10:05:00+02:00"),
        then("2026-04-09T12:00:00+02:00", "completed"),
        at="2026-04-09T13:00:00+02:00",
    )
    assert (found["state"], found["elapsed_seconds"]) == ("met", "0")
    assert (found["due"], found["settled_at"]) == ("2026-04-09T12:30:00+02:00", "2026-04-09T10:05:00+02:00")


def test_sla9_the_missing_information_ends_the_wait_for_it() -> None:
    found = row(
        "support-gtr-sev2",
        *AT_OUTSCALE,
        opened("2026-04-09T10:00:00+02:00", severity=2, complete=False),
        then("2026-04-09T10:05:00+02:00", "waiting-for-client"),
        then("2026-04-09T12:00:00+02:00", "completed"),
        at="2026-04-09T13:00:00+02:00",
    )
    assert (found["from"], found["due"]) == ("2026-04-09T12:00:00+02:00", "2026-04-09T16:00:00+02:00")
    assert found["elapsed_seconds"] == "3600"


def test_gti_start_b_also_starts_an_incomplete_first_response() -> None:
    ticket = opened("2026-04-09T10:00:00+02:00", severity=2, complete=False)
    found = row(
        "support-gti-sev2", *AT_OUTSCALE, ticket, at="2026-04-09T11:00:00+02:00", readings=["support.gti_start=B"]
    )
    assert (found["state"], found["due"]) == ("missed", "2026-04-09T10:30:00+02:00")


@pytest.mark.parametrize(
    ("reading", "due", "hours"), [("A", "2026-06-05T12:00:00+02:00", 20), ("B", "2026-06-08T12:00:00+02:00", 8)]
)
def test_pause_overlap_deducts_working_time_or_the_whole_wait(reading: str, due: str, hours: int) -> None:
    found = row(
        "support-gtr-sev3",
        *AT_OUTSCALE,
        opened("2026-06-01T08:00:00+02:00", severity=3),
        then("2026-06-01T18:00:00+02:00", "waiting-for-client"),
        then("2026-06-02T10:00:00+02:00", "client-replied"),
        at="2026-06-02T20:00:00+02:00",
        readings=[f"support.pause_overlap={reading}"],
    )
    assert (found["due"], found["elapsed_seconds"]) == (due, str(hours * 3600))


def test_pause_overlap_b_a_wait_after_the_due_no_longer_moves_it() -> None:
    found = row(
        "support-gtr-sev3",
        *AT_OUTSCALE,
        opened("2026-06-01T08:00:00+02:00", severity=3),
        then("2026-06-04T20:00:00+02:00", "waiting-for-client"),
        then("2026-06-05T10:00:00+02:00", "client-replied"),
        at="2026-06-05T12:00:00+02:00",
        readings=["support.pause_overlap=B"],
    )
    assert found["due"] == "2026-06-04T20:00:00+02:00"


def test_working_hours_c_nine_to_six() -> None:
    found = row(
        "support-gtr-sev3",
        *AT_OUTSCALE,
        opened("2026-06-01T08:00:00+02:00", severity=3),
        at="2026-06-01T12:00:00+02:00",
        readings=["calendar.working_hours=C"],
    )
    assert (found["elapsed_seconds"], found["due"]) == (str(3 * 3600), "2026-06-08T12:00:00+02:00")


@pytest.mark.parametrize(("reading", "due"), [("A", "2026-05-26T10:30:00+02:00"), ("B", "2026-05-25T10:30:00+02:00")])
def test_solidarity_day_is_a_holiday_or_worked(reading: str, due: str) -> None:
    found = row(
        "sup-gti-p3",
        *AT_CLOUD_TEMPLE,
        opened("2026-05-22T16:30:00+02:00", priority="I1 C3"),
        at="2026-05-22T17:00:00+02:00",
        readings=[f"calendar.solidarity_day={reading}"],
    )
    assert found["due"] == due


@pytest.mark.parametrize(("reading", "state"), [("A", "met"), ("B", "missed")])
def test_gti_equal_an_answer_exactly_at_the_bound(reading: str, state: str) -> None:
    found = row(
        "sup-gti-p1",
        *AT_CLOUD_TEMPLE,
        opened("2026-03-02T10:00:00+01:00", priority="I1 C1"),
        answered("2026-03-02T10:30:00+01:00"),
        at="2026-03-03T00:00:00+01:00",
        readings=[f"ct.gti_equal={reading}"],
    )
    assert found["state"] == state


def test_gti_equal_b_is_late_at_the_bound_itself() -> None:
    ticket = opened("2026-03-02T10:00:00+01:00", priority="I1 C1")
    asked = {"at": "2026-03-02T10:30:00+01:00"}
    assert row("sup-gti-p1", *AT_CLOUD_TEMPLE, ticket, **asked)["state"] == "running"
    assert row("sup-gti-p1", *AT_CLOUD_TEMPLE, ticket, **asked, readings=["ct.gti_equal=B"])["state"] == "missed"


@pytest.mark.parametrize(
    ("reading", "on_call", "due"),
    [
        ("A", True, "2026-05-10T03:30:00+02:00"),
        ("A", False, "2026-05-11T08:30:00+02:00"),
        ("B", False, "2026-05-10T03:30:00+02:00"),
        ("C", True, "2026-05-11T08:30:00+02:00"),
    ],
)
def test_gti_calendar_of_a_first_priority_on_a_sunday(reading: str, on_call: bool, due: str) -> None:
    found = row(
        "sup-gti-p1",
        *AT_CLOUD_TEMPLE,
        opened("2026-05-10T03:00:00+02:00", priority="I1 C1", on_call=on_call),
        at="2026-05-10T03:10:00+02:00",
        readings=[f"ct.gti_calendar={reading}"],
    )
    assert found["due"] == due


def test_7_6_2_the_on_call_number_helps_the_first_two_priorities_alone() -> None:
    night = {"on_call": True}
    at = "2026-05-10T03:10:00+02:00"
    second = opened("2026-05-10T03:00:00+02:00", priority="I2 C1", **night)
    third = opened("2026-05-10T03:00:00+02:00", priority="I3 C1", **night)
    assert row("sup-gti-p2", *AT_CLOUD_TEMPLE, second, at=at)["due"] == "2026-05-10T05:00:00+02:00"
    assert row("sup-gti-p3", *AT_CLOUD_TEMPLE, third, at=at)["due"] == "2026-05-11T12:00:00+02:00"


def test_8_3_no_recovery_time_is_ever_shown_where_none_is_promised() -> None:
    found = rows(
        *AT_CLOUD_TEMPLE,
        opened("2026-03-02T10:00:00+01:00", priority="I1 C1"),
        then("2026-03-09T10:00:00+01:00", "resolved"),
        at="2026-03-10T00:00:00+01:00",
    )
    assert [one["commitment"] for one in found] == ["ct-secure-temple/sup-gti-p1"]


def test_facts_dated_before_the_opening_say_nothing() -> None:
    found = row(
        "support-gti-sev1", *AT_OUTSCALE, MAJOR, answered("2026-04-08T09:00:00+02:00"), at="2026-04-08T10:05:00+02:00"
    )
    assert (found["state"], found["settled_at"]) == ("running", None)
