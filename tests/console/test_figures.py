"""Figures as each language sets them, and tables as files that a spreadsheet cannot be made to run."""

import pytest

from api.console.downloads import csv_file
from api.language import Lang
from domain.time.instant import parse_instant
from projections import figures

HARD, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "english", "french"),
    [
        ("5788.759", "€5,788.76", f"5{THIN}788,76{HARD}€"),
        ("5788.7549", "€5,788.75", f"5{THIN}788,75{HARD}€"),
        ("-0.005", "-€0.01", f"-0,01{HARD}€"),
        ("-0.5", "-€0.50", f"-0,50{HARD}€"),
        ("1234567", "€1,234,567.00", f"1{THIN}234{THIN}567,00{HARD}€"),
        (None, "–", "–"),
    ],
)
def test_money_is_rounded_to_the_cent_as_a_credit_note_is(amount: str | None, english: str, french: str) -> None:
    assert figures.money(amount, "en") == english
    assert figures.money(amount, "fr") == french


@pytest.mark.parametrize(
    ("lang", "said"), [("en", f"1{HARD}Jun{HARD}2026, 00:30"), ("fr", f"1er{HARD}juin{HARD}2026 00:30")]
)
def test_instant_is_told_in_paris(lang: Lang, said: str) -> None:
    assert figures.moment("2026-05-31T22:30:00Z", lang) == said


def test_distance_from_now_is_told_in_its_two_largest_units() -> None:
    now = parse_instant("2026-06-03T09:00:00+02:00")
    assert figures.until("2026-06-07T00:00:00+02:00", now, "en") == f"in{HARD}3{HARD}d{HARD}15{HARD}h"
    assert figures.until("2026-06-03T08:35:00+02:00", now, "fr") == f"il y a{HARD}25{HARD}min"


def test_cell_that_a_spreadsheet_would_compute_stays_text() -> None:
    rows = [{"a": '=HYPERLINK("x")', "b": "-1/3", "c": ["x", "y"], "d": None, "e": True}]
    text = bytes(csv_file("t", ("a", "b", "c", "d", "e"), rows).body).decode("utf-8-sig")
    assert text.splitlines()[1] == '"\'=HYPERLINK(""x"")",-1/3,x y,,true'
