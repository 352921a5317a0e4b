"""Every kind of document in both languages: what it carries, how it can be read, and that it is always the same."""

import json
from typing import Any, get_args

import pytest

from adapters.documents.pdf import rendered
from adapters.evidence.verify import canonical
from projections.documents.kinds import KINDS
from projections.figures import Lang
from tests.support.paper import IN_TIME, paper, usual, values_of
from tests.support.paperwork import AT

LANGS = get_args(Lang)
TITLES = {
    "sla-statement": ("Service level statement", "Relevé de niveaux de service"),
    "penalty-claim": ("Penalty claim", "Demande de pénalité"),
    "formal-notice": ("Formal notice", "Mise en demeure"),
    "qualification-loss": ("Notice of the loss of a qualification", "Notification de la perte d'une qualification"),
    "deletion-certificate": ("Data deletion certificate", "Attestation de suppression des données"),
    "dispute-dossier": ("Dispute dossier", "Dossier de différend"),
}
every = pytest.mark.parametrize(("kind", "lang"), [(kind, lang) for kind in KINDS for lang in LANGS])


def test_every_kind_is_tried() -> None:
    assert TITLES.keys() == KINDS.keys()
    assert {name: kind.title for name, kind in KINDS.items()} == TITLES


@every
def test_document_is_tagged_for_readers_who_cannot_see_it(kind: str, lang: Lang) -> None:
    made = usual(kind, lang)
    title = TITLES[kind][lang == "fr"]
    assert made.catalog["/Lang"] == lang
    assert made.catalog["/MarkInfo"]["/Marked"]
    assert made.catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(made.reader.metadata.title).startswith(title) if made.reader.metadata else False
    about_itself = made.reader.xmp_metadata.rdf_root.toxml() if made.reader.xmp_metadata else ""
    assert "<pdfuaid:part>1</pdfuaid:part>" in about_itself
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in about_itself
    tags = _tags(made.catalog["/StructTreeRoot"])
    assert {"/Title", "/H1", "/P", "/Link", "/Figure"} <= tags
    assert ({"/Table", "/TH", "/TD"} <= tags) is True


@every
def test_document_says_its_contract_its_texts_its_dates_its_facts_and_its_digest(kind: str, lang: Lang) -> None:
    made, values = usual(kind, lang), json.loads(usual(kind, lang).attached)
    assert made.says(TITLES[kind][lang == "fr"], "C-1", "Client One", "outscale-snc-fr", "outscale-cgv-2019", "2019-12")
    at = IN_TIME if kind == "penalty-claim" else AT
    assert values["at"] == at
    assert values["known_at"] == "2026-06-18T10:00:00+02:00"
    assert made.says({"en": "20 Jun 2026, 09:00", "fr": "20 juin 2026 09:00"}[lang]) is (at == AT)
    assert values["facts"]
    assert made.says(*values["facts"])
    assert made.says(*(f"{name} = {value}" for name, value in values["readings"].items()))
    assert made.says(made.digest)
    count = len(made.pages)
    for number, page in enumerate(made.pages, 1):
        assert {"en": f"page {number} of {count}", "fr": f"page {number} sur {count}"}[lang] in page


@every
def test_same_input_gives_the_same_bytes(kind: str, lang: Lang) -> None:
    at = IN_TIME if kind == "penalty-claim" else AT
    again = rendered(values_of(kind, lang, at=at, address="https://greffe.example/"))
    assert again == usual(kind, lang).data


@every
def test_document_carries_its_data_and_says_where_it_can_be_verified(kind: str, lang: Lang) -> None:
    made = usual(kind, lang)
    values = json.loads(made.attached)
    assert canonical(values) == made.attached
    assert (values["kind"], values["lang"], values["contract"]) == (kind, lang, "C-1")
    assert made.says("https://greffe.example/contracts/C-1", "greffe verify")
    links = [note for page in made.reader.pages for note in page.get("/Annots") or [] if "/A" in note.get_object()]
    assert [note.get_object()["/A"]["/URI"] for note in links] == ["https://greffe.example/contracts/C-1"]
    assert "/contracts/C-1" in "".join(_alternatives(made.catalog["/StructTreeRoot"]))


@every
def test_without_a_public_address_nothing_is_linked(kind: str, lang: Lang) -> None:
    at = IN_TIME if kind == "penalty-claim" else AT
    made = paper(kind, lang, at=at)
    assert made.says("greffe verify")
    assert not any("/Annots" in page for page in made.reader.pages)


def test_dates_of_a_document_are_those_it_speaks_of() -> None:
    found = usual("sla-statement", "en").reader.metadata
    assert found is not None
    assert found["/CreationDate"] == "D:20260620070000Z"
    early = paper("sla-statement", at="2026-02-01T00:00:00+01:00").reader.metadata
    assert early is not None
    assert early["/CreationDate"] == "D:20260131230000Z"


def _tags(element: Any) -> set[str]:
    found = set()
    left = [element]
    while left:
        one = left.pop().get_object()
        if isinstance(one, list):
            left += [item for item in one if hasattr(item, "get_object") and not isinstance(item.get_object(), int)]
            continue
        if not hasattr(one, "get"):
            continue
        if "/S" in one:
            found.add(str(one["/S"]))
        if "/K" in one:
            left.append(one["/K"])
    return found


def _alternatives(element: Any) -> list[str]:
    found = []
    left = [element]
    while left:
        one = left.pop().get_object()
        if isinstance(one, list):
            left += [item for item in one if hasattr(item, "get_object")]
        elif hasattr(one, "get"):
            if "/Alt" in one:
                found.append(str(one["/Alt"]))
            if "/K" in one:
                left.append(one["/K"])
    return found
