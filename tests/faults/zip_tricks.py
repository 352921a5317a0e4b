"""Zips that unpack to the same members, or seem to: what other readers of zips were fooled by."""

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator

from adapters.evidence.verify import pack, unpack

NAMES = (
    *("../bundle.json", "/bundle.json", "..", ".", "a/../bundle.json", "C:/bundle.json", "\\bundle.json", "a\\b"),
    *("agreements/../x.toml", "agreements//x.toml", "agreements/", "BUNDLE.JSON", "bundle.json ", "bundle.json\0", ""),
    *("b\u00fcndle.json", "x" * 300, "a/b/c.toml", "__MACOSX/x", "extra.txt", "timestamps/0.tsr", "timestamps/x.tsr"),
)
LOCAL, CENTRAL = 30, 46


def tricks(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(what was done, the zip) for every trick known here."""
    members = unpack(data)
    end = data.rindex(b"PK\5\6")
    (offset,) = struct.unpack_from("<L", data, end + 16)
    yield "nothing", b""
    yield "not a zip", b"%PDF-1.7\n" + data[:1000]
    yield "an empty zip", pack({})
    yield "bytes before", b"#!/bin/sh\n" + data
    yield "bytes after", data + b"\0"
    yield "another zip after", data + pack({"bundle.json": b"{}"})
    yield "a comment", data[:-2] + b"\2\0hi"
    yield "a hole before the list", data[:offset] + b"hole" + data[offset:]
    yield "no list", data[:offset]
    yield "no end", data[:end]
    yield "two ends", data + data[end:]
    yield "a zip of many disks", data[: end + 4] + b"\1" + data[end + 5 :]
    yield "a count of members too small", data[: end + 8] + b"\1\0\1\0" + data[end + 12 :]
    yield "a zip64 end", data[:end] + b"PK\6\6" + bytes(52) + b"PK\6\7" + bytes(16) + data[end:]
    yield from _bits(data, offset)
    for name in NAMES:
        with_more = {**members, "GUIDE.en.md": members["GUIDE.en.md"]}
        yield f"a member named {name[:30]!r}", _raw([*with_more.items(), (name, b"x")])
        yield (
            f"bundle.json named {name[:30]!r}",
            _raw([(name if one == "bundle.json" else one, body) for one, body in members.items()]),
        )
    for name in ("bundle.json", "checkpoint", "entries.jsonl", "statement.json", "verify.py"):
        body = members[name]
        yield f"{name} twice, the same", _raw([*members.items(), (name, body)])
        yield f"{name} twice, another first", _raw([(name, b"another"), *members.items()])
        yield f"{name} twice, another last", _raw([*members.items(), (name, b"another")])
        yield f"{name} compressed", _written(members, {name: zipfile.ZIP_DEFLATED})
        yield f"{name} a symbolic link", _written(members, {}, links=(name,))
    for name in members:
        yield f"{name} left out", pack({one: kept for one, kept in members.items() if one != name})
        yield f"{name} empty", pack({**members, name: b""})
    yield "all compressed", _written(members, dict.fromkeys(members, zipfile.ZIP_DEFLATED))
    yield "another order", _raw(list(reversed(members.items())))
    yield "as another tool writes it", _written(members, {})
    bomb = {**members, "statement.json": bytes(50_000_000)}
    yield "a bomb", _written(bomb, {"statement.json": zipfile.ZIP_DEFLATED})
    yield "a bomb of many members", _raw([(f"agreements/a{number}.toml", b"") for number in range(5_000)])
    yield "a member of four gigabytes, so it says", data[:18] + b"\xfe\xff\xff\xff\xfe\xff\xff\xff" + data[26:]
    yield "a directory", _raw([("agreements/", b""), *members.items()])


def _bits(data: bytes, offset: int) -> Iterator[tuple[str, bytes]]:
    """Each field of the first local and the first central header, changed."""
    local = {"version": 4, "flags": 6, "method": 8, "time": 10, "date": 12, "crc": 14, "size": 18, "whole": 22}
    central = {"made by": 4, "flags": 8, "method": 10, "time": 12, "date": 14, "crc": 16, "size": 20, "whole": 24}
    central |= {"extra": 30, "comment": 32, "disk": 34, "inner": 36, "mode": 38, "offset": 42}
    for start, fields in ((0, local | {"letters": 26, "extra": 28}), (offset, central)):
        for name, place in fields.items():
            for bit in (1, 8, 128):
                changed = bytearray(data)
                changed[start + place] ^= bit
                yield f"{'local' if start == 0 else 'central'} {name} changed", bytes(changed)


def _raw(members: list[tuple[str, bytes]]) -> bytes:
    """The members as given, names and doubles and all, in our own way of writing."""
    body, central = b"", b""
    for name, data in members:
        label = name.encode("utf-8")
        whole = pack({"x": data})
        listed = whole.index(b"PK\1\2", LOCAL + 1 + len(data))
        head, listing = whole[:LOCAL], whole[listed : listed + CENTRAL]
        size = struct.pack("<H", len(label))
        central += listing[:28] + size + listing[30:42] + struct.pack("<L", len(body)) + label
        body += head[:26] + size + head[28:] + label + data
    count = len(members)
    return body + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), len(body), 0)


def _written(members: dict[str, bytes], methods: dict[str, int], links: tuple[str, ...] = ()) -> bytes:
    """The members as the standard library writes them."""
    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of names it writes all the same
        with zipfile.ZipFile(held, "w") as file:
            for name in sorted(members):
                told = zipfile.ZipInfo(name)
                told.compress_type = methods.get(name, zipfile.ZIP_STORED)
                told.external_attr = (0o120777 if name in links else 0o100644) << 16
                file.writestr(told, members[name])
    return held.getvalue()
