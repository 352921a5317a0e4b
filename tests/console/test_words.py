"""Every word a page asks for is there, in both languages, with the same blanks."""

import re

from api.console.render import HERE, words

BLANK = re.compile(r"\{(\w+)\}")
ASKED = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""")


def test_both_languages_have_the_same_words_and_blanks() -> None:
    english, french = words("en"), words("fr")
    assert english.keys() == french.keys()
    assert {name: set(BLANK.findall(text)) for name, text in english.items()} == {
        name: set(BLANK.findall(text)) for name, text in french.items()
    }


def test_every_word_a_template_names_is_known() -> None:
    asked = {name for page in (HERE / "templates").glob("*.html") for name in ASKED.findall(page.read_text("utf-8"))}
    assert asked
    assert sorted(asked - words("en").keys()) == []


def test_no_template_holds_a_style_or_a_script() -> None:
    for page in (HERE / "templates").glob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?! src=)|https?://", text), page.name
