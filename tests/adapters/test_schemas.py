"""The public schemas say what the models say: generated, up to date, and true of every golden event."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from adapters.schemas import asyncapi, file_name, generate, schema_of
from domain.events.registry import known_topics
from tools.schemas import stale, write

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "domain" / "events" / "golden"


def golden(topic: str) -> Any:
    return json.loads((GOLDEN / file_name(topic)).read_text(encoding="utf-8"))


def test_schemas_in_the_documentation_are_up_to_date() -> None:
    assert stale(ROOT / "docs") == []


def test_what_is_missing_changed_or_left_over_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "schema" / "gone.v1.json").write_text("{}", encoding="utf-8")
    (tmp_path / "asyncapi.json").write_text("{}", encoding="utf-8")
    assert stale(tmp_path) == ["asyncapi.json", "schema/gone.v1.json"]


@pytest.mark.parametrize("topic", known_topics())
def test_schema_is_well_formed_and_true_of_the_golden_event(topic: str) -> None:
    Draft202012Validator.check_schema(schema_of(topic))
    Draft202012Validator(schema_of(topic)).validate(golden(topic))


@pytest.mark.parametrize("topic", known_topics())
def test_schema_refuses_an_unknown_field_and_an_unknown_attribute(topic: str) -> None:
    validator = Draft202012Validator(schema_of(topic))
    event = golden(topic)
    assert not validator.is_valid(event | {"colour": "red"})
    assert not validator.is_valid(event | {"data": event["data"] | {"colour": "red"}})


@pytest.mark.parametrize("topic", known_topics())
def test_schema_says_what_the_type_records(topic: str) -> None:
    assert schema_of(topic)["description"].strip().endswith((".", ")"))


def test_schema_refuses_money_as_a_number() -> None:
    validator = Draft202012Validator(schema_of("greffe.invoice.issued.v1"))
    event = golden("greffe.invoice.issued.v1")
    assert not validator.is_valid(event | {"data": event["data"] | {"amount": 10000}})


def test_asyncapi_names_every_type_and_every_reference_leads_somewhere() -> None:
    document = asyncapi()
    messages = document["components"]["messages"]
    assert {message["name"] for message in messages.values()} == {*known_topics(), "greffe.quarantine"}
    for channel in document["channels"].values():
        for reference in channel["messages"].values():
            assert reference["$ref"].removeprefix("#/components/messages/") in messages
    files = generate()
    for message in messages.values():
        reference = message["payload"].get("$ref")
        assert reference is None or reference.removeprefix("./") in files


def test_asyncapi_channels_are_the_topics_of_the_wire_keyed_by_subject() -> None:
    document = asyncapi()
    assert [channel["address"] for channel in document["channels"].values()] == ["greffe.events", "greffe.quarantine"]
    assert all("key" in message["bindings"]["kafka"] for message in document["components"]["messages"].values())
