"""Golden events are kept for ever: what was once written can be read, and is written again the same."""

import json
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from domain.events.decode import decode, encode
from domain.events.refusal import field_names
from domain.events.registry import event_class

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
SAID_BY_THE_ANSWER_ALONE = {("greffe.identity-anomaly.notified.v1", "satisfactory")}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_event_is_read_and_written_again_the_same(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    fact = decode(event)
    assert type(fact.data) is event_class(event["type"])
    assert encode(fact) == event
    assert decode(encode(fact)) == fact


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_event_shows_every_field_of_its_type(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    missing = {(event["type"], name) for name in field_names(event["type"]) if name not in event["data"]}
    assert missing <= SAID_BY_THE_ANSWER_ALONE


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_fact_is_frozen_and_holds_no_dictionary(path: Path) -> None:
    data = decode(json.loads(path.read_text(encoding="utf-8"))).data
    assert not hasattr(data, "__dict__")
    assert hash(data) == hash(data)
    for field in fields(data):
        with pytest.raises(FrozenInstanceError):
            setattr(data, field.name, None)
