"""Reserves, claims, penalties, their ceilings, and the other sums owed."""

from functools import partial
from typing import Any

from tests.projections.penalties.world import (
    CGV,
    LBU,
    NETWORK,
    accepted,
    at,
    claim,
    down,
    invoice,
    invoices,
    outage,
    paid,
    proven,
    reserve,
    signed,
    signed_cloud_temple,
)
from tests.readings.scenario import Scenario, Story, ruled

CLIENT = (signed(on="2026-01-01"),)
APRIL = (signed(on="2026-04-01"), proven(on="2026-04-01"))
LONG = (signed(on="2025-05-01"), proven(on="2025-05-01"))
YEAR = invoices("2025-05", ["10000"] * 12)
BALANCER = down("l", "load-balancer", "2026-04-22", "2026-04-22 10:48")
"""1.5 % of April: the third rate of the worked example."""
EXAMPLE = (*down("n", "internal-network", "2026-04-10", "2026-04-17 15:57:36"), *BALANCER)
"""2.1 % of the year that ends with April beside it."""


def penalty(
    parameter: str, story: Story, show: str | tuple[str, ...], found: dict[str, list[Any]], **more: Any
) -> Scenario:
    """The penalty of the periods that end on 30 April; the reading chosen by then governs it."""
    asked = more.pop("asked", "2026-05-03")
    where = {"period_end": "2026-04-30"}
    return Scenario(parameter, story, asked, "penalties", where, show, found, more.pop("starts", "2026-05-01"), **more)


amount = partial(ruled, "amounts")
"""The other sums under a rule."""


def liability(start: str, end: str, monthly: str = "1234.56") -> Any:
    data = {"liability": "L", "service": "vm", "from": at(start), "to": at(end), "monthly_amount": monthly}
    return (at(end), "liability.recorded", data)


def rate(value: str, on: str) -> Any:
    return (at(on), "rate.recorded", {"rate": "ecb-main-refinancing", "value": value, "from": on})


def of_another(*story: Any) -> Story:
    """The same facts about another contract of the client."""
    return tuple((*happening, {"subject": "C-2"}) for happening in story)


def metered(seconds: str) -> Any:
    data = {"resource_type": "vm", "month": "2026-03", "seconds": seconds}
    return (at("2026-03-28"), "consumption.metered", data)


def two_months() -> Story:
    """3000 s in January and 1000 s in February, the average revenue of two months being 31 536 EUR (GC-048)."""
    return (
        signed(on="2025-12-01"),
        invoice("2025-12", str(31536 * 3 - 30)),
        invoice("2026-01", "20"),
        invoice("2026-02", "10"),
        *down("j", "internal-network", "2026-01-10 09:00", "2026-01-10 09:50"),
        *down("f", "internal-network", "2026-02-10 09:00", "2026-02-10 09:16:40"),
    )


BOTH_BALANCERS = (
    *down("v1", "vm", "2026-04-08 10:00", "2026-04-08 13:00", resource="vm-1"),
    *down("v2", "vm", "2026-04-09 10:00", "2026-04-09 12:00", resource="vm-2"),
)
LONG_OUTAGE = (
    outage("o", "load-balancer", "2026-04-04", "2026-04-07"),
    reserve("r", "o", "2026-04-04", "2026-04-07", "2026-04-08 12:00"),
)
RECEIVED_LATE = (
    outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
    (
        *reserve("r", "o", "2026-04-08 10:00", "2026-04-08 14:00", "2026-04-10 13:00"),
        {"recordedtime": at("2026-04-10 15:00")},
    ),
)
HALF_RESERVED = (
    outage("o", "load-balancer", "2026-04-08 10:00", "2026-04-08 14:00"),
    reserve("r", "o", "2026-04-08 10:00", "2026-04-08 12:00", "2026-04-09 10:00"),
)
IOPS = (
    at("2026-05-01"),
    "measure.recorded",
    {
        "measure": "iops-share",
        "service": "volume",
        "resource": "vol-1",
        "value": "88",
        "from": at("2026-04-01"),
        "to": at("2026-05-01"),
    },
)
SLIDING = (
    signed(on="2025-04-01"),
    *invoices("2025-04", ["31536"] * 13),
    *down("j", "internal-network", "2026-01-10 09:00", "2026-01-10 09:33:20"),
    *down("m", "internal-network", "2026-03-10 09:00", "2026-03-10 09:33:20"),
)
SPRING_CLAIM = claim("c", "2026-03-31", "2026-04-03", NETWORK, reserves=["r-j", "r-m"])
LATE_IN_APRIL = (
    invoice("2026-02", "9000", due="2026-04-05"),
    paid("2026-02", "2026-04-30"),
)
CLAIMED_WHILE_LATE = (
    invoice("2026-02", "9000", due="2026-04-30"),
    paid("2026-02", "2026-05-04 12:00"),
    claim("c", "2026-04-30", "2026-05-03 10:00", LBU, reserves=["r-l"]),
)
CREDIT_STORY = (
    signed(on="2026-03-01"),
    *invoices("2026-03", ["9000"]),
    *down("l", "load-balancer", "2026-03-10 09:00", "2026-03-10 12:00"),
    claim("c", "2026-03-31", "2026-04-02", LBU, reserves=["r-l"]),
    accepted("c", "2026-04-20", "100.00"),
)
CREDIT = f"{CGV}/claim-credit-1y"
INTEREST = f"{CGV}/pay-late-interest"
RATE = rate("2.15", "2025-06-11")
MONEY_OF_THE_CLIENT = (
    *invoices("2025-05", ["1000"] * 12),
    *of_another(signed(on="2025-05-01"), *invoices("2025-05", ["500"] * 12)),
)

SCENARIOS = [
    penalty(
        "reserve.anchor",  # GC-062
        (*APRIL, *LONG_OUTAGE),
        "lines.0.counted_seconds",
        {"A": [str(72 * 3600)], "B": [str(12 * 3600)], "C": [None]},
        starts="2026-04-07",
    ),
    penalty(
        "reserve.email_time",
        (*APRIL, *RECEIVED_LATE),
        "lines.0.counted_seconds",
        {"A": ["14400"], "B": [None]},
        starts="2026-04-08 14:00",
    ),
    penalty(
        "reserve.partial",  # GC-045
        (*APRIL, *HALF_RESERVED),
        "lines.0.counted_seconds",
        {"A": ["7200"], "B": ["14400"]},
        starts="2026-04-08 14:00",
    ),
    penalty(
        "resource.aggregation",  # GC-030
        (*APRIL, *BOTH_BALANCERS),
        ("lines.0.availability", "lines.1.availability"),
        {"A": [("239/240", None)], "B": [("287/288", None)], "C": [("239/240", "359/360")]},
    ),
    penalty(
        "command_api.dedup",  # GC-046
        (*APRIL, *invoices("2026-04", ["9000"]), *down("a", "command-api:vm", "2026-04-08 10:00", "2026-04-08 12:00")),
        "gross",
        {"A": ["160"], "B": ["480"]},
    ),
    penalty(
        "pen.scope_metric",
        (*APRIL, *invoices("2026-04", ["10000"]), IOPS),
        ("gross", "state"),
        {"A": [], "B": [("2000", "claimable")]},
    ),
    penalty("pen.mixed_periods", (*LONG, *YEAR, *EXAMPLE), "gross", {"A": ["3390"], "B": ["1300", "2090"]}),
    penalty("pen.percentage_points", (*LONG, *YEAR, *BALANCER), "gross", {"A": ["1300"], "B": ["650000/499"]}),
    penalty(
        "pen.money_rounding",
        (*LONG, *invoices("2025-05", ["10000.60", *["10000"] * 11]), *BALANCER),
        ("payable", "credit_note"),
        {"A": [("1300.0065", "1300.01")], "B": [("1300.0065", "1300")]},
    ),
    penalty(
        "cap.which_invoice",  # GC-057
        (*LONG, *invoices("2025-05", ["10400"] * 10 + ["6000", "10000"]), *EXAMPLE),
        ("gross", "payable"),
        {"A": [("3390", "3000")], "B": [("3390", "1800")]},
    ),
    Scenario(
        "cap.multi_month",  # GC-048
        two_months(),
        "2026-03-03",
        "penalties",
        {"period_end": "2026-02-28"},
        "payable",
        {"A": ["8.116"], "B": ["8.464"], "C": ["3"]},
        "2026-03-01",
        beside=("year.short_history=B",),
    ),
    penalty(
        "cap.vat",
        (*LONG, *invoices("2025-05", ["10000"] * 11), invoice("2026-04", "10000", vat="12000"), *EXAMPLE),
        "payable",
        {"A": ["3000"], "B": ["3390"]},
    ),
    penalty("cap.example", (*LONG, *YEAR, *EXAMPLE), "payable", {"A": ["3000"], "B": ["3390"]}),  # GC-041
    penalty(
        "cacm.short_history",  # GC-047
        (signed(on="2026-02-10"), *invoices("2026-02", ["1200", "1800", "3000"]), *BALANCER),
        "average_monthly_revenue",
        {"A": ["2000"], "B": ["500"]},
    ),
    penalty(
        "cacm.anchor",
        (signed(on="2025-04-01"), *invoices("2025-04", ["600"] * 12 + ["1800"]), *BALANCER),
        "average_monthly_revenue",
        {"A": ["700"], "B": ["600"]},
    ),
    penalty(
        "cacm.scope",
        (*LONG, *MONEY_OF_THE_CLIENT, *BALANCER),
        "average_monthly_revenue",
        {"A": ["1000"], "B": ["1500"]},
    ),
    penalty(
        "penalty.suspension_scope",  # GC-049
        (*APRIL, *invoices("2026-04", ["9000"]), *BALANCER, *CLAIMED_WHILE_LATE),
        "state",
        {"A": ["barred"], "B": ["claimed"], "C": ["barred"]},
        asked="2026-05-08",
    ),
    penalty(
        "penalty.suspension_scope",
        (*APRIL, *invoices("2026-04", ["9000"]), *BALANCER, *LATE_IN_APRIL),
        "state",
        {"A": ["claimable"], "B": ["barred"], "C": ["barred"]},
    ),
    Scenario(
        "claim.waiver_scope",  # GC-06A
        (*SLIDING, SPRING_CLAIM),
        "2026-04-04",
        "penalties",
        {"period_end": "2026-03-31"},
        ("gross", "state"),
        {"A": [("8.464", "claimed")], "B": [("0", "barred")]},
        "2026-04-01",
    ),
    penalty(
        "pen.no_double",  # GC-06B
        (*SLIDING, SPRING_CLAIM, accepted("c", "2026-04-20")),
        ("gross", "state"),
        {"A": [("0", "barred")], "B": [("8.464", "claimable")]},
        asked="2026-05-04",
    ),
    Scenario(
        "payment.due_date",
        (*CLIENT, invoice("2026-01", "1000", "2026-02-27 09:00", due="")),
        "2026-03-01",
        "deadlines",
        {"rule": f"{CGV}/pay-on-receipt"},
        ("last_day", "state"),
        {"A": [("2026-02-27", "missed")], "B": [("2026-03-29", "pending")]},
        "2026-02-27 09:00",
    ),
    amount(
        "interest.basis",
        INTEREST,
        (
            *CLIENT,
            RATE,
            rate("3.00", "2026-07-01"),
            invoice("2026-01", "1000", "2026-03-01 09:00", due="2026-03-01", vat="1000"),
            paid("2026-01", "2026-08-29"),
        ),
        "2026-09-01",
        ("days", "amount"),
        {"A": [(181, "43983/730")], "B": [(181, "61.0875")], "C": [(181, "45003/730")]},
        "2026-03-02",
    ),
    amount(
        "interest.base_amount",
        INTEREST,
        (*CLIENT, RATE, invoice("2025-12", "1000", due="2026-01-31", vat="1200"), paid("2025-12", "2026-02-10")),
        "2026-03-01",
        ("base", "amount"),
        {"A": [("1200", "1458/365")], "B": [("1000", "243/73")]},
        "2026-02-01",
    ),
    amount(
        "fee40.unit",
        f"{CGV}/pay-late-40eur",
        (*CLIENT, invoice("2025-11", "10", due="2026-01-15"), invoice("2025-12", "10", due="2026-01-31")),
        "2026-03-01",
        ("invoice", "amount"),
        {"A": [("I-2025-11", "40"), ("I-2025-12", "40")], "B": [("I-2025-11", "40")]},
        "2026-01-16",
        late="2026-02-01 00:00:01",
    ),
    amount(
        "liability.gap",  # GC-050
        f"{CGV}/liability-cap-3x",
        (*CLIENT, liability("2026-01-05", "2026-01-20 06:00")),
        "2026-02-01",
        ("days", "amount"),
        {"A": [(16, "3703.68")], "B": [], "C": [(16, "3703.68")]},
        "2026-01-05",
    ),
    amount(
        "liability.gap",
        f"{CGV}/liability-cap-2x",
        (*CLIENT, liability("2026-01-05 23:00", "2026-01-20 01:00")),
        "2026-02-01",
        ("days", "amount"),
        {"A": [(15, "2469.12")], "B": [(14, "2469.12")], "C": []},
        "2026-01-05 23:00",
    ),
    amount(
        "liability.month",
        f"{CGV}/liability-cap-2x",
        (*LONG, *invoices("2025-05", ["600"] * 9), liability("2026-01-05", "2026-01-06", "200")),
        "2026-02-03",
        "amount",
        {"A": ["400"], "B": ["1200"]},
        "2026-01-05",
    ),
    amount(
        "min_billing",
        f"{CGV}/bill-minimum-hour",
        (*CLIENT, metered("1800"), metered("1900.5")),
        "2026-04-01",
        ("resource_type", "amount"),
        {"A": [("vm", "3701")], "B": [("vm", "7200")]},
        "2026-03-01",
    ),
    amount(
        "credit.validity",  # GC-067
        CREDIT,
        CREDIT_STORY,
        "2026-05-01",
        "valid_until",
        {"A": ["2027-04-20"], "B": ["2027-04-02"]},
        "2026-04-20",
    ),
    amount(
        "pen.form",
        CREDIT,
        CREDIT_STORY,
        "2027-06-01",
        ("state", "amount"),
        {"A": [("expired", "0")], "B": [("cash", "100")]},
        "2026-04-20",
    ),
    amount(
        "credit.after_termination",
        CREDIT,
        (*CREDIT_STORY, (at("2026-06-01"), "contract.ended", {"cause": "convenience", "on": "2026-06-30"})),
        "2026-07-02",
        ("state", "amount"),
        {"A": [("lapsed", "0")], "B": [("paid-out", "100")]},
        "2026-04-20",
    ),
    amount(
        "ct.slice30",  # GC-085
        "ct-secure-temple/sup-not-attributable",
        (
            signed_cloud_temple(on="2026-01-01"),
            (at("2026-03-01"), "professional-services.agreed", {"ticket": "T-1", "minutes": "70"}),
        ),
        "2026-04-01",
        "amount",
        {"A": ["3"], "B": ["7/3"]},
        "2026-03-01",
    ),
]
