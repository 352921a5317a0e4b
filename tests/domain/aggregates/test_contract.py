"""A contract is signed once, a document once; documents, providers and readings are those the catalogue knows."""

from typing import Any

import pytest

from domain.aggregates.verdict import Known
from domain.fact import AnyFact
from tests.domain.aggregates.said import accepted, refused, said

KNOWN = Known(
    documents=frozenset({"outscale-cgv-2019", "outscale-snc-fr", "outscale-snc-en-2023"}),
    providers=frozenset({"outscale"}),
    readings={"maintenance.mode": frozenset({"A", "B"})},
)
LATER = "2026-02-01T12:00:00+01:00"


def signed(*documents: str, **changes: Any) -> AnyFact:
    data = {
        "provider": "outscale",
        "client": {"id": "c", "name": "n"},
        "documents": list(documents or ("outscale-cgv-2019",)),
        "kind": "on-demand",
    }
    return said("contract.signed", **data | changes)


def test_contract_known_provider_and_documents_are_accepted() -> None:
    assert accepted(signed("outscale-snc-fr", "outscale-cgv-2019"), known=KNOWN)


def test_contract_second_signature_is_refused() -> None:
    again = refused(signed("outscale-snc-fr"), signed())
    assert again.reason == "The contract C-1 was already signed: a contract is signed once."
    assert again.reason_fr == "Le contrat C-1 est déjà signé : un contrat ne se signe qu'une fois."
    assert not again.correctable


def test_contract_unknown_document_is_refused_with_the_nearest() -> None:
    assert refused(signed("outscale-cgv-2018"), known=KNOWN).reason == (
        "No document is known as 'outscale-cgv-2018'. Did you mean 'outscale-cgv-2019'?"
    )


def test_contract_unknown_provider_is_refused() -> None:
    assert refused(signed(provider="nimbus"), known=KNOWN).reason == "No provider is known as 'nimbus'."


def test_contract_names_are_not_checked_when_nothing_is_known_of_them() -> None:
    assert accepted(signed("other-text", provider="nimbus"))
    assert accepted(said("reading.selected", parameter="anything", value="Z", reason="r"))


def test_contract_same_document_twice_in_one_signature_is_refused() -> None:
    twice = refused(signed("outscale-cgv-2019", "outscale-cgv-2019"))
    assert "a document is signed once" in twice.reason
    assert not twice.correctable


def test_contract_second_signature_of_a_document_is_refused() -> None:
    document = said("contract.document-signed", time=LATER, document="outscale-cgv-2019")
    assert refused(document, signed()).reason == (
        "The document 'outscale-cgv-2019' is already signed: a document is signed once."
    )
    other = said("contract.document-signed", document="outscale-snc-fr")
    assert refused(said("contract.document-signed", time=LATER, document="outscale-snc-fr"), other)


def test_contract_document_may_be_signed_again_once_another_replaced_it() -> None:
    moved = said("contract.document-signed", document="outscale-snc-fr", replaces="outscale-snc-en-2023")
    back = said("contract.document-signed", LATER, document="outscale-snc-en-2023", replaces="outscale-snc-fr")
    assert accepted(back, signed("outscale-snc-en-2023"), moved)
    assert refused(back, signed("outscale-snc-en-2023")).correctable


@pytest.mark.parametrize("field", ["document", "replaces"])
def test_contract_unknown_document_signed_later_is_refused(field: str) -> None:
    data = {"document": "outscale-snc-fr", "replaces": "outscale-snc-en-2023"} | {field: "nothing-like-it"}
    assert refused(said("contract.document-signed", **data), known=KNOWN)


def test_contract_document_cannot_replace_itself() -> None:
    itself = said("contract.document-signed", document="outscale-snc-fr", replaces="outscale-snc-fr")
    assert refused(itself).reason == "The document 'outscale-snc-fr' cannot replace itself."


@pytest.mark.parametrize("name", ["contract.revision-accepted", "contract.revision-refused"])
def test_contract_revision_of_an_unknown_document_is_refused(name: str) -> None:
    assert refused(said(name, document="nothing-like-it", version="2"), known=KNOWN)
    assert accepted(said(name, document="outscale-snc-fr", version="2"), known=KNOWN)


def test_contract_facts_before_the_signature_is_known_are_accepted() -> None:
    early = (
        said("contract.document-signed", document="outscale-snc-fr"),
        said("reading.selected", parameter="maintenance.mode", value="B", reason="r"),
        said("contract.ended", cause="term", on="2026-06-30"),
    )
    assert accepted(signed(), *early, known=KNOWN)


def test_contract_unknown_reading_is_refused_with_the_nearest() -> None:
    unknown = said("reading.selected", parameter="maintenance.mod", value="A", reason="r")
    assert refused(unknown, known=KNOWN).reason == (
        "No reading is known as 'maintenance.mod'. Did you mean 'maintenance.mode'?"
    )
    assert "Vouliez-vous dire « maintenance.mode » ?" in refused(unknown, known=KNOWN).reason_fr


def test_contract_unknown_value_of_a_reading_is_refused_with_those_there_are() -> None:
    unknown = said("reading.selected", parameter="maintenance.mode", value="C", reason="r")
    assert refused(unknown, known=KNOWN).reason == "The reading 'maintenance.mode' has the values A, B, not 'C'."
