"""Which texts govern a contract at each instant: signatures, replacements, revisions, the end."""

from pathlib import Path

import pytest

from domain.time.instant import parse_instant
from projections.terms import Terms
from tests.support.bases import CLOUD_TEMPLE, OUTSCALE, Happening, basis_of, signed

CGV, EN, FR, CT, CT4 = (
    "outscale-cgv-2019",
    "outscale-snc-en-2023",
    "outscale-snc-fr",
    "ct-secure-temple",
    "ct-openiaas-v3",
)
JUNE = "2026-06-01T00:00:00+02:00"
NEWER = """
id = "{document}"
version = "2026-07"
provider = "{provider}"
language = "fr"
title = {{ fr = "Texte suivant", en = "Next text" }}
{incorporates}

[precedence]
id = "rank"
clause = "1"
rank = {rank}
title = {{ fr = "Rang", en = "Rank" }}

[sla]
id = "table"
clause = "2"
table = "own"
penalties = "own"
title = {{ fr = "Tableau", en = "Table" }}

[revision]
id = "evolution"
clause = "3"
mode = "publication"
title = {{ fr = "Publication", en = "Publication" }}
"""


def later_text(folder: Path, document: str, provider: str, rank: int = 2, incorporates: str = "") -> tuple[Path]:
    """A folder with another version, ``2026-07``, of a document."""
    text = NEWER.format(document=document, provider=provider, rank=rank, incorporates=incorporates)
    (folder / f"{document}.toml").write_text(text, encoding="utf-8")
    return (folder,)


def terms(*happenings: Happening, agreements: tuple[Path, ...] = (), readings: tuple[str, ...] = ()) -> Terms:
    return basis_of(*happenings, at="2026-12-31T12:00:00+01:00", agreements=agreements, readings=readings).terms


def governing(found: Terms, instant: str) -> list[tuple[str, str]]:
    return [(text.id, text.version) for text in found.governing(parse_instant(instant))]


def notified(document: str, effective_on: str, on: str = JUNE, **more: bool) -> Happening:
    data = {"document": document, "version": "2026-07", "effective_on": effective_on, "channel": "email", **more}
    return on, "contract.revision-notified", data


def test_a_convention_brings_the_general_terms_it_refers_to_and_prevails() -> None:
    found = terms(signed(OUTSCALE, FR))
    assert [text for text, _ in governing(found, JUNE)] == [FR, CGV]
    assert found.signed_documents(parse_instant(JUNE)) == (FR,)


def test_nothing_governs_before_the_signature() -> None:
    found = terms(signed(OUTSCALE, CGV, on="2026-02-01T10:00:00+01:00"))
    assert governing(found, "2026-02-01T09:59:59+01:00") == []
    assert [text for text, _ in governing(found, "2026-02-01T10:00:00+01:00")] == [CGV]
    assert not found.in_force(parse_instant("2026-02-01T09:59:59+01:00"))


def test_cloud_temple_takes_effect_on_the_day_of_the_clients_signature() -> None:
    found = terms(signed(CLOUD_TEMPLE, CT, on="2026-02-01T10:00:00+01:00"))
    assert found.start == parse_instant("2026-02-01T00:00:00+01:00")


def test_000_art_3_a_new_convention_replaces_the_earlier_one_from_its_signature() -> None:
    found = terms(signed(OUTSCALE, EN, CGV), (JUNE, "contract.document-signed", {"document": FR}))
    assert [text for text, _ in governing(found, "2026-05-31T23:59:59+02:00")] == [EN, CGV]
    assert [text for text, _ in governing(found, JUNE)] == [FR, CGV]
    assert found.signed_documents(parse_instant(JUNE)) == (CGV, FR)


def test_a_second_cloud_temple_document_stands_beside_the_first() -> None:
    found = terms(signed(CLOUD_TEMPLE, CT), (JUNE, "contract.document-signed", {"document": CT4}))
    assert [text for text, _ in governing(found, JUNE)] == [CT, CT4]


def test_a_document_replaces_the_one_the_fact_names() -> None:
    moved = (JUNE, "contract.document-signed", {"document": CT4, "replaces": CT})
    assert [text for text, _ in governing(terms(signed(CLOUD_TEMPLE, CT), moved), JUNE)] == [CT4]


def test_cgv_art_5_new_general_terms_apply_from_publication(tmp_path: Path) -> None:
    folder = later_text(tmp_path, CGV, "outscale")
    found = terms(signed(OUTSCALE, CGV), notified(CGV, "2026-07-01"), agreements=folder)
    assert governing(found, "2026-06-30T23:59:59+02:00") == [(CGV, "2019-12")]
    assert governing(found, "2026-07-01T00:00:00+02:00") == [(CGV, "2026-07")]


def test_cgv_version_b_keeps_the_text_attached_at_signature(tmp_path: Path) -> None:
    folder = later_text(tmp_path, CGV, "outscale")
    facts = (signed(OUTSCALE, CGV), notified(CGV, "2026-07-01"))
    kept = terms(*facts, agreements=folder, readings=("cgv.version=B",))
    assert governing(kept, "2026-12-01T00:00:00+01:00") == [(CGV, "2019-12")]


def test_cgv_version_b_attaches_the_text_published_before_the_signature(tmp_path: Path) -> None:
    folder = later_text(tmp_path, CGV, "outscale")
    published = (*notified(CGV, "2026-01-10", on="2026-01-05T00:00:00+01:00"), "provider:outscale")
    late = signed(OUTSCALE, CGV, on="2026-03-01T00:00:00+01:00")
    facts = basis_of(late, published, at="2026-12-31T12:00:00+01:00", agreements=folder, readings=("cgv.version=B",))
    assert governing(facts.terms, "2026-03-01T00:00:00+01:00") == [(CGV, "2026-07")]


@pytest.mark.parametrize(("wanted", "applies"), [("2026-06-15", "2026-07-01"), ("2026-08-01", "2026-08-01")])
def test_000_art_4_a_new_convention_applies_thirty_days_after_notice(tmp_path: Path, wanted: str, applies: str) -> None:
    folder = later_text(tmp_path, FR, "outscale", rank=1, incorporates=f'incorporates = ["{CGV}"]')
    found = terms(signed(OUTSCALE, FR), notified(FR, wanted), agreements=folder)
    assert (FR, "fr") in governing(found, f"{applies}T00:00:00+02:00".replace(applies, "2026-06-30"))
    assert (FR, "2026-07") in governing(found, f"{applies}T00:00:00+02:00")


def test_000_art_4_holds_when_days_are_read_as_hours(tmp_path: Path) -> None:
    folder = later_text(tmp_path, FR, "outscale", rank=1)
    found = terms(signed(OUTSCALE, FR), notified(FR, "2026-06-15"), agreements=folder, readings=("days.calendar=B",))
    assert (FR, "2026-07") in governing(found, "2026-07-01T00:00:00+02:00")


def test_000_art_4_a_text_that_lowers_security_never_applies(tmp_path: Path) -> None:
    folder = later_text(tmp_path, FR, "outscale", rank=1)
    found = terms(signed(OUTSCALE, FR), notified(FR, "2026-08-01", lowers_security=True), agreements=folder)
    assert (FR, "fr") in governing(found, "2026-12-01T00:00:00+01:00")
    assert [f.code for f in found.findings] == ["revision-without-effect"]


def test_10_2_2_a_revision_waits_for_the_clients_acceptance(tmp_path: Path) -> None:
    folder = later_text(tmp_path, CT, "cloud-temple")
    accepted = ("2026-08-10T09:00:00+02:00", "contract.revision-accepted", {"document": CT, "version": "2026-07"})
    silent = terms(signed(CLOUD_TEMPLE, CT), notified(CT, "2026-07-01"), agreements=folder)
    assert governing(silent, "2026-12-01T00:00:00+01:00") == [(CT, "convention")]
    agreed = terms(signed(CLOUD_TEMPLE, CT), notified(CT, "2026-07-01"), accepted, agreements=folder)
    assert governing(agreed, "2026-08-10T08:59:59+02:00") == [(CT, "convention")]
    assert governing(agreed, "2026-08-10T09:00:00+02:00") == [(CT, "2026-07")]


def test_a_refusal_does_not_stop_a_text_that_changes_by_publication(tmp_path: Path) -> None:
    folder = later_text(tmp_path, CGV, "outscale")
    refused = ("2026-06-02T00:00:00+02:00", "contract.revision-refused", {"document": CGV, "version": "2026-07"})
    found = terms(signed(OUTSCALE, CGV), notified(CGV, "2026-07-01"), refused, agreements=folder)
    assert governing(found, "2026-07-01T00:00:00+02:00") == [(CGV, "2026-07")]
    assert [f.code for f in found.findings] == ["revision-refusal-without-effect"]


def test_a_version_that_is_not_in_the_catalogue_leaves_the_earlier_text() -> None:
    found = terms(signed(OUTSCALE, CGV), notified(CGV, "2026-07-01"))
    assert governing(found, "2026-12-01T00:00:00+01:00") == [(CGV, "2019-12")]
    assert [(f.code, f.events) for f in found.findings] == [("terms-missing", ("urn:test#e-002",))]
    assert "2026-07-01" in found.findings[0].message


def test_a_revision_of_a_document_this_contract_never_had_says_nothing() -> None:
    revision = (*notified(FR, "2026-07-01"), "provider:outscale")
    found = terms(signed(OUTSCALE, CGV), revision)
    assert found.findings == ()
    assert len(found.segments) == 1


def test_the_contract_ends_at_24_00_of_its_last_day() -> None:
    ended = (JUNE, "contract.ended", {"cause": "convenience", "on": "2026-06-16"})
    found = terms(signed(OUTSCALE, CGV), ended)
    assert found.end == parse_instant("2026-06-17T00:00:00+02:00")
    assert found.in_force(parse_instant("2026-06-16T23:59:59+02:00"))
    assert not found.in_force(parse_instant("2026-06-17T00:00:00+02:00"))


def test_a_document_signed_after_the_end_changes_nothing() -> None:
    ended = (JUNE, "contract.ended", {"cause": "convenience", "on": "2026-06-16"})
    later = ("2026-07-01T00:00:00+02:00", "contract.document-signed", {"document": FR})
    found = terms(signed(OUTSCALE, EN, CGV), ended, later)
    assert [segment.end for segment in found.segments] == [parse_instant("2026-06-17T00:00:00+02:00")]


def test_the_table_of_a_convention_takes_the_place_of_the_general_terms() -> None:
    basis = basis_of(
        signed(OUTSCALE, EN, CGV), (JUNE, "contract.document-signed", {"document": FR}), at="2026-12-31T12:00:00+01:00"
    )
    spans = basis.terms.sla_segments(basis.readings.base, basis.catalogue)
    assert [[table.id for table in span.agreements] for span in spans] == [[EN], [CGV]]
    assert spans[0].end == spans[1].start == parse_instant(JUNE)


def test_spans_with_the_same_table_are_one() -> None:
    basis = basis_of(
        signed(OUTSCALE, CGV), (JUNE, "contract.document-signed", {"document": FR}), at="2026-12-31T12:00:00+01:00"
    )
    assert len(basis.terms.sla_segments(basis.readings.base, basis.catalogue)) == 1
