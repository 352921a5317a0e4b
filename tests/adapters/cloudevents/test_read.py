"""CloudEvents at the door: what is read, and the bytes that say the same thing whoever wrote them."""

import json

import pytest

from adapters.cloudevents import canonical, content_hash, decode_structured, encode, same_content
from domain.time.instant import format_instant
from tests.adapters.cloudevents.world import EVENT, LEDGER, RAW, with_data, without


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
