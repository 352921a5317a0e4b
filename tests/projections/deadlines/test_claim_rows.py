"""Reserves, claims and credits as deadlines: their figures stand in the penalty section of the text."""

import pytest

from tests.projections.deadlines.world import (
    CGV,
    SECURE_TEMPLE,
    World,
    at,
    happens,
    midnight_after,
    provider_says,
    world,
)

RESERVE = f"{CGV}/reserve-48h"
CLAIM = f"{CGV}/claim-5-clear-days"
CREDIT = f"{CGV}/claim-credit-1y"
LBU = f"{CGV}/sla8-load-balancer-availability"


def outage(start: str, end: str | None, name: str = "o-1") -> object:
    ended = {} if end is None else {"ended_at": at(end)}
    return happens(
        end or start, "outage.recorded",
        outage=name, service="load-balancer", started_at=at(start), extent="total", **ended,
    )  # fmt: skip


def reserve(moment: str, start: str, end: str, name: str = "o-1") -> object:
    return happens(
        moment, "reserve.notified", reserve=f"r-{moment}", outage=name, from_=at(start), to=at(end), documented=True
    )  # fmt: skip


def claim(moment: str, period_end: str) -> object:
    return happens(
        moment, "penalty.claimed",
        claim=f"cl-{moment}", period_end=period_end, indicators=[LBU], reserves=[], computation_attached=True,
    )  # fmt: skip


def test_9_3_forty_eight_elapsed_hours_from_the_end_of_the_outage() -> None:
    facts = (outage("2026-03-28 17:00", "2026-03-28 20:00"),)
    row = world(*facts, asked="2026-03-29").row(RESERVE)
    assert (row["due"], row["last_day"], row["from"]) == (at("2026-03-30 21:00"), None, at("2026-03-28 20:00"))
    assert (row["opened_by"], row["owed_by"], row["state"]) == ("urn:test#e-002", "client", "pending")
    wall = world(*facts, asked="2026-03-29", readings=("hours.elapsed=B",)).row(RESERVE)
    assert wall["due"] == at("2026-03-30 20:00")


@pytest.mark.parametrize(
    ("sent", "state"),
    [("2026-05-06 10:00", "met"), ("2026-05-06 10:00:00.000001", "met-late"), ("2026-05-04 09:59", "missed")],
)
def test_9_3_the_last_instant_is_in_time_and_an_early_act_settles_nothing(sent: str, state: str) -> None:
    facts = (outage("2026-05-04 08:00", "2026-05-04 10:00"), reserve(sent, "2026-05-04 08:00", "2026-05-04 10:00"))
    assert world(*facts, asked="2026-05-10").row(RESERVE)["state"] == state


def test_9_3_a_running_outage_opens_nothing_unless_the_start_does() -> None:
    facts = (outage("2026-05-04 08:00", None),)
    assert world(*facts, asked="2026-05-05").rows(RESERVE) == []
    from_start = world(*facts, asked="2026-05-05", readings=("reserve.anchor=C",)).row(RESERVE)
    assert (from_start["from"], from_start["due"]) == (at("2026-05-04 08:00"), at("2026-05-06 08:00"))


def test_9_3_the_end_told_later_opens_the_delay() -> None:
    ended = happens(
        "2026-05-04 11:00", "outage.ended", outage="o-1", ended_at=at("2026-05-04 10:00"), confirmed_by="monitoring"
    )  # fmt: skip
    row = world(outage("2026-05-04 08:00", None), ended, asked="2026-05-05").row(RESERVE)
    assert (row["from"], row["opened_by"]) == (at("2026-05-04 10:00"), "urn:test#e-003")
    assert row["events"] == ["urn:test#e-002", "urn:test#e-003"]


def test_9_3_a_reserve_may_count_when_it_is_received() -> None:
    facts = (
        outage("2026-05-04 08:00", "2026-05-04 10:00"),
        (
            *reserve("2026-05-06 09:00", "2026-05-04 08:00", "2026-05-04 10:00"),
            {"recordedtime": at("2026-05-06 11:00")},
        ),
    )
    assert world(*facts, asked="2026-05-10").row(RESERVE)["state"] == "met"
    received = world(*facts, asked="2026-05-10", readings=("reserve.email_time=B",)).row(RESERVE)
    assert (received["state"], received["settled_at"]) == ("met-late", at("2026-05-06 11:00"))


def test_9_3_a_retracted_outage_opens_nothing_and_a_provider_wide_one_does() -> None:
    retracted = happens("2026-05-05", "outage.retracted", outage="o-1", reason="measured twice")
    shared = provider_says(
        "outscale", "2026-05-06", "outage.recorded",
        outage="o-2", service="region", started_at=at("2026-05-05 22:00"), ended_at=at("2026-05-06"), extent="total",
    )  # fmt: skip
    before = provider_says(
        "outscale", "2022-05-06", "outage.recorded",
        outage="o-0", service="region", started_at=at("2022-05-05"), ended_at=at("2022-05-06"), extent="total",
    )  # fmt: skip
    found = world(outage("2026-05-04", "2026-05-04 10:00"), retracted, shared, before, asked="2026-05-10")
    assert [row["opened_by"] for row in found.rows(RESERVE)] == ["urn:test#e-004"]


def test_silence_no_reserve_is_asked_for_at_cloud_temple() -> None:
    fact = happens(
        "2026-05-04 10:00", "outage.recorded",
        outage="o-1", service="compute", detected_at=at("2026-05-04"), started_at=at("2026-05-04"),
        ended_at=at("2026-05-06"), extent="total",
    )  # fmt: skip
    assert world(fact, asked="2026-06-20", documents=(SECURE_TEMPLE,)).statement["deadlines"] == []


def breached(*facts: object, asked: str, readings: tuple[str, ...] = ()) -> World:
    return world(outage("2026-03-10 09:00", "2026-03-10 12:00"), *facts, asked=asked, readings=readings)


def test_art_11_five_clear_days_from_the_last_day_of_the_period() -> None:
    row = breached(asked="2026-04-01").row(CLAIM)
    assert (row["opened_by"], row["from"], row["last_day"]) == (None, midnight_after("2026-03-31"), "2026-04-06")
    assert (row["owed_by"], row["state"], row["events"]) == ("client", "pending", ["urn:test#e-002"])
    assert row["safe_until"] == midnight_after("2026-04-05")


def test_art_11_a_period_that_is_still_open_has_no_claim_deadline() -> None:
    assert breached(asked="2026-03-31 23:59:59").rows(CLAIM) == []


@pytest.mark.parametrize(
    ("reading", "last_day"),
    [("clear_days.act_window=B", "2026-04-05"), ("clear_days.start_for_period_end=B", "2026-04-07")],
)
def test_art_11_other_readings_of_the_five_days(reading: str, last_day: str) -> None:
    assert breached(asked="2026-04-01", readings=(reading,)).row(CLAIM)["last_day"] == last_day


def test_art_11_a_time_to_act_that_ends_on_a_holiday_may_be_shifted() -> None:
    assert breached(asked="2026-04-01", readings=("clear_days.weekend=B",)).row(CLAIM)["last_day"] == "2026-04-07"


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-04-06 23:59", "met"), ("2026-04-07 00:00", "met-late"), ("2026-03-31 23:00", "missed")],
)
def test_art_11_a_claim_in_late_and_before_the_window(moment: str, state: str) -> None:
    assert breached(claim(moment, "2026-03-31"), asked="2026-04-20").row(CLAIM)["state"] == state


def test_art_11_a_claim_on_another_period_settles_nothing() -> None:
    assert breached(claim("2026-04-02", "2026-02-28"), asked="2026-04-20").row(CLAIM)["state"] == "missed"


ACCEPTED = (claim("2026-04-02 10:00", "2026-03-31"),)


@pytest.mark.parametrize(("granted", "last_day"), [("2026-04-20", "2027-04-20"), ("2028-02-29", "2029-02-28")])
def test_art_11_a_credit_lapses_after_one_year(granted: str, last_day: str) -> None:
    accepted = happens(f"{granted} 10:00", "penalty.accepted", claim="cl-2026-04-02 10:00", amount="10.00")
    row = breached(*ACCEPTED, accepted, asked=f"{granted} 12:00").row(CREDIT)
    assert (row["last_day"], row["owed_by"], row["state"]) == (last_day, "none", "pending")


def test_art_11_a_credit_may_run_from_the_claim_and_be_cash() -> None:
    accepted = happens("2026-04-20 10:00", "penalty.accepted", claim="cl-2026-04-02 10:00", amount="10.00")
    facts = (*ACCEPTED, accepted)
    assert breached(*facts, asked="2026-05-01", readings=("credit.validity=B",)).row(CREDIT)["last_day"] == "2027-04-02"
    assert breached(*facts, asked="2026-05-01", readings=("pen.form=B",)).rows(CREDIT) == []


def test_art_11_a_credit_lapses_with_the_contract_unless_read_otherwise() -> None:
    accepted = happens("2026-04-20 10:00", "penalty.accepted", claim="cl-2026-04-02 10:00", amount="10.00")
    ended = happens("2026-06-30", "contract.ended", cause="term", on="2026-06-30")
    facts = (*ACCEPTED, accepted, ended)
    assert breached(*facts, asked="2026-06-30").row(CREDIT)["last_day"] == "2026-06-30"
    paid_out = breached(*facts, asked="2026-06-30", readings=("credit.after_termination=B",))
    assert paid_out.row(CREDIT)["last_day"] == "2027-04-20"


def test_art_11_a_rejected_claim_gives_no_credit() -> None:
    accepted = happens("2026-04-20 10:00", "penalty.accepted", claim="cl-2026-04-02 10:00", amount="10.00")
    rejected = happens("2026-04-21 10:00", "penalty.rejected", claim="cl-2026-04-02 10:00")
    assert breached(*ACCEPTED, accepted, rejected, asked="2026-05-01").rows(CREDIT) == []


@pytest.mark.parametrize("anchor", ["A", "B"])
def test_9_3_an_outage_longer_than_the_delay_is_safe_only_until_its_first_instants_are(anchor: str) -> None:
    readings = (f"reserve.anchor={anchor}",)
    row = world(outage("2026-05-04", "2026-05-07"), asked="2026-05-08", readings=readings).row(RESERVE)
    assert (row["due"], row["safe_until"]) == (at("2026-05-09"), at("2026-05-06"))
    short = world(outage("2026-05-04", "2026-05-05"), asked="2026-05-08", readings=readings).row(RESERVE)
    assert "safe_until" not in short


def test_9_3_each_outage_has_its_own_reserve() -> None:
    facts = [outage(f"2026-05-0{day} 08:00", f"2026-05-0{day} 10:00", f"o-{day}") for day in (4, 5, 6)]
    sent = reserve("2026-05-06 09:00", "2026-05-05 08:00", "2026-05-05 10:00", "o-5")
    rows = world(*facts, sent, asked="2026-05-06 12:00").rows(RESERVE)
    assert [row["state"] for row in rows] == ["missed", "met", "pending"]


def test_9_3_a_corrected_end_moves_the_deadline() -> None:
    wrong = outage("2026-05-04 08:00", "2026-05-04 10:00")
    corrected = happens("2026-05-05", "outage.corrected", outage="o-1", reason="clock", ended_at=at("2026-05-04 12:00"))
    row = world(wrong, corrected, asked="2026-05-05 12:00").row(RESERVE)
    assert (row["from"], row["opened_by"]) == (at("2026-05-04 12:00"), "urn:test#e-003")


def test_silence_an_accepted_claim_at_cloud_temple_grants_no_credit() -> None:
    claimed = claim("2026-04-02 10:00", "2026-03-31")
    accepted = happens("2026-04-20 10:00", "penalty.accepted", claim="cl-2026-04-02 10:00", amount="10.00")
    found = world(claimed, accepted, asked="2026-05-01", documents=(SECURE_TEMPLE,))
    assert found.statement["deadlines"] == []
