"""Article 11 of the general terms: five clear days to claim, with a computation and reserves; what silence loses."""

from typing import Any

import pytest

from tests.projections.penalties.world import (
    CGV,
    LBU,
    NETWORK,
    World,
    accepted,
    claim,
    down,
    invoice,
    invoices,
    rejected,
    signed,
    world,
)

MONEY = invoices("2025-03", ["9000"] * 24)
MARCH = down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00")


def march(*happenings: Any, asked: str, readings: tuple[str, ...] = ()) -> World:
    return world(signed(), *MONEY, *MARCH, *happenings, asked=asked, readings=readings)


def filed(on: str, **more: Any) -> Any:
    return claim("c", "2026-03-31", on, LBU, reserves=["r-l"], **more)


@pytest.mark.parametrize(
    ("readings", "last_day"),
    [
        ((), "2026-04-06"),
        (("clear_days.act_window=B",), "2026-04-05"),
        (("clear_days.weekend=B",), "2026-04-07"),
        (("clear_days.start_for_period_end=B",), "2026-04-07"),
    ],
)
def test_11_the_window_over_easter_gc_063(readings: tuple[str, ...], last_day: str) -> None:
    (window,) = march(asked="2026-04-03", readings=readings).windows
    assert (window.period_end.isoformat(), str(window.last_day)) == ("2026-03-31", last_day)


def test_11_the_window_as_24_hour_days() -> None:
    (window,) = march(asked="2026-04-03", readings=("clear_days.act_window=C",)).windows
    assert window.last_day is None
    in_time = march(filed("2026-04-06 00:00"), asked="2026-04-06 12:00", readings=("clear_days.act_window=C",))
    late = march(filed("2026-04-06 00:00:00.000001"), asked="2026-04-06 12:00", readings=("clear_days.act_window=C",))
    assert in_time.penalty("2026-03-31")["state"] == "claimed"
    assert late.penalty("2026-03-31")["state"] == "barred"


def test_11_a_claim_on_the_last_day_is_in_time_gc_063() -> None:
    found = march(filed("2026-04-06 18:00"), asked="2026-04-08")
    row = found.penalty("2026-03-31")
    assert (row["state"], row["payable"], row["claim_by"]) == ("claimed", "136260/743", "2026-04-07T00:00:00+02:00")
    assert found.claimable(LBU, "2026-04-01")


def test_11_a_claim_the_day_after_is_late_gc_063() -> None:
    found = march(filed("2026-04-07 09:00"), asked="2026-04-08")
    assert found.penalty("2026-03-31")["state"] == "barred"
    assert found.finding("claim-late").rule == f"{CGV}/claim-waiver"
    assert not found.claimable(LBU, "2026-04-01")


def test_11_a_clear_day_is_any_day_gc_064() -> None:
    april = down("l", "load-balancer", "2026-04-10 09:00", "2026-04-10 12:00")
    (window,) = world(signed(), *MONEY, *april, asked="2026-05-02").windows
    assert str(window.last_day) == "2026-05-06"


def test_11_one_second_past_the_window_waives_gc_065() -> None:
    facts = [signed(), *MONEY, *down("l", "load-balancer", "2026-01-10 09:00", "2026-01-10 12:00")]
    late = claim("c", "2026-01-31", "2026-02-07 00:00:01", LBU, reserves=["r-l"])
    assert world(*facts, late, asked="2026-02-08").penalty("2026-01-31")["state"] == "barred"


def test_11_the_window_in_a_leap_year_gc_066() -> None:
    facts = [signed(), *down("l", "load-balancer", "2028-02-10 09:00", "2028-02-10 12:00")]
    (window,) = world(*facts, asked="2028-03-02").windows
    assert str(window.last_day) == "2028-03-06"


def test_11_no_claim_is_a_waiver() -> None:
    before = march(asked="2026-04-06 23:59:59")
    after = march(asked="2026-04-07")
    assert before.penalty("2026-03-31")["state"] == "claimable"
    assert after.penalty("2026-03-31")["state"] == "barred"
    assert after.penalty("2026-03-31")["payable"] is None
    assert after.finding("claim-waived").clause == "art. 11"
    assert (before.claimable(LBU, "2026-04-01"), after.claimable(LBU, "2026-04-01")) == (True, False)


def test_11_an_open_period_has_no_penalty_and_no_window() -> None:
    found = march(asked="2026-03-31 23:59:59")
    assert (found.penalties, found.windows) == ([], ())
    assert not found.claimable(LBU, "2026-04-01")


def test_11_a_claim_without_computation_is_barred() -> None:
    found = march(filed("2026-04-02", computation_attached=False), asked="2026-04-03")
    assert found.penalty("2026-03-31")["state"] == "barred"
    assert found.finding("claim-without-computation").rule == f"{CGV}/claim-content"
    # The window is open: a complete claim can still be filed.
    assert found.claimable(LBU, "2026-04-01")
    again = march(
        filed("2026-04-02", computation_attached=False),
        claim("d", "2026-03-31", "2026-04-04", LBU, reserves=["r-l"]),
        asked="2026-04-08",
    )
    assert again.penalty("2026-03-31")["state"] == "claimed"


def test_11_a_claim_before_the_period_ends_has_no_effect() -> None:
    found = march(filed("2026-03-20"), asked="2026-04-03")
    assert found.penalty("2026-03-31")["state"] == "claimable"
    assert "claim-early" in found.codes()


def test_11_a_claim_on_a_line_that_is_kept_is_told() -> None:
    found = march(claim("c", "2026-03-31", "2026-04-02", LBU, NETWORK, reserves=["r-l"]), asked="2026-04-03")
    assert [line["indicator"] for line in found.penalty("2026-03-31")["lines"]] == [LBU]
    assert NETWORK in found.finding("claim-line-not-breached").message


def test_11_lines_are_the_claimed_ones_once_claimed() -> None:
    firewall = down("f", "firewall", "2026-03-12 09:00", "2026-03-12 12:00")
    before = march(*firewall, asked="2026-04-03").penalty("2026-03-31")
    after = march(*firewall, filed("2026-04-02"), asked="2026-04-03")
    assert len(before["lines"]) == 2
    assert [line["indicator"] for line in after.penalty("2026-03-31")["lines"]] == [LBU]
    assert after.claimable(f"{CGV}/sla5-firewall-availability", "2026-04-01")
    closed = march(*firewall, filed("2026-04-02"), asked="2026-04-08")
    assert not closed.claimable(f"{CGV}/sla5-firewall-availability", "2026-04-01")


def test_11_accepted_and_rejected() -> None:
    yes = march(filed("2026-04-02"), accepted("c", "2026-04-10", "150.00"), asked="2026-04-20").penalty("2026-03-31")
    computed = march(filed("2026-04-02"), accepted("c", "2026-04-10"), asked="2026-04-20").penalty("2026-03-31")
    no = march(filed("2026-04-02"), rejected("c", "2026-04-10"), asked="2026-04-20").penalty("2026-03-31")
    assert (yes["state"], yes["payable"], yes["gross"]) == ("accepted", "150", "136260/743")
    assert (computed["state"], computed["payable"]) == ("accepted", "136260/743")
    assert (no["state"], no["payable"]) == ("rejected", None)


def test_11_the_provider_may_accept_a_late_claim() -> None:
    row = march(filed("2026-04-07 09:00"), accepted("c", "2026-04-10", "100"), asked="2026-04-20").penalty("2026-03-31")
    assert (row["state"], row["payable"]) == ("accepted", "100")


def test_11_a_rejected_claim_can_be_filed_again_in_time() -> None:
    second = claim("d", "2026-03-31", "2026-04-04", LBU, reserves=["r-l"])
    row = march(filed("2026-04-02"), rejected("c", "2026-04-03"), second, asked="2026-04-08").penalty("2026-03-31")
    assert row["state"] == "claimed"


SLIDING = [
    signed(),
    *invoices("2025-01", ["31536"] * 18),
    *down("j", "internal-network", "2026-01-10 09:00", "2026-01-10 09:33:20"),
    *down("m", "internal-network", "2026-03-10 09:00", "2026-03-10 09:33:20"),
]


def test_11_silence_without_a_breach_wipes_no_reserve_gc_06a() -> None:
    spring = claim("c", "2026-03-31", "2026-04-03", NETWORK, reserves=["r-j", "r-m"])
    kept = world(*SLIDING, spring, asked="2026-04-04").penalty("2026-03-31")
    wiped = world(*SLIDING, spring, asked="2026-04-04", readings=["claim.waiver_scope=B"]).penalty("2026-03-31")
    assert (kept["state"], kept["gross"]) == ("claimed", "8.464")
    assert (wiped["state"], wiped["lines"]) == ("barred", [])


def test_11_the_wider_waiver_spares_what_was_claimed_in_time() -> None:
    facts = [
        *SLIDING[:-4],
        *down("j", "internal-network", "2026-01-10 09:00", "2026-01-10 10:00"),
        *SLIDING[-2:],
        claim("j", "2026-01-31", "2026-02-03", NETWORK, reserves=["r-j"]),
        claim("f", "2026-02-28", "2026-03-03", NETWORK, reserves=["r-j"]),
    ]
    found = world(*facts, asked="2026-04-04", readings=["claim.waiver_scope=B"]).penalty("2026-03-31")
    assert [line["counted_seconds"] for line in found["lines"]] == ["5600"]
    silent = world(*facts[:-1], asked="2026-04-04", readings=["claim.waiver_scope=B"]).penalty("2026-03-31")
    assert silent["lines"] == []


def test_11_the_wider_waiver_is_told() -> None:
    found = world(*SLIDING, asked="2026-04-04", readings=["claim.waiver_scope=B"])
    assert found.penalty("2026-03-31")["state"] == "barred"
    assert found.finding("claim-waived").rule == f"{CGV}/claim-waiver"


def test_8_an_incident_is_compensated_once_gc_06b() -> None:
    facts = [
        *SLIDING,
        claim("c", "2026-03-31", "2026-04-03", NETWORK, reserves=["r-j", "r-m"]),
        accepted("c", "2026-04-20"),
    ]
    once = world(*facts, asked="2026-05-04")
    again = world(*facts, asked="2026-05-04", readings=["pen.no_double=B"])
    assert once.penalty("2026-03-31")["gross"] == "8.464"
    april = once.penalty("2026-04-30")
    assert (april["state"], april["gross"], april["lines"]) == ("barred", "0", [])
    assert once.finding("already-compensated").rule == f"{CGV}/pen-final-compensation"
    assert again.penalty("2026-04-30")["gross"] == "8.464"
    assert again.penalty("2026-04-30")["state"] == "claimable"


def test_8_a_claim_not_yet_accepted_compensates_nothing_gc_06b() -> None:
    facts = [*SLIDING, claim("c", "2026-03-31", "2026-04-03", NETWORK, reserves=["r-j", "r-m"])]
    assert world(*facts, asked="2026-05-04").penalty("2026-04-30")["gross"] == "8.464"


def test_11_new_downtime_after_a_compensation_is_judged_alone() -> None:
    facts = [
        *SLIDING,
        claim("c", "2026-03-31", "2026-04-03", NETWORK, reserves=["r-j", "r-m"]),
        accepted("c", "2026-04-20"),
        *down("n", "internal-network", "2026-04-22 09:00", "2026-04-22 10:00"),
    ]
    row = world(*facts, asked="2026-05-04").penalty("2026-04-30")
    assert [line["counted_seconds"] for line in row["lines"]] == ["3600"]


def test_11_an_invoice_of_the_month_does_not_change_the_window() -> None:
    facts = [signed(), *MARCH, invoice("2026-03", "9000", issued="2026-04-05 09:00")]
    (window,) = world(*facts, asked="2026-04-05 12:00").windows
    assert str(window.last_day) == "2026-04-06"
