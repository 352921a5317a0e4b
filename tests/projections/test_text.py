"""The statement as text: what is owed and due first, states in words, no wall of rows."""

from collections.abc import Sequence

import pytest

from adapters.catalogue import load_catalogue, load_switches
from domain.readings import select
from domain.time.instant import parse_instant
from projections.shown import microseconds, moment, money, number, percent, seconds, span
from projections.text import statement_words
from projections.titles import titles_of
from projections.wording import STATES
from tests.support.dossier import Happening, dossier
from tests.support.story import AT, late_story, penalty_story, support_story


def text(happenings: Sequence[Happening], *readings: str, lang: str = "en") -> str:
    derived = dossier(*happenings, at=AT, readings=readings)
    chosen = select(load_switches(), readings)
    at = parse_instant(AT)
    titles = titles_of(load_catalogue())
    return "".join(statement_words(sorted(derived.items()), at, at, chosen, lang=lang, titles=titles))


def test_penalties_come_before_deadlines_and_deadlines_before_service_levels() -> None:
    said = text(penalty_story())
    places = [said.index(f"\n{heading}\n") for heading in ("Penalties", "Deadlines and effects", "Service levels")]
    assert places == sorted(places)


def test_a_penalty_is_told_with_its_state_in_words() -> None:
    said = text(penalty_story(), lang="fr")
    assert "périodes closes le 2026-04-30 : à payer " in said
    assert "≈ 1233.54 EUR, réclamable, à réclamer avant 2026-05-07 00:00 (Annex B)" in said


def test_periods_that_are_kept_are_counted_and_not_listed() -> None:
    said = text(penalty_story())
    assert "kept " in said
    assert said.count("Annex A") < 10


def test_deadlines_to_come_are_dated_and_done_ones_counted() -> None:
    said = text(penalty_story())
    assert "  To come\n    2026-05-06  client  Penalties are claimed within 5 clear days" in said
    assert "Invoices are payable on receipt (15.1, outscale-cgv-2019/pay-on-receipt): done in time, 12 times" in said


def test_an_amount_is_told_with_what_it_is_about() -> None:
    said = text(late_story(), lang="fr")
    assert "40 EUR : " in said
    assert "facture INV-1" in said


def test_support_is_counted() -> None:
    assert "in time 1" in text(support_story())


def test_readings_chosen_are_told_with_their_meaning() -> None:
    said = text(penalty_story(), "maintenance.mode=B")
    assert "Readings chosen: maintenance.mode = B (Announced maintenance stays in the period" in said


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("story", [penalty_story(), support_story(), late_story()])
def test_no_wire_word_and_no_person_is_printed(story: Sequence[Happening], lang: str) -> None:
    said = text(story, lang=lang)
    assert "None" not in said
    assert "met-late" not in said
    assert not any(word in said for word in ("Durand", "client-one.example", "Client One"))
    assert all(len(line) < 400 for line in said.splitlines())


def test_no_contract_is_said() -> None:
    at = parse_instant(AT)
    said = "".join(
        statement_words([], at, at, select(load_switches(), []), lang="fr", titles=titles_of(load_catalogue()))
    )
    assert said.endswith("Aucun contrat.\n")


def test_every_state_has_a_word_in_both_languages() -> None:
    for words in STATES.values():
        assert all(english and french for english, french in words.values())


def test_figures_are_exact_where_short_and_cut_otherwise() -> None:
    assert money("3000") == "3000 EUR"
    assert money("151400/2229") == "151400/2229 ≈ 67.92 EUR"
    assert money("10000000000001/3000000000000") == "≈ 3.33 EUR"
    assert number("-1/3", 2) == "-1/3 ≈ -0.33"
    assert percent("740/743") == "≈ 99.596231 %"
    assert percent("979/1000") == "97.9 %"
    assert percent("999999999/1000000000") == "≈ 99.999999 %"


def test_durations_are_told_in_seconds_and_in_hours() -> None:
    assert seconds("38880", "en") == "38880 s (10 h 48 min)"
    assert seconds("662256", "fr") == "662256 s (7 j 15 h 57 min 36 s)"
    assert seconds("5356.8", "en") == "5356.8 s"
    assert microseconds(30_000_000, "en") == "30 s"


def test_instants_are_told_in_paris_time_with_the_offset_in_the_hour_that_comes_twice() -> None:
    assert moment("2026-10-25T02:30:00+02:00") == "2026-10-25 02:30 +0200"
    assert moment("2026-10-25T02:30:00+01:00") == "2026-10-25 02:30 +0100"
    assert moment("2026-03-29T03:30:05.25+02:00") == "2026-03-29 03:30:05.25"
    assert moment("2026-07-01T00:00:00Z") == "2026-07-01 02:00"
    one, other = parse_instant("2026-04-22T00:00:00+02:00"), parse_instant("2026-04-22T10:48:00+02:00")
    assert span(one, other, "fr") == "2026-04-22 00:00 à 10:48"
    assert span(one, parse_instant("2026-04-23T00:00:00+02:00"), "fr") == "2026-04-22 00:00 au 2026-04-23 00:00"


def test_credits_that_are_spent_are_counted_and_penalties_added_up_by_state() -> None:
    claims: list[Happening] = []
    for one in range(5):
        claim = {"claim": f"cl-{one}", "period_end": "2025-01-31", "indicators": [], "reserves": []}
        claims.append(("2025-02-03T10:00:00+01:00", "penalty.claimed", {**claim, "computation_attached": True}))
        claims.append(("2025-02-05T10:00:00+01:00", "penalty.accepted", {"claim": f"cl-{one}", "amount": "10.00"}))
    said = text([*penalty_story(), *claims])
    assert "0 EUR: " in said
    assert "(art. 11, outscale-cgv-2019/claim-credit-1y), expired, 5 times" in said
    assert "cl-3" not in said.partition("Findings")[0]
