"""A contract with a bit of everything, told in facts: what lawyers read in statements, explanations and comparisons."""

from collections.abc import Sequence
from pathlib import Path

from adapters.cloudevents import canonical, encode
from domain.fact import AnyFact
from tests.support.dossier import Happening, cloud_temple, facts, outscale

AT = "2026-05-04T10:00:00+02:00"
ZONES = ["a", "b", "c"]
LINE = "outscale-cgv-2019/sla8-load-balancer-availability"
APRIL = "2026-04-01T00:00:00+02:00"


def invoices(amount: str = "10000.00") -> list[Happening]:
    """Twelve invoices, each paid on the day it is issued."""
    told: list[Happening] = []
    for number in range(12):
        year, month = 2025 + (4 + number) // 12, (4 + number) % 12 + 1
        after = f"{year + month // 12}-{month % 12 + 1:02}-02"
        name = f"INV-{year}-{month:02}"
        data = {"invoice": name, "month": f"{year}-{month:02}", "amount": amount, "due_on": f"{after[:8]}28"}
        told.append((f"{after}T09:00:00Z", "invoice.issued", data))
        told.append((f"{after}T12:00:00Z", "invoice.paid", {"invoice": name}))
    return told


def penalty_story() -> list[Happening]:
    """Load balancers down for 10 h 48 min in April 2026, of which 30 minutes in an announced maintenance."""
    return [
        ("2025-01-01T00:00:00+01:00", "contract.signed", outscale()),
        (
            "2025-01-01T00:00:00+01:00",
            "deployment.declared",
            {"zones": ZONES, "region_zones": ZONES, "equivalent_resources_proven": True},
        ),
        (
            "2026-01-05T00:00:00+01:00",
            "contact.designated",
            {"role": "legal", "person": {"id": "p-1", "name": "Camille Durand", "email": "camille@client-one.example"}},
        ),
        *invoices(),
        (
            "2026-04-01T09:00:00+02:00",
            "maintenance.announced",
            {
                "maintenance": "m-1",
                "kind": "planned",
                "starts_at": "2026-04-22T02:00:00+02:00",
                "ends_at": "2026-04-22T02:30:00+02:00",
                "services": ["load-balancer"],
            },
        ),
        (
            "2026-04-22T10:48:00+02:00",
            "outage.recorded",
            {
                "outage": "o-1",
                "service": "load-balancer",
                "started_at": "2026-04-22T00:00:00+02:00",
                "ended_at": "2026-04-22T10:48:00+02:00",
                "extent": "total",
            },
        ),
        (
            "2026-04-22T12:00:00+02:00",
            "monitoring.gap-recorded",
            {"services": ["load-balancer"], "from": "2026-04-23T00:00:00+02:00", "to": "2026-04-23T01:00:00+02:00"},
        ),
        (
            "2026-04-22T12:48:00+02:00",
            "reserve.notified",
            {
                "reserve": "r-1",
                "outage": "o-1",
                "from": "2026-04-22T00:00:00+02:00",
                "to": "2026-04-22T10:48:00+02:00",
                "documented": True,
            },
        ),
    ]


def support_story() -> list[Happening]:
    """One ticket with a wait and a weekend in it, under Cloud Temple's business hours."""
    return [
        ("2026-01-01T00:00:00+01:00", "contract.signed", cloud_temple()),
        (
            "2026-03-06T17:00:00+01:00",
            "ticket.opened",
            {
                "ticket": "T-1",
                "kind": "incident",
                "complete": True,
                "impact": "I2",
                "criticality": "C2",
                "service": "compute",
            },
        ),
        ("2026-03-09T09:00:00+01:00", "ticket.answered", {"ticket": "T-1", "automatic": False}),
    ]


def late_story() -> list[Happening]:
    """An invoice paid fifty days late, across a change of rate."""
    return [
        ("2025-01-01T00:00:00+01:00", "contract.signed", outscale()),
        (
            "2025-01-02T00:00:00+01:00",
            "rate.recorded",
            {"rate": "ecb-main-refinancing", "value": "3.15", "from": "2025-01-01"},
        ),
        (
            "2025-06-02T09:00:00+02:00",
            "invoice.issued",
            {
                "invoice": "INV-1",
                "month": "2025-05",
                "amount": "1000.00",
                "amount_incl_vat": "1200.00",
                "due_on": "2025-06-11",
            },
        ),
        ("2025-07-31T09:00:00+02:00", "invoice.paid", {"invoice": "INV-1"}),
    ]


def written(folder: Path, happenings: Sequence[Happening], name: str = "facts.jsonl") -> str:
    """The facts as a file, one event per line; returns its path."""
    path = folder / name
    path.write_bytes(b"".join(_line(fact) for fact in facts(*happenings)))
    return str(path)


def _line(fact: AnyFact) -> bytes:
    return canonical(encode(fact)) + b"\n"
