"""A statement says nothing of persons: of facts whose values are sealed it is the same, byte for byte."""

import json
from typing import Any

import pytest

from adapters.eventstore.mapper import legible
from adapters.privacy.crypto import seal
from adapters.privacy.sealing import place_of
from domain.events.personal import replaced, values_in
from tools.frozen import Asked, load, statement

CORPUS = load()
KEY = bytes(range(32))


def sealed(event: dict[str, Any]) -> dict[str, Any]:
    """The event as the ledger reads it back."""
    new = replaced(event, lambda path, value: str(seal("k" * 16, KEY, value, place_of(event, path))))
    return legible(new)


def dossiers() -> dict[str, tuple[Asked, str, list[str], set[str]]]:
    """The last question about each dossier with values of persons, its statement, the sealed facts, the values."""
    found = {}
    for asked, before in zip(CORPUS.asked, CORPUS.statements, strict=True):
        events = [json.loads(line) for line in CORPUS.facts[asked.dossier]]
        values = {value for event in events for value in values_in(event).values()}
        if values:
            found[asked.dossier] = (asked, before, [json.dumps(sealed(event)) for event in events], values)
    return found


DOSSIERS = dossiers()


@pytest.mark.parametrize("dossier", DOSSIERS)
def test_the_statement_of_sealed_facts_is_that_of_plain_ones(dossier: str) -> None:
    asked, before, facts, values = DOSSIERS[dossier]
    assert statement(facts, asked) == before
    assert not any("@" in value and value in before for value in values)


def test_there_are_dossiers_with_values_of_persons() -> None:
    assert len(DOSSIERS) >= 3
