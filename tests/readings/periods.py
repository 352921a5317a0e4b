"""Periods: how long a month and a year are, where they begin, and what a young contract has of them."""

from tests.projections.indicators.world import CT, down
from tests.projections.penalties.world import LBU, NETWORK, at, signed, signed_cloud_temple
from tests.readings.scenario import Scenario

INTERNET = "outscale-cgv-2019/sla5-internet-availability"
COMPUTE = f"{CT}/ic-infra-snc-01-compute"
ACROSS = (
    down("load-balancer", "2026-03-31 22:00", "2026-03-31 23:00"),
    down("load-balancer", "2026-04-01 08:00", "2026-04-01 08:30", "o-2"),
)
TARGETED = ("counted_seconds", "reference_seconds", "allowed_seconds", "state")

SCENARIOS = [
    Scenario(
        "period.window",
        (signed(on="2026-03-01"), *ACROSS),
        asked="2026-05-03",
        section="indicators",
        where={"indicator": LBU, "counted_seconds": "5400"},
        show=("counted_seconds", "state"),
        found={"A": [], "B": [("5400", "breached"), ("5400", "breached")], "C": []},
        starts="2026-03-01",
        late="2026-05-01",
    ),
    Scenario(
        "period.window",
        (signed(on="2026-01-01"),),
        asked="2026-03-03",
        section="indicators",
        where={"indicator": INTERNET},
        show="period.to",
        found={
            "A": [at("2026-02-01"), at("2026-03-01"), at("2026-04-01")],
            "B": [at("2026-02-01"), at("2026-03-01"), at("2026-04-01")],
            "C": [at("2027-01-01")],
        },
        starts="2026-01-01",
    ),
    Scenario(
        "period.timezone",
        (signed(on="2026-03-01"), down("load-balancer", "2026-04-01 00:30", "2026-04-01 01:30")),
        asked="2026-05-03",
        section="indicators",
        where={"indicator": LBU, "counted_seconds": "3600"},
        show=("period.from", "period.to"),
        found={
            "A": [(at("2026-04-01"), at("2026-05-01"))],
            "B": [(at("2026-03-01 01:00"), at("2026-04-01 02:00"))],
        },
        starts="2026-03-01",
        late="2026-04-01 00:00:01",
    ),
    Scenario(
        "period.dst",  # GC-004
        (signed_cloud_temple(on="2026-03-01"), down("compute", "2026-03-10 10:00", "2026-03-10 10:04:27.600")),
        asked="2026-04-02",
        section="indicators",
        where={"indicator": COMPUTE, "period.to": at("2026-04-01")},
        show=TARGETED,
        found={
            "A": [("267.6", "2674800", "267.48", "breached")],
            "B": [("267.6", "2678400", "267.84", "met")],
        },
        starts="2026-03-01",
    ),
    Scenario(
        "year.length",
        (signed(on="2024-01-01"), down("internet", "2024-05-03 10:00", "2024-05-03 10:07:15.800")),
        asked="2025-01-02",
        section="indicators",
        where={"indicator": INTERNET, "period.to": at("2025-01-01")},
        show=TARGETED,
        found={
            "A": [("315.8", "31622400", "316.224", "met")],
            "B": [("315.8", "31536000", "315.36", "breached")],
            "C": [("315.8", "31557600", "315.576", "breached")],
        },
        starts="2024-01-01",
    ),
    Scenario(
        "year.short_history",  # GC-028
        (signed(on="2026-10-01"), down("internal-network", "2026-10-10 09:00", "2026-10-10 09:16:40")),
        asked="2026-11-03",
        section="indicators",
        where={"indicator": NETWORK, "period.to": at("2026-11-01")},
        show=("availability", "state"),
        found={"A": [("2681/2682", "breached")], "B": [("31535/31536", "met")], "C": [("2681/2682", "running")]},
        starts="2026-10-01",
    ),
    Scenario(
        "period.activation_mid_month",  # GC-029
        (signed_cloud_temple(on="2026-04-16"), down("storage", "2026-04-20 09:00", "2026-04-20 09:03:20")),
        asked="2026-05-03",
        section="indicators",
        where={"indicator": f"{CT}/ic-infra-snc-02-storage", "period.to": at("2026-05-01")},
        show=TARGETED,
        found={
            "A": [("200", "1296000", "129.6", "breached")],
            "B": [("200", "2592000", "259.2", "met")],
        },
        starts="2026-04-16",
    ),
]
