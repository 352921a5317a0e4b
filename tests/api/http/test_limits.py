"""Limits: size, rate, time, how many at once; each answered as a problem, with when to come back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from adapters.access.model import Role
from api.errors import Problem
from api.limits import Pace
from domain.time.instant import Instant
from tests.support.arrivals import Event, opened, outage, signed
from tests.support.server import BATCH, STRUCTURED, Api, api


def test_a_body_over_the_limit_is_refused_whether_announced_or_not(ledger_file: str) -> None:
    with api(ledger_file, max_body_bytes=2_000) as served:
        operator = served.as_(Role.OPERATOR)
        long = b" " * 2_001

        def unannounced() -> Iterator[bytes]:
            yield from (long[:1_000], long[:1_000], long[:1])

        for body in (long, unannounced()):
            answer = operator.post("/v1/events", content=body, headers=STRUCTURED)
            assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
        assert operator.post("/v1/events", content=b"[]".ljust(2_000), headers=BATCH).status_code == 200
        answer = operator.post("/v1/quarantine/1/discard", content=unannounced())
        assert answer.status_code == 413


def test_a_batch_over_the_limit_is_refused(ledger_file: str) -> None:
    with api(ledger_file, max_batch=2) as served:
        served.post(signed(), opened(1))
        answer = served.as_(Role.OPERATOR).post("/v1/events", json=[{}, {}, {}], headers=BATCH)
        assert (answer.status_code, answer.json()["detail"]) == (413, "The batch has more than 2 events.")


def test_each_caller_has_a_rate_of_its_own(ledger_file: str) -> None:
    with api(ledger_file, rate="3/hour") as served:
        auditor, operator = served.as_(Role.AUDITOR), served.as_(Role.OPERATOR)
        assert [auditor.get("/v1/readings").status_code for _ in range(3)] == [200] * 3
        refused = auditor.get("/v1/readings")
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
        assert 0 < int(refused.headers["retry-after"]) <= 3_600
        assert operator.get("/v1/readings").status_code == 200
        assert auditor.get("/health").status_code == 200


def test_the_rate_is_of_a_window_that_slides_and_says_when_to_come_back() -> None:
    clock = [0]
    pace = Pace("4/minute", lambda: Instant(clock[0] * 1_000_000))

    def refused_for() -> int:
        try:
            pace.check("one")
        except Problem as problem:
            return int(problem.headers["Retry-After"])
        return 0

    assert [refused_for() for _ in range(5)] == [0, 0, 0, 0, 60]
    clock[0] = 59
    assert refused_for() == 1
    clock[0] = 60  # all four of the minute before still count
    assert refused_for() == 15
    clock[0] = 75
    assert [refused_for(), refused_for()] == [0, 15]
    clock[0] = 300
    assert [refused_for() for _ in range(5)] == [0, 0, 0, 0, 60]
    pace.check("another")


def test_an_answer_that_does_not_begin_in_time_is_a_503(ledger_file: str) -> None:
    with api(ledger_file, seconds=1) as served, unfinished(served) as (head, line):
        line.sendall(head)
        assert b"HTTP/1.1 503" in answer_of(line)


def test_a_server_at_its_limit_says_so_and_recovers(ledger_file: str) -> None:
    with api(ledger_file, most_at_once=1) as served:
        with unfinished(served) as (head, line):
            line.sendall(head)
            full = threading.Event()
            while not full.is_set():
                answer = httpx.get(f"{served.url}/health")
                if answer.status_code == 503:
                    full.set()
            assert answer.json()["type"] == "/problems/unavailable"
            assert answer.headers["retry-after"] == "1"
            line.sendall(b"[]")
            assert b"HTTP/1.1 200" in answer_of(line)
        assert httpx.get(f"{served.url}/health").status_code == 200


def test_deadlines_of_another_date_are_replayed_for_twenty_contracts_a_page(ledger_file: str) -> None:
    names = [f"C-{number:02}" for number in range(23)]
    at = {"at": "2026-03-02T10:00:00+01:00"}
    with api(ledger_file) as served:
        served.post(*(event for name in names for event in _contract(name)))
        first = served.get("/v1/deadlines", params=at).json()
        second = served.get("/v1/deadlines", params={**at, "after": first["next"]}).json()
    assert (first["next"], second["next"]) == (names[19], None)
    assert [row["contract"] for row in first["deadlines"] + second["deadlines"]] == names


def _contract(name: str) -> list[Event]:
    return [signed(name, subject=name), outage(f"o-{name}", f"o-{name}", subject=name)]


def test_a_stream_too_many_is_refused(ledger_file: str) -> None:
    with api(ledger_file, most_streams=1) as served:
        auditor = served.as_(Role.AUDITOR)
        with auditor.stream("GET", "/v1/stream") as first:
            lines = first.iter_lines()
            assert next(lines).startswith(": listening")
            refused = auditor.get("/v1/stream")
            assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")


@contextmanager
def unfinished(served: Api) -> Iterator[tuple[bytes, socket.socket]]:
    """A connection, and a request whose body is two bytes that are not sent yet."""
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        yield (
            (
                f"POST /v1/events HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n"
                f"Authorization: Bearer {served.secret(Role.OPERATOR)}\r\nContent-Type: {BATCH['Content-Type']}\r\n\r\n"
            ).encode(),
            line,
        )


def answer_of(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += line.recv(65_536)
    return got
