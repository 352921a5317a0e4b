"""Whatever comes at the door, a fact or a refusal in plain words, and nothing else ever comes out."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.cloudevents import decode_message, decode_structured, encode, read_jsonl
from domain.errors import UndecodableEventError
from domain.fact import AnyFact
from tests.adapters.cloudevents.world import GOLDEN


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
