"""Bundles: the same bytes again, what is opened, and what a statement does where a fact is withheld."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.evidence import verify
from adapters.evidence.bundled import BundleError, read_bundle
from adapters.evidence.recomputed import recomputed
from adapters.evidence.showing import PatternError
from adapters.evidence.verify import Verified, check_bundle, personal_paths, unpack
from domain.events.personal import PERSONAL
from domain.time.instant import Instant, parse_instant
from projections.explain.path import UnknownFigureError
from tests.adapters.evidence.conftest import Made
from tests.support.bundles import (
    CONTRACT,
    HOUR,
    SIGNED_AT,
    WITNESS,
    checkpointed,
    event,
    events,
    ledger_at,
    log_signer,
    record,
    signed_event,
)

MAY = parse_instant("2026-05-01T00:00:00+02:00")
LATER = Instant(SIGNED_AT + HOUR)
APRIL = {
    "start": parse_instant("2026-04-01T00:00:00+02:00"),
    "end": parse_instant("2026-05-01T00:00:00+02:00"),
}


def checked(made: Made, data: bytes) -> Verified:
    """What is proven, the statement recomputed too."""
    found = check_bundle(data, made.key, [WITNESS.key])
    recomputed(found, "en")
    return found


def part(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(unpack(data)["statement.json"])["contracts"][CONTRACT]
    return found


def codes(data: bytes) -> set[str]:
    return {finding["code"] for finding in part(data)["findings"]}


def test_the_same_ledger_checkpoint_and_question_give_the_same_bytes(made: Made) -> None:
    assert made.bundle() == made.data
    assert made.bundle(**APRIL) == made.bundle(**APRIL)


def test_a_bundle_of_everything_opens_every_fact_of_the_contract_and_its_provider(made: Made) -> None:
    found = checked(made, made.data)
    assert (len(found.records), found.facts) == (106, 106)
    assert found.subjects == [CONTRACT, "provider:outscale"]
    assert all(record.event is not None for record in found.records)
    assert "withheld-facts" not in codes(made.data)
    assert part(made.data)["penalties"][0]["state"] == "claimable"


def test_no_fact_of_another_contract_is_in_it(made: Made) -> None:
    assert b"C-2" not in made.data


def test_what_came_after_the_checkpoint_is_not_in_it(made: Made) -> None:
    data = made.data
    record(made.ledger, [signed_event("later", subject="C-3")])
    assert made.bundle() == data


def test_a_period_opens_its_facts_and_those_its_figures_rest_on_and_gives_the_others_by_their_seal(made: Made) -> None:
    data = made.bundle(**APRIL)
    found = checked(made, data)
    assert len(found.records) == 106
    assert 20 < found.facts < 40
    assert part(data)["penalties"] == part(made.data)["penalties"]
    assert [row["ticket"] for row in part(data)["support"]] == ["T-26"]  # opened in March, due in April
    assert "withheld-facts" in codes(data)


def test_a_figure_opens_what_it_rests_on_and_says_the_same_as_the_whole(made: Made) -> None:
    data = made.bundle(figure="penalties.0.payable")
    found = checked(made, data)
    assert found.facts < 40
    assert part(data)["penalties"] == part(made.data)["penalties"]
    assert part(data)["indicators"] == []
    assert "Annex B" in unpack(data)["explanation.fr.txt"].decode()


def test_a_personal_value_withheld_changes_no_figure(made: Made) -> None:
    data = made.bundle(redact=("persons",))
    assert checked(made, data).facts == 106
    assert b"Camille" in made.data
    assert b"Camille" not in data
    assert b"ops@client-one.example" not in data
    assert part(data)["penalties"] == part(made.data)["penalties"]
    assert unpack(data)["facts.jsonl"].count(b"[redacted]") == 3


def test_a_figure_that_needs_a_withheld_value_is_left_out_and_the_statement_says_so(made: Made) -> None:
    data = made.bundle(redact=("data.amount",))
    found = checked(made, data)
    assert found.facts == 106 - 12
    assert part(made.data)["penalties"] != []
    assert part(data)["penalties"] == []
    assert "withheld-facts" in codes(data)


def test_a_figure_asked_for_that_needs_a_withheld_value_is_refused(made: Made) -> None:
    with pytest.raises(BundleError, match="rests on what is to be redacted"):
        made.bundle(figure="penalties.0.payable", redact=("data.amount",))


@pytest.mark.parametrize(
    ("pattern", "reason"), [("subject", "subject is never withheld"), ("data.persn.name", "no value of these facts")]
)
def test_a_pattern_that_names_what_is_always_shown_or_nothing_is_refused(made: Made, pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        made.bundle(redact=(pattern,))


def test_a_figure_that_is_not_there_is_refused(made: Made) -> None:
    with pytest.raises(UnknownFigureError):
        made.bundle(figure="penalties[period_end=2020-01-31]")


def test_a_contract_without_facts_is_refused(made: Made) -> None:
    with pytest.raises(BundleError, match="no fact of C-9"):
        made.bundle(contract="C-9")


def test_a_replay_of_the_bundle_is_its_statement_and_goes_on_under_other_readings(made: Made) -> None:
    bundled = read_bundle(made.data)
    assert bundled.statement(bundled.readings()) == unpack(made.data)["statement.json"]
    other = bundled.statement(bundled.readings(["maintenance.mode=B"]))
    assert other != unpack(made.data)["statement.json"]
    assert unpack(made.bundle("maintenance.mode=B"))["statement.json"] == other


def test_the_absence_of_every_fact_of_the_provider_is_proven(tmp_path_factory: pytest.TempPathFactory) -> None:
    with ledger_at(tmp_path_factory.mktemp("alone")) as ledger:
        record(ledger, [signed_event("only")])
        note = checkpointed(ledger.store)
        alone = Made(ledger, note, log_signer(ledger.store.log_origin()).key, b"")
        found = checked(alone, alone.bundle())
    assert found.absent == ["provider:outscale"]


def test_the_personal_values_that_verify_py_knows_are_those_that_are_sealed() -> None:
    sealed = {topic: sorted(".".join(("data", *path)) for path in one.paths) for topic, one in PERSONAL.items()}
    assert {topic: sorted(personal_paths(topic)) for topic in sealed} == sealed
    assert {topic.rpartition(".v")[0] for topic in sealed} == set(verify.PERSONAL)


def test_an_erased_person_leaves_every_proof_and_figure_and_no_value(tmp_path: Path) -> None:
    with ledger_at(tmp_path) as ledger:
        record(ledger, events()[:40])
        key = log_signer(ledger.store.log_origin()).key
        before = Made(ledger, checkpointed(ledger.store), key, b"")
        then = before.bundle(at=MAY)
        erased = event("erased", "2026-05-02T00:00:00+02:00", "person.erased", {"person_id": "p-1", "basis": "asked"})
        record(ledger, [erased], LATER)
        after = Made(ledger, checkpointed(ledger.store, LATER), key, b"")
        now = after.bundle(at=MAY)
    assert b"Camille" in then
    assert b"Camille" not in now
    assert unpack(now)["facts.jsonl"].count(b"[erased]") == 2
    assert len(checked(after, now).records) == len(checked(before, then).records) + 1
    assert part(now)["penalties"] == part(then)["penalties"]
    assert checked(before, then).facts == 39
