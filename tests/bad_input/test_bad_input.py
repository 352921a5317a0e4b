"""Whatever a file holds: an error that names file, line and field, or an entry with its reason; the rest is processed.

Each case is told once and put to ``greffe replay`` and to ``greffe ingest``.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import opened as opened_ledger
from api.cli.main import main
from tests.support.arrivals import Event, event, measured, opened, outage, raw, signed

ROOT = Path(__file__).parents[2]
GOOD = (signed(), outage("good", "o-good"))


@dataclass(frozen=True)
class Bad:
    """One bad line, what is said of it, and at which field."""

    line: bytes
    said: str


def changed(one: Event, **data: Any) -> bytes:
    """The event with other data; a value of None takes the field out."""
    kept = {name: value for name, value in {**one["data"], **data}.items() if value is not None}
    return raw({**one, "data": kept})


INVOICE = event("i", "invoice.issued", {"invoice": "i-1", "month": "2026-02", "amount": "10.00"})
TICKET = opened("t")
MEASURE = measured("m")

UNREADABLE: dict[str, Bad] = {
    "malformed JSON": Bad(b'{"specversion": "1.0", "id": }', "is not JSON"),
    "a JSON text that is no object": Bad(b'"an event"', "expected a JSON object, got 'an event'"),
    "a name given twice": Bad(raw(outage(1))[:-1] + b', "id": "other"}', "id: is given twice"),
    "a number that is none": Bad(b'{"data": NaN}', "NaN and Infinity are not JSON numbers"),
    "nesting without end": Bad(b"[" * 100_000, "is nested too deeply"),
    "a wrong type": Bad(changed(outage(1), outage=7), "data.outage: expected a text, got the number 7"),
    "a wrong type in the envelope": Bad(raw({**outage(1), "subject": []}), "subject: expected a text, got a list"),
    "a word that is not on the list": Bad(changed(outage(1), extent="partial"), "data.extent: expected 'total' or"),
    "a text for a flag": Bad(changed(TICKET, complete="yes"), "data.complete: expected true or false, got 'yes'"),
    "an unknown field": Bad(
        changed(outage(1), start_at="x"), "data.start_at: is not a field of greffe.outage.recorded.v1; did you mean"
    ),
    "an unknown attribute": Bad(raw({**outage(1), "subjct": "C-1"}), "subjct: is not an attribute this ledger knows"),
    "a missing field": Bad(changed(outage(1), service=None), "data.service: is required"),
    "a missing attribute": Bad(raw({k: v for k, v in outage(1).items() if k != "time"}), "time: is required"),
    "a naive time": Bad(raw({**outage(1), "time": "2026-03-01T10:00:00"}), "time: expected an RFC 3339 date-time"),
    "a naive time in the data": Bad(
        changed(outage(1), started_at="2026-03-01 09:00"), "data.started_at: expected an RFC 3339 date-time with an"
    ),
    "a date that does not exist": Bad(
        changed(INVOICE, due_on="2026-02-30"), "data.due_on: expected a date that exists, got '2026-02-30'"
    ),
    "a float for money": Bad(
        changed(INVOICE, amount=10.1), "data.amount: expected an exact decimal in a string, such as"
    ),
    "a whole number for money": Bad(changed(INVOICE, amount=10), "(a JSON number may be rounded), got the number 10"),
    "a decimal comma": Bad(changed(INVOICE, amount="10,00"), "data.amount: expected an exact decimal in a string"),
    "a float for a measure": Bad(changed(MEASURE, value=1.5), "data.value: expected an exact decimal in a string"),
    "an end before its start": Bad(
        changed(outage(1), ended_at="2026-03-01T08:59:59+01:00"), "data.ended_at: must not be before started_at"
    ),
    "a severity out of range": Bad(changed(TICKET, severity=4), "data.severity: expected at most 3"),
    "an unknown type": Bad(
        raw({**outage(1), "type": "greffe.outage.recorder.v1"}),
        "type: 'greffe.outage.recorder.v1' is not a type this ledger knows; did you mean greffe.outage.recorded.v1?",
    ),
    "a version to come": Bad(
        raw({**outage(1), "type": "greffe.outage.recorded.v9"}), "is not a type this ledger knows"
    ),
    "another specification": Bad(raw({**outage(1), "specversion": "0.3"}), 'specversion: expected "1.0", got'),
    "control characters in an id": Bad(raw({**outage(1), "id": "a\u0000b"}), "id: expected a text without control"),
    "an empty id": Bad(raw({**outage(1), "id": ""}), "id: must not be empty"),
    "an id without end": Bad(raw({**outage(1), "id": "x" * 5_000}), "id: expected at most 200 characters"),
    "a number without end": Bad(
        changed(TICKET, severity=10**4000), "data.severity: expected at most 3, got a huge number"
    ),
    "bytes of another encoding": Bad('{"id": "é"}'.encode("latin-1"), "is not UTF-8 text: byte 9"),
    "a binary line": Bad(bytes(range(256)).replace(b"\n", b"").replace(b"\r", b""), "is not"),
    "half a surrogate": Bad(raw(outage(1)).replace(b"e-1", b"\\ud800"), "is not"),
    "a line of 10 MB": Bad(raw({**outage(1), "id": "x" * 10_000_000}), "is longer than the limit of 1048576 bytes"),
}

REFUSED: dict[str, tuple[tuple[Event, ...], str, str]] = {
    "an unknown document": (
        (event("d", "contract.document-signed", {"document": "outscale-snc-frr"}),),
        "refused-fact",
        "outscale-snc-fr",
    ),
    "an unknown reading": (
        (event("r", "reading.selected", {"parameter": "maintenance.mod", "value": "A", "reason": "x"}),),
        "refused-fact",
        "maintenance.mode",
    ),
    "an id reused for another thing": ((outage(1), outage(2)), "refused-fact", "already names another outage"),
    "an id reused with another content": (
        (outage(1), {**outage(1), "time": "2026-02-27T10:00:00+01:00"}),
        "conflict",
        "came again with another content",
    ),
    "an end before the start, said later": (
        (
            outage(1),
            event(2, "outage.corrected", {"outage": "o-1", "reason": "x", "ended_at": "2026-03-01T08:00:00+01:00"}),
        ),
        "refused-fact",
        "before it starts",
    ),
    "a fact about a thing unknown": (
        (event(1, "invoice.paid", {"invoice": "i-none"}),),
        "waiting-fact",
        "No invoice 'i-none' is known yet",
    ),
    "a signature of a provider": ((signed("p", subject="provider:outscale"),), "refused-fact", "must be a contract"),
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(*lines: bytes, end: bytes = b"\n", name: str = "facts.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(b"\n".join(lines) + end)
        return path

    return file


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


def replayed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    status = main(["replay", *words, "--format", "json"])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return status, json.loads(printed.out), printed.err


def rest_was_processed(statement: Any) -> None:
    """The facts before and after the bad line are in the statement."""
    rows = statement["contracts"]["C-1"]["indicators"]
    assert any("urn:test#e-good" in row["events"] for row in rows)


@pytest.mark.parametrize("case", UNREADABLE)
def test_replay_names_file_line_and_field_and_goes_on(
    write: Write, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    bad = UNREADABLE[case]
    path = write(raw(GOOD[0]), b"", bad.line, raw(GOOD[1]))
    status, statement, said = replayed(capsys, str(path))
    assert status == 2
    assert said.startswith(f"{path}:3: ")
    assert bad.said in said
    assert said.count("\n") == 1
    assert len(said) < 1_000, "what was sent is not worth repeating"
    assert said.isascii() or said.isprintable() or said[:-1].isprintable()
    rest_was_processed(statement)


@pytest.mark.parametrize("case", UNREADABLE)
def test_ingest_keeps_it_with_its_reason_and_goes_on(
    write: Write, ledger: str, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    bad = UNREADABLE[case]
    path = write(raw(GOOD[0]), b"", bad.line, raw(GOOD[1]))
    assert main(["ingest", "--file", str(path), "--ledger", ledger, "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"recorded": 2, "duplicates": 0, "waiting": 0, "quarantined": 1}
    assert printed.err == ""
    with opened_ledger(ledger) as store:
        (entry,) = store.quarantine("open")
    assert entry.origin == f"{path}:3"
    assert bad.said in entry.reason
    assert entry.reason_fr
    assert entry.reason_fr != entry.reason
    assert entry.body == (b"" if len(bad.line) > 1_048_576 else bad.line)


@pytest.mark.parametrize("case", REFUSED)
def test_replay_reports_what_cannot_be_true_as_a_finding(
    write: Write, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    events, code, said = REFUSED[case]
    path = write(*map(raw, (GOOD[0], *events, GOOD[1])))
    status, statement, err = replayed(capsys, str(path))
    assert (status, err) == (0, "")
    found = [one for one in statement["contracts"]["C-1"]["findings"] if one["code"] == code]
    assert len(found) == 1
    assert said in found[0]["message"]
    assert found[0]["message_fr"] not in ("", found[0]["message"])
    assert found[0]["events"]
    rest_was_processed(statement)


@pytest.mark.parametrize("case", REFUSED)
def test_ingest_holds_what_cannot_be_true(
    write: Write, ledger: str, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    events, code, said = REFUSED[case]
    path = write(*map(raw, (GOOD[0], *events, GOOD[1])))
    assert main(["ingest", "--file", str(path), "--ledger", ledger, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["recorded"] == len(events) + 1
    with opened_ledger(ledger) as store:
        (entry,) = store.quarantine()
        live = json.loads(store.view("C-1") or b"{}")
    assert said in entry.reason
    assert entry.reason_fr != entry.reason
    assert entry.origin == f"{path}:{len(events) + 1}"
    assert [one["message"] for one in live["contracts"]["C-1"]["findings"] if one["code"] == code] == [entry.reason]


def test_replay_reports_a_conflict_that_is_dated_last(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    later = {**outage("good", "o-good"), "time": "2026-03-02T10:00:00+01:00"}
    _, statement, _ = replayed(capsys, str(write(*map(raw, (*GOOD, later)))))
    assert statement["at"] == "2026-03-02T10:00:00+01:00"
    assert [one["code"] for one in statement["contracts"]["C-1"]["findings"]].count("conflict") == 1


def test_truncated_last_line_says_that_the_file_may_be_cut(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(*map(raw, GOOD), raw(outage(1))[:-20], end=b"")
    status, statement, said = replayed(capsys, str(path))
    assert status == 2
    assert said.startswith(f"{path}:3: is not JSON")
    assert "the file ends in this line and may be cut short" in said
    rest_was_processed(statement)


def test_last_line_without_a_line_end_is_a_line(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    status, statement, said = replayed(capsys, str(write(*map(raw, GOOD), end=b"")))
    assert (status, said) == (0, "")
    rest_was_processed(statement)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file_gives_an_empty_statement(
    write: Write, ledger: str, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = write(end=content)
    status, statement, said = replayed(capsys, str(path))
    assert (status, statement["contracts"], said) == (0, {}, "")
    assert main(["ingest", "--file", str(path), "--ledger", ledger, "--format", "json"]) == 0
    assert set(json.loads(capsys.readouterr().out).values()) == {0}


def test_binary_file_is_reported_line_by_line(write: Write, ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(end=bytes(range(256)) * 20)
    status, statement, said = replayed(capsys, str(path))
    assert (status, statement["contracts"]) == (2, {})
    assert all(line.startswith(f"{path}:") for line in said.splitlines())
    assert main(["ingest", "--file", str(path), "--ledger", ledger, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["quarantined"] > 1


def test_byte_order_mark_and_windows_line_ends_are_no_fault(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(end=b"\xef\xbb\xbf" + b"\r\n".join(map(raw, GOOD)) + b"\r\n")
    status, statement, said = replayed(capsys, str(path))
    assert (status, said) == (0, "")
    rest_was_processed(statement)


@pytest.mark.parametrize("command", [["replay"], ["ingest", "--file"]])
@pytest.mark.parametrize(("name", "said"), [("absent.jsonl", "No such file or directory"), (".", "Is a directory")])
def test_file_that_cannot_be_read_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], name: str, said: str
) -> None:
    path = tmp_path / name
    rest = ["--ledger", str(tmp_path / "ledger.db")] if command[0] == "ingest" else []
    assert main([*command, str(path), *rest]) == 2
    assert capsys.readouterr().err == f"greffe: {path}: {said}\n"


def test_ingest_reads_the_other_files_when_one_cannot_be_read(
    write: Write, tmp_path: Path, ledger: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(write(*map(raw, GOOD)))
    status = main(["ingest", "--file", str(tmp_path), "--file", good, "--ledger", ledger, "--format", "json"])
    printed = capsys.readouterr()
    assert status == 2
    assert json.loads(printed.out)["recorded"] == 2
    assert printed.err == f"greffe: {tmp_path}: Is a directory\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "yesterday"], "argument --at: expected an RFC 3339 date-time with an offset"),
        (["--at", "2026-01-01"], "argument --at: expected an RFC 3339 date-time with an offset"),
        (["--known-at", "2026-01-01T00:00:00"], "argument --known-at: expected an RFC 3339 date-time with an offset"),
        (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["--lang", "de"], "argument --lang: invalid choice: 'de'"),
        (["--readng", "x=A"], "unrecognized arguments: --readng"),
    ],
)
def test_bad_option_is_said_and_status_2(
    write: Write, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["replay", str(write(*map(raw, GOOD))), *words])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ("maintenance.mod=A", "did you mean 'maintenance.mode'?"),
        ("maintenance.mode=Z", "maintenance.mode has no reading 'Z'"),
        ("maintenance.mode=b", "did you mean 'B'?"),
        ("maintenance.mode", "maintenance.mode"),
        ("=", "reading"),
    ],
)
def test_unknown_reading_names_the_nearest(
    write: Write, capsys: pytest.CaptureFixture[str], reading: str, said: str
) -> None:
    assert main(["replay", str(write(*map(raw, GOOD))), "--reading", reading]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("greffe: ")
    assert said in printed.err


@pytest.mark.parametrize(
    ("words", "lines", "status"),
    [
        (["replay", "FILE", "--format", "json"], [raw(GOOD[0])], 0),
        (["replay", "FILE"], [UNREADABLE["an unknown type"].line, raw(GOOD[0])], 2),
        (["replay", "FILE"], [UNREADABLE["a line of 10 MB"].line, raw(GOOD[0])], 2),
        (["replay", "absent.jsonl"], [], 2),
        (["replay", "FILE", "--at", "now"], [], 2),
        (["replay", "FILE", "--reading", "maintenance.mod=A"], [], 2),
        (["ingest", "--file", "FILE", "--ledger", "LEDGER"], [UNREADABLE["an unknown type"].line], 0),
        (["ingest", "--file", "absent.jsonl", "--ledger", "LEDGER"], [], 2),
        (["ingest", "--file", "FILE", "--ledger", "FILE"], [b"no ledger, and longer than a header " * 9], 2),
        (["no-such-command"], [], 2),
    ],
)
def test_exit_status_of_the_program_and_never_a_traceback(
    write: Write, tmp_path: Path, words: list[str], lines: list[bytes], status: int
) -> None:
    named = {"FILE": str(write(*lines)), "LEDGER": str(tmp_path / "ledger.db")}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "api.cli.main", *(named.get(word, word) for word in words)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={"PATH": "", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert bool(done.stderr) == bool(status)
