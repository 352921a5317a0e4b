"""Short sentences about service levels: outages and maintenance in Paris time, rows of indicators out."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.time.instant import PARIS, format_instant, from_datetime
from projections.findings import Finding
from projections.indicators import IndicatorRow, indicator_rows
from projections.outages import resolve_outages
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, basis_of, proven, signed

CGV, EN, FR, CT, CT4 = (
    "outscale-cgv-2019",
    "outscale-snc-en-2023",
    "outscale-snc-fr",
    "ct-secure-temple",
    "ct-openiaas-v3",
)
ZONES = {"region": "r", "region_zones": ["a", "b", "c"], "zones": ["a", "b", "c"]}
VM = f"{CGV}/sla4-vm-availability"
LBU = f"{CGV}/sla8-load-balancer-availability"
INTERNET = f"{CGV}/sla5-internet-availability"
COMPUTE = f"{CT}/ic-infra-snc-01-compute"
APRIL = {"at": "2026-05-03", "to": "2026-05-01"}
"""April 2026, asked for once it is over."""


def paris(text: str) -> str:
    """``2026-01-14 10:00:00`` of the Paris clock as RFC 3339; a second 02:30 of October is written ``02:30 B``."""
    stamp, _, second = text.partition(" B")
    moment = datetime.fromisoformat(stamp).replace(tzinfo=PARIS, fold=1 if second or text.endswith(" B") else 0)
    return format_instant(from_datetime(moment))


def cgv(*documents: str, on: str = "2024-01-01", **changes: Any) -> tuple[Happening, ...]:
    """A client of these Outscale documents (the general terms alone by default), in every zone, with its proof."""
    when = paris(on)
    return signed(OUTSCALE, *documents, on=when, **{**ZONES, **changes}), proven(on=when)


def temple(*documents: str, on: str = "2024-01-01", **changes: Any) -> tuple[Happening, ...]:
    """A client of these Cloud Temple documents, in two zones of three."""
    return (signed(CLOUD_TEMPLE, *documents, on=paris(on), **{**ZONES, "zones": ["a", "b"], **changes}),)


def down(service: str, start: str, end: str | None, outage: str = "o-1", **more: Any) -> Happening:
    """A recorded outage, told when it ended (or when it started, while it runs)."""
    data = {"outage": outage, "service": service, "started_at": paris(start), "extent": "total", **more}
    if end is not None:
        data["ended_at"] = paris(end)
    return paris(end or start), "outage.recorded", data


def announced(start: str, end: str, *services: str, told: str, kind: str = "planned", **more: Any) -> Happening:
    """An announced maintenance ``m-1``."""
    window = {"starts_at": paris(start), "ends_at": paris(end), "services": list(services)}
    return paris(told), "maintenance.announced", {"maintenance": "m-1", "kind": kind, **window, **more}


def performed(start: str, end: str, maintenance: str = "m-1") -> Happening:
    """Its performance."""
    return (
        paris(end),
        "maintenance.performed",
        {
            "maintenance": maintenance,
            "starts_at": paris(start),
            "ends_at": paris(end),
        },
    )


def span(name: str, start: str, end: str, *services: str, **more: Any) -> Happening:
    """A countermeasure, a misuse or a monitoring gap over a span."""
    return paris(end), name, {"services": list(services), "from": paris(start), "to": paris(end), **more}


def measured(
    *happenings: Happening, at: str, readings: Sequence[str] = (), agreements: Sequence[Path] = ()
) -> tuple[list[IndicatorRow], list[Finding]]:
    """Every row and finding at a Paris date."""
    basis = basis_of(*happenings, at=paris(at), readings=readings, agreements=agreements)
    return indicator_rows(basis, resolve_outages(basis))


def all_rows(*happenings: Happening, at: str, readings: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every row as a statement prints it."""
    return [row.as_json() for row in measured(*happenings, at=at, readings=readings)[0]]


def row(
    indicator: str,
    *happenings: Happening,
    at: str,
    to: str | None = None,
    resource: str | None = None,
    readings: Sequence[str] = (),
) -> dict[str, Any]:
    """The row of an indicator whose period ends at ``to`` (its last row by default)."""
    rows = all_rows(*happenings, at=at, readings=readings)
    found = [r for r in rows if r["indicator"] == indicator and r["resource"] == resource]
    if to is not None:
        found = [r for r in found if r["period"]["to"] == paris(to)]
        assert len(found) == 1, f"{len(found)} rows of {indicator} end at {to}"
    assert found, f"no row of {indicator}"
    return found[-1]


def read(parameter: str, value: str) -> list[str]:
    """One reading chosen."""
    return [f"{parameter}={value}"]


def under(parameter: str, value: str, indicator: str, *happenings: Happening, **asked: Any) -> dict[str, Any]:
    """The row of an indicator under one reading, of April 2026 unless asked otherwise."""
    return row(indicator, *happenings, readings=read(parameter, value), **{**APRIL, **asked})


def finding(findings: Sequence[Finding], code: str) -> Finding:
    """The only finding with this code."""
    found = [f for f in findings if f.code == code]
    assert len(found) == 1, f"{len(found)} findings {code}"
    return found[0]
