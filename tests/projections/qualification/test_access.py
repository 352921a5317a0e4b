"""Cloud Temple 9.3 and 11.2, Outscale support: what must come before an access."""

from typing import Any

import pytest

from projections.access import access_findings
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, basis_of, signed

AT = "2026-06-01T12:00:00+02:00"
SECURE = signed(CLOUD_TEMPLE)
FRENCH = signed(OUTSCALE, "outscale-snc-fr", "outscale-cgv-2019")
ENGLISH = signed(OUTSCALE, "outscale-snc-en-2023", "outscale-cgv-2019")


def asked(by: str = "vendor", *, third_party: bool = True, day: int = 4, **data: Any) -> Happening:
    facts = {"by": by, "third_party": third_party, "written": False, **data}
    return f"2026-05-{day:02}T10:00:00+02:00", "access.requested", facts


def agreed(by: str = "vendor", *, third_party: bool = True, written: bool = True, day: int = 5) -> Happening:
    facts = {"by": by, "third_party": third_party, "written": written}
    return f"2026-05-{day:02}T10:00:00+02:00", "access.consented", facts


def messages(*happenings: Happening, contract: Happening = SECURE, readings: tuple[str, ...] = ()) -> list[str]:
    found = access_findings(basis_of(contract, *happenings, at=AT, readings=readings))
    return [f"{str(one.rule).partition('/')[2]}: {one.message}" for one in found]


WRITTEN_MISSING = "acc-third-party-remote: Access by vendor is not allowed: the client's written consent is missing."


def test_9_3_a_third_party_with_notice_justification_and_written_consent_is_allowed() -> None:
    assert messages(asked(justification="firmware"), agreed()) == []


@pytest.mark.parametrize("consents", [(), (agreed(written=False),)])
def test_gc_147_a_third_party_without_written_consent_is_not_allowed(consents: tuple[Happening, ...]) -> None:
    assert messages(asked(justification="firmware"), *consents) == [WRITTEN_MISSING]


def test_9_3_a_third_party_without_justification_is_not_allowed() -> None:
    assert messages(asked(), agreed()) == [
        "acc-third-party-remote: Access by vendor is not allowed: a justification is missing."
    ]


def test_9_3_a_consent_before_the_request_is_no_consent_to_it() -> None:
    found = messages(agreed(day=3), asked(justification="firmware"))
    assert found == [
        WRITTEN_MISSING,
        "acc-third-party-remote: Access by vendor is not allowed: a notice is missing.",
    ]


def test_9_3_each_consent_answers_one_request() -> None:
    twice = (asked(justification="firmware"), asked(justification="firmware", day=6))
    assert messages(*twice, agreed(day=7)) == [WRITTEN_MISSING]
    assert messages(*twice, agreed(day=7), agreed(day=8)) == []


def test_9_3_a_consent_signed_by_the_client_answers_the_oldest_request() -> None:
    assert messages(asked(justification="firmware"), agreed("client-1")) == []
    other = asked("other", justification="audit", day=6)
    assert messages(asked(justification="firmware"), other, agreed("other", day=7)) == [WRITTEN_MISSING]


def test_9_3_the_provider_needs_an_authorisation_for_the_tenant() -> None:
    own = asked("operator", third_party=False)
    assert messages(own) == [
        "acc-tenant-forbidden: Access by operator is not allowed: the client's consent is missing."
    ]
    assert messages(own, agreed("operator", third_party=False, written=False)) == []
    assert len(messages(own, agreed("operator", third_party=True))) == 2


@pytest.mark.parametrize(("reading", "count"), [("A", 1), ("B", 0)])
def test_tenant_access_b_the_diagnosis_of_an_open_incident_implies_consent(reading: str, count: int) -> None:
    ticket = {"ticket": "T-1", "kind": "incident", "complete": True, "impact": "I1", "criticality": "C1"}
    incident = ("2026-05-04T09:00:00+02:00", "ticket.opened", ticket)
    own = asked("operator", third_party=False)
    chosen = (f"ct.tenant_access={reading}",)
    assert len(messages(incident, own, readings=chosen)) == count
    closed = ("2026-05-04T09:30:00+02:00", "ticket.resolved", {"ticket": "T-1"})
    assert len(messages(incident, closed, own, readings=chosen)) == 1


@pytest.mark.parametrize("contract", [FRENCH, ENGLISH])
@pytest.mark.parametrize("third_party", [True, False])
def test_outscale_support_asks_before_it_touches_data(contract: Happening, third_party: bool) -> None:
    own = asked("support", third_party=third_party)
    assert messages(own, contract=contract) == [
        "data-support-consent: Access by support is not allowed: the client's consent is missing."
    ]
    assert messages(own, agreed("support", third_party=third_party, written=False), contract=contract) == []


def test_a_text_that_says_nothing_of_access_finds_nothing() -> None:
    assert messages(asked(), contract=signed(OUTSCALE)) == []


def test_the_finding_names_its_clause_and_its_facts() -> None:
    basis = basis_of(SECURE, asked(justification="firmware"), agreed(written=False), at=AT)
    (found,) = access_findings(basis)
    assert (found.code, found.clause) == ("access-not-allowed", "9.3, 11.2.3")
    assert found.events == ("urn:test#e-002", "urn:test#e-003")
    assert found.message_fr == "L'accès de vendor n'est pas permis ; il manque : l'accord écrit du client."
