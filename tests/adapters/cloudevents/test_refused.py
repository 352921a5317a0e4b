"""CloudEvents at the door: what is refused and in which words."""

import json
from typing import Any

import pytest

from adapters.cloudevents import decode_structured
from tests.adapters.cloudevents.world import EVENT, RAW, refusal, with_data, without


def test_malformed_json_says_the_column() -> None:
    assert str(refusal(b'{"specversion": }')) == "is not JSON (expected value at column 17)"


def test_malformed_json_over_several_lines_says_the_line_too() -> None:
    assert "line 2 column" in str(refusal(b'{\n"specversion": }'))


@pytest.mark.parametrize("value", [b"[]", b"1", b'"text"', b"null", b"true"])
def test_what_is_not_an_object_is_refused(value: bytes) -> None:
    assert "expected a JSON object" in str(refusal(value))


@pytest.mark.parametrize("value", [b"", b"  \n"])
def test_nothing_is_refused(value: bytes) -> None:
    assert str(refusal(value)) == "expected a JSON object, got nothing"


@pytest.mark.parametrize("name", list(EVENT))
def test_missing_attribute_is_named(name: str) -> None:
    assert str(refusal(without(name))) == f"{name}: is required"


def test_unknown_attribute_is_named_with_the_nearest() -> None:
    assert str(refusal(EVENT | {"corelationid": "x"})) == (
        "corelationid: is not an attribute this ledger knows; did you mean correlationid?"
    )


@pytest.mark.parametrize("version", ["0.3", "1.0.2", 1.0, None])
def test_other_versions_of_cloudevents_are_refused(version: object) -> None:
    assert refusal(EVENT | {"specversion": version}).field == "specversion"


def test_unknown_type_is_named_with_the_nearest() -> None:
    assert str(refusal(EVENT | {"type": "greffe.outage.recorderd.v1"})) == (
        "type: 'greffe.outage.recorderd.v1' is not a type this ledger knows; did you mean greffe.outage.recorded.v1?"
    )


@pytest.mark.parametrize("name", ["id", "source", "type", "subject", "correlationid", "causationid", "traceparent"])
@pytest.mark.parametrize("value", ["", 7, None, [], {}, True, "x" * 501, "a\u0000b", "a\nb", "a\u0085b"])
def test_attributes_are_short_lines_of_text(name: str, value: object) -> None:
    assert refusal(EVENT | {name: value}).field == name


@pytest.mark.parametrize("name", ["time", "recordedtime"])
@pytest.mark.parametrize("value", ["2026-01-14T10:20:00", "2026-01-14", 1768382400, None, [], "2026-01-14T25:00:00Z"])
def test_instants_without_an_offset_are_refused(name: str, value: object) -> None:
    assert refusal(EVENT | {name: value}).field == name


@pytest.mark.parametrize("value", [None, [], "text", 1])
def test_data_is_an_object(value: object) -> None:
    error = refusal(EVENT | {"data": value})
    assert error.field == "data"
    assert error.reason.startswith("expected an object, got ")


@pytest.mark.parametrize("media", ["text/xml", "application/avro", "", 1])
def test_other_content_types_are_refused(media: object) -> None:
    assert refusal(EVENT | {"datacontenttype": media}).field == "datacontenttype"


def test_unknown_data_field_is_named_with_the_nearest() -> None:
    assert str(refusal(with_data(endedat="2026-01-14T10:30:00+01:00"))) == (
        "data.endedat: is not a field of greffe.outage.recorded.v1; did you mean ended_at?"
    )


def test_several_faults_are_counted() -> None:
    event = EVENT | {"data": {"outage": "o-1"}}
    assert str(refusal(event)) == "data.service: is required (and 2 more to put right)"


def test_path_names_the_place_in_a_list_and_in_an_object() -> None:
    gap = {"services": ["vm", 3], "from": EVENT["time"], "to": EVENT["time"]}
    assert refusal(EVENT | {"type": "greffe.monitoring.gap-recorded.v1", "data": gap}).field == "data.services[1]"
    contact = {"role": "r", "person": {"id": "p", "name": "n", "email": ""}}
    assert refusal(EVENT | {"type": "greffe.contact.designated.v1", "data": contact}).field == "data.person.email"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"extent": "partial"}, "data.extent: expected 'total' or 'degraded', got 'partial'"),
        ({"outage": 7}, "data.outage: expected a text, got the number 7"),
        ({"outage": ""}, "data.outage: must not be empty"),
        ({"ended_at": "2026-01-14T09:00:00+01:00"}, "data.ended_at: must not be before started_at"),
        (
            {"started_at": "14/1"},
            "data.started_at: expected an RFC 3339 date-time with an offset (2026-01-31T18:00:00+01:00), got '14/1'",
        ),
    ],
)
def test_refusals_are_sentences(fields: dict[str, Any], sentence: str) -> None:
    assert str(refusal(with_data(**fields))) == sentence


def test_refusals_are_sentences_in_french_too() -> None:
    assert refusal(with_data(extent="partial")).french == (
        "data.extent : attendu : 'total' ou 'degraded' ; reçu : 'partial'"
    )
    assert refusal(without("time")).french == "time : est obligatoire"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_json_has_not_are_refused(number: bytes) -> None:
    value = RAW.replace(b'"o-1"', number)
    assert "NaN and Infinity are not JSON numbers" in str(refusal(value))


def test_longer_than_the_limit_is_refused_before_it_is_read() -> None:
    assert str(refusal(b"{" * 101, limit=100)) == "is longer than the limit of 100 bytes"
    assert decode_structured(RAW, limit=len(RAW)).id == "e-1"
    assert "longer" in str(refusal(RAW, limit=len(RAW) - 1))


def test_invalid_utf8_says_the_byte() -> None:
    assert str(refusal(b'{"id": "\xff"}')) == "is not UTF-8 text: byte 9 is not part of a character"


def test_lone_surrogate_is_refused() -> None:
    refusal(RAW.replace(b"o-1", rb"\ud800"))


def test_byte_order_mark_is_refused_in_a_message() -> None:
    assert "byte order mark" in str(refusal(b"\xef\xbb\xbf" + RAW))


@pytest.mark.parametrize(
    ("found", "twice", "field"),
    [
        (b'"id": "e-1"', b'"id": "e-1", "id": "e-2"', "id"),
        (b'"id": "e-1"', b'"id" : "e-1", "id": "e-2"', "id"),
        (b'"id": "e-1"', b'"id"\n:"e-1", "i\\u0064": "e-2"', "id"),
        (b'"outage": "o-1"', b'"outage": "o-1", "outage": "o-1"', "outage"),
    ],
)
def test_a_name_given_twice_is_refused(found: bytes, twice: bytes, field: str) -> None:
    error = refusal(RAW.replace(found, twice))
    assert (error.field, error.reason) == (field, "is given twice in one object")


def test_a_name_given_twice_deep_inside_is_refused() -> None:
    contact = {"role": "r", "person": {"id": "p", "name": "n", "email": "e"}}
    event = EVENT | {"type": "greffe.contact.designated.v1", "data": contact}
    raw = json.dumps(event).encode()
    assert decode_structured(raw).data.person.id == "p"
    assert refusal(raw.replace(b'"name": "n"', b'"name": "n", "name": "n"')).field == "name"


@pytest.mark.parametrize("bomb", [b"[" * 100_000, b'{"a":' * 100_000, b'{"data":' + b"[" * 5_000 + b"]" * 5_000 + b"}"])
def test_nesting_bombs_are_refused(bomb: bytes) -> None:
    assert str(refusal(bomb)) == "is nested too deeply"


def test_huge_numbers_are_refused_and_not_repeated() -> None:
    assert len(str(refusal(RAW.replace(b'"o-1"', b"9" * 4_000)))) < 200
    assert len(str(refusal(RAW.replace(b'"o-1"', b"9" * 100_000)))) < 200
    assert len(str(refusal(EVENT | {"time": 10**4_000}))) < 200


def test_long_values_and_names_are_cut_in_messages() -> None:
    assert len(str(refusal(with_data(extent="x" * 100_000)))) < 200
    assert len(str(refusal(with_data(**{"x" * 100_000: 1})))) < 300
    assert len(str(refusal(EVENT | {"x" * 100_000: 1}))) < 300


def test_a_message_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in str(refusal(with_data(**{"\x1b[2J": 1})))
    assert "\x1b" not in str(refusal(with_data(extent="\x1b[2J")))
    assert "\x1b" not in str(refusal(EVENT | {"type": "\x1b[2J"}))
    assert "\x1b" not in str(refusal(EVENT | {"\x1b[2J": 1}))
