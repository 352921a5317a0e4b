"""Whatever comes, a mapping gives the same events for the same bytes, and nothing but its own refusals."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.mappings.apply import map_message
from domain.errors import UndecodableEventError
from tests.support.mappings import TOOLS, part, sample, samples, small, worked

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SMALL = small()
WORKED = {tool: worked(tool) for tool in TOOLS}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inside for found in places(one, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The JSON value with another one in a place."""
    if not path:
        return new
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_hostile_message_gives_events_or_a_refusal_in_two_languages_twice_the_same(tool: str, data: Any) -> None:
    path = data.draw(st.sampled_from(samples(tool)))
    value = json.loads(path.read_bytes().splitlines()[0] if path.suffix == ".ndjson" else path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        value = changed(value, data.draw(st.sampled_from(places(value))), data.draw(JSON))
    body = json.dumps(value).encode()
    made = map_message([WORKED[tool]], body)
    again = map_message([WORKED[tool]], body)
    assert [one.body for one in made] == [one.body for one in again]
    for one in made:
        if isinstance(one.fact, UndecodableEventError):
            assert one.body == body
            assert str(one.fact)
            assert one.fact.french


@given(body=st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_and_kept(body: bytes) -> None:
    assert [one.body for one in map_message(list(WORKED.values()), body)] == [body]


@given(parts=st.lists(st.sampled_from(["web", "api", "laboratory", "mainframe"]), max_size=6), data=st.data())
def test_events_do_not_depend_on_the_order_of_the_parts(parts: list[str], data: Any) -> None:
    named = [part(id=f"p-{number}", component=word) for number, word in enumerate(parts)]
    mixed = data.draw(st.permutations(named))

    def made(order: list[dict[str, Any]]) -> list[bytes]:
        whole = map_message([SMALL], json.dumps({"kind": "trouble", "parts": order}).encode())
        return sorted(one.body for one in whole if not isinstance(one.fact, UndecodableEventError))

    assert made(named) == made(mixed)


@pytest.mark.parametrize("depth", [100, 5_000, 200_000])
def test_message_nested_too_deeply_is_refused(depth: int) -> None:
    body = b'{"kind": "trouble", "parts": ' + b"[" * depth + b"]" * depth + b"}"
    assert all(isinstance(one.fact, UndecodableEventError) for one in map_message([SMALL], body))


@pytest.mark.parametrize("tool", TOOLS)
def test_ids_never_depend_on_when_a_message_is_mapped(tool: str) -> None:
    bodies = [sample(path.name) for path in samples(tool)]
    first = [[one.body for one in map_message([WORKED[tool]], body)] for body in bodies]
    fresh = worked(tool)
    assert first == [[one.body for one in map_message([fresh], body)] for body in bodies]
