"""Article 9.3 of the general terms: 48 hours to reserve one's rights over an unavailability, with its evidence."""

from typing import Any

import pytest

from tests.projections.penalties.world import (
    CGV,
    LBU,
    Row,
    World,
    at,
    claim,
    invoices,
    outage,
    reserve,
    signed,
    world,
)

MONEY = invoices("2025-03", ["9000"] * 24)


def told(*happenings: Any, asked: str, readings: tuple[str, ...] = ()) -> World:
    return world(signed(), *MONEY, *happenings, asked=asked, readings=readings)


def lines(found: World, period_end: str) -> list[Row]:
    return list(found.penalty(period_end)["lines"])


def test_9_3_without_reserve_no_time_counts_gc_044() -> None:
    found = told(outage("o", "load-balancer", "2026-02-11 08:00", "2026-02-11 12:00"), asked="2026-03-04")
    row = found.penalty("2026-02-28")
    assert (row["state"], row["lines"], row["gross"], row["payable"]) == ("barred", [], "0", None)
    assert found.finding("reserve-missing").rule == f"{CGV}/reserve-48h"
    assert not found.claimable(LBU, "2026-03-01")


def test_9_3_only_the_documented_hours_count_gc_045() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r", "o", "2026-04-08 10:00", "2026-04-08 12:00", "2026-04-09 10:00"),
    ]
    assert [line["counted_seconds"] for line in lines(told(*facts, asked="2026-05-03"), "2026-04-30")] == ["7200"]
    whole = told(*facts, asked="2026-05-03", readings=("reserve.partial=B",))
    assert [line["counted_seconds"] for line in lines(whole, "2026-04-30")] == ["14400"]


@pytest.mark.parametrize(("sent", "state"), [("2026-03-30 20:30", "claimable"), ("2026-03-30 21:00", "claimable")])
def test_9_3_48_elapsed_hours_over_the_spring_change_gc_060(sent: str, state: str) -> None:
    facts = [
        outage("o", "load-balancer", "2026-03-28 17:00", "2026-03-28 20:00"),
        reserve("r", "o", "2026-03-28 17:00", "2026-03-28 20:00", sent),
    ]
    assert told(*facts, asked="2026-04-03").penalty("2026-03-31")["state"] == state
    wall_clock = told(*facts, asked="2026-04-03", readings=("hours.elapsed=B",))
    assert wall_clock.penalty("2026-03-31")["state"] == "barred"


def test_9_3_a_microsecond_late_is_late_gc_060() -> None:
    facts = [
        outage("o", "load-balancer", "2026-03-28 17:00", "2026-03-28 20:00"),
        reserve("r", "o", "2026-03-28 17:00", "2026-03-28 20:00", "2026-03-30 21:00:00.000001"),
    ]
    found = told(*facts, asked="2026-04-03")
    assert found.penalty("2026-03-31")["state"] == "barred"
    assert found.finding("reserve-late").events == ("urn:test#e-027",)


def test_9_3_48_elapsed_hours_over_the_autumn_change_gc_061() -> None:
    facts = [
        outage("o", "load-balancer", "2026-10-24 17:00", "2026-10-24 20:00"),
        reserve("r", "o", "2026-10-24 17:00", "2026-10-24 20:00", "2026-10-26 19:30"),
    ]
    found = told(*facts, asked="2026-11-04")
    assert found.penalty("2026-10-31")["state"] == "barred"
    assert found.codes().count("reserve-late") == 1


@pytest.mark.parametrize(("anchor", "hours"), [("A", 72), ("B", 12), ("C", 0)])
def test_9_3_where_the_48_hours_start_gc_062(anchor: str, hours: int) -> None:
    facts = [
        outage("o", "load-balancer", "2026-05-04", "2026-05-07"),
        reserve("r", "o", "2026-05-04", "2026-05-07", "2026-05-08 12:00"),
    ]
    found = told(*facts, asked="2026-06-03", readings=(f"reserve.anchor={anchor}",))
    assert [line["counted_seconds"] for line in lines(found, "2026-05-31")] == ([str(hours * 3600)] if hours else [])


def test_9_3_a_reserve_is_dated_by_its_sending_or_its_receipt() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        (
            *reserve("r", "o", "2026-04-08 10:00", "2026-04-08 14:00", "2026-04-10 13:00"),
            {"recordedtime": at("2026-04-10 15:00")},
        ),
    ]
    assert told(*facts, asked="2026-05-03").penalty("2026-04-30")["state"] == "claimable"
    received = told(*facts, asked="2026-05-03", readings=("reserve.email_time=B",))
    assert received.penalty("2026-04-30")["state"] == "barred"


def test_9_3_a_reserve_without_its_hours_is_lifted_gc_069() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r", "o", "2026-04-08 10:00", "2026-04-08 14:00", "2026-04-09 10:00", documented=False),
    ]
    found = told(*facts, asked="2026-05-03")
    assert found.penalty("2026-04-30")["state"] == "barred"
    assert found.finding("reserve-undocumented").rule == f"{CGV}/reserve-content"
    assert found.finding("reserve-undocumented").clause == "9.3"


def test_9_3_a_reserve_reaches_no_further_than_its_outage() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 12:00"),
        outage("p", "load-balancer", "2026-04-08 13:00", "2026-04-08 15:00"),
        reserve("r", "o", "2026-04-08 09:00", "2026-04-08 15:00", "2026-04-09 10:00"),
    ]
    assert [line["counted_seconds"] for line in lines(told(*facts, asked="2026-05-03"), "2026-04-30")] == ["7200"]


def test_9_3_a_reserve_on_other_hours_covers_nothing() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 12:00"),
        reserve("r", "o", "2026-04-08 13:00", "2026-04-08 15:00", "2026-04-09 10:00"),
    ]
    found = told(*facts, asked="2026-05-03")
    assert found.penalty("2026-04-30")["state"] == "barred"
    assert "reserve-outside-outage" in found.codes()


def test_9_3_two_reserves_add_up_without_counting_twice() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r1", "o", "2026-04-08 10:00", "2026-04-08 12:00", "2026-04-09 10:00"),
        reserve("r2", "o", "2026-04-08 11:00", "2026-04-08 13:00", "2026-04-09 11:00"),
    ]
    assert [line["counted_seconds"] for line in lines(told(*facts, asked="2026-05-03"), "2026-04-30")] == ["10800"]


def test_9_3_an_outage_corrected_after_the_reserve_moves_what_it_covers() -> None:
    corrected = {"outage": "o", "reason": "monitoring", "ended_at": at("2026-04-08 11:30")}
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r", "o", "2026-04-08 10:00", "2026-04-08 14:00", "2026-04-09 10:00"),
        (at("2026-04-20"), "outage.corrected", corrected),
    ]
    assert [line["counted_seconds"] for line in lines(told(*facts, asked="2026-05-03"), "2026-04-30")] == ["5400"]


def test_9_3_a_reserve_that_can_still_come_keeps_the_row_claimable() -> None:
    facts = [outage("o", "load-balancer", "2026-04-30 10:00", "2026-04-30 14:00")]
    open_still = told(*facts, asked="2026-05-02 14:00")
    assert open_still.penalty("2026-04-30")["state"] == "barred"
    assert open_still.claimable(LBU, "2026-05-01")
    assert "2026-05-02T14:00:00+02:00" in open_still.finding("reserve-missing").message
    over = told(*facts, asked="2026-05-02 14:00:01")
    assert not over.claimable(LBU, "2026-05-01")


def test_9_3_a_reserved_part_that_is_no_breach_is_no_line() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r", "o", "2026-04-08 10:00", "2026-04-08 11:00", "2026-04-09 10:00"),
    ]
    found = told(*facts, asked="2026-05-03")
    assert (found.penalty("2026-04-30")["state"], found.penalty("2026-04-30")["lines"]) == ("barred", [])
    assert not found.claimable(LBU, "2026-05-01")


def test_9_3_a_claim_counts_only_the_reserves_it_cites() -> None:
    facts = [
        outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r1", "o", "2026-04-08 10:00", "2026-04-08 12:00", "2026-04-09 10:00"),
        reserve("r2", "o", "2026-04-08 12:00", "2026-04-08 14:00", "2026-04-09 11:00"),
    ]
    one = told(*facts, claim("c", "2026-04-30", "2026-05-02", LBU, reserves=["r1"]), asked="2026-05-03")
    both = told(*facts, claim("c", "2026-04-30", "2026-05-02", LBU, reserves=["r1", "r2"]), asked="2026-05-03")
    none = told(*facts, claim("c", "2026-04-30", "2026-05-02", LBU, reserves=[]), asked="2026-05-03")
    assert [line["counted_seconds"] for line in lines(one, "2026-04-30")] == ["7200"]
    assert [line["counted_seconds"] for line in lines(both, "2026-04-30")] == ["14400"]
    assert none.penalty("2026-04-30")["state"] == "barred"
    assert none.finding("claim-without-reserve").rule == f"{CGV}/claim-content"
