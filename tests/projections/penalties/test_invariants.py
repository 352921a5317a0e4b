"""What holds of every penalty, whatever the facts: ceilings, contractual time, no effect of the order of arrival."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.projections.penalties.world import (
    LBU,
    NETWORK,
    World,
    accepted,
    claim,
    invoices,
    outage,
    reserve,
    signed,
    world,
)

SERVICES = ("load-balancer", "internal-network", "command-api:vm")
HOURS = st.integers(0, 24 * 85)
LENGTHS = st.sampled_from([1, 20, 90, 600, 3000])
SPELLS = st.tuples(HOURS, LENGTHS, st.sampled_from(SERVICES), st.sampled_from([-1, 0, 47, 49]), st.booleans())
MONEY = st.lists(st.sampled_from(["0", "20", "900.50", "10000"]), min_size=15, max_size=15)


def told(spells: list[Any], money: list[str], claims: bool) -> list[Any]:
    facts = [signed(), *invoices("2025-01", money)]
    for number, (hour, minutes, service, delay, whole) in enumerate(spells):
        start = datetime.fromisoformat("2026-01-01") + timedelta(hours=hour)
        end = start + timedelta(minutes=minutes)
        facts.append(outage(f"o{number}", service, str(start), str(end)))
        if delay >= 0:
            until = end if whole else start + (end - start) / 2
            sent = end + timedelta(hours=delay)
            facts.append(reserve(f"r{number}", f"o{number}", str(start), str(until), str(sent)))
    if claims:
        reserves = [fact[2]["reserve"] for fact in facts if fact[1] == "reserve.notified"]
        facts.append(claim("c1", "2026-01-31", "2026-02-03", reserves=reserves))
        facts.append(accepted("c1", "2026-02-10"))
        facts.append(claim("c2", "2026-02-28", "2026-03-03", NETWORK, LBU, reserves=reserves))
    return facts


def money_of(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def printed(found: World) -> tuple[Any, ...]:
    return (found.penalties, found.amounts, sorted((f.code, f.message, f.events) for f in found.findings))


@settings(max_examples=40, deadline=None)
@given(st.lists(SPELLS, max_size=8), MONEY, st.booleans())
def test_penalties_stay_under_their_ceilings(spells: list[Any], money: list[str], claims: bool) -> None:
    found = world(*told(spells, money, claims), asked="2026-04-03")
    observed = {(row.indicator, row.end): row.counted_us for row in found.indicators}
    paid_by_month: dict[str, Fraction] = {}
    for row in found.penalties:
        gross, average, payable = (money_of(row[name]) for name in ("gross", "average_monthly_revenue", "payable"))
        amounts = [money_of(line["amount"]) for line in row["lines"]]
        if gross is not None:
            assert gross == sum((amount for amount in amounts if amount is not None), Fraction(0))
            assert gross >= 0
        if payable is not None:
            assert gross is not None
            assert average is not None
            assert 0 <= payable <= min(gross, average)
            assert row["state"] in ("claimable", "claimed", "accepted")
            assert (payable < gross) == bool(row["caps"])
            assert all(Fraction(cap["amount"]) == payable for cap in row["caps"])
        else:
            assert row["state"] in ("barred", "cap-pending", "rejected", "suspended", "no-rule", "accepted")
        for line in row["lines"]:
            assert Fraction(line["availability"]) * 100 < Fraction(line["target"])
            ends = [end for name, end in observed if name == line["indicator"]]
            counted = Fraction(line["counted_seconds"]) * 1_000_000
            assert counted <= max(observed[line["indicator"], end] for end in ends)
        if payable is not None and row["period_end"] == "2026-01-31" and row["lines"]:
            paid_by_month["2026-01"] = payable
    for month, paid in paid_by_month.items():
        invoiced = Fraction(
            dict(zip([f"2025-{m:02}" for m in range(1, 13)] + ["2026-01", "2026-02", "2026-03"], money, strict=True))[
                month
            ]
        )
        assert paid <= invoiced * 30 / 100


@settings(max_examples=20, deadline=None)
@given(st.lists(SPELLS, max_size=6), MONEY, st.booleans(), st.randoms(use_true_random=False))
def test_penalties_do_not_depend_on_the_order_of_arrival(
    spells: list[Any], money: list[str], claims: bool, random: Any
) -> None:
    facts = told(spells, money, claims)
    named = [(*fact, {"id": f"n-{number}"}) for number, fact in enumerate(facts)]
    shuffled = list(named)
    random.shuffle(shuffled)
    assert printed(world(*named, asked="2026-04-03")) == printed(world(*shuffled, asked="2026-04-03"))


@settings(max_examples=30, deadline=None)
@given(st.lists(SPELLS, min_size=1, max_size=6), MONEY)
def test_a_row_that_can_be_claimed_is_breached_and_its_window_open(spells: list[Any], money: list[str]) -> None:
    found = world(*told(spells, money, False), asked="2026-04-03")
    for row in found.indicators:
        if row.claimable:
            assert row.state == "breached"
            assert row.closed
            assert any(window.opens == row.end and window.open_at(window.closes_at - 1) for window in found.windows)
            assert (LBU if "load" in row.indicator else row.indicator) == row.indicator
