"""Messages that are almost facts: valid events of every type, changed in their bytes, fields, sizes and headers.

Everything is drawn from one seeded generator: the same seed gives the same messages.
"""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

GOLDEN = Path(__file__).parents[1] / "domain" / "events" / "golden"
KEPT = 500
"""As many earlier messages as may come again."""
LARGE = 20_000
TOO_LONG = 1_100_000

Headers = list[tuple[str, bytes | None]]
Event = dict[str, Any]

ODD_TEXTS = (
    *("", " ", "\u0000", "\u202e", "é", "e\u0301", "🧾", "\ufeff", "x" * 200, "x" * 201, "x" * 10_000, "C-1|x", "%7C"),
    *(
        "provider:outscale",
        "provider:",
        "provider:nobody",
        "../../etc/passwd",
        "'; DROP TABLE x; --",
        "{{7*7}}",
        "null",
    ),
)
ODD_INSTANTS = (
    *(
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-12-31T23:59:60Z",
        "2026-02-30T00:00:00Z",
        "1911-01-01T00:00:00Z",
    ),
    *(
        "2026-03-29T02:30:00+01:00",
        "2026-10-25T02:30:00+02:00",
        "2026-01-01T00:00:00.000000001Z",
        "2026-01-01 00:00:00Z",
    ),
    *("2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00-00:00", "2026-01-01t00:00:00z", "2999-12-31T23:59:59.999999Z"),
    *("1912-01-01T00:00:00+00:00", "2026-01-01T24:00:00Z", "２０２６-01-01T00:00:00Z", "2026-01-01", "1767225600"),
)
ODD_DATES = ("2026-02-29", "2024-02-29", "0001-01-01", "9999-12-31", "2026-1-1", "2026-13-01", "2026-W01-1", "tomorrow")
ODD_NUMBERS = (
    *("0", "-0", "-1", "1e3", "1e999999", "NaN", "Infinity", "1.", ".5", "1_000", "１２", "0.1" + "0" * 60, "9" * 40),
    *("9" * 5_000, "100.00000", "99.99999", "+1", " 1", "1,5", "0x10", "1/3"),
)
ODD_VALUES: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 10**30, [], {}, [[]], [None], {"a": {"a": {}}}, "x")
ODD_ATTRIBUTES = (
    "extension",
    "Data",
    "DATA",
    "data_base64",
    "recordedtime",
    "correlationid",
    "causationid",
    "subject ",
)


class Message(NamedTuple):
    """What Kafka would carry."""

    headers: Headers
    value: bytes | None


def golden() -> list[Event]:
    """A valid event of every type."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("*.json"))]


def messages(seed: int, contracts: int) -> Iterator[Message]:
    """Messages without end: first every type about every contract as it should be, then changed ones."""
    random = Random(seed)  # noqa: S311 - chance that can be had again, not a secret
    events = golden()
    for number in range(contracts):
        for event in sorted(events, key=lambda one: str(one["time"])):
            yield _sent({**event, "id": f"{number}/{event['id']}", "subject": _subject(event, number)}, random)
    earlier: list[Message] = []
    number = 0
    while True:
        number += 1
        if earlier and random.random() < 0.06:
            yield random.choice(earlier)
            continue
        message = _changed(random.choice(events), number, contracts, random)
        if len(earlier) < KEPT:
            earlier.append(message)
        else:
            earlier[random.randrange(KEPT)] = message
        yield message


def _subject(event: Event, number: int) -> str:
    subject = str(event["subject"])
    return subject if subject.startswith("provider:") else f"C-{number}"


def _changed(event: Event, number: int, contracts: int, random: Random) -> Message:
    event = copy.deepcopy(event)
    event["subject"] = _subject(event, random.randrange(contracts))
    if random.random() < 0.9:  # else the id of an earlier fact, with what may be another content
        event["id"] = f"m-{number}"
    for change in random.sample(_OF_EVENTS, random.choice((0, 1, 1, 1, 2, 3))):  # no one twice: sizes would multiply
        change(event, random)
    message = _sent(event, random)
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        message = random.choice(_OF_BYTES)(message, random)
    return message


def _sent(event: Event, random: Random) -> Message:
    """The event as a message, in structured or in binary mode."""
    if random.random() < 0.6:
        headers: Headers = [("content-type", b"application/cloudevents+json")] if random.random() < 0.7 else []
        return Message(headers, _json(event, random))
    headers = [("content-type", b"application/json")]
    for name, value in event.items():
        if name != "data":
            text = value if isinstance(value, str) else json.dumps(value)
            headers.append((f"ce_{name}", text.encode("utf-8", "surrogatepass")))
    random.shuffle(headers)
    return Message(headers, _json(event.get("data"), random))


def _json(value: Any, random: Random) -> bytes:
    ascii_only = random.random() < 0.5
    separators = random.choice(((",", ":"), (", ", ": "), (" ,\t", " :\n")))
    return json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode("utf-8", "surrogatepass")


# Changes of an event


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in an event."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _put(event: Event, random: Random, make: Callable[[Any], Any]) -> None:
    """Replaces the value at a place drawn by chance."""
    path = random.choice(list(_places(event)) or [("data",)])
    inner: Any = event
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = make(inner.get(path[-1]) if isinstance(inner, dict) else inner[path[-1]])


def _odd_value(event: Event, random: Random) -> None:
    _put(event, random, lambda _: copy.deepcopy(random.choice(ODD_VALUES)))


def _odd_text(event: Event, random: Random) -> None:
    _put(event, random, lambda _: random.choice((*ODD_TEXTS, "\ud800")))


def _odd_like(event: Event, random: Random) -> None:
    """A value of the same kind, at the edge of what is allowed or just beyond."""

    def like(value: Any) -> Any:
        text = str(value)
        if "T" in text and text[:4].isdecimal():
            return random.choice(ODD_INSTANTS)
        if text[:4].isdecimal() and text.count("-") == 2:
            return random.choice(ODD_DATES)
        if text.replace(".", "").isdecimal():
            return random.choice(ODD_NUMBERS)
        return random.choice(ODD_TEXTS)

    _put(event, random, like)


def _sized(event: Event, random: Random) -> None:
    """A value many times itself."""
    times = random.choice((2, 50, 1_000))

    def sized(value: Any) -> Any:
        whole = value if isinstance(value, str | list) else [value]
        return whole * min(times, 1 + LARGE // (1 + len(str(whole))))

    _put(event, random, sized)


def _left_out(event: Event, random: Random) -> None:
    path = random.choice(list(_places(event)))
    inner: Any = event
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    if not event:
        event["data"] = None


def _unknown(event: Event, random: Random) -> None:
    where = event["data"] if isinstance(event.get("data"), dict) and random.random() < 0.5 else event
    where[random.choice(ODD_ATTRIBUTES)] = copy.deepcopy(random.choice(ODD_VALUES))


def _nested(event: Event, random: Random) -> None:
    deep: Any = "x"
    for _ in range(random.choice((5, 150))):
        deep = [deep] if random.random() < 0.5 else {"data": deep}
    _put(event, random, lambda _: deep)


def _other_type(event: Event, random: Random) -> None:
    name = str(event.get("type"))
    others = (name.upper(), name.replace(".v1", ".v2"), name[:-1], "greffe.outage.recorded.v1", "com.example.other")
    event["type"] = random.choice(others)


def _other_thing(event: Event, random: Random) -> None:
    """The name of another thing: an outage nobody recorded, a ticket that is another's."""
    data = event.get("data")
    names = [key for key, value in data.items() if isinstance(value, str)] if isinstance(data, dict) else []
    if names:
        event["data"][random.choice(names)] = f"thing-{random.randrange(30)}"


_OF_EVENTS: tuple[Callable[[Event, Random], None], ...] = (
    *(_odd_like, _odd_like, _odd_text, _odd_value, _other_thing, _other_thing, _left_out, _unknown),
    *(_sized, _nested, _other_type),
)


# Changes of the bytes


def _flipped(message: Message, random: Random) -> Message:
    value = bytearray(message.value or b" ")
    for _ in range(random.choice((1, 1, 4))):
        if value:
            value[random.randrange(len(value))] = random.randrange(256)
    return message._replace(value=bytes(value))


def _cut(message: Message, random: Random) -> Message:
    value = message.value or b""
    start, end = sorted((random.randrange(len(value) + 1), random.randrange(len(value) + 1)))
    return message._replace(value=random.choice((value[:start], value[start:end], value[:start] + value[end:])))


def _repeated(message: Message, random: Random) -> Message:
    value = message.value or b""
    start, end = sorted((random.randrange(len(value) + 1), random.randrange(len(value) + 1)))
    return message._replace(value=value[:end] + value[start:end] * random.choice((1, 3)) + value[end:])


def _encoded(message: Message, random: Random) -> Message:
    value = message.value or b""
    text = value.decode("utf-8", "replace")
    made = (
        lambda: text.encode("utf-16"),
        lambda: text.encode("latin-1", "replace"),
        lambda: b"\xef\xbb\xbf" + value,
        lambda: gzip.compress(value, mtime=0),
        lambda: value + b"\x00",
        lambda: value + value,
        lambda: b"[" + value + b"]",
        lambda: json.dumps(text).encode(),
    )
    return message._replace(value=random.choice(made)())


def _twice(message: Message, random: Random) -> Message:
    """A name given twice in one object."""
    value = message.value or b""
    name = random.choice((b"id", b"type", b"data", b"outage", b"i\\u0064"))
    return message._replace(value=value.replace(b"{", b'{"' + name + b'":"x",', random.choice((1, 2))))


def _empty(message: Message, random: Random) -> Message:
    return message._replace(value=random.choice((None, b"", b" ", b"{}", b"null", b"[]", b"0", b'""')))


def _bracketed(message: Message, random: Random) -> Message:
    return message._replace(value=random.choice((b"[", b'{"a":')) * random.choice((100, 100_000)))


def _too_long(message: Message, random: Random) -> Message:
    value = message.value or b""
    return message._replace(value=value + b" " * TOO_LONG if random.random() < 0.05 else value)


def _headers(message: Message, random: Random) -> Message:
    """Other headers: one lost, one twice, one of bytes that are no text, one that changes the mode."""
    headers = list(message.headers)
    match random.randrange(6):
        case 0 if headers:
            headers.pop(random.randrange(len(headers)))
        case 1 if headers:
            headers.append(random.choice(headers))
        case 2 if headers:
            place = random.randrange(len(headers))
            odd = random.choice((None, b"", b"\xff\xfe", b"x" * 5_000, "é".encode(), b"\x00"))
            headers[place] = (headers[place][0], odd)
        case 3:
            headers.append((random.choice(("ce_data", "ce_", "CE_ID", "ce_id", "traceparent", "é", "")), b"x"))
        case 4:
            headers.append(("content-type", random.choice((b"application/cloudevents+json", b"text/plain", b"\xff"))))
        case _:
            headers = [(name.upper(), value) for name, value in headers]
    return message._replace(headers=headers)


_OF_BYTES: tuple[Callable[[Message, Random], Message], ...] = (
    *(
        _flipped,
        _flipped,
        _cut,
        _repeated,
        _encoded,
        _twice,
        _empty,
        _bracketed,
        _too_long,
        _headers,
        _headers,
        _headers,
    ),
)
