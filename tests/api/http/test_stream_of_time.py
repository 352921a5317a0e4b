"""What time alone changes is told on the stream, by the clock that the server is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.time.instant import Instant, parse_instant
from tests.support.arrivals import opened, outage, signed
from tests.support.server import api
from tests.support.stream import listening


@dataclass
class Clock:
    """Tells what it is set to."""

    at: Instant

    def __call__(self) -> Instant:
        return self.at


@pytest.fixture(params=["sqlite", "postgresql"])
def on_its_own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a ledger that no other test writes."""
    if request.param == "sqlite":
        yield str(tmp_path / "greffe.db")
        return
    server = request.getfixturevalue("postgres")
    ledger = server.create_ledger()
    yield ledger
    server.drop_ledger(ledger)


def test_time_alone_makes_a_deadline_missed_and_the_stream_says_so_once(on_its_own: str) -> None:
    clock = Clock(parse_instant("2026-03-01T12:00:00+01:00"))
    with api(on_its_own, clock) as served:
        served.post(signed(), outage("o", "o-1"))
        with listening(served) as told:
            clock.at = parse_instant("2026-03-03T08:59:59+01:00")
            served.settle()
            clock.at = parse_instant("2026-03-04T10:00:00+01:00")
            served.settle()
            change = next(told)
            assert (change.event, change.name) == ("deadline", "outscale-cgv-2019/reserve-48h")
            assert (change.data["before"]["state"], change.data["after"]["state"]) == ("pending", "missed")
            assert change.data["at"] == "2026-03-04T10:00:00+01:00"
            served.post(opened("next", "t-next"))
            assert next(told).name == "e-next"
        with listening(served, headers={"Last-Event-ID": f"0-{int(change.id.partition('-')[2]) - 1}"}) as told:
            again = [next(told) for _ in range(4)]
        assert [one.name for one in again if one.event == "fact"] == ["e-signed", "e-o", "e-next"]
        assert [(one.id.partition("-")[2], one.data) for one in again if one.event == "deadline"] == [
            (change.id.partition("-")[2], change.data)
        ]
