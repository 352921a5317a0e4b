"""Which text governs: the readings of chapter 6.1 of the questions, each with a story that it decides."""

from pathlib import Path

from tests.projections.indicators.world import CT, CT4, EN, FR, LBU, down
from tests.projections.penalties.world import CGV, at, invoices, signed, signed_cloud_temple
from tests.projections.penalties.world import down as reserved
from tests.readings.scenario import Scenario

EN_LBU = f"{EN}/sla5-load-balancer-availability"
BALANCER_DOWN = down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10", resource="lb-1")
BALANCER_IN_APRIL = {"resource": "lb-1", "period.to": at("2026-05-01")}
CHANGE = (at("2026-06-15"), "contract.document-signed", {"document": FR, "replaces": EN})
PUBLISHED = (
    at("2026-06-01"),
    "contract.revision-notified",
    {"document": CGV, "version": "2026-07", "effective_on": "2026-07-01", "channel": "email"},
)

SCENARIOS = [
    Scenario(
        "sla.source",
        (signed(EN, CGV, on="2026-04-01"), BALANCER_DOWN),
        asked="2026-05-03",
        section="indicators",
        where=BALANCER_IN_APRIL,
        show=("indicator", "target"),
        found={"A": [(EN_LBU, "99.78")], "B": [(LBU, "99.8")], "C": [(EN_LBU, "99.78")]},
        starts="2026-04-01",
    ),
    Scenario(
        "sla.source",
        (signed(FR, CGV, on="2026-04-01"), BALANCER_DOWN),
        asked="2026-05-03",
        section="indicators",
        where=BALANCER_IN_APRIL,
        show=("indicator", "target"),
        found={"A": [(LBU, "99.8")], "B": [(LBU, "99.8")], "C": [(EN_LBU, "99.78")]},
        starts="2026-04-01",
    ),
    Scenario(
        "sla.mid_period_switch",  # GC-027
        (
            signed(EN, CGV, on="2026-06-01"),
            CHANGE,
            down("load-balancer", "2026-06-10 10:00", "2026-06-10 10:45", resource="lb-1"),
        ),
        asked="2026-07-01",
        section="indicators",
        where={"resource": "lb-1", "period.from": at("2026-06-01")},
        show=("indicator", "period.to", "allowed_seconds", "state"),
        found={
            "A": [(EN_LBU, at("2026-06-15"), "2661.12", "breached")],
            "B": [(LBU, at("2026-07-01"), "5184", "met")],
            "C": [(EN_LBU, at("2026-07-01"), "5702.4", "met")],
        },
        starts="2026-06-01",
    ),
    Scenario(
        "convention.signature_instant",
        (signed_cloud_temple(on="2026-04-10 15:00"), down("compute", "2026-04-20 09:00", "2026-04-20 09:01")),
        asked="2026-05-03",
        section="indicators",
        where={"indicator": f"{CT}/ic-infra-snc-01-compute", "period.to": at("2026-05-01")},
        show=("period.from", "reference_seconds"),
        found={"A": [(at("2026-04-10 15:00"), "1760400")], "B": [(at("2026-04-10"), "1814400")]},
        usual="B",
        starts="2026-04-10",
        late="2026-04-10 15:00:01",
    ),
    Scenario(
        "cgv.version",
        (
            signed(on="2026-04-01"),
            PUBLISHED,
            down("load-balancer", "2026-07-08 09:00", "2026-07-08 10:00", resource="lb-1"),
        ),
        asked="2026-08-03",
        section="indicators",
        where={"resource": "lb-1", "period.to": at("2026-08-01")},
        show=("indicator", "target", "state"),
        found={"A": [(f"{CGV}/next-load-balancer", "99.9", "breached")], "B": [(LBU, "99.8", "met")]},
        starts="2026-06-01",
        late="2026-07-01 00:00:01",
        agreements=(Path(__file__).parent / "agreements",),
    ),
    Scenario(
        "hierarchy.002_vs_004",
        (
            signed_cloud_temple(CT, CT4, on="2026-04-01"),
            down("compute", "2026-04-08 09:00", "2026-04-08 09:10", resource="c-1"),
        ),
        asked="2026-05-03",
        section="indicators",
        where={"resource": "c-1", "period.to": at("2026-05-01")},
        show="indicator",
        found={
            "A": [f"{CT}/ic-infra-snc-01-compute"],
            "B": [f"{CT4}/ic-infra-snc-01-compute", f"{CT}/ic-infra-snc-01-compute"],
        },
        starts="2026-04-01",
    ),
    Scenario(
        "language",  # GC-163
        (signed(EN, CGV, on="2026-04-01"),),
        asked="2026-05-03",
        section="indicators",
        where={"indicator": f"{EN}/sla6-object-durability", "period.to": at("2026-05-01")},
        show="basis.losses_caused_by_the_client",
        found={"A": ["left out"], "B": ["counted"]},
        starts="2026-04-01",
    ),
    Scenario(
        "crossref.penalty_annex",
        (
            signed(EN, CGV, on="2026-04-01"),
            *invoices("2026-04", ["9000"]),
            *reserved("l", "load-balancer", "2026-04-10 09:00", "2026-04-10 12:00"),
        ),
        asked="2026-05-03",
        section="penalties",
        where={"period_end": "2026-04-30"},
        show=("state", "payable"),
        found={"A": [("claimable", "177")], "B": [("no-rule", None)]},
        starts="2026-05-01",
    ),
    Scenario(
        "decree.2015",
        (signed(EN, CGV, on="2026-04-01"),),
        asked="2026-04-02",
        section="qualification",
        where={},
        show="decree",
        found={"A": ["2015-350"], "B": ["2015-351"]},
        starts="2026-04-02",
    ),
    Scenario(
        "decree.2011_219",
        (
            signed(on="2026-04-01"),
            (at("2026-09-30 18:00"), "contract.ended", {"cause": "convenience", "on": "2026-09-30"}),
        ),
        asked="2026-10-02",
        section="deadlines",
        where={"rule": f"{CGV}/ret-identification-decree"},
        show="last_day",
        found={"A": ["2027-09-30"], "B": ["2031-09-30"]},
        starts="2026-09-30 18:00",
    ),
]
