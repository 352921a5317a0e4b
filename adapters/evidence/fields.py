"""What an entry of the log commits to: the fields of an event, each behind a salt of its own.

A field is the dotted path of a value (``data.person.email``): objects are opened, arrays and empty objects are whole.
Its leaf is ``SHA-256(0x00 || salt || JCS([path, value]))``, the commitment ``SHA-256(0x01 || SHA-256(JCS(paths)) ||
leaves)`` in the order of the paths. So any field can be shown (path, value, salt) and any other withheld (its path and
leaf): a leaf without its salt says nothing, whatever the value, and a path is never that of another field. The salts of
one event are slices of SHAKE-256 of its seed.

Every fact of every file passes here: what depends on the names alone is worked out once for each shape of event.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256, shake_256
from itertools import repeat
from json.encoder import JSONEncoder, encode_basestring
from operator import add, itemgetter
from struct import Struct
from typing import Any, NamedTuple

import rfc8785

from adapters.privacy.token import Token
from domain.events.personal import PERSONAL, values_in

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
    fields = [
        Field(path, value, salt, field_leaf(path, value, salt))
        for (path, value), salt in zip(found, salts, strict=True)
    ]
    return [_sealed(field, event) for field in fields] if event.get("type") in PERSONAL else fields


def _sealed(field: Field, event: Mapping[str, Any]) -> Field:
    """A field whose value is sealed has the leaf of the value, and a salt that is sealed with it: none here."""
    names = tuple(field.path.split("."))
    if names in values_in(event) and (token := Token.parse(field.value)) is not None:
        return field._replace(salt=b"", leaf=token.leaf)
    return field


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


def commitment(fields: Sequence[Field]) -> bytes:
    """What an entry says of the fields of its event: a hash of their paths and leaves, in the order of the paths."""
    return sha256(
        b"\x01" + _named([field.path for field in fields]) + b"".join([field.leaf for field in fields])
    ).digest()


def _named(paths: Sequence[str]) -> bytes:
    """The hash of the paths of an event."""
    return sha256(f"[{','.join(map(encode_basestring, paths))}]".encode()).digest()


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
    """The number of fields of an event, and its commitment."""
    found = fields_of(event, seed)
    return len(found), commitment(found)


def all_committed(events: Sequence[dict[str, Any]], seeds: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """What ``committed`` returns, of each event of a batch: the same, at the speed of ingest.

    No text in JSON has a line end, so the values of a whole batch are written and encoded at once, one a line.
    """
    shapes: list[_Shape | None] = []
    values: list[Any] = []
    names: list[str] = []
    salts: list[bytes] = []
    for event, seed in zip(events, seeds, strict=True):
        data = event.get("data")
        shape = None
        if type(data) is dict and data and event.get("type") not in PERSONAL:
            key = (len(event), *event, *data)
            shape = _SHAPES.get(key) or _shape(key, event, data)
            mine = shape.pick((*event.values(), *data.values()))
            if not _PLAIN.issuperset(map(type, mine)):
                shape = None
            else:
                values += mine
                names += shape.names
                salts += shape.split(shake_256(seed).digest(shape.salted))
        shapes.append(shape)
    lines = "\n".join(map(add, names, _ENCODE(values)[1:].split("\n"))).encode().split(b"\n") if values else []
    leaves = b"".join([sha256(field).digest() for field in map(b"".join, zip(repeat(b"\x00"), salts, lines))])
    found = []
    start = 0
    for event, seed, shape in zip(events, seeds, shapes, strict=True):
        if shape is None:
            found.append(committed(event, seed))
        else:
            end = start + shape.salted
            found.append((shape.fields, sha256(shape.begin + leaves[start:end]).digest()))
            start = end
    return found


def _open(prefix: str, value: Mapping[str, Any], found: list[tuple[str, Any]]) -> None:
    for name, inner in value.items():
        if "." in name or "~" in name:
            name = name.replace("~", "~0").replace(".", "~1")  # noqa: PLW2901 - the name as it stands in a path
        if type(inner) is dict and inner:
            _open(f"{prefix}{name}.", inner, found)
        else:
            found.append((prefix + name, inner))


class _Shape(NamedTuple):
    """What events of the same names share, none of whose values but the data is an object.

    How to pick their values in the order of the paths, how a field begins as JSON, how to cut their salts apart, and
    how what is committed to begins.
    """

    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    names: list[str]
    split: Callable[[bytes], tuple[bytes, ...]]
    fields: int
    salted: int
    begin: bytes


_PLAIN = frozenset({str, int, bool, type(None)})
"""What the encoder below writes as RFC 8785 does."""
_ENCODE = JSONEncoder(ensure_ascii=False, check_circular=False, separators=("]\n", "")).encode
"""A list as ``[`` and its values one a line, each before the bracket that closes its field."""
_SHAPES: dict[tuple[int | str, ...], _Shape] = {}


def _shape(key: tuple[int | str, ...], event: Mapping[str, Any], data: Mapping[str, Any]) -> _Shape:
    places = dict(opened({**dict(zip(event, range(len(event)), strict=True)), "data": ""}))
    del places["data"]
    places |= opened({"data": {name: len(event) + at for at, name in enumerate(data)}})
    paths = sorted(places)
    shape = _Shape(
        itemgetter(*(places[path] for path in paths)) if len(paths) > 1 else lambda values: (values[places[paths[0]]],),
        [f"[{encode_basestring(path)}," for path in paths],
        Struct(f"{SALT_BYTES}s" * len(paths)).unpack,
        len(paths),
        SALT_BYTES * len(paths),
        b"\x01" + _named(paths),
    )
    if len(_SHAPES) >= _MOST_SHAPES:
        _SHAPES.clear()
    _SHAPES[key] = shape
    return shape
