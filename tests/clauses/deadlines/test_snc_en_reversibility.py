"""Reversibility under the English agreement, and its absence under the general terms and the French convention."""

import pytest

from tests.projections.deadlines.world import CGV, SNC_EN, SNC_FR, World, at, happens, midnight_after, under, world

ACCESS = f"{SNC_EN}/rev-one-month-access"
REPORT = f"{SNC_EN}/rev-report"
FIFTEEN = f"{SNC_EN}/rev-15-working-days"
STORAGE = f"{SNC_EN}/rev-storage-invoicing-13m"
DELETION = f"{SNC_EN}/rev-deletion-2w1d"
ACCESS_ENDS = f"{CGV}/term-effective-midnight"


def ended(day: str) -> object:
    return happens(f"{day} 18:00", "contract.ended", cause="convenience", on=day)


def reported(moment: str) -> object:
    return happens(moment, "recovery-report.received", signed_on=moment[:10])


def demanded(moment: str, channel: str = "registered-letter") -> object:
    return happens(moment, "notice.sent", notice="n-1", topic="recovery-report-demand", channel=channel)


def slip(moment: str) -> object:
    return happens(moment, "notice.received", notice="n-1")


def english(*facts: object, asked: str, readings: tuple[str, ...] = ()) -> World:
    return world(*facts, asked=asked, readings=readings, documents=under(SNC_EN))


@pytest.mark.parametrize(
    ("end", "access", "deletion"),
    [
        ("2026-01-31", "2026-02-28", "2026-03-15"),
        ("2028-01-31", "2028-02-29", "2028-03-15"),
        ("2026-12-31", "2027-01-31", "2027-02-15"),
    ],
    ids=["gc-120", "gc-120-leap", "gc-126"],
)
def test_gc_120_gc_126_one_month_of_access_then_fifteen_days(end: str, access: str, deletion: str) -> None:
    found = english(ended(end), asked=f"{end} 19:00")
    row = found.row(ACCESS)
    assert (row["from"], row["last_day"], row["due"]) == (midnight_after(end), access, midnight_after(access))
    assert (row["owed_by"], row["state"]) == ("none", "pending")
    projected = found.row(DELETION)
    assert (projected["last_day"], projected["from"], projected["owed_by"]) == (
        deletion, midnight_after(access), "provider",
    )  # fmt: skip
    assert projected["state"] == "pending"


def test_reversibility_a_month_read_as_thirty_days() -> None:
    found = english(ended("2026-01-31"), asked="2026-02-01", readings=("month_arithmetic=B",))
    assert found.row(ACCESS)["last_day"] == "2026-03-02"


def test_gc_121_an_early_report_closes_the_period() -> None:
    found = english(ended("2026-01-31"), reported("2026-02-20 11:00"), asked="2026-02-25")
    access = found.row(ACCESS)
    assert (access["state"], access["settled_at"]) == ("met", at("2026-02-20 11:00"))
    assert found.row(REPORT)["state"] == "met"
    row = found.row(DELETION)
    assert (row["last_day"], row["from"], row["opened_by"]) == (
        "2026-03-07", at("2026-02-20 11:00"), "urn:test#e-003",
    )  # fmt: skip


def test_gc_121_a_report_counts_only_after_the_month() -> None:
    found = english(ended("2026-01-31"), reported("2026-02-20"), asked="2026-02-25", readings=("rev.early_report=B",))
    assert found.row(ACCESS)["state"] == "pending"
    assert found.row(DELETION)["last_day"] == "2026-03-15"


def test_reversibility_a_report_before_the_end_settles_nothing() -> None:
    found = english(reported("2026-01-20"), ended("2026-01-31"), asked="2026-03-20")
    assert found.row(REPORT)["state"] == "missed"
    assert found.row(DELETION)["last_day"] == "2026-03-15"


SILENT = (ended("2026-03-25"), demanded("2026-04-28 10:00"), slip("2026-04-30 11:00"))


def test_gc_122_fifteen_working_days_then_thirteen_months_of_storage() -> None:
    started = happens("2026-05-28", "paid-storage.started")
    found = english(*SILENT, started, asked="2026-05-29 12:00")
    assert found.row(ACCESS)["last_day"] == "2026-04-25"
    assert found.row(FIFTEEN)["last_day"] == "2026-05-27"
    assert found.row(FIFTEEN)["state"] == "missed"
    storage = found.row(STORAGE)
    assert (storage["last_day"], storage["from"]) == ("2027-06-27", at("2026-05-28"))
    assert found.row(DELETION)["last_day"] == "2027-07-12"


def test_gc_122_the_hard_stop_is_a_month_and_fifteen_days() -> None:
    started = happens("2026-05-28", "paid-storage.started")
    found = english(*SILENT, started, asked="2026-05-29", readings=("rev.deletion_anchor=B",))
    assert found.row(DELETION)["last_day"] == "2026-05-10"


def test_gc_122_working_days_from_monday_to_saturday() -> None:
    found = english(*SILENT, asked="2026-05-01", readings=("calendar.working_days=B",))
    assert found.row(FIFTEEN)["last_day"] == "2026-05-21"


def test_gc_122_whit_monday_read_as_worked() -> None:
    found = english(*SILENT, asked="2026-05-01", readings=("calendar.solidarity_day=B",))
    assert found.row(FIFTEEN)["last_day"] == "2026-05-26"


@pytest.mark.parametrize(("reading", "last_day"), [("A", "2027-06-27"), ("B", "2027-05-25"), ("C", "2027-07-02")])
def test_reversibility_where_the_thirteen_months_start(reading: str, last_day: str) -> None:
    started = happens("2026-06-03", "paid-storage.started")
    found = english(*SILENT, started, asked="2026-06-04", readings=(f"rev.13m_start={reading}",))
    assert found.row(STORAGE)["last_day"] == last_day


def test_reversibility_paid_storage_that_ended_starts_the_deletion() -> None:
    facts = (happens("2026-05-28", "paid-storage.started"), happens("2026-09-10 09:00", "paid-storage.ended"))
    found = english(*SILENT, *facts, asked="2026-09-11")
    assert (found.row(STORAGE)["state"], found.row(DELETION)["last_day"]) == ("met", "2026-09-25")


def test_reversibility_a_report_during_storage_starts_the_deletion() -> None:
    facts = (happens("2026-05-28", "paid-storage.started"), reported("2026-06-10"))
    assert english(*SILENT, *facts, asked="2026-06-11").row(DELETION)["last_day"] == "2026-06-25"


def test_reversibility_a_late_report_nobody_asked_for_moves_nothing() -> None:
    found = english(ended("2026-03-25"), reported("2026-06-01"), asked="2026-06-11")
    assert (found.row(DELETION)["last_day"], found.row(DELETION)["state"]) == ("2026-05-10", "missed")


@pytest.mark.parametrize(("zone", "last_day"), [("A", "2026-01-13"), ("B", "2026-01-14")])
def test_gc_123_holidays_between_the_slip_and_the_fifteenth_working_day(zone: str, last_day: str) -> None:
    facts = (ended("2025-11-10"), demanded("2025-12-17"), slip("2025-12-19 10:00"))
    found = english(*facts, asked="2025-12-20", readings=(f"calendar.holidays={zone}",))
    assert found.row(FIFTEEN)["last_day"] == last_day


def test_reversibility_posting_dates_the_letter_for_all() -> None:
    found = english(*SILENT, asked="2026-05-01", readings=("notice.lrar_date=B",))
    assert (found.row(FIFTEEN)["from"], found.row(FIFTEEN)["last_day"]) == (at("2026-04-28 10:00"), "2026-05-22")


def test_reversibility_without_a_slip_the_fifteen_days_do_not_run() -> None:
    found = english(ended("2026-03-25"), demanded("2026-04-28"), asked="2026-05-20")
    assert found.rows(FIFTEEN) == []
    assert found.codes(FIFTEEN) == ["delay-not-started"]


@pytest.mark.parametrize(("moment", "channel"), [("2026-04-28", "email"), ("2026-04-20", "registered-letter")])
def test_reversibility_the_demand_is_a_registered_letter_sent_after_the_month(moment: str, channel: str) -> None:
    facts = (ended("2026-03-25"), demanded(moment, channel), slip("2026-04-30"))
    found = english(*facts, asked="2026-05-20")
    assert found.rows(FIFTEEN) == []
    assert found.codes(f"{SNC_EN}/rev-formal-notice") == ["act-refused"]


def test_gc_124_no_month_of_access_under_the_french_convention() -> None:
    french = world(ended("2026-05-03"), asked="2026-05-04", documents=under(SNC_FR))
    access = french.row(ACCESS_ENDS)
    assert (access["due"], access["state"]) == (at("2026-05-04"), "met")
    assert french.rows(ACCESS) == []
    english_client = english(ended("2026-05-03"), asked="2026-05-04")
    assert english_client.row(ACCESS)["last_day"] == "2026-06-03"
    assert english_client.rows(ACCESS_ENDS) == []


@pytest.mark.parametrize("documents", [(CGV,), under(SNC_FR)])
def test_gc_124_one_month_for_all_is_another_reading(documents: tuple[str, ...]) -> None:
    found = world(ended("2026-05-03"), asked="2026-05-04", readings=("rev.governing=B",), documents=documents)
    assert found.row(ACCESS)["last_day"] == "2026-06-03"
    assert found.row(DELETION)["last_day"] == "2026-06-18"
    assert found.rows(ACCESS_ENDS) == []


def test_reversibility_the_end_of_the_agreement_may_come_before_the_end_of_the_contract() -> None:
    facts = (
        happens("2026-01-10", "qualification.granted", service="iaas-cloud-on-demand", decision="d-1"),
        happens("2026-02-10", "qualification.lost", service="iaas-cloud-on-demand"),
        happens(
            "2026-03-02", "termination.notified",
            termination="t-1", by="client", ground="qualification-lost", channel="email",
        ),
        ended("2026-06-30"),
    )  # fmt: skip
    literal = english(*facts, asked="2026-07-01").row(ACCESS)
    assert (literal["from"], literal["last_day"]) == (midnight_after("2026-03-02"), "2026-04-02")
    contract = english(*facts, asked="2026-07-01", readings=("rev.end_event=B",)).row(ACCESS)
    assert contract["last_day"] == "2026-07-30"


def test_reversibility_signing_the_french_convention_ends_no_access() -> None:
    switched = happens("2026-02-01", "contract.document-signed", document=SNC_FR, replaces=SNC_EN)
    assert english(switched, asked="2026-05-01").rows(ACCESS) == []


def order(name: str, moment: str) -> object:
    return happens(moment, "recovery-service.ordered", order=name)


def test_gc_125_a_recovery_is_ordered_before_midnight_and_by_a_client_that_has_paid() -> None:
    found = world(
        happens("2026-04-02", "invoice.issued", invoice="i-1", month="2026-03", amount="100.00"),
        happens(
            "2026-04-17", "termination.notified",
            termination="t-1", by="provider", ground="convenience", channel="email",
        ),
        order("o-1", "2026-05-02 10:00"),
        happens("2026-05-03 15:00", "invoice.paid", invoice="i-1"),
        order("o-2", "2026-05-03 16:00"),
        asked="2026-05-04",
    )  # fmt: skip
    row = found.row(f"{CGV}/rec-service-order")
    assert (row["opened_by"], row["due"], row["state"]) == ("urn:test#e-006", at("2026-05-04"), "met")
    assert found.codes(f"{CGV}/rec-paid-up-condition") == ["act-refused"]


def test_18_2_a_recovery_ordered_after_midnight_is_late() -> None:
    found = world(ended("2026-05-03"), order("o-1", "2026-05-04"), asked="2026-05-05")
    assert found.row(f"{CGV}/rec-service-order")["state"] == "met-late"
