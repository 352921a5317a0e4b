"""Terminations of every ground under the general terms: art. 3.1.1, 4, 5.1, 6, 7 and 18."""

import pytest

from tests.projections.deadlines.world import CGV, World, at, happens, midnight_after, world

CLIENT = f"{CGV}/term-client-convenience"
PROVIDER = f"{CGV}/term-provider-convenience"
BREACH = f"{CGV}/term-breach-10d"
CURE = f"{CGV}/term-breach-cure-7d"
AFTER_BLOCK = f"{CGV}/term-after-block-10d"
CLIENT_AFTER_BLOCK = f"{CGV}/term-client-after-block"
FALSE_IDENTITY = f"{CGV}/verify-terminate"


def terminated(moment: str, by: str, ground: str, channel: str = "email") -> object:
    return happens(moment, "termination.notified", termination="t-1", by=by, ground=ground, channel=channel)


def acknowledged(moment: str) -> object:
    return happens(moment, "termination.acknowledged", termination="t-1")


def convenience(*readings: str) -> World:
    return world(
        terminated("2026-02-27 18:00", "client", "convenience"),
        acknowledged("2026-03-02 10:15"),
        asked="2026-03-10",
        readings=readings,
    )


def test_gc_100_fifteen_clear_days_from_the_acknowledgment() -> None:
    row = convenience().row(CLIENT)
    assert (row["last_day"], row["due"]) == ("2026-03-18", at("2026-03-19"))
    assert (row["owed_by"], row["state"], row["ends"], row["clause"]) == ("none", "pending", "contract", "art. 4")
    assert (row["opened_by"], row["from"]) == ("urn:test#e-003", at("2026-03-02 10:15"))
    assert row["events"] == ["urn:test#e-002", "urn:test#e-003"]


def test_gc_100_midnight_read_as_the_start_of_the_day() -> None:
    row = convenience("term.midnight=B").row(CLIENT)
    assert (row["due"], row["last_day"]) == (at("2026-03-18"), "2026-03-17")


def test_art_4_clear_days_before_an_effect_read_as_plain_days() -> None:
    assert convenience("clear_days.effect=B").row(CLIENT)["last_day"] == "2026-03-17"
    assert convenience("clear_days.act_window=B").row(CLIENT)["last_day"] == "2026-03-18"


def test_art_18_an_effect_is_never_shifted_to_a_working_day() -> None:
    row = world(
        terminated("2026-04-17 09:00", "provider", "convenience"),
        asked="2026-04-20",
        readings=("clear_days.weekend=B",),
    ).row(PROVIDER)
    assert row["last_day"] == "2026-05-03"


@pytest.mark.parametrize(
    ("sent", "last_day"), [("2026-12-18", "2027-01-03"), ("2026-04-17", "2026-05-03")], ids=["gc-101", "gc-102"]
)
def test_gc_101_gc_102_the_provider_terminates_by_email_and_no_holiday_shifts_it(sent: str, last_day: str) -> None:
    row = world(terminated(f"{sent} 09:00", "provider", "convenience"), asked=f"{sent} 12:00").row(PROVIDER)
    assert (row["last_day"], row["due"]) == (last_day, midnight_after(last_day))


def test_art_4_an_effect_is_met_when_its_instant_comes() -> None:
    facts = (terminated("2026-04-17 09:00", "provider", "convenience"),)
    assert world(*facts, asked="2026-05-03 23:59:59").row(PROVIDER)["state"] == "pending"
    assert world(*facts, asked="2026-05-04").row(PROVIDER)["state"] == "met"


def test_art_4_a_withdrawn_termination_takes_no_effect() -> None:
    withdrawn = happens("2026-04-20", "termination.withdrawn", termination="t-1")
    row = world(terminated("2026-04-17", "provider", "convenience"), withdrawn, asked="2026-06-01").row(PROVIDER)
    assert row["state"] == "cancelled"
    assert row["events"] == ["urn:test#e-002", "urn:test#e-003"]


def test_art_4_a_withdrawal_after_the_effect_changes_nothing() -> None:
    withdrawn = happens("2026-05-20", "termination.withdrawn", termination="t-1")
    facts = (terminated("2026-04-17", "provider", "convenience"), withdrawn)
    assert world(*facts, asked="2026-06-01").row(PROVIDER)["state"] == "met"


def test_gc_106_a_reservation_is_firm_and_cannot_be_ended_early() -> None:
    found = world(
        terminated("2026-02-27", "client", "convenience"),
        acknowledged("2026-03-02"),
        asked="2026-04-01",
        kind="reservation",
        term_end="2026-12-31",
    )
    assert found.rows(CLIENT) == []
    assert found.codes(f"{CGV}/term-reservation-firm") == ["act-refused"]


def test_art_4_a_reservation_that_reaches_its_term_can_be_ended() -> None:
    found = world(
        terminated("2026-12-20", "client", "convenience"),
        acknowledged("2026-12-21"),
        asked="2026-12-22",
        kind="reservation",
        term_end="2026-12-31",
    )
    assert found.row(CLIENT)["last_day"] == "2027-01-06"
    assert found.codes(f"{CGV}/term-reservation-firm") == []


def test_art_4_a_fixed_term_ends_as_special_conditions_say_else_like_on_demand() -> None:
    facts = (terminated("2026-02-27", "client", "convenience"), acknowledged("2026-03-02"))
    found = world(*facts, asked="2026-04-01", kind="term", term_end="2026-12-31")
    assert found.row(CLIENT)["last_day"] == "2026-03-18"
    assert found.codes(f"{CGV}/term-not-on-demand") == ["see-special-conditions"]


def test_gc_107_without_acknowledgment_there_is_no_effective_date() -> None:
    found = world(terminated("2026-03-02", "client", "convenience"), asked="2026-03-31")
    assert found.rows(CLIENT) == []
    assert found.codes(CLIENT) == ["delay-not-started"]


def test_gc_107_deemed_acknowledged_at_receipt() -> None:
    found = world(
        terminated("2026-03-02", "client", "convenience"), asked="2026-03-31", readings=("term.ack_missing=B",)
    )
    assert found.row(CLIENT)["last_day"] == "2026-03-18"
    assert found.codes(CLIENT) == []


def test_art_4_a_withdrawn_termination_awaits_no_acknowledgment() -> None:
    withdrawn = happens("2026-03-05", "termination.withdrawn", termination="t-1")
    assert world(terminated("2026-03-02", "client", "convenience"), withdrawn, asked="2026-03-31").codes(CLIENT) == []


def test_art_4_a_termination_by_phone_is_refused_unless_the_sender_is_certain() -> None:
    facts = (terminated("2026-02-27", "client", "convenience", "phone"), acknowledged("2026-03-02"))
    refused = world(*facts, asked="2026-03-10")
    assert refused.rows(CLIENT) == []
    assert refused.codes(CLIENT) == ["act-refused"]
    certain = world(*facts, asked="2026-03-10", readings=("term.wrong_sender=B",))
    assert certain.row(CLIENT)["last_day"] == "2026-03-18"


def test_art_5_1_who_refuses_new_terms_terminates_like_for_convenience() -> None:
    notified = happens(
        "2026-02-01", "contract.revision-notified",
        document=CGV, version="2026-02", effective_on="2026-02-01", channel="email",
    )  # fmt: skip
    refused = happens("2026-02-10", "contract.revision-refused", document=CGV, version="2026-02")
    waiting = world(notified, refused, asked="2026-02-12")
    duty = waiting.row(f"{CGV}/evol-on-demand-refusal")
    assert (duty["owed_by"], duty["due"], duty["state"]) == ("client", None, "open-ended")
    assert duty["elapsed_seconds"] == str(2 * 86400)
    ended = world(
        notified, refused, terminated("2026-02-13", "client", "terms-refused"), acknowledged("2026-02-14"),
        asked="2026-02-15",
    )  # fmt: skip
    assert ended.row(f"{CGV}/evol-on-demand-refusal")["state"] == "met"
    assert ended.row(CLIENT)["last_day"] == "2026-03-02"


def formal_notice(moment: str, by: str = "provider") -> object:
    return happens(moment, "formal-notice.sent", notice="fn-1", by=by, ground="late payment")


def test_gc_103_seven_clear_days_to_cure_then_ten_before_the_effect() -> None:
    found = world(
        formal_notice("2026-04-24 10:00"), terminated("2026-05-04 10:00", "provider", "breach"), asked="2026-05-10"
    )
    cure = found.row(CURE)
    assert (cure["last_day"], cure["due"], cure["owed_by"], cure["state"]) == (
        "2026-05-02", at("2026-05-03"), "client", "missed",
    )  # fmt: skip
    assert cure["safe_until"] == midnight_after("2026-05-01")
    assert found.row(BREACH)["last_day"] == "2026-05-15"


def test_gc_103_the_stricter_count_of_clear_days() -> None:
    notice = formal_notice("2026-04-24 10:00")
    cure = world(notice, asked="2026-04-25", readings=("clear_days.act_window=B",)).row(CURE)
    assert cure["last_day"] == "2026-05-01"
    assert "safe_until" not in cure
    hours = world(notice, asked="2026-04-25", readings=("clear_days.act_window=C",)).row(CURE)
    assert (hours["due"], hours["last_day"]) == (at("2026-05-01 10:00"), None)


def test_art_7_a_time_to_act_may_be_shifted_to_a_working_day() -> None:
    cure = world(
        formal_notice("2026-04-24 10:00"), asked="2026-04-25", readings=("clear_days.weekend=B",)
    ).row(CURE)  # fmt: skip
    assert cure["last_day"] == "2026-05-04"


@pytest.mark.parametrize(("sent", "opens"), [("2026-05-02 23:59:59", False), ("2026-05-03 00:00", True)])
def test_gc_103_a_breach_can_be_pleaded_only_once_the_cure_is_over(sent: str, opens: bool) -> None:
    found = world(
        formal_notice("2026-04-24 10:00"), terminated(sent, "provider", "breach"), asked="2026-05-20"
    )  # fmt: skip
    assert bool(found.rows(BREACH)) is opens
    assert found.codes(BREACH) == ([] if opens else ["act-refused"])


def test_art_7_a_remedied_breach_ends_nothing() -> None:
    remedied = happens("2026-04-30", "breach.remedied", notice="fn-1")
    found = world(
        formal_notice("2026-04-24"), remedied, terminated("2026-05-10", "provider", "breach"), asked="2026-05-20"
    )
    assert (found.row(CURE)["state"], found.rows(BREACH)) == ("met", [])
    assert found.codes(BREACH) == ["act-refused"]


def test_art_7_a_remedy_that_came_too_late_does_not_stop_the_termination() -> None:
    remedied = happens("2026-05-08", "breach.remedied", notice="fn-1")
    found = world(
        formal_notice("2026-04-24"), remedied, terminated("2026-05-10", "provider", "breach"), asked="2026-05-12"
    )
    assert found.row(CURE)["state"] == "met-late"
    assert found.row(BREACH)["last_day"] == "2026-05-21"


def test_art_7_a_party_cannot_rest_on_the_notice_of_the_other() -> None:
    found = world(
        formal_notice("2026-04-24", "client"), terminated("2026-05-10", "provider", "breach"), asked="2026-05-12"
    )
    assert found.row(CURE)["owed_by"] == "provider"
    assert found.rows(BREACH) == []


def blocked(moment: str, ground: str) -> object:
    return happens(moment, "resources.blocked", ground=ground)


@pytest.mark.parametrize(("sent", "last_day"), [("2026-02-18", "2026-03-01"), ("2028-02-18", "2028-02-29")])
def test_gc_104_ten_clear_days_after_a_block(sent: str, last_day: str) -> None:
    found = world(
        blocked(f"{sent} 08:00", "malicious"), terminated(f"{sent} 09:00", "provider", "after-block"),
        asked=f"{sent} 12:00",
    )  # fmt: skip
    assert found.row(AFTER_BLOCK)["last_day"] == last_day


def test_gc_110_a_blocked_client_terminates_without_notice() -> None:
    facts = (blocked("2026-07-13 08:00", "authority"), terminated("2026-07-14 16:00", "client", "after-block"))
    row = world(*facts, asked="2026-07-14 18:00").row(CLIENT_AFTER_BLOCK)
    assert (row["due"], row["last_day"]) == (at("2026-07-15"), "2026-07-14")
    at_once = world(*facts, asked="2026-07-14 18:00", readings=("term.no_notice_effect=B",)).row(CLIENT_AFTER_BLOCK)
    assert (at_once["due"], at_once["last_day"], at_once["state"]) == (at("2026-07-14 16:00"), None, "met")


def test_art_18_midnight_at_the_start_of_the_day_never_precedes_the_act() -> None:
    facts = (blocked("2026-07-13 08:00", "law"), terminated("2026-07-14 16:00", "client", "after-block"))
    row = world(*facts, asked="2026-07-14 18:00", readings=("term.midnight=B",)).row(CLIENT_AFTER_BLOCK)
    assert row["due"] == at("2026-07-14 16:00")


@pytest.mark.parametrize(("by", "rule"), [("client", CLIENT_AFTER_BLOCK), ("provider", AFTER_BLOCK)])
def test_art_6_a_block_for_non_payment_opens_no_termination(by: str, rule: str) -> None:
    found = world(
        blocked("2026-07-13", "payment"), terminated("2026-07-14", by, "after-block"), asked="2026-07-20"
    )  # fmt: skip
    assert found.rows(rule) == []
    assert found.codes(rule) == ["act-refused"]


def test_art_6_a_lifted_block_opens_no_termination() -> None:
    lifted = happens("2026-07-13 12:00", "resources.unblocked", ground="malicious")
    found = world(
        blocked("2026-07-13 08:00", "malicious"), lifted, terminated("2026-07-14", "client", "after-block"),
        asked="2026-07-20",
    )  # fmt: skip
    assert found.rows(CLIENT_AFTER_BLOCK) == []


def anomaly(moment: str) -> object:
    return happens(moment, "identity-anomaly.notified", anomaly="an-1")


def answered(moment: str, satisfactory: bool | None = None) -> object:
    said = {} if satisfactory is None else {"satisfactory": satisfactory}
    return happens(moment, "identity-anomaly.answered", anomaly="an-1", **said)


def test_gc_105_two_elapsed_hours_across_the_autumn_change() -> None:
    facts = (anomaly("2026-10-25T01:30:00+02:00"), answered("2026-10-25T02:40:00+01:00"))
    row = world(*facts, asked="2026-10-26").row(f"{CGV}/verify-false-id-2h")
    assert (row["due"], row["last_day"], row["state"]) == ("2026-10-25T02:30:00+01:00", None, "met-late")
    wall = world(*facts, asked="2026-10-26", readings=("hours.elapsed=B",)).row(f"{CGV}/verify-false-id-2h")
    assert wall["due"] == "2026-10-25T03:30:00+01:00"


def test_3_1_1_an_answer_at_the_last_instant_is_in_time() -> None:
    facts = (anomaly("2026-05-04 10:00"), answered("2026-05-04 12:00"))
    assert world(*facts, asked="2026-05-05").row(f"{CGV}/verify-false-id-2h")["state"] == "met"


def test_3_1_1_an_answer_that_does_not_satisfy_settles_nothing() -> None:
    facts = (anomaly("2026-05-04 10:00"), answered("2026-05-04 10:30", satisfactory=False))
    row = world(*facts, asked="2026-05-05").row(f"{CGV}/verify-false-id-2h")
    assert (row["state"], row["settled_by"]) == ("missed", None)


def test_3_1_1_a_false_identity_ends_the_contract_the_same_day() -> None:
    found = world(
        anomaly("2026-05-04 10:00"), terminated("2026-05-04 12:00:01", "provider", "false-identity", "sms"),
        asked="2026-05-05",
    )  # fmt: skip
    assert found.row(FALSE_IDENTITY)["last_day"] == "2026-05-04"


def test_3_1_1_two_hours_must_have_passed_in_vain() -> None:
    for facts in (
        (anomaly("2026-05-04 10:00"), terminated("2026-05-04 12:00", "provider", "false-identity")),
        (
            anomaly("2026-05-04 10:00"), answered("2026-05-04 11:00", satisfactory=True),
            terminated("2026-05-04 13:00", "provider", "false-identity"),
        ),
    ):  # fmt: skip
        found = world(*facts, asked="2026-05-05")
        assert found.rows(FALSE_IDENTITY) == []
        assert found.codes(FALSE_IDENTITY) == ["act-refused"]


def test_silence_a_termination_no_text_speaks_of_has_no_derived_effect() -> None:
    found = world(
        terminated("2026-05-04", "client", "convenience"), asked="2026-06-05", documents=("ct-secure-temple",)
    )
    assert found.statement["deadlines"] == []
    assert found.codes(None) == ["no-termination-rule"]
