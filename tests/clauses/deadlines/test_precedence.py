"""Which text has the last word, how each comes to change, and what survives a change of convention."""

from pathlib import Path

import pytest

from adapters.catalogue import load_catalogue
from domain.time.instant import parse_instant
from projections.contacts import contacts_at
from projections.terms import Terms
from tests.projections.test_terms import governing, later_text, notified
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, basis_of, signed

CGV, EN, FR, CT, CT4 = (
    "outscale-cgv-2019",
    "outscale-snc-en-2023",
    "outscale-snc-fr",
    "ct-secure-temple",
    "ct-openiaas-v3",
)
LAST = "2026-12-31T12:00:00+01:00"


@pytest.mark.parametrize("convention", [FR, EN])
def test_gc_161_an_outscale_convention_prevails_over_the_general_terms(convention: str) -> None:
    terms = basis_of(signed(OUTSCALE, convention), at=LAST).terms
    assert [text.id for text in terms.governing(parse_instant(LAST))] == [convention, CGV]


@pytest.mark.parametrize("convention", [CT, CT4])
def test_gc_161_the_cloud_temple_general_terms_prevail_over_its_conventions(convention: str, tmp_path: Path) -> None:
    general = later_text(tmp_path, "ct-cgvu", "cloud-temple", rank=1)
    terms = basis_of(signed(CLOUD_TEMPLE, convention, "ct-cgvu"), at=LAST, agreements=general).terms
    assert [text.id for text in terms.governing(parse_instant(LAST))] == ["ct-cgvu", convention]
    assert load_catalogue().agreement(convention).precedence.rank > 1


def changed(document: str, provider: dict[str, object], folder: Path, *facts: object) -> Terms:
    """The terms of a contract whose text was published again on 1 June 2026."""
    found = later_text(folder, document, "outscale" if provider is OUTSCALE else "cloud-temple")
    return basis_of(
        signed(provider, document), notified(document, "2026-06-01"), *facts, at=LAST, agreements=found
    ).terms


@pytest.mark.parametrize(("document", "day"), [(CGV, "2026-06-01"), (FR, "2026-07-01")])
def test_gc_164_general_terms_change_at_publication_and_the_convention_after_thirty_days(
    document: str, day: str, tmp_path: Path
) -> None:
    terms = changed(document, OUTSCALE, tmp_path)
    before = parse_instant(f"{day}T00:00:00+02:00") - 1
    assert (document, "2026-07") not in [(text.id, text.version) for text in terms.governing(before)]
    assert (document, "2026-07") in governing(terms, f"{day}T00:00:00+02:00")


@pytest.mark.parametrize(("document", "provider"), [(EN, OUTSCALE), (CT, CLOUD_TEMPLE), (CT4, CLOUD_TEMPLE)])
def test_gc_164_the_other_texts_change_only_when_the_client_accepts(
    document: str, provider: dict[str, object], tmp_path: Path
) -> None:
    assert (document, "2026-07") not in governing(changed(document, provider, tmp_path), LAST)
    accepted = (
        "2026-06-20T10:00:00+02:00",
        "contract.revision-accepted",
        {"document": document, "version": "2026-07"},
    )
    terms = changed(document, provider, tmp_path, accepted)
    assert (document, "2026-07") in governing(terms, "2026-06-20T10:00:00+02:00")


def test_gc_144_a_new_convention_without_contacts_keeps_the_earlier_ones() -> None:
    person = {"id": "p-1", "name": "A", "email": "a@client.example"}
    named = ("2025-01-10T09:00:00+01:00", "contact.designated", {"role": "operations", "person": person})
    switched = ("2026-03-02T10:00:00+01:00", "contract.document-signed", {"document": FR, "replaces": EN})
    basis = basis_of(signed(OUTSCALE, EN), named, switched, at=LAST)
    assert contacts_at(basis, parse_instant(LAST)) == {"operations": ("p-1",)}
    assert contacts_at(basis, parse_instant("2025-01-01T00:00:00+01:00")) == {}


def test_art_13_a_withdrawn_contact_no_longer_holds_the_role() -> None:
    person = {"id": "p-1", "name": "A", "email": "a@client.example"}
    named = ("2025-01-10T09:00:00+01:00", "contact.designated", {"role": "operations", "person": person})
    gone = ("2025-02-10T09:00:00+01:00", "contact.withdrawn", {"role": "operations", "person_id": "p-1"})
    assert contacts_at(basis_of(signed(OUTSCALE, EN), named, gone, at=LAST), parse_instant(LAST)) == {}
