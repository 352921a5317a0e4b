"""Information duties on change: of compliance, of third parties, of the text itself."""

import pytest

from tests.projections.deadlines.world import (
    CGV,
    OPENIAAS,
    SECURE_TEMPLE,
    SNC_EN,
    SNC_FR,
    at,
    happens,
    midnight_after,
    sent,
    under,
    world,
)


def change(moment: str, **more: object) -> object:
    return happens(moment, "compliance.changed", change="ch-1", kind="legal", **more)


@pytest.mark.parametrize("document", [SNC_FR, SNC_EN, SECURE_TEMPLE, OPENIAAS])
@pytest.mark.parametrize(
    ("effective", "last_day"),
    [("2026-01-31", "2026-02-28"), ("2028-01-31", "2028-02-29"), ("2026-12-31", "2027-01-31")],
)
def test_gc_093_one_month_to_announce_a_change(document: str, effective: str, last_day: str) -> None:
    fact = change(f"{effective} 09:00", effective_at=at(f"{effective} 09:00"))
    row = world(fact, asked=f"{effective} 12:00", documents=under(document)).row(f"{document}/qual-change-1-month")
    assert (row["last_day"], row["due"]) == (last_day, midnight_after(last_day))


@pytest.mark.parametrize(("anchor", "last_day"), [("A", "2026-07-15"), ("B", "2026-05-15"), ("C", "2026-05-20")])
def test_art_11_where_the_month_of_a_change_is_anchored(anchor: str, last_day: str) -> None:
    fact = change("2026-04-20 09:00", effective_at=at("2026-06-15 09:00"))
    found = world(fact, asked="2026-04-21", documents=under(SNC_FR), readings=(f"change_notice.anchor={anchor}",))
    assert found.row(f"{SNC_FR}/qual-change-1-month")["last_day"] == last_day


def test_art_11_a_notice_before_the_change_counts_only_where_it_is_due_before() -> None:
    facts = (
        sent("2026-05-10", "compliance-change", about="ch-1"),
        change("2026-06-15", effective_at=at("2026-06-15")),
    )
    rule = f"{SNC_FR}/qual-change-1-month"
    after = world(*facts, asked="2026-06-16", documents=under(SNC_FR)).row(rule)
    assert (after["state"], after["settled_by"]) == ("pending", None)
    before = world(*facts, asked="2026-06-16", documents=under(SNC_FR), readings=("change_notice.anchor=B",)).row(rule)
    assert (before["state"], before["settled_by"], before["from"]) == ("met", "urn:test#e-002", None)


@pytest.mark.parametrize(("document", "duties"), [(SNC_FR, 2), (SNC_EN, 1)])
def test_gc_145_a_third_party_that_affects_security(document: str, duties: int) -> None:
    fact = happens("2026-05-04", "third-party.changed", name="carrier", affects_security=True)
    told = sent("2026-05-05", "third-party-change", about="carrier")
    rule = f"{document}/tp-change-security"
    found = world(fact, asked="2026-05-06", documents=under(document))
    assert found.row(rule)["state"] == "open-ended"
    assert len([*found.rows(rule), *found.codes(rule)]) == duties
    assert world(fact, told, asked="2026-05-06", documents=under(document)).row(rule)["state"] == "met"


def test_6_4_a_third_party_without_effect_on_security_opens_nothing() -> None:
    fact = happens("2026-05-04", "third-party.changed", name="carrier", affects_security=False)
    found = world(fact, asked="2026-05-06", documents=under(SNC_FR))
    assert found.statement["deadlines"] == []


@pytest.mark.parametrize(
    ("told", "state"), [("2026-05-03", "met"), ("2026-05-05", "met-late"), (None, "missed")]
)  # fmt: skip
def test_14_2_1_b5_a_sub_processor_changes_only_after_information(told: str | None, state: str) -> None:
    fact = happens("2026-05-04", "third-party.changed", name="carrier", affects_security=False, personal_data=True)
    notices = () if told is None else (sent(told, "third-party-change", about="carrier"),)
    row = world(*notices, fact, asked="2026-05-06").row(f"{CGV}/not-third-party-prior")
    assert (row["state"], row["from"]) == (state, None)


def revised(moment: str, effective: str, channel: str = "email", document: str = SNC_FR) -> object:
    return happens(
        moment, "contract.revision-notified",
        document=document, version="v2", effective_on=effective, channel=channel,
    )  # fmt: skip


@pytest.mark.parametrize(("effective", "state"), [("2026-07-01", "met"), ("2026-06-30", "met-late")])
def test_gc_096_a_new_version_is_notified_thirty_days_ahead(effective: str, state: str) -> None:
    found = world(revised("2026-06-01 10:00", effective), asked="2026-06-02", documents=under(SNC_FR))
    assert found.row(f"{SNC_FR}/update-notice-30d")["state"] == state


def test_art_4_a_new_version_told_by_phone_is_not_notified_in_writing() -> None:
    found = world(revised("2026-06-01", "2026-07-15", "phone"), asked="2026-06-02", documents=under(SNC_FR))
    row = found.row(f"{SNC_FR}/update-notice-30d")
    assert (row["state"], row["last_day"]) == ("pending", "2026-06-15")
    assert "wrong-form" in found.codes(f"{SNC_FR}/update-notice-30d")
