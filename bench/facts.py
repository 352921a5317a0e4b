"""Makes files of facts for the benches: contracts under both providers, outages, tickets, reserves. Deterministic."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2024, 1, 1, tzinfo=UTC)
SERVICES = {
    "outscale": ("vm", "load-balancer", "internet", "volume", "internal-network", "metadata", "dns-ntp-dhcp", "object"),
    "cloud-temple": ("compute", "storage", "network", "internet", "console", "api", "backup"),
}
DOCUMENTS = {"outscale": ["outscale-snc-fr", "outscale-cgv-2019"], "cloud-temple": ["ct-secure-temple"]}
MONTHS = 24
MINUTES = MONTHS * 30 * 24 * 60


def lines(count: int, contracts: int) -> Iterator[bytes]:
    """``count`` events over ``contracts`` contracts and 24 months, in no particular order."""
    number = 0
    for index in range(contracts):
        number += 1
        yield _line(number, index, START, "contract.signed", _signed(index))
    ticks = 0
    while number < count:
        index = ticks % contracts
        turn = ticks // contracts
        at = START + timedelta(minutes=(ticks * 7919) % MINUTES, days=1)
        ticks += 1
        for name, moment, data in _happening(index, turn, at):
            number += 1
            yield _line(number, index, moment, name, data)
            if number == count:
                return


def write(path: Path, count: int, contracts: int) -> int:
    """Writes the file and returns its size in bytes."""
    with path.open("wb") as stream:
        for line in lines(count, contracts):
            stream.write(line)
    return path.stat().st_size


def _provider(index: int) -> str:
    return "outscale" if index % 2 else "cloud-temple"


def _signed(index: int) -> dict[str, object]:
    provider = _provider(index)
    return {
        "provider": provider,
        "client": {"id": f"client-{index}", "name": f"Client {index}"},
        "documents": DOCUMENTS[provider],
        "kind": "on-demand",
        "region": "region-1",
        "region_zones": ["a", "b", "c"],
        "zones": ["a", "b", "c"],
    }


def _happening(index: int, turn: int, at: datetime) -> list[tuple[str, datetime, dict[str, object]]]:
    kind = turn % 10
    provider = _provider(index)
    if kind < 6:  # noqa: PLR2004 - six in ten are outages
        services = SERVICES[provider]
        end = at + timedelta(seconds=30 + turn % 400)
        outage = f"o-{index}-{turn}"
        data: dict[str, object] = {
            "outage": outage,
            "service": services[turn % len(services)],
            "started_at": _text(at),
            "ended_at": _text(end),
            "extent": "total",
        }
        if data["service"] in {"vm", "volume"}:
            data["resource"] = f"r-{turn % 5}"
        happened = [("outage.recorded", end, data)]
        if provider == "outscale" and turn % 3 == 0:
            reserve = {
                "reserve": f"r-{index}-{turn}",
                "outage": outage,
                "from": _text(at),
                "to": _text(end),
                "documented": True,
            }
            happened.append(("reserve.notified", end + timedelta(hours=2), reserve))
        return happened
    ticket = f"t-{index}-{turn}"
    opened: dict[str, object] = {"ticket": ticket, "kind": "incident", "complete": True}
    opened |= {"severity": 1 + turn % 3} if provider == "outscale" else {"impact": "I2", "criticality": "C1"}
    return [
        ("ticket.opened", at, opened),
        ("ticket.answered", at + timedelta(minutes=12), {"ticket": ticket, "automatic": False}),
        ("ticket.resolved", at + timedelta(hours=3), {"ticket": ticket}),
    ]


def _line(number: int, index: int, at: datetime, name: str, data: dict[str, object]) -> bytes:
    event = {
        "specversion": "1.0",
        "id": f"e-{number:08}",
        "source": "urn:greffe:bench",
        "type": f"greffe.{name}.v1",
        "subject": f"C-{index:04}",
        "time": _text(at),
        "data": data,
    }
    return json.dumps(event).encode() + b"\n"


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
