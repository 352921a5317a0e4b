"""Short sentences for tests: facts as tuples in, one contract's statement out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adapters.catalogue import load_catalogue, load_switches
from domain.events.decode import decode
from domain.fact import AnyFact
from domain.readings import select
from domain.time.instant import Instant, parse_instant
from projections.intake import Intake
from projections.replay import Question, replay
from projections.statement import Derived

CONTRACT = "C-1"
Happening = tuple[str, str, dict[str, Any]] | tuple[str, str, dict[str, Any], dict[str, Any]]

OUTSCALE = {
    "provider": "outscale",
    "client": {"id": "client-1", "name": "Client One"},
    "documents": ["outscale-cgv-2019"],
    "kind": "on-demand",
    "account": {"id": "acc-1", "email": "ops@client-one.example"},
    "region": "region-1",
    "region_zones": ["a", "b", "c"],
    "zones": ["a", "b", "c"],
}
CLOUD_TEMPLE = {
    "provider": "cloud-temple",
    "client": {"id": "client-1", "name": "Client One"},
    "documents": ["ct-secure-temple"],
    "kind": "on-demand",
    "region": "region-1",
    "region_zones": ["z1", "z2", "z3"],
    "zones": ["z1", "z2"],
}


def outscale(*documents: str, **changes: Any) -> dict[str, Any]:
    """The data of ``contract.signed`` under these Outscale documents (the general terms alone by default)."""
    return {**OUTSCALE, "documents": list(documents or ("outscale-cgv-2019",)), **changes}


def cloud_temple(*documents: str, **changes: Any) -> dict[str, Any]:
    """The data of ``contract.signed`` under these Cloud Temple documents (Secure Temple alone by default)."""
    return {**CLOUD_TEMPLE, "documents": list(documents or ("ct-secure-temple",)), **changes}


def fact(number: int, time: str, name: str, data: dict[str, Any], envelope: dict[str, Any] | None = None) -> AnyFact:
    """One decoded fact: ``fact(3, "2026-01-01T00:00:00+01:00", "outage.recorded", {...})``."""
    event = {
        "specversion": "1.0",
        "id": f"e-{number:03}",
        "source": "urn:test",
        "type": f"greffe.{name}.v1",
        "subject": CONTRACT,
        "time": time,
        "data": data,
        **(envelope or {}),
    }
    return decode(event)


def facts(*happenings: Happening) -> list[AnyFact]:
    """Facts from (time, type, data[, envelope changes]) tuples, numbered e-001, e-002 …"""
    return [fact(number, *happening) for number, happening in enumerate(happenings, start=1)]


def dossier(
    *happenings: Happening,
    at: str | None = None,
    known_at: str | None = None,
    readings: Sequence[str] = (),
    agreements: Sequence[Path] = (),
) -> dict[str, Derived]:
    """Everything derived for each contract."""
    intake = Intake()
    for one in facts(*happenings):
        intake.add(one)
    return derived(intake, at, known_at, readings, agreements)


def derived(
    intake: Intake,
    at: str | None = None,
    known_at: str | None = None,
    readings: Sequence[str] = (),
    agreements: Sequence[Path] = (),
) -> dict[str, Derived]:
    """Everything derived for each contract from facts already taken in."""
    question = Question(
        at=(intake.latest_time or Instant(0)) if at is None else parse_instant(at),
        known_at=(intake.latest_recorded or Instant(0)) if known_at is None else parse_instant(known_at),
        readings=select(load_switches(), list(readings)),
    )
    return dict(replay(intake, question, load_catalogue(list(agreements))))


def statement(*happenings: Happening, **asked: Any) -> dict[str, Any]:
    """The statement of ``C-1`` as JSON values."""
    return dossier(*happenings, **asked)[CONTRACT].as_json()


def rows(section: list[dict[str, Any]], **where: Any) -> list[dict[str, Any]]:
    """The rows of a section whose fields have these values (``period_from`` reaches into ``period.from``)."""
    return [row for row in section if all(_field(row, name) == value for name, value in where.items())]


def row(section: list[dict[str, Any]], **where: Any) -> dict[str, Any]:
    """The only row of a section with these values; fails when there is none or several."""
    found = rows(section, **where)
    assert len(found) == 1, f"{len(found)} rows match {where} among {len(section)}"
    return found[0]


def _field(row: dict[str, Any], name: str) -> Any:
    if name in row:
        return row[name]
    outer, _, inner = name.partition("_")
    value = row.get(outer)
    return value.get(inner) if isinstance(value, dict) else None
