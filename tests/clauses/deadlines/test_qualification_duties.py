"""A qualification lost or modified: who is told, how, and what ends."""

import pytest

from tests.projections.deadlines.world import (
    OPENIAAS,
    SECURE_TEMPLE,
    SNC_EN,
    SNC_FR,
    at,
    happens,
    midnight_after,
    provider_says,
    sent,
    under,
    world,
)

DAY = 86400


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
