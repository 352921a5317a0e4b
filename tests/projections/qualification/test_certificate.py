"""Annex A of the conventions: what a deletion certificate must state."""

from typing import Any

import pytest

from projections.certificate import certificate_findings
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, basis_of, signed

AT = "2026-12-01T12:00:00+01:00"
FRENCH = signed(OUTSCALE, "outscale-snc-fr", "outscale-cgv-2019")
ENGLISH = signed(OUTSCALE, "outscale-snc-en-2023", "outscale-cgv-2019")
COMPLETE: dict[str, Any] = {
    "account": "acc-1",
    "ticket_on": "2026-10-01",
    "scopes": ["instances", "volumes", "snapshots", "objects"],
    "place": "Paris",
    "on": "2026-10-20",
    "signatory": "somebody",
    "title": "support engineer",
    "signed": True,
    "stamped": True,
}


def missing(contract: Happening, **changes: Any) -> list[str]:
    data = {name: value for name, value in {**COMPLETE, **changes}.items() if value is not None}
    found = certificate_findings(basis_of(contract, ("2026-10-20T10:00:00+02:00", "deletion.certified", data), at=AT))
    return [name for one in found for name in one.message.rstrip(".").partition(": ")[2].split(", ")]


@pytest.mark.parametrize("contract", [FRENCH, ENGLISH])
def test_annex_a_a_complete_certificate(contract: Happening) -> None:
    assert missing(contract) == []
    assert missing(contract, scopes=["all"]) == []


@pytest.mark.parametrize("contract", [FRENCH, ENGLISH])
def test_gc_137_a_certificate_without_stamp_lacks_one_of_twelve_fields(contract: Happening) -> None:
    assert missing(contract, stamped=None) == ["stamped"]
    assert missing(contract, stamped=False) == ["stamped"]
    nothing = dict.fromkeys(name for name in COMPLETE if name != "scopes")
    assert len(missing(contract, **nothing, scopes=[])) == 12


def test_annex_a_each_kind_of_data_must_be_named() -> None:
    assert missing(FRENCH, scopes=["objects", "instances"]) == ["volumes", "snapshots"]


def test_the_finding_names_its_rule_and_its_fact() -> None:
    data = {**COMPLETE, "signed": False}
    basis = basis_of(ENGLISH, ("2026-10-20T10:00:00+02:00", "deletion.certified", data), at=AT)
    (found,) = certificate_findings(basis)
    assert (found.code, found.rule) == ("certificate-incomplete", "outscale-snc-en-2023/del-certificate-fields")
    assert (found.clause, found.events) == ("Appendix A", ("urn:test#e-002",))


@pytest.mark.parametrize("contract", [signed(OUTSCALE), signed(CLOUD_TEMPLE)])
def test_a_text_without_a_model_asks_for_no_field(contract: Happening) -> None:
    assert missing(contract, stamped=None, place=None) == []


def test_a_certificate_after_the_end_is_still_judged_by_the_convention() -> None:
    ended = ("2026-09-01T10:00:00+02:00", "contract.ended", {"cause": "term", "on": "2026-09-30"})
    data = {**COMPLETE, "stamped": False}
    certified = ("2026-10-20T10:00:00+02:00", "deletion.certified", data)
    assert len(certificate_findings(basis_of(FRENCH, ended, certified, at=AT))) == 1
