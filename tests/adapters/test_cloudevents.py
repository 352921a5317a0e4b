"""CloudEvents at the door: what is read, what is refused and in which words, and that nothing else ever comes out."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cloudevents import (
    MAX_BYTES,
    canonical,
    content_hash,
    decode_binary,
    decode_message,
    decode_structured,
    encode,
    read_jsonl,
    same_content,
)
from domain.errors import UndecodableEventError
from domain.fact import AnyFact
from domain.time.instant import format_instant, parse_instant

GOLDEN = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[1] / "domain" / "events" / "golden").glob("*.json"))
]
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "urn:monitoring",
    "type": "greffe.outage.recorded.v1",
    "subject": "C-1",
    "time": "2026-01-14T10:20:00+01:00",
    "data": {"outage": "o-1", "service": "vm", "started_at": "2026-01-14T10:00:00+01:00", "extent": "total"},
}
RAW = json.dumps(EVENT).encode()
LEDGER = parse_instant("2026-02-01T00:00:00+01:00")
FOREIGN = re.compile(r"pydantic|https?://|Error|Traceback|Input should|OutageRecorded|jiter", re.IGNORECASE)


def refusal(value: bytes | dict[str, Any], **options: Any) -> UndecodableEventError:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(UndecodableEventError) as caught:
        decode_structured(raw, **options)
    assert not FOREIGN.search(str(caught.value))
    assert not FOREIGN.search(caught.value.french)
    return caught.value


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in EVENT.items() if key != name}


def with_data(**fields: Any) -> dict[str, Any]:
    return EVENT | {"data": EVENT["data"] | fields}


# What is read


def test_structured_event_becomes_a_fact() -> None:
    fact = decode_structured(RAW)
    assert (fact.source, fact.id, fact.subject) == ("urn:monitoring", "e-1", "C-1")
    assert format_instant(fact.time) == EVENT["time"]
    assert (fact.data.outage, fact.data.ended_at) == ("o-1", None)


def test_recorded_defaults_to_time_in_a_replay() -> None:
    fact = decode_structured(RAW)
    assert fact.recorded == fact.time


def test_recordedtime_is_honoured_in_a_replay() -> None:
    stamped = EVENT | {"recordedtime": "2026-01-20T00:00:00+01:00"}
    fact = decode_structured(json.dumps(stamped).encode())
    assert format_instant(fact.recorded) == "2026-01-20T00:00:00+01:00"


def test_recordedtime_is_ignored_by_a_live_ledger_which_stamps_its_own() -> None:
    stamped = EVENT | {"recordedtime": "2026-01-20T00:00:00+01:00"}
    assert decode_structured(json.dumps(stamped).encode(), LEDGER).recorded == LEDGER
    assert decode_structured(RAW, LEDGER).recorded == LEDGER


def test_extensions_are_kept() -> None:
    extended = EVENT | {"correlationid": "T-1", "causationid": "e-0", "traceparent": "00-aa-bb-01"}
    fact = decode_structured(json.dumps(extended).encode())
    assert (fact.correlation, fact.causation, fact.traceparent) == ("T-1", "e-0", "00-aa-bb-01")
    assert encode(fact) == extended | {"recordedtime": EVENT["time"]}


@pytest.mark.parametrize("media", ["application/json", "application/json; charset=utf-8", "application/x.y+json"])
def test_json_content_types_are_read(media: str) -> None:
    assert decode_structured(json.dumps(EVENT | {"datacontenttype": media}).encode()) == decode_structured(RAW)


def test_white_space_and_the_order_of_names_mean_nothing() -> None:
    shuffled = dict(reversed(EVENT.items()))
    assert decode_structured(json.dumps(shuffled, indent=2).encode()) == decode_structured(RAW)
    assert decode_structured(RAW.replace(b": ", b"\t :\n")) == decode_structured(RAW)


def test_a_quote_and_a_colon_inside_a_text_are_not_a_name() -> None:
    text = 'he said "down": and ":" went home'
    event = EVENT | {"type": "greffe.outage.retracted.v1", "data": {"outage": "o-1", "reason": text}}
    assert decode_structured(json.dumps(event).encode()).data.reason == text


def test_repeated_names_of_sources_subjects_and_services_are_one_object() -> None:
    one, other = decode_structured(RAW), decode_structured(json.dumps(EVENT | {"id": "e-2"}).encode())
    assert one.source is other.source
    assert one.subject is other.subject
    assert one.data.extent is other.data.extent


# What is refused, and in which words


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


# Kafka's binary mode

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


# Canonical bytes


def test_canonical_bytes_are_sorted_compact_utf8() -> None:
    assert canonical({"b": "é", "a": {"d": 1, "c": [True, None]}}) == '{"a":{"c":[true,null],"d":1},"b":"é"}'.encode()


def test_canonical_bytes_leave_out_recordedtime_alone() -> None:
    assert content_hash(EVENT | {"recordedtime": "2026-01-20T00:00:00+01:00"}) == content_hash(EVENT)
    for name in EVENT:
        assert content_hash(without(name)) != content_hash(EVENT)
    assert content_hash(with_data(recordedtime="x")) != content_hash(EVENT)


def test_same_content_is_what_is_said_not_how_it_is_written() -> None:
    fact = decode_structured(RAW)
    assert same_content(fact, decode_structured(json.dumps(EVENT | {"time": "2026-01-14T09:20:00Z"}).encode(), LEDGER))
    assert not same_content(fact, decode_structured(json.dumps(with_data(extent="degraded")).encode()))
    assert not same_content(fact, decode_structured(json.dumps(EVENT | {"subject": "C-2"}).encode()))
    assert not same_content(fact, decode_structured(json.dumps(EVENT | {"correlationid": "x"}).encode()))


# Files


def lines(content: bytes, **options: Any) -> list[tuple[int, str]]:
    """(line number, id of the fact or the refusal) of each line."""
    return [
        (line.number, line.fact.id if not isinstance(line.fact, UndecodableEventError) else str(line.fact))
        for line in read_jsonl(io.BytesIO(content), **options)
    ]


def test_file_empty_has_no_line() -> None:
    assert lines(b"") == []


def test_file_blank_lines_are_counted_and_skipped() -> None:
    assert lines(b"\n  \n" + RAW + b"\n\n\t\n" + RAW) == [(3, "e-1"), (6, "e-1")]


def test_file_with_crlf_and_a_byte_order_mark_is_read() -> None:
    assert lines(b"\xef\xbb\xbf" + RAW + b"\r\n" + RAW + b"\r\n") == [(1, "e-1"), (2, "e-1")]


def test_file_byte_order_mark_on_a_later_line_is_refused() -> None:
    assert "byte order mark" in lines(RAW + b"\n\xef\xbb\xbf" + RAW)[1][1]


def test_file_cut_in_its_last_line_says_so() -> None:
    found = lines(RAW + b"\n" + RAW[:100])
    assert found[0] == (1, "e-1")
    assert found[1][0] == 2
    assert "may be cut short" in found[1][1]


def test_file_whole_last_line_without_a_line_end_is_read() -> None:
    assert lines(RAW) == [(1, "e-1")]


def test_file_bad_line_does_not_stop_the_next() -> None:
    found = lines(RAW + b"\n{\n" + RAW + b"\n")
    assert [found[0], found[2]] == [(1, "e-1"), (3, "e-1")]
    assert "may be cut short" not in found[1][1]


def test_file_line_of_ten_megabytes_is_refused_and_the_rest_read() -> None:
    content = RAW + b"\n" + b'{"x": "' + b"y" * 10_000_000 + b'"}\n' + RAW + b"\n"
    assert lines(content) == [(1, "e-1"), (2, f"is longer than the limit of {MAX_BYTES} bytes"), (3, "e-1")]


def test_file_line_that_never_ends_is_read_in_bounded_pieces() -> None:
    class Endless(io.RawIOBase):
        asked: list[int]

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            self.asked.append(size)
            return b"x" * size if len(self.asked) < 50 else b""

    stream = Endless()
    stream.asked = []
    assert [line.size for line in read_jsonl(stream, limit=1000)] == [1002 + 48 * 1000]  # type: ignore[arg-type]
    assert max(stream.asked) <= 1002


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_file_line_of_exactly_the_limit_is_read(end: bytes) -> None:
    assert lines(RAW + end, limit=len(RAW)) == [(1, "e-1")]
    assert "longer" in lines(RAW + end, limit=len(RAW) - 1)[0][1]


def test_file_of_binary_rubbish_gives_refusals_and_nothing_else() -> None:
    assert all(isinstance(line.fact, UndecodableEventError) for line in read_jsonl(io.BytesIO(bytes(range(256)) * 8)))


def test_file_lines_carry_size_bytes_and_content_hash() -> None:
    first, second = read_jsonl(io.BytesIO(RAW + b"\r\n" + json.dumps(EVENT, indent=None, sort_keys=True).encode()))
    assert (first.size, first.raw) == (len(RAW) + 2, RAW)
    assert first.content_hash == second.content_hash == content_hash(EVENT)


def test_file_recorded_stamp_of_a_live_ledger_is_used() -> None:
    (line,) = read_jsonl(io.BytesIO(RAW), LEDGER)
    assert not isinstance(line.fact, UndecodableEventError)
    assert line.fact.recorded == LEDGER


# Whatever comes, a fact or a refusal in plain words


def fact_or_refusal(raw: bytes) -> AnyFact | UndecodableEventError:
    try:
        return decode_structured(raw)
    except UndecodableEventError as error:
        return error


@given(st.binary(max_size=300))
def test_any_bytes_give_a_fact_or_a_refusal(raw: bytes) -> None:
    assert isinstance(fact_or_refusal(raw), UndecodableEventError)


@given(st.sampled_from(GOLDEN), st.data())
def test_any_damaged_byte_gives_a_fact_or_a_refusal(event: dict[str, Any], data: st.DataObject) -> None:
    raw = bytearray(json.dumps(event, ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    fact_or_refusal(bytes(raw))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1.0", "total", "-0", "2026-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(GOLDEN), JSON, st.data())
def test_any_value_anywhere_gives_a_fact_or_a_refusal(event: dict[str, Any], value: Any, data: st.DataObject) -> None:
    mutated = json.loads(json.dumps(event))
    inside = [mutated, mutated["data"], *(part for part in mutated["data"].values() if isinstance(part, dict))]
    place = data.draw(st.sampled_from(inside))
    place[data.draw(st.sampled_from([*place, "new"]))] = value
    result = fact_or_refusal(json.dumps(mutated).encode())
    if isinstance(result, UndecodableEventError):
        assert "pydantic" not in f"{result}{result.french}"
        assert "Input should" not in f"{result}{result.french}"
    else:
        assert decode_structured(json.dumps(encode(result)).encode()) == result


@given(
    st.lists(st.tuples(st.text(max_size=12), st.none() | st.binary(max_size=12)), max_size=4), st.binary(max_size=40)
)
def test_any_kafka_message_gives_a_fact_or_a_refusal(headers: list[tuple[str, bytes | None]], value: bytes) -> None:
    with pytest.raises(UndecodableEventError):
        decode_message([*headers, ("ce_specversion", b"1.0")], value)


@given(st.binary(max_size=400))
def test_any_file_is_read_to_its_end(content: bytes) -> None:
    found = list(read_jsonl(io.BytesIO(content), limit=50))
    assert sum(line.size for line in found) <= len(content)
    assert [line.number for line in found] == sorted({line.number for line in found})
