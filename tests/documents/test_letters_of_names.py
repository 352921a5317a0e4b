"""Names that others chose: printed as they are, never obeyed, whatever letters they are of."""

import json
import unicodedata
from importlib.resources import files

import pytest
import tomli
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.documents.glyphs import all_printable, printable
from adapters.documents.pdf import rendered
from tests.support.dossier import Happening, outscale
from tests.support.paper import Paper, paper, values_of
from tests.support.paperwork import ODD, paperwork_story

AT = "2026-02-02T10:00:00+01:00"


def story(name: str, account: str = "acc-1") -> list[Happening]:
    signed = outscale(client={"id": "client-1", "name": name}, account={"id": account, "email": "a@b.example"})
    return [
        ("2026-01-01T00:00:00+01:00", "contract.signed", signed),
        ("2026-01-10T00:00:00+01:00", "formal-notice.sent", {"notice": name[:50], "by": "client", "ground": name}),
    ]


@pytest.mark.parametrize("kind", ["sla-statement", "penalty-claim", "formal-notice", "deletion-certificate"])
def test_name_that_would_be_markup_is_printed_as_it_is(kind: str) -> None:
    made = paper(kind, "en", paperwork_story(ODD, place=ODD))
    assert made.says(printable(ODD))
    assert "[U+4E2D][U+6587]" in made.text
    assert "[U+202E]evil" in made.text
    assert json.dumps(ODD, ensure_ascii=False).encode() in made.attached


def test_letter_without_a_glyph_is_printed_by_its_code_point() -> None:
    assert printable("Société Générale & Œuvre — Ωμέγα, Пример, 10 €") == (
        "Société Générale & Œuvre — Ωμέγα, Пример, 10 €"
    )
    assert printable("中\N{ZERO WIDTH SPACE}\n\x00") == "[U+4E2D][U+200B][U+000A][U+0000]"
    assert all_printable({"a": ["é", ("中",)], "n": 3}) == {"a": ["é", ["[U+4E2D]"]], "n": 3}


def test_every_letter_of_the_list_is_in_every_style_of_the_fonts() -> None:
    spans = tomli.loads(files("adapters.documents").joinpath("glyphs.toml").read_text("utf-8"))["ranges"].split()
    letters = [
        chr(code)
        for first, _, last in (span.partition("-") for span in spans)
        for code in range(int(first, 16), int(last or first, 16) + 1)
    ]
    assert len(letters) > 1_500
    assert printable("".join(letters)) == "".join(letters)
    text = " ".join(f"x{letter}" for letter in letters)
    template = b"""
#let d = json("d.json")
#set document(title: "t")
#set text(lang: "en", font: "Libertinus Serif", hyphenate: false, fallback: false)
#d #strong(d) #emph(d) #text(font: "DejaVu Sans Mono", d)
"""
    sources = {"main.typ": template, "d.json": json.dumps(text).encode()}
    assert typst.compile(sources, format="pdf", pdf_standards=["ua-1", "a-3a"], ignore_system_fonts=True)


@settings(max_examples=25, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120).filter(str.strip),
    st.text(st.sampled_from("#$*_`<>[]{}()\\/@~=-+'\"a\u0301 é\N{NO-BREAK SPACE}"), min_size=1, max_size=60).filter(
        str.strip
    ),
)
def test_any_name_makes_a_document_that_prints_and_carries_it(name: str, account: str) -> None:
    values = values_of("formal-notice", "fr", story(name, account), at=AT)
    made = Paper(rendered(values))
    if not any(
        unicodedata.combining(letter) for letter in name
    ):  # of a mark, the reader tells the place, not the order
        assert made.says(printable(name))
    assert json.dumps(name, ensure_ascii=False).encode() in made.attached


def test_long_words_break_within_their_column() -> None:
    name = "urn:greffe:example/" + "a" * 170
    made = paper("formal-notice", "en", story(name), at=AT)
    assert made.says(name)
    assert max(len(line) for page in made.pages for line in page.splitlines()) < 140
