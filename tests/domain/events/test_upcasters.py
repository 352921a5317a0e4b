"""A fact in an older version is read in today's words, one version at a time."""

from typing import Any

import pytest

from domain.errors import UndecodableEventError
from domain.events.decode import decode
from domain.events.registry import known_topics
from domain.events.upcasters import UPCASTERS, Upcaster, upcast

RENAMED = Upcaster("greffe.snapshot.taken.v0b", lambda data: {**data, "volume": data["disk"]})
DROPPED = Upcaster("greffe.snapshot.taken.v1", lambda data: {k: v for k, v in data.items() if k != "disk"})
CHAIN = {"greffe.snapshot.taken.v0a": RENAMED, "greffe.snapshot.taken.v0b": DROPPED}


def _event(topic: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "e-1",
        "source": "urn:test",
        "type": topic,
        "subject": "C-1",
        "time": "2026-01-14T10:00:00+01:00",
        "data": data,
    }


def test_upcast_applies_every_step_in_turn() -> None:
    fact = decode(_event("greffe.snapshot.taken.v0a", {"snapshot": "s", "disk": "d"}), upcasters=CHAIN)
    assert fact == decode(_event("greffe.snapshot.taken.v1", {"snapshot": "s", "volume": "d"}))


def test_upcast_leaves_the_newest_version_alone() -> None:
    data = {"snapshot": "s", "volume": "d"}
    assert upcast("greffe.snapshot.taken.v1", data, CHAIN) == ("greffe.snapshot.taken.v1", data)


def test_upcast_does_not_touch_the_event_received() -> None:
    data = {"snapshot": "s", "disk": "d"}
    upcast("greffe.snapshot.taken.v0a", data, CHAIN)
    assert data == {"snapshot": "s", "disk": "d"}


def test_upcast_of_data_that_are_not_what_they_say_is_refused() -> None:
    with pytest.raises(UndecodableEventError, match=r"^data: is not what greffe\.snapshot\.taken\.v0a says it is$"):
        decode(_event("greffe.snapshot.taken.v0a", {"snapshot": "s"}), upcasters=CHAIN)


def test_upcasters_lead_from_old_types_to_known_ones() -> None:
    assert all(topic not in known_topics() for topic in UPCASTERS)
    ends = {
        upcast(topic, {}, {old: Upcaster(step.successor, dict) for old, step in UPCASTERS.items()})[0]
        for topic in UPCASTERS
    }
    assert ends <= set(known_topics())
