"""The first two minutes of an Internet incident: which incident, which minutes, in which period."""

from tests.projections.indicators.world import EN, FR, announced, down, paris, performed
from tests.projections.penalties.world import CGV, at, signed
from tests.readings.availability import CLIENT, in_april
from tests.readings.scenario import Scenario

INTERNET = f"{CGV}/sla5-internet-availability"
BEHIND_A_MAINTENANCE = (
    announced("2026-04-14 09:50", "2026-04-14 10:01", "internet", told="2026-04-02"),
    performed("2026-04-14 09:50", "2026-04-14 10:01"),
    down("internet", "2026-04-14 10:00", "2026-04-14 10:10"),
)
CROSSING = (
    signed(EN, CGV, on="2026-04-01"),
    (at("2026-04-15"), "contract.document-signed", {"document": FR, "replaces": EN}),
    down("internet", "2026-04-14 23:59", "2026-04-15 00:05"),
)
CLOSE = (
    down("internet", "2026-04-08 10:00", "2026-04-08 10:03"),
    down("internet", "2026-04-08 10:04", "2026-04-08 10:07", "o-2"),
)
OVERLAPPING = (
    down("internet", "2026-04-08 10:00", "2026-04-08 10:03", incident="i-1"),
    down("internet", "2026-04-08 10:02:30", "2026-04-08 10:10", "o-2", incident="i-2"),
)

SCENARIOS = [
    in_april(
        "internet.two_minutes",  # GC-014
        INTERNET,
        (*CLIENT, *BEHIND_A_MAINTENANCE),
        "counted_seconds",
        {"A": "480", "B": "420", "C": "480"},
    ),
    in_april(
        "internet.two_minutes",
        INTERNET,
        (
            *CLIENT,
            down("internet", "2026-04-08 10:00", "2026-04-08 10:03"),
            down("internet", "2026-04-09 10:00", "2026-04-09 10:03", "o-2"),
        ),
        "counted_seconds",
        {"A": "120", "B": "120", "C": "240"},
    ),
    Scenario(
        "internet.two_minutes_month_cut",  # GC-009, at a change of text, which cuts a period as the year's end does
        CROSSING,
        asked="2026-05-03",
        section="indicators",
        where={"indicator": INTERNET, "period.to": at("2026-05-01")},
        show=("period.from", "counted_seconds"),
        found={
            "A": [(paris("2026-04-15"), "240")],
            "B": [(paris("2026-04-15"), "180")],
            "C": [(paris("2026-04-15"), "300")],
        },
        starts="2026-04-15",
    ),
    in_april("internet.flapping", INTERNET, (*CLIENT, *CLOSE), "counted_seconds", {"A": "120", "B": "240"}),
    in_april(
        "internet.overlap_incidents",  # GC-031
        INTERNET,
        (*CLIENT, *OVERLAPPING),
        "counted_seconds",
        {"A": "480", "B": "390"},
    ),
]
