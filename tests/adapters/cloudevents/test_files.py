"""CloudEvents in a file, one a line: every line is counted, none stops the next."""

import io
import json
from typing import Any

import pytest

from adapters.cloudevents import MAX_BYTES, content_hash, read_jsonl
from domain.errors import UndecodableEventError
from tests.adapters.cloudevents.world import EVENT, LEDGER, RAW


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
