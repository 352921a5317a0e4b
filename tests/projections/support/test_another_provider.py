"""The support terms of a provider that no code knows: a file is enough; one that does not hold together is refused."""

from pathlib import Path

import pytest

from adapters.catalogue import load_catalogue
from domain.errors import InvalidAgreementError
from tests.support.nimbus import SIGNATURE, nimbus_terms
from tests.support.tickets import answered, objectives, opened, rows, then

SUPPORT = """
[support.start]
id = "start"
clause = "5.1"
title = { fr = "Départ", en = "Start" }
when = "opening"

[support.answer]
id = "answer"
clause = "5.2"
title = { fr = "Réponse", en = "Answer" }
counts = "any"

[support.population]
id = "population"
clause = "5.4"
title = { fr = "Population", en = "Population" }

[[support.clock]]
id = "hours"
clause = "5.3"
title = { fr = "Heures", en = "Hours" }
name = "six-days"
opens = "07:30"
closes = "12:00"
days = [1, 2, 3, 4, 5, 6]
holidays = false

[[support.level]]
id = "blocking"
clause = "5.5"
title = { fr = "Bloquant", en = "Blocking" }
name = "blocking"
severity = 1

[[support.commitment]]
id = "answer-blocking"
clause = "5.6"
title = { fr = "Réponse", en = "Answer" }
measures = "first-response"
kind = "incident"
priority = "blocking"
delay = "90 minutes"
clock = "six-days"
objective = { percent = 99.5 }

[[support.commitment]]
id = "any-request"
clause = "5.7"
title = { fr = "Demande", en = "Request" }
measures = "recovery"
kind = "other"
delay = "24 hours"
clock = "continuous"
"""
CONTRACT = ("2026-01-01T00:00:00+01:00", "contract.signed", SIGNATURE)


def test_a_new_text_brings_its_own_clock_levels_and_share(tmp_path: Path) -> None:
    texts = nimbus_terms(tmp_path, SUPPORT)
    ticket = opened("2026-05-01T11:00:00+02:00", severity=1, complete=False)
    robot = answered("2026-05-02T08:01:00+02:00", automatic=True)
    (found,) = rows(CONTRACT, ticket, robot, at="2026-06-01T00:00:00+02:00", agreements=texts)
    assert (found["commitment"], found["clause"]) == ("nimbus-terms/answer-blocking", "5.6")
    assert (found["due"], found["state"]) == ("2026-05-02T08:00:00+02:00", "missed")
    assert found["elapsed_seconds"] == str(91 * 60)
    (may,) = [
        row
        for row in objectives(CONTRACT, ticket, robot, at="2026-06-01T00:00:00+02:00", agreements=texts)
        if row["month"] == "2026-05"
    ]
    assert (may["met"], may["total"], may["objective"], may["state"]) == (0, 1, "99.5", "missed")


def test_a_commitment_without_priority_serves_every_ticket_of_its_kind(tmp_path: Path) -> None:
    (found,) = rows(
        CONTRACT,
        opened("2026-05-01T11:00:00+02:00", kind="other"),
        then("2026-05-02T11:00:00+02:00", "resolved"),
        at="2026-06-01T00:00:00+02:00",
        agreements=nimbus_terms(tmp_path, SUPPORT),
    )
    assert (found["commitment"], found["state"]) == ("nimbus-terms/any-request", "met")


def test_a_text_without_support_gives_no_row(tmp_path: Path) -> None:
    ticket = opened("2026-05-01T11:00:00+02:00", severity=1)
    assert rows(CONTRACT, ticket, at="2026-06-01T00:00:00+02:00", agreements=nimbus_terms(tmp_path)) == []


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        ('clock = "six-days"\nobjective', 'clock = "seven-days"\nobjective', "no clock is named seven-days"),
        ('priority = "blocking"', 'priority = "minor"', "no priority is named minor"),
        ('opens = "07:30"', 'opens = "12:30"', "opens must be before closes"),
        ('delay = "90 minutes"', 'delay = "90 moments"', "moments"),
        ('delay = "90 minutes"', 'delay = "2 days"', "in minutes or hours"),
        ('[support.population]\nid = "population"\nclause = "5.4"\n', '[support.maintenance]\nid = "m"\nclause = "5"\n',
         "an objective needs a population"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_together_is_refused(
    tmp_path: Path, written: str, instead: str, complaint: str
) -> None:
    assert written in SUPPORT
    catalogue = load_catalogue(nimbus_terms(tmp_path, SUPPORT.replace(written, instead)))
    with pytest.raises(InvalidAgreementError, match=complaint):
        catalogue.agreement("nimbus-terms")
