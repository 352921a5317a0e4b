"""CloudEvents in Kafka's binary mode: attributes as headers, data as the value."""

import json

import pytest

from adapters.cloudevents import decode_binary, decode_message, decode_structured
from domain.errors import UndecodableEventError
from tests.adapters.cloudevents.world import EVENT, LEDGER, RAW

HEADERS = [(f"ce_{name}", value.encode()) for name, value in EVENT.items() if name != "data"]
VALUE = json.dumps(EVENT["data"]).encode()


def test_binary_event_is_the_same_fact_as_the_structured_one() -> None:
    headers = [*HEADERS, ("content-type", b"application/json"), ("x-trace", b"\xff")]
    assert decode_binary(headers, VALUE) == decode_structured(RAW)
    assert decode_binary(headers, VALUE, LEDGER).recorded == LEDGER


def test_message_of_either_mode_is_read() -> None:
    structured = [("Content-Type", b"application/cloudevents+json; charset=UTF-8")]
    assert decode_message(HEADERS, VALUE) == decode_message(structured, RAW) == decode_message([], RAW)


def test_structured_content_type_wins_over_stray_headers() -> None:
    headers = [("content-type", b"application/cloudevents+json"), *HEADERS]
    assert decode_message(headers, RAW) == decode_structured(RAW)


@pytest.mark.parametrize(
    ("headers", "value", "field"),
    [
        (HEADERS[1:], VALUE, "specversion"),
        ([*HEADERS, ("ce_id", b"e-2")], VALUE, "id"),
        ([*HEADERS, ("ce_colour", b"red")], VALUE, "colour"),
        ([*HEADERS, ("ce_data", b"{}")], VALUE, "data"),
        ([*HEADERS, ("ce_correlationid", b"\xff")], VALUE, "correlationid"),
        ([*HEADERS, ("ce_correlationid", None)], VALUE, "correlationid"),
        ([*HEADERS, ("content-type", b"text/xml")], VALUE, "datacontenttype"),
        (HEADERS, b"[]", "data"),
        (HEADERS, b"{", "data"),
        (HEADERS, b"", "data"),
        (HEADERS, b'{"outage": "o-1", "outage": "o-2"}', "data.outage"),
    ],
)
def test_binary_faults_are_named(headers: list[tuple[str, bytes | None]], value: bytes, field: str) -> None:
    with pytest.raises(UndecodableEventError) as caught:
        decode_binary(headers, value)
    assert caught.value.field == field
