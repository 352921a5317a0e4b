"""Information duties: breaches, requests, maintenance, third parties, changes, revisions, qualification, invoices."""

import pytest

from tests.projections.deadlines.world import (
    CGV,
    OPENIAAS,
    SECURE_TEMPLE,
    SNC_EN,
    SNC_FR,
    World,
    at,
    happens,
    midnight_after,
    provider_says,
    under,
    world,
)

BREACH = f"{CGV}/not-breach-72h"
RIGHTS = f"{CGV}/not-rights-answer-30d"
MAINTENANCE = f"{CGV}/not-maintenance-2w"
KEYS = f"{CGV}/liability-aksk-24h"
DISPUTE = f"{CGV}/invoice-dispute-30d"
DAY = 86400


def sent(moment: str, topic: str, channel: str = "email", about: str | None = None, notice: str = "n-1") -> object:
    named = {} if about is None else {"about": about}
    return happens(moment, "notice.sent", notice=notice, topic=topic, channel=channel, **named)


def leaked(moment: str, incident: str = "i-1", **more: object) -> object:
    told = {"personal_data": "client-controller", "risk": True, **more}
    return happens(moment, "incident.opened", incident=incident, nature="security", **told)


def test_gc_140_seventy_two_elapsed_hours_across_the_autumn_change() -> None:
    facts = (leaked("2026-10-23T20:00:00+02:00", known_at="2026-10-23T18:00:00+02:00"),)
    row = world(*facts, asked="2026-10-24").row(BREACH)
    assert (row["due"], row["last_day"]) == ("2026-10-26T17:00:00+01:00", None)
    assert row["from"] == "2026-10-23T18:00:00+02:00"
    wall = world(*facts, asked="2026-10-24", readings=("hours.elapsed=B",)).row(BREACH)
    assert wall["due"] == "2026-10-26T18:00:00+01:00"


def test_14_2_1_b11_no_duty_without_personal_data_or_without_risk() -> None:
    facts = (leaked("2026-05-04", risk=False), leaked("2026-05-05", "i-2", personal_data="none"))
    assert world(*facts, asked="2026-06-01").rows(BREACH) == []


def test_14_2_1_b11_a_notice_settles_the_breach_it_names() -> None:
    facts = (leaked("2026-05-04", "i-1"), leaked("2026-05-05", "i-2"))
    found = world(*facts, sent("2026-05-06", "personal-data-breach", about="i-2"), asked="2026-05-06 12:00")
    assert [row["settled_by"] for row in found.rows(BREACH)] == [None, "urn:test#e-004"]
    found = world(*facts, sent("2026-05-06", "personal-data-breach"), asked="2026-05-06 12:00")
    assert [row["settled_by"] for row in found.rows(BREACH)] == ["urn:test#e-004", None]
    found = world(*facts, sent("2026-05-06", "personal-data-breach", about="i-9"), asked="2026-05-06 12:00")
    assert [row["settled_by"] for row in found.rows(BREACH)] == [None, None]


def test_14_2_1_b11_a_provider_wide_breach_concerns_contracts_in_force() -> None:
    before = provider_says(
        "outscale", "2022-05-04", "incident.opened",
        incident="i-0", nature="security", personal_data="client-controller", risk=True,
    )  # fmt: skip
    now = provider_says(
        "outscale", "2026-05-04", "incident.opened",
        incident="i-1", nature="security", personal_data="client-controller", risk=True,
    )  # fmt: skip
    assert [row["opened_by"] for row in world(before, now, asked="2026-05-05").rows(BREACH)] == ["urn:test#e-003"]


def test_gc_141_thirty_days_to_answer_a_request_even_on_a_sunday() -> None:
    asked = happens("2026-01-30 10:00", "personal-data-request.received", request="r-1")
    row = world(asked, asked="2026-02-01").row(RIGHTS)
    assert (row["last_day"], row["due"]) == ("2026-03-01", at("2026-03-02"))


@pytest.mark.parametrize(
    ("answered", "state"), [("2026-03-01 23:59:59", "met"), ("2026-03-02 00:00", "met-late")]
)  # fmt: skip
def test_gc_141_twenty_four_hundred_hours_is_the_first_instant_too_late(answered: str, state: str) -> None:
    facts = (
        happens("2026-01-30 10:00", "personal-data-request.received", request="r-1"),
        happens(answered, "personal-data-request.answered", request="r-1"),
    )
    assert world(*facts, asked="2026-03-05").row(RIGHTS)["state"] == state


def maintenance(announced: str, starts: str) -> object:
    return happens(
        announced, "maintenance.announced",
        maintenance="m-1", kind="hypervisor", starts_at=at(f"{starts} 01:00"), ends_at=at(f"{starts} 03:00"),
        services=["vm"],
    )  # fmt: skip


def test_gc_142_hypervisor_maintenance_is_announced_two_weeks_ahead() -> None:
    row = world(maintenance("2026-02-17 10:00", "2026-03-02"), asked="2026-02-20").row(MAINTENANCE)
    assert (row["last_day"], row["due"], row["from"], row["state"]) == (
        "2026-02-16", at("2026-02-17"), None, "met-late",
    )  # fmt: skip
    assert row["settled_by"] == row["opened_by"]
    assert world(maintenance("2026-02-16 23:59", "2026-03-02"), asked="2026-02-20").row(MAINTENANCE)["state"] == "met"


def test_gc_108_keys_are_rotated_within_twenty_four_elapsed_hours() -> None:
    asked = happens("2026-03-28T12:00:00+01:00", "key-rotation.requested", key="ak-1")
    row = world(asked, asked="2026-03-28 13:00").row(KEYS)
    assert (row["due"], row["owed_by"], row["state"]) == ("2026-03-29T13:00:00+02:00", "client", "pending")


def test_gc_146_the_senders_clock_dates_a_notice_of_the_provider() -> None:
    fact = happens(
        "2026-03-01 23:59:58", "termination.notified",
        termination="t-1", by="provider", ground="convenience", channel="email",
    )  # fmt: skip
    assert world(fact, asked="2026-03-02").row(f"{CGV}/term-provider-convenience")["last_day"] == "2026-03-17"


def security(moment: str, **told: object) -> object:
    return happens(moment, "incident.opened", incident="i-1", **{"nature": "security", **told})


def temple(*facts: object, asked: str, document: str = SECURE_TEMPLE, readings: tuple[str, ...] = ()) -> World:
    return world(*facts, asked=asked, documents=(document,), readings=readings)


@pytest.mark.parametrize("document", [SECURE_TEMPLE, OPENIAAS])
@pytest.mark.parametrize(
    ("told", "owed"),
    [
        ({"impact": "I3", "confidentiality": True}, True),
        ({"impact": "I3"}, False),
        ({"impact": "I1", "nature": "failure"}, False),
        ({"impact": "I3", "personal_data": "client-controller"}, True),
        ({"impact": "I3", "personal_data": "provider-controller"}, True),
        ({"impact": "I2"}, True),
        ({"integrity": True}, True),
    ],
)
def test_gc_143_security_incidents_the_client_hears_of_by_default(
    document: str, told: dict[str, object], owed: bool
) -> None:
    found = temple(security("2026-05-04", **told), asked="2026-05-06", document=document)
    rows = found.rows(f"{document}/inc-default-levels")
    assert [row["state"] for row in rows] == (["open-ended"] if owed else [])
    ordinary = found.rows(f"{document}/inc-inform")
    assert [row["due"] for row in ordinary] == ([None] if told.get("nature") == "failure" else [])


def test_11_1_1_3_chosen_levels_replace_the_default_ones() -> None:
    choice = happens("2026-01-01", "notification-levels.chosen", levels=["I1", "confidentiality"])
    default, chosen = f"{SECURE_TEMPLE}/inc-default-levels", f"{SECURE_TEMPLE}/inc-levels-choice"
    minor = temple(choice, security("2026-05-04", impact="I2"), asked="2026-05-06")
    assert (minor.rows(default), minor.rows(chosen)) == ([], [])
    leak = temple(choice, security("2026-05-04", impact="I3", confidentiality=True), asked="2026-05-06")
    assert (leak.rows(default), leak.row(chosen)["state"]) == ([], "open-ended")
    earlier = temple(choice, security("2025-05-04", impact="I2"), asked="2026-05-06")
    assert earlier.row(default)["state"] == "open-ended"


def test_11_1_1_3_a_level_nobody_defined_asks_for_nothing_and_is_told() -> None:
    choice = happens("2026-01-01", "notification-levels.chosen", levels=["orange"])
    found = temple(choice, security("2026-05-04", impact="I1"), asked="2026-05-06")
    assert found.rows(f"{SECURE_TEMPLE}/inc-levels-choice") == []
    assert found.codes(f"{SECURE_TEMPLE}/inc-levels-choice") == ["unknown-level"]


def test_11_1_1_3_a_notice_settles_it_and_no_figure_makes_it_late() -> None:
    facts = (security("2026-05-04", impact="I1"), sent("2026-07-04", "security-incident", "console", about="i-1"))
    row = temple(*facts, asked="2026-07-05").row(f"{SECURE_TEMPLE}/inc-default-levels")
    assert (row["state"], row["due"], row["elapsed_seconds"]) == ("met", None, str(61 * DAY))


def test_11_1_1_2_incidents_are_told_on_the_console_or_by_email() -> None:
    failure = happens("2026-05-04", "incident.opened", incident="i-1", nature="failure")
    rule = f"{SECURE_TEMPLE}/inc-inform"
    by_phone = temple(failure, sent("2026-05-05", "other", "phone", about="i-1"), asked="2026-05-06")
    assert (by_phone.row(rule)["state"], by_phone.codes(rule)) == ("open-ended", ["wrong-form"])
    assert temple(failure, sent("2026-05-05", "other", "console", about="i-1"), asked="2026-05-06").row(rule)[
        "state"
    ] == "met"  # fmt: skip


def test_art_8_a_security_incident_is_told_without_delay() -> None:
    rule = f"{CGV}/not-security-incident"
    incident = security("2026-05-07 10:00")
    row = world(incident, asked="2026-05-07 12:00").row(rule)
    assert (row["due"], row["state"], row["elapsed_seconds"]) == (None, "open-ended", "7200")
    next_day = world(incident, asked="2026-05-07 12:00", readings=("immediately=B",)).row(rule)
    assert (next_day["last_day"], next_day["state"]) == ("2026-05-11", "pending")


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


def lost(moment: str, service: str = "iaas-cloud-on-demand") -> object:
    return happens(moment, "qualification.lost", service=service)


def test_gc_091_a_loss_is_notified_by_registered_letter_only() -> None:
    rule = f"{SNC_FR}/qual-loss-notify"
    mail = sent("2026-02-10 11:00", "qualification-loss")
    letter = sent("2026-02-12 09:00", "qualification-loss", "registered-letter", notice="n-2")
    found = world(lost("2026-02-10 09:00"), mail, asked="2026-02-13", documents=under(SNC_FR))
    assert (found.row(rule)["state"], found.row(rule)["settled_by"]) == ("open-ended", None)
    assert found.codes(rule) == ["duty-waiting", "wrong-form"]
    done = world(lost("2026-02-10 09:00"), mail, letter, asked="2026-02-20", documents=under(SNC_FR)).row(rule)
    assert (done["state"], done["elapsed_seconds"]) == ("met", str(2 * DAY))


def test_art_5_immediately_read_as_the_next_working_day() -> None:
    found = world(
        lost("2026-02-13 09:00"), asked="2026-02-14", documents=under(SNC_FR), readings=("immediately=B",)
    ).row(f"{SNC_FR}/qual-loss-notify")  # fmt: skip
    assert (found["last_day"], found["state"]) == ("2026-02-16", "pending")


def test_art_5_an_expiry_is_a_loss_only_in_one_reading() -> None:
    granted = happens(
        "2025-02-10", "qualification.granted",
        service="iaas-cloud-on-demand", decision="d-1", valid_until="2026-02-10",
    )  # fmt: skip
    rule = f"{SNC_FR}/qual-loss-notify"
    assert world(granted, asked="2026-03-01", documents=under(SNC_FR)).rows(rule) == []
    row = world(granted, asked="2026-03-01", documents=under(SNC_FR), readings=("qual.expiry=B",)).row(rule)
    assert (row["from"], row["opened_by"], row["state"]) == (midnight_after("2026-02-10"), None, "open-ended")


def test_art_5_the_duty_to_tell_a_loss_is_that_of_the_qualified_text_alone() -> None:
    found = world(
        lost("2026-02-10", "secure-temple"), asked="2026-02-11", documents=(SECURE_TEMPLE, OPENIAAS)
    )  # fmt: skip
    assert found.row(f"{SECURE_TEMPLE}/qual-loss-notify")["state"] == "open-ended"
    assert found.rows(f"{OPENIAAS}/qual-loss-notify") == []


@pytest.mark.parametrize("event", ["qualification.modified", "qualification.renewed"])
@pytest.mark.parametrize(
    ("document", "rule"), [(SNC_FR, "qual-any-change-notify"), (SNC_EN, "qual-modification-notify")]
)
def test_art_11_a_modification_is_notified_in_any_form(event: str, document: str, rule: str) -> None:
    fact = provider_says("outscale", "2026-02-10", event, service="iaas-cloud-on-demand", decision="d-2")
    other = provider_says("outscale", "2026-02-10", event, service="another-service", decision="d-3")
    told = sent("2026-02-11", "qualification-modification", about="d-2")
    row = world(fact, other, told, asked="2026-02-12", documents=under(document)).row(f"{document}/{rule}")
    assert (row["opened_by"], row["state"], row["due"]) == ("urn:test#e-002", "met", None)


def ends(moment: str, **more: object) -> object:
    told = {"termination": "t-1", "by": "client", "ground": "qualification-lost", "channel": "registered-letter"}
    return happens(moment, "termination.notified", **told, **more)


def test_gc_092_a_modification_opens_no_termination() -> None:
    modified = happens("2026-02-10", "qualification.modified", service="secure-temple", decision="d-2")
    rule = f"{SECURE_TEMPLE}/qual-loss-terminate"
    found = world(modified, ends("2026-02-20"), asked="2026-03-01", documents=(SECURE_TEMPLE,))
    assert (found.rows(rule), found.codes(rule)) == ([], ["act-refused"])


@pytest.mark.parametrize(
    ("document", "service", "object_"),
    [
        (SNC_FR, "iaas-cloud-on-demand", SNC_FR),
        (SNC_EN, "iaas-cloud-on-demand", SNC_EN),
        (SECURE_TEMPLE, "secure-temple", "contract"),
    ],
)
def test_art_5_a_loss_lets_the_client_terminate_on_receipt(document: str, service: str, object_: str) -> None:
    grant = happens("2026-01-10", "qualification.granted", service=service, decision="d-1")
    notice = sent("2026-02-20", "other", "registered-letter", about="t-1")
    received = happens("2026-02-23 10:00", "notice.received", notice="n-1")
    facts = (grant, lost("2026-02-10", service), ends("2026-02-20"), notice, received)
    rule = f"{document}/qual-loss-terminate"
    row = world(*facts, asked="2026-02-23 12:00", documents=under(document)).row(rule)
    assert (row["from"], row["last_day"], row["ends"]) == (at("2026-02-23 10:00"), "2026-02-23", object_)
    posted = world(*facts, asked="2026-02-24", documents=under(document), readings=("notice.lrar_date=B",)).row(rule)
    assert posted["last_day"] == "2026-02-20"
    whole = world(*facts, asked="2026-02-24", documents=under(document), readings=("qual.terminate_object=B",)).row(
        rule
    )
    assert whole["ends"] == "contract"


def test_art_5_a_later_date_that_the_notice_names_prevails() -> None:
    facts = (lost("2026-02-10"), ends("2026-02-20", effective_on="2026-04-30"))
    rule = f"{SNC_FR}/qual-loss-terminate"
    assert world(*facts, asked="2026-02-23", documents=under(SNC_FR)).row(rule)["last_day"] == "2026-04-30"
    earlier = (lost("2026-02-10"), ends("2026-02-20", effective_on="2026-02-01"))
    assert world(*earlier, asked="2026-02-23", documents=under(SNC_FR)).row(rule)["last_day"] == "2026-02-20"
    clear = world(*earlier, asked="2026-02-23", documents=under(SNC_FR), readings=("qual.terminate_effect=B",))
    assert clear.row(rule)["last_day"] == "2026-03-08"


def test_art_5_automatically_terminated_read_literally() -> None:
    grant = happens("2026-01-10", "qualification.granted", service="openiaas", decision="d-1")
    facts = (grant, lost("2026-02-10 09:00", "openiaas"))
    rule = f"{OPENIAAS}/qual-loss-terminate"
    assert world(*facts, asked="2026-02-23", documents=(OPENIAAS,)).rows(rule) == []
    row = world(*facts, asked="2026-02-23", documents=(OPENIAAS,), readings=("language=B",)).row(rule)
    assert (row["due"], row["state"], row["ends"]) == (at("2026-02-10 09:00"), "met", "contract")


def invoice(moment: str, **more: object) -> object:
    return happens(moment, "invoice.issued", invoice="i-1", month=moment[:7], amount="100.00", **more)


def test_gc_053_thirty_days_to_dispute_an_invoice() -> None:
    found = world(invoice("2026-01-31 09:00"), asked="2026-02-01")
    assert found.row(DISPUTE)["last_day"] == "2026-03-02"


def test_15_3_an_invoice_disputed_on_the_thirty_first_day_is_late() -> None:
    disputed = happens("2026-03-03 00:00", "invoice.disputed", invoice="i-1")
    assert world(invoice("2026-01-31 09:00"), disputed, asked="2026-04-01").row(DISPUTE)["state"] == "met-late"


def test_15_3_the_thirty_days_may_run_from_receipt() -> None:
    fact = (*invoice("2026-01-31 09:00"), {"recordedtime": at("2026-02-03 08:00")})
    asked = at("2026-02-04")
    found = world(fact, asked=asked, readings=("dispute.30d=B",))
    assert found.row(DISPUTE)["last_day"] == "2026-03-05"


def test_15_1_an_invoice_is_due_on_its_printed_date_else_at_once() -> None:
    rule = f"{CGV}/pay-on-receipt"
    printed = world(invoice("2026-02-27 09:00", due_on="2026-03-31"), asked="2026-03-01").row(rule)
    assert (printed["last_day"], printed["state"]) == ("2026-03-31", "pending")
    silent = world(invoice("2026-02-27 09:00"), asked="2026-03-01").row(rule)
    assert (silent["last_day"], silent["state"]) == ("2026-02-27", "missed")
    thirty = world(invoice("2026-02-27 09:00"), asked="2026-03-01", readings=("payment.due_date=B",)).row(rule)
    assert thirty["last_day"] == "2026-03-29"
