"""With erasures done, blocked and waiting, the live statement is the one that a replay of the same facts prints."""

import json

import pytest

from domain.time.instant import Instant, parse_instant
from tests.support.arrivals import NOW, Event, received
from tests.support.house import new_house, replayed
from tests.support.persons import ALL, contact, erased, hold, released

HOUR = 3_600_000_000
BLOCKED = [*ALL, hold(2), erased(3), erased(4, "p-unknown")]


@pytest.mark.parametrize(
    "told", [[*ALL, erased(3), erased(4)], BLOCKED, [*BLOCKED, released(5)], [*BLOCKED, released(5), contact(6)]]
)
def test_the_live_statement_is_that_of_a_replay(told: list[Event]) -> None:
    with new_house() as house:
        for number, one in enumerate(told):
            house.ledger.record(received(one), Instant(NOW + number * HOUR))
        house.views.refresh()
        live = house.statements()["C-1"].decode()
        at, known = (parse_instant(json.loads(live)[name]) for name in ("at", "known_at"))
        assert replayed(house.folder, house.told(), "C-1", at, known) == live


def test_a_blocked_erasure_is_a_finding_of_the_statement() -> None:
    with new_house() as house:
        for one in BLOCKED:
            house.ledger.record(received(one), NOW)
        house.views.refresh()
        findings = json.loads(house.statements()["C-1"])["contracts"]["C-1"]["findings"]
        assert {found["code"] for found in findings} >= {"refused-fact", "waiting-fact"}
