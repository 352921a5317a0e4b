"""The end of a Cloud Temple contract: notice, window of erasure, certificate (9.7 and 12)."""

import pytest

from tests.projections.deadlines.world import OPENIAAS, SECURE_TEMPLE, World, at, happens, world

WINDOW = f"{SECURE_TEMPLE}/del-max-30d"
NOTICE = f"{SECURE_TEMPLE}/del-notice-21d"


def ended(day: str = "2026-06-30") -> object:
    return happens(f"{day} 18:00", "contract.ended", cause="term", on=day)


def notice(moment: str, name: str = "n-1") -> object:
    return happens(moment, "notice.sent", notice=name, topic="deletion-notice", channel="registered-letter")


def erased(moment: str, *scopes: str) -> object:
    return happens(moment, "deletion.performed", scopes=list(scopes or ("all",)), method="overwrite")


def temple(*facts: object, asked: str, readings: tuple[str, ...] = (), document: str = SECURE_TEMPLE) -> World:
    return world(*facts, asked=asked, documents=(document,), readings=readings)


@pytest.mark.parametrize("document", [SECURE_TEMPLE, OPENIAAS])
def test_gc_133_from_day_21_to_day_30_after_the_notice(document: str) -> None:
    row = temple(notice("2026-06-15 10:00"), ended(), asked="2026-07-01", document=document).row(
        f"{document}/del-max-30d"
    )
    assert (row["earliest"], row["last_day"], row["due"]) == (at("2026-07-06"), "2026-07-15", at("2026-07-16"))
    assert (row["from"], row["state"]) == (at("2026-06-15 10:00"), "pending")


@pytest.mark.parametrize(
    ("day", "state", "codes"),
    [("2026-07-03", "met", ["too-early"]), ("2026-07-10", "met", []), ("2026-07-20", "met-late", [])],
)
def test_gc_133_an_erasure_before_in_and_after_the_window(day: str, state: str, codes: list[str]) -> None:
    found = temple(notice("2026-06-15"), ended(), erased(f"{day} 10:00"), asked="2026-08-10")
    assert (found.row(WINDOW)["state"], found.codes(WINDOW)) == (state, codes)


def test_gc_133_thirty_days_read_as_following_the_twenty_one() -> None:
    found = temple(notice("2026-06-15"), ended(), asked="2026-07-01", readings=("ct.deletion_window=B",))
    assert found.row(WINDOW)["last_day"] == "2026-08-05"
    assert found.row(WINDOW)["earliest"] == at("2026-07-06")


def test_9_7_never_before_the_end_of_the_contract() -> None:
    row = temple(notice("2026-06-05"), ended(), asked="2026-07-01").row(WINDOW)
    assert (row["earliest"], row["last_day"]) == (at("2026-07-01"), "2026-07-05")


@pytest.mark.parametrize("facts", [(ended(),), ()], ids=["ended", "running"])
def test_gc_134_a_window_that_closes_before_the_end_is_void(facts: tuple[object, ...]) -> None:
    found = temple(notice("2026-05-20"), *facts, asked="2026-07-01")
    row = found.row(WINDOW)
    assert (row["last_day"], row["state"]) == ("2026-06-19", "cancelled")
    assert found.codes(WINDOW) == ["window-empty"]
    if facts:
        assert found.row(NOTICE)["state"] == "open-ended"


def test_gc_134_a_fresh_notice_opens_a_usable_window() -> None:
    found = temple(notice("2026-05-20"), ended(), notice("2026-07-01", "n-2"), asked="2026-07-02")
    assert [row["state"] for row in found.rows(WINDOW)] == ["cancelled", "pending"]
    assert found.row(NOTICE)["settled_by"] == "urn:test#e-004"
    assert found.codes(NOTICE) == []


def test_9_7_a_notice_before_the_end_is_good_unless_read_otherwise() -> None:
    facts = (notice("2026-06-15"), ended())
    assert temple(*facts, asked="2026-07-01").row(NOTICE)["state"] == "met"
    after_only = temple(*facts, asked="2026-07-02", readings=("ct.notice_before_end=B",))
    assert after_only.rows(WINDOW) == []
    assert after_only.codes(WINDOW) == ["act-refused"]
    assert after_only.row(NOTICE)["state"] == "open-ended"


def test_9_7_a_missing_notice_is_told_from_the_end_of_the_contract() -> None:
    found = temple(ended(), asked="2026-07-10")
    row = found.row(NOTICE)
    assert (row["due"], row["state"], row["elapsed_seconds"]) == (None, "open-ended", str(9 * 86400))
    assert found.codes(NOTICE) == ["duty-waiting"]
    assert found.rows(WINDOW) == []


def test_9_7_an_erasure_without_notice_is_told() -> None:
    found = temple(ended(), erased("2026-07-10"), asked="2026-07-12")
    assert "deletion-unannounced" in found.codes(WINDOW)


def test_12_technical_data_go_with_the_rest() -> None:
    partly = erased("2026-07-10", "instances", "volumes", "snapshots", "objects", "backups")
    assert temple(notice("2026-06-15"), ended(), partly, asked="2026-08-01").row(WINDOW)["state"] == "missed"


def test_silence_no_delay_of_the_other_provider_is_borrowed() -> None:
    found = temple(
        happens("2026-05-04", "personal-data-request.received", request="r-1"),
        happens("2026-05-04", "key-rotation.requested", key="k-1"),
        happens("2026-05-04", "account.deactivated", account="a-1"),
        happens("2026-05-04", "deletion.requested", deletion="d-1", via="api", scopes=["all"]),
        happens("2026-05-04", "formal-notice.sent", notice="f-1", by="client", ground="late"),
        happens("2026-05-04", "invoice.issued", invoice="i-1", month="2026-04", amount="10.00"),
        asked="2026-09-01",
    )
    assert found.statement["deadlines"] == []
