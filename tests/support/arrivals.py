"""Events as they arrive: bytes for the ledger, the same facts said in other bytes, and a clock that stands still."""

import json
from typing import Any

from adapters.cloudevents import decode_structured
from adapters.eventstore.ledger import Ledger, Received
from adapters.eventstore.store import Store
from domain.aggregates.verdict import Known
from domain.errors import UndecodableEventError
from domain.time.instant import Instant, parse_instant

CONTRACT = "C-1"
PROVIDER = "provider:outscale"
NOW = parse_instant("2026-06-01T12:00:00+02:00")
KNOWN = Known(
    documents=frozenset({"outscale-snc-fr", "outscale-cgv-2019", "ct-secure-temple"}),
    providers=frozenset({"outscale", "cloud-temple"}),
    readings={"maintenance.mode": ("A", "B")},
)
Event = dict[str, Any]


def ledger(store: Store) -> Ledger:
    """A ledger that knows a few names, whatever the agreement files say."""
    return Ledger(store, KNOWN)


def event(
    number: int | str, name: str, data: dict[str, Any], time: str = "2026-03-01T10:00:00+01:00", **more: Any
) -> Event:
    """One CloudEvent of ``C-1`` from ``urn:test``; ``number`` makes its id."""
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "urn:test",
        "type": f"greffe.{name}.v1",
        "subject": CONTRACT,
        "time": time,
        "data": data,
        **more,
    }


def signed(number: int | str = "signed", **more: Any) -> Event:
    """The signature of ``C-1``."""
    data = {
        "provider": "outscale",
        "client": {"id": "client-1", "name": "Client One"},
        "documents": ["outscale-cgv-2019"],
        "kind": "on-demand",
    }
    return event(number, "contract.signed", data, "2026-01-01T00:00:00+01:00", **more)


def outage(number: int | str, name: str = "o-1", **more: Any) -> Event:
    """An outage of ten minutes."""
    data = {
        "outage": name,
        "service": "vm",
        "started_at": "2026-03-01T09:00:00+01:00",
        "ended_at": "2026-03-01T09:10:00+01:00",
        "extent": "total",
    }
    return event(number, "outage.recorded", data, **more)


def reserve(number: int | str, outage: str = "o-1", name: str = "r-1", **more: Any) -> Event:
    """The client's reserve on an outage."""
    data = {
        "reserve": name,
        "outage": outage,
        "from": "2026-03-01T09:00:00+01:00",
        "to": "2026-03-01T09:10:00+01:00",
        "documented": True,
    }
    return event(number, "reserve.notified", data, "2026-03-01T12:00:00+01:00", **more)


def opened(number: int | str, ticket: str = "t-1", **more: Any) -> Event:
    """A ticket."""
    return event(
        number, "ticket.opened", {"ticket": ticket, "kind": "incident", "complete": True, "severity": 1}, **more
    )


def answered(number: int | str, ticket: str = "t-1", **more: Any) -> Event:
    """An answer to it."""
    data = {"ticket": ticket, "automatic": False}
    return event(number, "ticket.answered", data, "2026-03-01T10:12:00+01:00", **more)


def measured(number: int | str, **more: Any) -> Event:
    """A fact that no other fact can contradict."""
    data = {
        "measure": "latency-ms",
        "service": "vm",
        "value": "1.5",
        "from": "2026-03-01T00:00:00+01:00",
        "to": "2026-04-01T00:00:00+02:00",
    }
    return event(number, "measure.recorded", data, "2026-04-01T00:00:00+02:00", **more)


def raw(one: Event) -> bytes:
    """The event as a sender writes it."""
    return json.dumps(one).encode()


def otherwise(one: Event) -> Event:
    """The same event with its names in another order: other bytes, the same fact."""
    return dict(reversed([*one.items()])) | {"data": dict(reversed([*one["data"].items()]))}


def received(*arrivals: Event | bytes, origin: str = "facts.jsonl", recorded: Instant = NOW) -> list[Received]:
    """A batch as an importer hands it over."""
    batch = []
    for line, one in enumerate(arrivals, start=1):
        body = one if isinstance(one, bytes) else raw(one)
        batch.append(Received(body, origin, _read(body, recorded), line))
    return batch


def _read(body: bytes, recorded: Instant) -> Any:
    try:
        return decode_structured(body, recorded)
    except UndecodableEventError as error:
        return error
