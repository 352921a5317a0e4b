"""Annex B of the general terms: the formula, its worked example, cumulation and the average revenue."""

from tests.projections.penalties.world import (
    CGV,
    LBU,
    NETWORK,
    claim,
    down,
    invoice,
    invoices,
    outage,
    proven,
    reserve,
    signed,
    world,
)

YEAR_OF_10000 = invoices("2025-05", ["10000.00"] * 12)
EXAMPLE = [
    # 2.1 % of 365 days, 1.5 % of April, 0.05 % of April: the three rates of the worked example.
    *down("n", "internal-network", "2026-04-10", "2026-04-17 15:57:36"),
    *down("l", "load-balancer", "2026-04-22", "2026-04-22 10:48"),
    *down("a", "command-api:vm", "2026-04-24 09:00", "2026-04-24 09:21:36"),
]
CLAIM = claim("cl", "2026-04-30", "2026-05-04 10:00", NETWORK, LBU, reserves=["r-n", "r-l"])


def test_annex_b_worked_example_gc_040() -> None:
    row = world(signed(), *YEAR_OF_10000, *EXAMPLE, CLAIM, asked="2026-05-04 12:00").penalty("2026-04-30")
    assert row["gross"] == "3390"
    assert [(line["indicator"], line["amount"], line["availability"]) for line in row["lines"]] == [
        (NETWORK, "2090", "979/1000"),
        (LBU, "1300", "197/200"),
    ]
    assert row["clause"] == "Annex B"


def test_annex_b_a_line_at_its_target_costs_nothing_gc_040() -> None:
    found = world(signed(), *YEAR_OF_10000, *EXAMPLE, CLAIM, asked="2026-05-04 12:00")
    assert f"{CGV}/sla4-command-api-availability" not in [line["indicator"] for line in found.penalties[0]["lines"]]


def test_art_8_the_30_percent_ceiling_applies_to_the_example_gc_041() -> None:
    row = world(signed(), *YEAR_OF_10000, *EXAMPLE, CLAIM, asked="2026-05-04 12:00").penalty("2026-04-30")
    assert row["payable"] == "3000"
    assert row["caps"] == [{"rule": f"{CGV}/pen-cap-30pct", "amount": "3000", "clause": "art. 8"}]


def test_annex_b_the_penalty_never_exceeds_the_average_revenue_gc_042() -> None:
    money = invoices("2025-05", ["600"] * 10 + ["1000", "5000"])
    api = down("a", "command-api:vm", "2026-04-10", "2026-04-16")
    row = world(signed(), *money, *api, asked="2026-05-03").penalty("2026-04-30")
    assert (row["gross"], row["average_monthly_revenue"], row["payable"]) == ("1990", "1000", "1000")
    assert [cap["rule"] for cap in row["caps"]] == [f"{CGV}/pen-cap-cacm"]


def test_annex_b_several_breaches_add_up_gc_043() -> None:
    money = invoices("2025-03", ["8400"] * 12)
    facts = [
        fact
        for name, service in (("z", "availability-zone"), ("v", "vm"), ("b", "volume"))
        for fact in down(name, service, "2026-02-11 08:00", "2026-02-11 12:00")
    ]
    row = world(signed(), proven(), *money, *facts, asked="2026-03-04").penalty("2026-02-28")
    assert {line["availability"] for line in row["lines"]} == {"167/168"}
    assert [(line["indicator"].partition("/")[2], line["amount"]) for line in row["lines"]] == [
        ("sla2-volume-availability", "248"),
        ("sla4-az-availability", "248"),
        ("sla4-vm-availability", "332"),
    ]
    assert (row["gross"], row["payable"], row["caps"]) == ("828", "828", [])


def test_annex_b_one_command_api_is_punished_once_gc_046() -> None:
    money = invoices("2025-05", ["9000"] * 12)
    api = down("a", "command-api:vm", "2026-04-08 10:00", "2026-04-08 12:00")
    once = world(signed(), *money, *api, asked="2026-05-03").penalty("2026-04-30")
    each = world(signed(), *money, *api, asked="2026-05-03", readings=["command_api.dedup=B"]).penalty("2026-04-30")
    assert (once["gross"], len(once["lines"])) == ("160", 1)
    assert (each["gross"], len(each["lines"])) == ("480", 3)


def test_annex_b_average_over_a_short_history_gc_047() -> None:
    facts = [
        signed(on="2026-01-10"),
        *invoices("2026-01", ["1200", "1800", "3000"]),
        *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
    ]
    short = world(*facts, asked="2026-04-03").penalty("2026-03-31")
    full = world(*facts, asked="2026-04-03", readings=["cacm.short_history=B"]).penalty("2026-03-31")
    assert (short["average_monthly_revenue"], full["average_monthly_revenue"]) == ("2000", "500")


def test_annex_b_thresholds_of_the_two_ceilings_gc_059() -> None:
    def payable(seconds: str) -> tuple[str, str]:
        facts = down("l", "load-balancer", "2026-04-10", seconds)
        row = world(signed(), *YEAR_OF_10000, *facts, asked="2026-05-03").penalty("2026-04-30")
        return row["gross"], row["payable"]

    # 3.2 % and 3.3 % of April's 2 592 000 s: 3 and 3.1 points under 99.8 %.
    assert payable("2026-04-10 23:02:24") == ("3000", "3000")
    assert payable("2026-04-10 23:45:36") == ("3100", "3000")


def test_annex_b_the_average_ends_with_the_month_of_the_period_or_before_it() -> None:
    facts = [signed(), *invoices("2025-03", ["600"] * 13 + ["1800"])]
    facts += down("l", "load-balancer", "2026-04-10 09:00", "2026-04-10 12:00")
    ending = world(*facts, asked="2026-05-03").penalty("2026-04-30")
    before = world(*facts, asked="2026-05-03", readings=["cacm.anchor=B"]).penalty("2026-04-30")
    assert (ending["average_monthly_revenue"], before["average_monthly_revenue"]) == ("700", "600")


def test_annex_b_an_unknown_last_month_leaves_the_average_too() -> None:
    facts = [signed(), *invoices("2025-03", ["9000"] * 12)]
    facts += down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00")
    row = world(*facts, asked="2026-04-01 12:00").penalty("2026-03-31")
    assert (row["average_monthly_revenue"], row["state"], row["payable"]) == ("9000", "cap-pending", None)
    assert row["gross"] == "136260/743"


def test_annex_b_without_any_invoice_nothing_is_zero() -> None:
    row = world(
        signed(), *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"), asked="2026-04-03"
    ).penalty("2026-03-31")
    assert (row["average_monthly_revenue"], row["gross"], row["payable"]) == (None, None, None)
    assert [line["amount"] for line in row["lines"]] == [None]
    assert row["state"] == "cap-pending"


def test_annex_b_revenue_of_the_contract_or_of_the_client() -> None:
    facts = [signed(), *invoices("2025-05", ["1000"] * 12)]
    facts += down("l", "load-balancer", "2026-04-10 09:00", "2026-04-10 12:00")
    others = invoices("2025-05", ["500"] * 12)
    contract = world(*facts, asked="2026-05-03", client_invoices=others)
    client = world(*facts, asked="2026-05-03", client_invoices=others, readings=["cacm.scope=B"])
    assert contract.penalty("2026-04-30")["average_monthly_revenue"] == "1000"
    assert client.penalty("2026-04-30")["average_monthly_revenue"] == "1500"


def test_annex_b_revenue_of_the_client_says_what_it_lacks() -> None:
    facts = [signed(), *invoices("2025-05", ["1000"] * 12)]
    facts += down("l", "load-balancer", "2026-04-10 09:00", "2026-04-10 12:00")
    alone = world(*facts, asked="2026-05-03", readings=["cacm.scope=B"])
    assert alone.penalty("2026-04-30")["average_monthly_revenue"] == "1000"
    assert alone.finding("revenue-scope").rule == f"{CGV}/pen-cacm"
    assert "revenue-scope" not in world(*facts, asked="2026-05-03").codes()


def test_annex_b_gap_in_points_or_relative() -> None:
    facts = [signed(), *YEAR_OF_10000, *down("l", "load-balancer", "2026-04-22", "2026-04-22 10:48")]
    points = world(*facts, asked="2026-05-03").penalty("2026-04-30")
    relative = world(*facts, asked="2026-05-03", readings=["pen.percentage_points=B"]).penalty("2026-04-30")
    assert points["gross"] == "1300"
    assert relative["gross"] == "650000/499"


def test_annex_b_periods_of_different_lengths_are_one_penalty_or_two() -> None:
    facts = [signed(), *YEAR_OF_10000, *EXAMPLE]
    together = world(*facts, asked="2026-05-03").penalties
    apart = world(*facts, asked="2026-05-03", readings=["pen.mixed_periods=B"]).penalties
    assert [row["gross"] for row in together if row["period_end"] == "2026-04-30"] == ["3390"]
    assert sorted(row["gross"] for row in apart if row["period_end"] == "2026-04-30") == ["1300", "2090"]


def test_annex_b_availability_alone_or_every_rate() -> None:
    measure = {
        "measure": "iops-share",
        "service": "volume",
        "resource": "vol-1",
        "value": "88",
        "from": "2026-04-01T00:00:00+02:00",
        "to": "2026-05-01T00:00:00+02:00",
    }
    facts = [signed(), *YEAR_OF_10000, ("2026-05-01T08:00:00+02:00", "measure.recorded", measure)]
    narrow = world(*facts, asked="2026-05-03")
    wide = world(*facts, asked="2026-05-03", readings=["pen.scope_metric=B"])
    assert narrow.penalties == []
    # (0.90 - 0.88) x 10 x 10000; no outage is behind a share of time, so no reserve is asked.
    row = wide.penalty("2026-04-30")
    assert (row["gross"], row["state"]) == ("2000", "claimable")
    assert "penalty-scope" in wide.codes()


def test_annex_b_the_worst_resource_the_mean_or_each_gc_030() -> None:
    money = invoices("2025-05", ["10000"] * 12)
    long = down("v1", "vm", "2026-04-08 10:00", "2026-04-08 13:00", resource="vm-1")
    short = down("v2", "vm", "2026-04-09 10:00", "2026-04-09 12:00", resource="vm-2")
    facts = [signed(), proven(), *money, *long, *short]

    def lines(*readings: str) -> list[tuple[str | None, str]]:
        row = world(*facts, asked="2026-05-03", readings=readings).penalty("2026-04-30")
        return [(line["resource"], line["availability"]) for line in row["lines"]]

    assert lines() == [("vm-1", "239/240")]
    assert lines("resource.aggregation=B") == [(None, "287/288")]
    assert lines("resource.aggregation=C") == [("vm-1", "239/240"), ("vm-2", "359/360")]


def test_annex_b_a_mean_that_keeps_the_promise_bars_the_penalty() -> None:
    money = invoices("2025-05", ["10000"] * 12)
    long = down("v1", "vm", "2026-04-08 10:00", "2026-04-08 12:00", resource="vm-1")
    short = down("v2", "vm", "2026-04-09 10:00", "2026-04-09 10:01", resource="vm-2")
    found = world(signed(), proven(), *money, *long, *short, asked="2026-05-03", readings=["resource.aggregation=B"])
    row = found.penalty("2026-04-30")
    assert (row["state"], row["lines"], row["payable"]) == ("barred", [], None)
    assert "kept-on-average" in found.codes()


def test_annex_b_a_credit_note_is_rounded_and_the_penalty_is_not() -> None:
    money = invoices("2025-04", ["9000"] * 12)
    facts = [signed(), *money, *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00")]
    half_up = world(*facts, asked="2026-04-03").penalty("2026-03-31")
    cut = world(*facts, asked="2026-04-03", readings=["pen.money_rounding=B"]).penalty("2026-03-31")
    # 136260/743 = 183.3916...; a hundredth more than half would round up, so an amount that does is needed too.
    assert half_up["payable"] == cut["payable"] == "136260/743"
    assert half_up["credit_note"] == cut["credit_note"] == "183.39"
    facts[1] = invoice("2025-04", "9002")
    half_up = world(*facts, asked="2026-04-03").penalty("2026-03-31")
    cut = world(*facts, asked="2026-04-03", readings=["pen.money_rounding=B"]).penalty("2026-03-31")
    assert (half_up["credit_note"], cut["credit_note"]) == ("183.4", "183.39")


def test_annex_b_only_reserved_hours_are_compensated_gc_045() -> None:
    money = invoices("2025-05", ["9000"] * 12)
    facts = [
        outage("l", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
        reserve("r", "l", "2026-04-08 10:00", "2026-04-08 12:00", "2026-04-09 10:00"),
    ]
    row = world(signed(), *money, *facts, asked="2026-05-03").penalty("2026-04-30")
    assert row["lines"][0]["counted_seconds"] == "7200"
    assert row["gross"] == "70"
