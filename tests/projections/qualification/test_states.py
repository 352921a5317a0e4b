"""Where a contract's qualification stands: what the text declares, what facts change, what concerns which service."""

from typing import Any

import pytest

from projections.qualification import qualification
from tests.support.bases import Happening, basis_of
from tests.support.qualifications import AT, BOTH, ENGLISH, FRENCH, GENERAL, IAAS, OPEN, SECURE, fact


def state(*happenings: Happening, at: str = AT, readings: tuple[str, ...] = ()) -> dict[str, Any]:
    return qualification(basis_of(*happenings, at=at, readings=readings))[0]


def codes(*happenings: Happening, at: str = AT, readings: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    return [(one.code, one.rule) for one in qualification(basis_of(*happenings, at=at, readings=readings))[1]]


@pytest.mark.parametrize(
    ("contract", "expected"),
    [(FRENCH, "qualified"), (SECURE, "qualified"), (OPEN, "in-progress"), (BOTH, "in-progress"), (GENERAL, "unknown")],
)
def test_the_text_stands_until_a_fact_is_known(contract: Happening, expected: str) -> None:
    found = state(contract)
    assert (found["state"], found["decision"], found["valid_until"], found["events"]) == (expected, None, None, [])


def test_the_object_carries_the_decision_its_date_its_clause_and_its_facts() -> None:
    granted = fact("granted", "2024-02-01T09:00:00+01:00", valid_until="2027-01-31")
    found = state(FRENCH, granted)
    assert {key: found[key] for key in ("state", "decision", "valid_until", "clause", "events")} == {
        "state": "qualified",
        "decision": "d-2024-02-01",
        "valid_until": "2027-01-31",
        "clause": "Annex B",
        "events": ["urn:test#e-002"],
    }


def test_gc_090_the_printed_date_lapses_at_the_end_of_its_day() -> None:
    rule = ("qualification-lapsed", "outscale-snc-en-2023/qual-validity")
    before, after = "2023-11-30T23:59:59+01:00", "2023-12-01T00:00:00+01:00"
    assert (state(ENGLISH, at=before)["state"], codes(ENGLISH, at=before)) == ("qualified", [])
    assert (state(ENGLISH, at=after)["state"], codes(ENGLISH, at=after)) == ("lapsed", [rule])
    assert state(ENGLISH, at=after)["valid_until"] == "2023-11-30"


@pytest.mark.parametrize(("reading", "expected"), [("A", "lapsed"), ("B", "lost"), ("C", "qualified")])
def test_qual_expiry_a_validity_without_renewal(reading: str, expected: str) -> None:
    granted = fact("granted", "2024-02-01T09:00:00+01:00", valid_until="2025-01-31")
    for contract in ((ENGLISH,), (FRENCH, granted)):
        assert state(*contract, readings=(f"qual.expiry={reading}",))["state"] == expected


@pytest.mark.parametrize("what", ["granted", "renewed", "modified"])
def test_the_printed_date_counts_no_more_once_a_fact_is_known(what: str) -> None:
    known = fact(what, "2023-08-01T09:00:00+02:00")
    found = state(ENGLISH, known)
    assert (found["state"], found["decision"], found["valid_until"]) == ("qualified", "d-2023-08-01", None)


def test_a_renewal_takes_over_when_it_begins() -> None:
    granted = fact("granted", "2023-01-10T09:00:00+01:00", valid_until="2025-12-31")
    renewed = fact("renewed", "2025-11-10T09:00:00+01:00", valid_from="2026-01-01", valid_until="2028-12-31")
    until = [
        state(ENGLISH, granted, renewed, at=at)["valid_until"]
        for at in ("2025-12-31T23:59:59+01:00", "2026-01-01T00:00:00+01:00")
    ]
    assert until == ["2025-12-31", "2028-12-31"]


def test_a_gap_between_two_validities_is_a_lapse() -> None:
    granted = fact("granted", "2024-01-10T09:00:00+01:00", valid_until="2025-12-31")
    renewed = fact("renewed", "2026-03-01T09:00:00+01:00", valid_from="2026-03-15", valid_until="2028-12-31")
    states = [
        state(FRENCH, granted, renewed, at=at)["state"]
        for at in ("2026-03-14T23:59:59+01:00", "2026-03-15T00:00:00+01:00")
    ]
    assert states == ["lapsed", "qualified"]


def test_art_5_a_loss_stands_until_a_new_grant() -> None:
    lost = fact("lost", "2026-02-10T09:00:00+01:00", subject="provider:outscale")
    regained = fact("granted", "2026-05-02T09:00:00+02:00", subject="provider:outscale")
    found = state(FRENCH, lost)
    assert (found["state"], found["clause"]) == ("lost", "art. 5")
    assert codes(FRENCH, lost) == [("qualification-lost", "outscale-snc-fr/qual-loss-terminate")]
    assert state(FRENCH, lost, regained)["state"] == "qualified"
    assert codes(FRENCH, lost, regained) == []


def test_art_5_a_loss_after_the_end_opens_no_right_to_leave() -> None:
    lost = fact("lost", "2026-02-10T09:00:00+01:00", subject="provider:outscale")
    for day, told in (("2026-02-09", []), ("2026-02-10", ["qualification-lost"])):
        ended = (f"{day}T18:00:00+01:00", "contract.ended", {"cause": "term", "on": day})
        assert [code for code, _ in codes(FRENCH, ended, lost)] == told


def test_the_state_set_before_a_signature_carries_over() -> None:
    lost = fact("lost", "2023-05-10T09:00:00+02:00", subject="provider:outscale")
    assert state(FRENCH, lost)["state"] == "lost"


def test_a_fact_about_another_service_of_the_provider_does_not_touch_the_contract() -> None:
    for service in ("openiaas", "another-label"):
        lost = fact("lost", "2026-02-10T09:00:00+01:00", service, "provider:cloud-temple")
        assert state(SECURE, lost) == state(SECURE)


def test_a_fact_of_the_contract_itself_may_name_its_service_freely() -> None:
    own = "2026-02-10T09:00:00+01:00"
    assert state(FRENCH, fact("lost", own, "IaaS SecNumCloud"))["state"] == "lost"
    assert state(SECURE, fact("lost", own, "openiaas"))["state"] == "qualified"


def test_the_worst_of_the_services_counts_and_each_is_shown() -> None:
    lost = fact("lost", "2026-02-10T09:00:00+01:00", "secure-temple", "provider:cloud-temple")
    found = state(BOTH, lost)
    assert found["state"] == "lost"
    assert {one["service"]: one["state"] for one in found["services"]} == {
        "secure-temple": "lost",
        "openiaas": "in-progress",
    }


@pytest.mark.parametrize(("reading", "expected"), [("A", "in-progress"), ("B", "qualified")])
def test_openiaas_initial_state(reading: str, expected: str) -> None:
    assert state(OPEN, readings=(f"qual.openiaas_initial={reading}",))["state"] == expected


def test_3_1_a_grant_ends_the_progress() -> None:
    granted = fact("granted", "2026-01-10T09:00:00+01:00", "openiaas", "provider:cloud-temple")
    assert state(OPEN, granted)["state"] == "qualified"


def test_3_1_a_grant_that_has_not_begun_leaves_the_progress() -> None:
    granted = fact("granted", "2026-01-10T09:00:00+01:00", "openiaas", valid_from="2026-07-01")
    assert state(OPEN, granted)["state"] == "in-progress"
    assert state(OPEN, granted, at="2026-07-01T00:00:00+02:00")["state"] == "qualified"


def test_gc_095_a_loss_of_what_was_never_granted_changes_nothing() -> None:
    lost = fact("lost", "2026-02-10T09:00:00+01:00", "openiaas", "provider:cloud-temple")
    assert state(OPEN, lost)["state"] == "in-progress"
    assert codes(OPEN, lost) == [("nothing-to-lose", "ct-openiaas-v3/qual-in-progress")]


@pytest.mark.parametrize(
    ("contract", "service", "rule"),
    [
        (SECURE, "secure-temple", "ct-secure-temple/qual-modification-not-loss"),
        (FRENCH, IAAS, "outscale-snc-fr/qual-any-change-notify"),
        (ENGLISH, IAAS, "outscale-snc-en-2023/qual-modification-notify"),
    ],
)
def test_gc_092_a_modification_is_no_loss(contract: Happening, service: str, rule: str) -> None:
    modified = fact("modified", "2026-02-10T09:00:00+01:00", service)
    assert state(contract, modified)["state"] == "qualified"
    assert codes(contract, modified) == [("qualification-modified", rule)]


def test_gc_097_access_by_a_mobile_application_is_outside_the_scope() -> None:
    found = state(FRENCH)
    binding = [one for one in found["conditions"] if one["binding"]]
    assert [one["rule"] for one in binding] == ["outscale-snc-fr/qual-cond-c1-browser"]
    assert binding[0]["channels"] == ["browser"]
    assert found["state"] == "qualified"


@pytest.mark.parametrize(("reading", "number"), [("A", "2015-350"), ("B", "2015-351")])
def test_decree_2015_the_number_cited(reading: str, number: str) -> None:
    assert state(ENGLISH, readings=(f"decree.2015={reading}",))["decree"] == number


def test_art_3_the_new_convention_no_longer_prints_the_date() -> None:
    moved = ("2024-05-01T00:00:00+02:00", "contract.document-signed", {"document": "outscale-snc-fr"})
    assert state(ENGLISH, moved)["state"] == "qualified"
    assert codes(ENGLISH, moved) == []
