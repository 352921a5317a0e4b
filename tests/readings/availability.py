"""How availability is computed: the readings of maintenance, outages, zones and measures."""

from typing import Any

from tests.projections.indicators.world import CT, announced, down, paris, performed, span
from tests.projections.penalties.world import CGV, LBU, at, proven, signed, signed_cloud_temple
from tests.projections.penalties.world import down as reserved
from tests.readings.scenario import Scenario, Story

VM = f"{CGV}/sla4-vm-availability"
APRIL = "2026-04-01"
HOURS = ("2026-04-16 01:00", "2026-04-16 03:00")
HALF_HOUR = ("2026-04-16 18:00", "2026-04-16 18:30")
COUNTED = ("counted_seconds", "reference_seconds")
CLIENT = (signed(on=APRIL), proven(on=APRIL))
CLOUD_TEMPLE = (signed_cloud_temple(on=APRIL),)
ALONE = (signed(on=APRIL, zones=["a"]),)


def in_april(
    parameter: str, indicator: str, story: Story, show: str | tuple[str, ...], found: dict[str, Any], **more: Any
) -> Scenario:
    """A line of a contract signed on 1 April, in its first month."""
    return Scenario(
        parameter,
        story,
        asked="2026-05-03",
        section="indicators",
        where={"indicator": indicator, "period.to": at("2026-05-01")},
        show=show,
        found={value: [figure] for value, figure in found.items()},
        starts=APRIL,
        **more,
    )


def maintained(told: str, kind: str = "planned", service: str = "load-balancer") -> Story:
    """A maintenance announced at a time, and the outage it caused."""
    return announced(*HOURS, service, told=told, kind=kind), performed(*HOURS), down(service, *HOURS)


def moved_out() -> Story:
    """The client leaves two of its three zones on 20 April."""
    return ((paris("2026-04-20"), "deployment.declared", {"zones": ["a"]}),)


def opened_zone() -> Story:
    """A client in both zones of its region, in which a third one opens two days before an outage."""
    zones = {"region": "region-1", "region_zones": ["a", "b"], "zones": ["a", "b"]}
    proof = {"zones": ["a", "b"], "region_zones": ["a", "b"], "equivalent_resources_proven": True}
    third = {"region": "region-1", "zone": "c", "orderable": True}
    return (
        signed(on=APRIL, **zones),
        (at(APRIL), "deployment.declared", proof),
        (at("2026-04-10"), "region.zone-opened", third, {"subject": "provider:outscale"}),
        *reserved("v", "vm", "2026-04-12 08:00", "2026-04-12 11:00"),
    )


def lost(things: str, service: str, measure_from: str = APRIL) -> Story:
    """One thing lost of a thousand stored."""
    span_ = {"from": paris(measure_from), "to": paris("2026-04-20"), "service": service}
    return tuple(
        (paris("2026-04-20"), "measure.recorded", {"measure": f"{things}-{kind}", "value": value, **span_})
        for kind, value in (("stored", "1000"), ("lost", "1"))
    )


def latencies() -> Story:
    """110 samples of the internal network: 99 of 8 ms, one of 30, two of 7, eight of 8."""
    week = {"service": "internal-network", "from": paris("2026-04-07"), "to": paris("2026-04-08")}
    return tuple(
        (paris("2026-04-08"), "measure.recorded", {"measure": "latency-ms", "value": ms, "samples": count, **week})
        for ms, count in (("8", 99), ("30", 1), ("7", 1), ("7", 1), ("8", 8))
    )


def confirmed(first: str, last: str) -> Story:
    """An outage told by the user at 14:05, over at 14:12 for the first and at 14:15 for the last (GC-019)."""
    told = {"reported_at": paris("2026-04-21 14:05"), "detected_at": paris("2026-04-21 14:07:30")}
    ends = [("2026-04-21 14:12", first), ("2026-04-21 14:15", last)]
    return (
        down("compute", "2026-04-21 14:06", None, **told),
        *(
            (paris(end), "outage.ended", {"outage": "o-1", "ended_at": paris(end), "confirmed_by": who})
            for end, who in ends
        ),
    )


NETWORK_MAINTENANCE = (
    announced(*HOURS, "network", told="2026-04-02"),
    performed(*HOURS),
    down("network", "2026-04-16 01:30", "2026-04-16 01:40"),
)
OVERLAPPING = (
    down("load-balancer", "2026-04-08 10:00", "2026-04-08 10:04"),
    down("load-balancer", "2026-04-08 10:02", "2026-04-08 10:06", "o-2"),
)
BLOCKED = (
    (paris("2026-04-16 02:00"), "resources.blocked", {"ground": "malicious"}),
    (paris("2026-04-16 05:00"), "resources.unblocked", {"ground": "malicious"}),
)
ESTABLISHED = (paris("2026-04-17"), "outage.cause-established", {"outage": "o-1", "cause": "force-majeure"})
CUT_OFF = span("countermeasure.applied", *HALF_HOUR, "internet", kind="blackhole")
OBJECT_API = f"{CGV}/sla1-object-access-api-availability"

SCENARIOS = [
    in_april(
        "availability.formula",
        LBU,
        (*CLIENT, down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10")),
        ("state", "availability", "counted_seconds"),
        {"A": ("met", "4319/4320", "600"), "B": ("unmeasured", None, "600")},
    ),
    in_april(
        "maintenance.mode",  # GC-011
        LBU,
        (*CLIENT, *maintained("2026-04-13 09:00")[:2], down("load-balancer", "2026-04-16 02:00", "2026-04-16 04:00")),
        ("counted_seconds", "reference_seconds", "availability"),
        {
            "A": ("3600", "2584800", "717/718"),
            "B": ("3600", "2592000", "719/720"),
            "C": ("10800", "2592000", "239/240"),
        },
    ),
    in_april(
        "maintenance.two_clear_days",
        LBU,
        (*CLIENT, *maintained("2026-04-14 00:30")),
        "counted_seconds",
        {"A": "7200", "B": "0", "C": "0"},
    ),
    in_april(
        "maintenance.two_clear_days",
        LBU,
        (*CLIENT, *maintained("2026-04-14 01:30")),
        "counted_seconds",
        {"A": "7200", "B": "7200", "C": "0"},
    ),
    in_april(
        "maintenance.overrun",  # GC-036
        LBU,
        (
            *CLIENT,
            announced(*HOURS, "load-balancer", told="2026-04-02"),
            performed("2026-04-16 01:00", "2026-04-16 04:30"),
            down("load-balancer", "2026-04-16 01:00", "2026-04-16 04:30"),
        ),
        "counted_seconds",
        {"A": "5400", "B": "0"},
    ),
    in_april(
        "maintenance.2weeks_link",
        VM,
        (*CLIENT, *maintained("2026-04-03", kind="hypervisor", service="vm")),
        "counted_seconds",
        {"A": "0", "B": "7200"},
    ),
    in_april(
        "maintenance.urgent",
        LBU,
        (*CLIENT, *maintained(HOURS[0], kind="urgent")),
        "counted_seconds",
        {"A": "7200", "B": "0"},
    ),
    in_april(
        "ct.maintenance_excluded",  # GC-038
        f"{CT}/ic-infra-snc-04-network",
        (*CLOUD_TEMPLE, *NETWORK_MAINTENANCE),
        ("counted_seconds", "state"),
        {"A": ("600", "breached"), "B": ("0", "met")},
    ),
    in_april("overlap", LBU, (*CLIENT, *OVERLAPPING), "counted_seconds", {"A": "360", "B": "480"}),  # GC-010
    in_april(
        "sla.degraded_counts",
        LBU,
        (
            signed("outscale-snc-fr", CGV, on=APRIL),
            down("load-balancer", "2026-04-08 09:00", "2026-04-08 09:10", extent="degraded"),
        ),
        "counted_seconds",
        {"A": "600", "B": "0"},
    ),
    in_april(
        "az.when_tested",
        VM,
        (*CLIENT, *reserved("v", "vm", "2026-04-08 08:00", "2026-04-08 11:00"), *moved_out()),
        ("state", "claimable"),
        {"A": ("breached", True), "B": ("breached", False)},
    ),
    in_april(
        "az.new_zone",  # GC-034
        VM,
        opened_zone(),
        ("state", "claimable"),
        {"A": ("breached", False), "B": ("breached", True)},
    ),
    in_april(
        "az.star_on_api",
        OBJECT_API,
        (*ALONE, *reserved("i", "object-access-api", "2026-04-08 08:00", "2026-04-08 11:00")),
        ("state", "claimable"),
        {"A": ("breached", True), "B": ("breached", False)},
    ),
    in_april(
        "az.sla4_scope",
        f"{CGV}/sla4-command-api-availability",
        (*ALONE, *reserved("i", "command-api:vm", "2026-04-08 08:00", "2026-04-08 11:00")),
        ("state", "claimable"),
        {"A": ("breached", True), "B": ("breached", False)},
    ),
    Scenario(
        "durability.snapshot_star",
        (*ALONE, *lost("snapshots", "snapshot")),
        asked="2026-05-03",
        section="findings",
        where={"code": "zone-condition"},
        show="rule",
        found={"A": [], "B": [f"{CGV}/sla2-snapshot-durability"]},
        starts=APRIL,
    ),
    in_april(
        "durability.snapshot_24h",
        f"{CGV}/sla2-snapshot-durability",
        CLIENT,
        "basis.acquired_after",
        {"A": "creation", "B": "24 hours"},
    ),
    in_april("durability.unit", f"{CGV}/sla1-object-durability", CLIENT, "basis.unit", {"A": "objects", "B": "bytes"}),
    in_april(
        "latency.statistic",
        f"{CGV}/sla6-inter-resource-latency",
        (*CLIENT, *latencies()),
        ("value", "state", "samples"),
        {"A": ("30", "breached", 110), "B": ("8", "met", 110), "C": ("90/11", "met", 110)},
    ),
    in_april("iops.block", f"{CGV}/sla2-iops-share", CLIENT, "basis.block", {"A": "4096 bytes", "B": "4000 bytes"}),
    in_april("iops.sampling", f"{CGV}/sla2-iops-share", CLIENT, "basis.sampling", {"A": "1 minute", "B": "5 minutes"}),
    in_april(
        "blackhole.sla",  # GC-035
        f"{CGV}/sla5-internet-availability",
        (*CLIENT, down("internet", *HALF_HOUR), CUT_OFF),
        "counted_seconds",
        {"A": "0", "B": "1680"},
    ),
    in_april(
        "force_majeure.sla",  # GC-039
        LBU,
        (*CLIENT, down("load-balancer", *HOURS), ESTABLISHED),
        "counted_seconds",
        {"A": "0", "B": "7200"},
    ),
    in_april(
        "suspension.sla",
        LBU,
        (*CLIENT, down("load-balancer", *HOURS), *BLOCKED),
        "counted_seconds",
        {"A": "3600", "B": "7200"},
    ),
    in_april(
        "ct.outage_end",  # GC-037
        f"{CT}/ic-infra-snc-01-compute",
        (*CLOUD_TEMPLE, *confirmed("monitoring", "user")),
        "counted_seconds",
        {"A": "420", "B": "600", "C": "420"},
    ),
    in_april(
        "ct.outage_end",
        f"{CT}/ic-infra-snc-01-compute",
        (*CLOUD_TEMPLE, *confirmed("user", "monitoring")),
        "counted_seconds",
        {"A": "420", "B": "600", "C": "600"},
    ),
    in_april(
        "ct.period_sla6_7_10",
        f"{CT}/ic-infra-snc-06-console",
        CLOUD_TEMPLE,
        ("state", "availability"),
        {"A": ("met", "1"), "B": ("unmeasured", None)},
    ),
    in_april(
        "ct.sla3_reliability",
        f"{CT}/ic-infra-snc-03-backup",
        (*CLOUD_TEMPLE, down("backup", *HOURS)),
        ("state", "availability"),
        {"A": ("breached", "359/360"), "B": ("unmeasured", None)},
    ),
    in_april(
        "ct.sla5_scope",
        f"{CT}/ic-infra-snc-05-internet",
        (*CLOUD_TEMPLE, down("internet", *HOURS)),
        ("state", "target"),
        {"A": ("breached", "99.99"), "B": ("no-commitment", None)},
    ),
]
