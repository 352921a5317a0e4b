"""What an entry of the log commits to: the fields of an event, each behind a salt of its own.

A field is the dotted path of a value (``data.person.email``): objects are opened, arrays and empty objects are whole.
Its leaf is ``SHA-256(0x00 || salt || JCS([path, value]))``, the commitment ``SHA-256(0x01 || leaves)`` in the order of
the paths. So any field can be shown (path, value, salt) and any other withheld (its leaf alone): a leaf without its
salt says nothing, whatever the value. The salts of one event are slices of SHAKE-256 of its seed.

Every fact of every file passes here: what depends on the names alone is worked out once for each shape of event.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256, shake_256
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple

import rfc8785

SALT_BYTES = 32
SEED_BYTES = 16
_MOST_SHAPES = 10_000


class Field(NamedTuple):
    """One field of an event: its path, its value, its salt and its leaf."""

    path: str
    value: Any
    salt: bytes
    leaf: bytes


def fields_of(event: Mapping[str, Any], seed: bytes) -> list[Field]:
    """The fields of an event, sorted by path."""
    found = opened(event)
    salts = salts_of(seed, len(found))
    return [
        Field(path, value, salt, field_leaf(path, value, salt))
        for (path, value), salt in zip(found, salts, strict=True)
    ]


def opened(event: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(path, value) of each field, sorted by path (by code point). In a name ``~`` is ``~0`` and a dot is ``~1``."""
    found: list[tuple[str, Any]] = []
    _open("", event, found)
    found.sort(key=itemgetter(0))
    return found


def salts_of(seed: bytes, count: int) -> list[bytes]:
    """The salts of the fields of an event, in the order of their paths."""
    stream = shake_256(seed).digest(SALT_BYTES * count)
    return [stream[at : at + SALT_BYTES] for at in range(0, len(stream), SALT_BYTES)]


def field_leaf(path: str, value: Any, salt: bytes) -> bytes:
    """The leaf of one field."""
    return sha256(b"\x00" + salt + f"[{encode_basestring(path)},{canonical(value)}]".encode()).digest()


def commitment(leaves: Sequence[bytes]) -> bytes:
    """What an entry says of the fields of its event: a hash of their leaves, in the order of the paths."""
    return sha256(b"\x01" + b"".join(leaves)).digest()


def canonical(value: Any) -> str:
    """The value as RFC 8785 writes it.

    A whole number from 2**53 on, which RFC 8785 refuses, is written in its digits: it is refused at the door, and a
    ledger from before that rule may hold one.
    """
    if type(value) is str:
        return encode_basestring(value)
    if type(value) is int:
        return str(value)
    return rfc8785.dumps(value).decode()


def committed(event: dict[str, Any], seed: bytes) -> tuple[int, bytes]:
    """The number of fields of an event, and its commitment: those of ``fields_of``, at the speed of ingest."""
    data = event.get("data")
    if type(data) is not dict or not data or len(event) == 1:
        return _committed(event, seed)
    names = (len(event), *event, *data)
    shape = _SHAPES.get(names)
    if shape is None:
        shape = _shape(names, event, data)
    values = shape.pick([*event.values(), *data.values()])
    if dict in map(type, values):
        return _committed(event, seed)
    salts = shake_256(seed).digest(shape.salted)
    leaves = [
        sha256(b"\x00%b%b%b]" % (salts[at : at + SALT_BYTES], name, canonical(value).encode())).digest()
        for at, name, value in zip(shape.places, shape.names, values, strict=True)
    ]
    return shape.fields, sha256(b"\x01" + b"".join(leaves)).digest()


def _committed(event: Mapping[str, Any], seed: bytes) -> tuple[int, bytes]:
    found = fields_of(event, seed)
    return len(found), commitment([field.leaf for field in found])


def _open(prefix: str, value: Mapping[str, Any], found: list[tuple[str, Any]]) -> None:
    for name, inner in value.items():
        if "." in name or "~" in name:
            name = name.replace("~", "~0").replace(".", "~1")  # noqa: PLW2901 - the name as it stands in a path
        if type(inner) is dict and inner:
            _open(f"{prefix}{name}.", inner, found)
        else:
            found.append((prefix + name, inner))


class _Shape(NamedTuple):
    """What events of the same names share: how to pick their values in the order of the paths, and the paths."""

    pick: Callable[[list[Any]], tuple[Any, ...]]
    names: list[bytes]
    places: range
    fields: int
    salted: int


_SHAPES: dict[tuple[int | str, ...], _Shape] = {}


def _shape(names: tuple[int | str, ...], event: Mapping[str, Any], data: Mapping[str, Any]) -> _Shape:
    """The shape of events with these names, none of whose values but the data is an object."""
    places = dict(opened({**dict(zip(event, range(len(event)), strict=True)), "data": dict.fromkeys(data, 0)}))
    places.update(opened({"data": {name: len(event) + at for at, name in enumerate(data)}}))
    count = len(places)
    shape = _Shape(
        itemgetter(*places.values()),
        [f"[{encode_basestring(path)},".encode() for path in places],
        range(0, SALT_BYTES * count, SALT_BYTES),
        count,
        SALT_BYTES * count,
    )
    if len(_SHAPES) >= _MOST_SHAPES:
        _SHAPES.clear()
    _SHAPES[names] = shape
    return shape
