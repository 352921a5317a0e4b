"""Statements derived by several workers: the bytes of one, whatever their number; a lost worker is an error."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from adapters import parallel
from adapters.catalogue import load_catalogue, load_switches
from domain.readings import select
from domain.time.instant import parse_instant
from projections.intake import Intake
from projections.replay import Question
from tests.support.dossier import fact
from tests.support.story import penalty_story

AT = parse_instant("2026-06-01T00:00:00+02:00")
QUESTION = Question(AT, AT, select(load_switches(), []))
CONTRACTS = 7


def intake() -> Intake:
    taken = Intake()
    for contract in range(CONTRACTS):
        for number, happening in enumerate(penalty_story()):
            envelope: dict[str, Any] = {"id": f"{contract}-{number}", "subject": f"C-{contract}"}
            taken.add(fact(number, *happening[:3], envelope=envelope))
    return taken


def texts(processes: int) -> list[str]:
    return list(parallel.contract_texts(intake(), QUESTION, load_catalogue(), processes))


@pytest.mark.parametrize("processes", [2, 3, CONTRACTS + 1])
def test_any_number_of_workers_gives_the_same_text(processes: int) -> None:
    alone = texts(1)
    assert len(alone) == CONTRACTS
    assert all('"penalties":[{' in text for text in alone)
    assert texts(processes) == alone


def test_no_fact_at_all_gives_no_text() -> None:
    assert list(parallel.contract_texts(Intake(), QUESTION, load_catalogue(), 2)) == []


def test_lost_worker_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> Iterator[tuple[str, Any]]:
        os._exit(1)

    monkeypatch.setattr(parallel, "replay", dies)
    with pytest.raises(parallel.WorkerLostError, match="stopped before its share"):
        texts(2)
