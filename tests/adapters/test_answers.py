"""A contract of the ledger at any date, under any reading: the bytes of a replay, and of the live statement."""

import json

import pytest

from adapters.answers import Answers
from domain.readings import Readings
from domain.time.instant import parse_instant
from tests.properties import test_client_revenue, test_one_truth
from tests.properties.test_client_revenue import WIDE
from tests.support.arrivals import NOW, Event, raw, received
from tests.support.house import CATALOGUE, READINGS, new_house, replayed

TALES = {"held back": test_one_truth.WORLD, "client-wide": test_client_revenue.WORLD}


@pytest.mark.parametrize("readings", [READINGS, WIDE], ids=["as agreed", "client-wide"])
@pytest.mark.parametrize("told", TALES.values(), ids=TALES.keys())
def test_an_answer_is_the_live_statement_or_a_replay_byte_for_byte(told: tuple[Event, ...], readings: Readings) -> None:
    stamped = [raw({**one, "recordedtime": "2026-06-01T12:00:00+02:00"}) for one in told]
    with new_house(readings=readings) as house:
        house.ledger.record(received(*told), NOW)
        house.views.refresh()
        answers = Answers(house.ledger, CATALOGUE)
        assert len(house.store.views()) >= 2
        for contract, live in house.statements().items():
            assert answers.statement(contract, None, None, readings) == live
            for moment in ("2026-03-01T11:00:00+01:00", "2026-04-03T00:00:00+02:00", "2027-01-01T00:00:00+01:00"):
                at = parse_instant(moment)
                said = answers.statement(contract, at, NOW, readings).decode()
                assert said == replayed(house.folder, stamped, contract, at, NOW, readings=readings)
        unknown = json.loads(answers.statement("C-none", NOW, NOW, readings))
        assert unknown["contracts"] == {}
